//! A page of a list, as the server writes it.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{DeserializeOwned, DeserializeSeed, Error as _, IgnoredAny, MapAccess, Visitor};

/// Some objects of a list.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Page<T> {
    pub objects: Vec<T>,
    /// The list's version.
    pub version: String,
    /// Where the next page begins; none if this is the last.
    pub token: Option<String>,
}

/// Reads a page. `next` is told where the next one begins as soon as that is read, which is before the objects: a server
/// writes `metadata` first.
///
/// # Errors
/// It is no list.
pub(super) fn read<T: DeserializeOwned>(body: &[u8], next: impl FnOnce(&str)) -> serde_json::Result<Page<T>> {
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let page = Reader { next, object: PhantomData }.deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(page)
}

/// Where the next page begins, as far as the beginning of one tells.
pub(super) fn next_in(beginning: &[u8]) -> Option<String> {
    let mut next = None;
    // It breaks off in some object.
    drop(read::<IgnoredAny>(beginning, |token| next = Some(token.to_owned())));
    next
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ListMeta {
    #[serde(deserialize_with = "crate::observed::lenient")]
    resource_version: String,
    #[serde(rename = "continue", deserialize_with = "crate::observed::lenient")]
    token: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
enum Field {
    Metadata,
    Items,
    #[serde(other)]
    Other,
}

struct Reader<T, F> {
    next: F,
    object: PhantomData<T>,
}

impl<'de, T: DeserializeOwned, F: FnOnce(&str)> DeserializeSeed<'de> for Reader<T, F> {
    type Value = Page<T>;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Page<T>, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, T: DeserializeOwned, F: FnOnce(&str)> Visitor<'de> for Reader<T, F> {
    type Value = Page<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of objects")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Page<T>, A::Error> {
        let mut next = Some(self.next);
        let mut meta = None;
        let mut objects: Option<Option<Vec<T>>> = None;
        while let Some(field) = map.next_key()? {
            match field {
                Field::Metadata => {
                    let read: ListMeta = map.next_value()?;
                    if let Some(next) = next.take_if(|_| !read.token.is_empty()) {
                        next(&read.token);
                    }
                    meta = Some(read);
                }
                Field::Items => objects = Some(map.next_value()?),
                Field::Other => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        let meta = meta.unwrap_or_default();
        Ok(Page {
            // A server may write an empty list as null, but an answer without the word is none.
            objects: objects.ok_or_else(|| A::Error::missing_field("items"))?.unwrap_or_default(),
            version: meta.resource_version,
            token: Some(meta.token).filter(|token| !token.is_empty()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(text: &str) -> (Result<Page<u8>, String>, Vec<String>) {
        let mut told = Vec::new();
        let page = read(text.as_bytes(), |token| told.push(token.to_owned()));
        (page.map_err(|error| error.to_string()), told)
    }

    #[test]
    fn the_next_page_is_known_before_the_objects_are_read() {
        let text = r#"{"kind":"JobList","metadata":{"resourceVersion":"7","continue":"t","remainingItemCount":2},"items":[1,"#;
        let (broken, told) = page(text);
        assert!(broken.is_err());
        assert_eq!(told, ["t"]);
        assert_eq!(next_in(text.as_bytes()).as_deref(), Some("t"));
        assert_eq!(next_in(&text.as_bytes()[..40]), None);
        assert_eq!(next_in(br#"{"metadata":{"resourceVersion":"7"},"items":[1"#), None);
    }

    #[test]
    fn a_page_is_read_in_any_order_of_its_fields() {
        let expected = |token: Option<&str>| Page {
            objects: vec![1, 2],
            version: "7".to_owned(),
            token: token.map(Into::into),
        };
        let (first, told) = page(r#"{"items":[1,2],"metadata":{"continue":"t","resourceVersion":"7"}}"#);
        assert_eq!((first, told.len()), (Ok(expected(Some("t"))), 1));
        let (last, told) = page(r#"{"metadata":{"resourceVersion":"7"},"items":[1,2],"apiVersion":"v1"}"#);
        assert_eq!((last, told.len()), (Ok(expected(None)), 0));
    }

    #[test]
    fn an_empty_list_may_be_null_and_what_is_no_list_is_told() {
        assert_eq!(
            page(r#"{"metadata":{"resourceVersion":"7"},"items":null}"#).0.expect("a page").objects,
            [0u8; 0]
        );
        assert!(page(r#"{"kind":"Status"}"#).0.is_err_and(|error| error.contains("missing field `items`")));
        assert!(page(r#"{"metadata":{},"items":[]} x"#).0.is_err());
    }
}
