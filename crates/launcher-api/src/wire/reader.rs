//! Taking a JSON object apart, key by key.

use serde_json::{Map, Value};

use super::Path;
use crate::field_error::FieldError;

/// A type that can be read from one JSON value.
pub(crate) trait FromWire: Sized {
    /// What must stand there, to follow "it must be".
    const EXPECTED: &'static str;

    fn from_wire(value: Value, path: &Path<'_>) -> Result<Self, FieldError>;
}

/// A type that is a JSON object, or a part of one.
pub(crate) trait ReadObject: Sized {
    /// Takes the keys that it knows; the others are ignored.
    fn read(object: &mut ObjectReader<'_>) -> Result<Self, FieldError>;
}

/// The keys of an object that nobody has taken yet, and where the object stands.
#[derive(Debug)]
pub(crate) struct ObjectReader<'p> {
    entries: Map<String, Value>,
    path: &'p Path<'p>,
}

impl<'p> ObjectReader<'p> {
    pub(crate) fn new(entries: Map<String, Value>, path: &'p Path<'p>) -> Self {
        Self { entries, path }
    }

    pub(crate) fn from_value(value: Value, path: &'p Path<'p>) -> Result<Self, FieldError> {
        match value {
            Value::Object(entries) => Ok(Self::new(entries, path)),
            other => Err(FieldError::mismatch(path, "an object", &other)),
        }
    }

    /// A field that must be there.
    pub(crate) fn required<T: FromWire>(&mut self, key: &str) -> Result<T, FieldError> {
        match self.optional(key)? {
            Some(value) => Ok(value),
            None => Err(self.missing(key, T::EXPECTED)),
        }
    }

    /// A field that may be absent; `null` counts as absent.
    pub(crate) fn optional<T: FromWire>(&mut self, key: &str) -> Result<Option<T>, FieldError> {
        match self.take(key) {
            Some(value) => T::from_wire(value, &self.at(key)).map(Some),
            None => Ok(None),
        }
    }

    /// A field whose absence means the default: the empty text, no entries, `false`, zero.
    pub(crate) fn or_default<T: FromWire + Default>(&mut self, key: &str) -> Result<T, FieldError> {
        self.optional(key).map(Option::unwrap_or_default)
    }

    /// A text that is there and not empty. Some writers write `""` where they have nothing.
    pub(crate) fn non_empty(&mut self, key: &str) -> Result<Option<String>, FieldError> {
        self.optional::<String>(key).map(|text| text.filter(|text| !text.is_empty()))
    }

    /// As [`optional`](Self::optional), and the empty text counts as absent too.
    pub(crate) fn optional_or_empty<T: FromWire>(&mut self, key: &str) -> Result<Option<T>, FieldError> {
        match self.take(key) {
            None => Ok(None),
            Some(Value::String(text)) if text.is_empty() => Ok(None),
            Some(value) => T::from_wire(value, &self.at(key)).map(Some),
        }
    }

    /// The raw value of a field that is neither absent nor `null`.
    pub(crate) fn take(&mut self, key: &str) -> Option<Value> {
        self.entries.remove(key).filter(|value| !value.is_null())
    }

    /// Whether a field is there with something in it.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.entries.get(key).is_some_and(|value| !value.is_null())
    }

    pub(crate) fn missing(&self, key: &str, expected: &'static str) -> FieldError {
        FieldError::missing(&self.at(key), expected)
    }

    /// Where a key of this object stands.
    pub(crate) fn at<'k>(&'k self, key: &'k str) -> Path<'k> {
        Path::Key(self.path, key)
    }

    /// All that nobody has taken yet.
    pub(crate) fn take_all(&mut self) -> Map<String, Value> {
        std::mem::take(&mut self.entries)
    }
}
