//! `metadata`, as far as it is read.

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, de};

use crate::annotation;

/// An object's `metadata`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Meta {
    /// The name: for a Job, the Launcher's job id.
    #[serde(deserialize_with = "super::lenient")]
    pub name: String,
    /// Different for each object that ever lived, also of the same name.
    #[serde(deserialize_with = "super::lenient")]
    pub uid: String,
    /// The version of the object; opaque.
    #[serde(deserialize_with = "super::lenient")]
    pub resource_version: String,
    /// When it was made, in whole seconds.
    #[serde(deserialize_with = "super::time")]
    pub creation_timestamp: Option<Timestamp>,
    /// Set while it is being deleted.
    #[serde(deserialize_with = "super::time")]
    pub deletion_timestamp: Option<Timestamp>,
    /// Annotations, as far as [`annotation::is_read`].
    #[serde(deserialize_with = "annotations_that_are_read")]
    pub annotations: BTreeMap<String, String>,
    /// Labels, as far as [`annotation::is_read_label`].
    #[serde(deserialize_with = "labels_that_are_read")]
    pub labels: BTreeMap<String, String>,
}

impl Meta {
    /// An annotation's value.
    pub fn annotation(&self, key: &str) -> Option<&str> {
        self.annotations.get(key).map(String::as_str)
    }
}

fn annotations_that_are_read<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, String>, D::Error> {
    deserializer.deserialize_any(Texts { is_read: annotation::is_read })
}

fn labels_that_are_read<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, String>, D::Error> {
    deserializer.deserialize_any(Texts { is_read: annotation::is_read_label })
}

/// Some entries of a map of texts. Others never become texts of their own: most objects carry more labels for the cluster
/// than for us, and there are ten thousand of them at a start.
#[derive(Clone, Copy)]
struct Texts {
    is_read: fn(&str) -> bool,
}

impl<'de> Visitor<'de> for Texts {
    type Value = BTreeMap<String, String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map of texts")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(BTreeMap::new())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut texts = BTreeMap::new();
        while let Some(key) = map.next_key_seed(Key { is_read: self.is_read })? {
            match key {
                Some(key) => drop(texts.insert(key, map.next_value()?)),
                None => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(texts)
    }
}

/// A key, if it is read.
struct Key {
    is_read: fn(&str) -> bool,
}

impl<'de> DeserializeSeed<'de> for Key {
    type Value = Option<String>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key {
    type Value = Option<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: de::Error>(self, key: &str) -> Result<Self::Value, E> {
        Ok((self.is_read)(key).then(|| key.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_read_is_kept_of_annotations_and_labels() {
        let text = r#"{
            "annotations": {"user": "mara", "USER_TAG_0": "x", "kubectl.kubernetes.io/last-applied-configuration": "{}"},
            "labels": {"job-name": "j", "controller-uid": "u", "app.kubernetes.io/managed-by": "launcher"}
        }"#;
        let meta: Meta = serde_json::from_str(text).expect("metadata");
        let keys = |texts: BTreeMap<String, String>| texts.into_keys().collect::<Vec<_>>();
        assert_eq!(keys(meta.annotations), ["USER_TAG_0", "user"]);
        assert_eq!(keys(meta.labels), ["job-name"]);
    }

    #[test]
    fn null_is_no_annotation_and_no_label() {
        let meta: Meta = serde_json::from_str(r#"{"annotations": null, "labels": null}"#).expect("metadata");
        assert_eq!(meta, Meta::default());
    }
}
