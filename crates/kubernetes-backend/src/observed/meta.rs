//! `metadata`, as far as it is read.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Deserialize;

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
    /// Annotations.
    #[serde(deserialize_with = "super::lenient")]
    pub annotations: BTreeMap<String, String>,
    /// Labels.
    #[serde(deserialize_with = "super::lenient")]
    pub labels: BTreeMap<String, String>,
}

impl Meta {
    /// An annotation's value.
    pub fn annotation(&self, key: &str) -> Option<&str> {
        self.annotations.get(key).map(String::as_str)
    }
}
