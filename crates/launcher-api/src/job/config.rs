//! Settings that a cluster offers beyond those that every job has.

use std::fmt;
use std::str::FromStr;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::debug::HIDDEN;
use crate::field_error::FieldError;
use crate::wire::{
    FromWire, ObjectReader, ObjectWriter, Path, ReadObject, WriteObject, deserialize_from_wire, wire_object,
};

/// A setting of a job, or a setting that Cluster Info offers. Its printed form for developers hides the value.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct JobConfig {
    /// The setting's name; the same name may stand in a list again.
    pub name: String,
    /// The value, always as text. In Cluster Info: the default, if there is one.
    pub value: Option<String>,
    /// What the text must look like. Cluster Info always says it; a job may not.
    pub value_type: Option<ConfigValueType>,
}

impl fmt::Debug for JobConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JobConfig")
            .field("name", &self.name)
            .field("value", &self.value.as_ref().map(|_| HIDDEN))
            .field("value_type", &self.value_type)
            .finish()
    }
}

impl ReadObject for JobConfig {
    fn read(object: &mut ObjectReader<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            name: object.required("name")?,
            value: object.optional("value")?,
            value_type: object.optional_or_empty("valueType")?,
        })
    }
}

impl WriteObject for JobConfig {
    fn write<M: SerializeMap>(&self, out: &mut ObjectWriter<M>) -> Result<(), M::Error> {
        out.always("name", &self.name)?;
        out.option("valueType", self.value_type.as_ref())?;
        out.option("value", self.value.as_ref())
    }
}

wire_object!(JobConfig);

/// The kind of text that a setting takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ConfigValueType {
    /// Any text.
    #[default]
    String,
    /// A whole number.
    Int,
    /// A number.
    Float,
    /// One of a list of words.
    Enum,
}

/// The text names no kind of value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown type of setting '{found}'; a setting is {}", ConfigValueType::EXPECTED)]
pub struct ParseConfigValueTypeError {
    /// What stood there.
    pub found: String,
}

impl ConfigValueType {
    /// The word on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Int => "int",
            Self::Float => "float",
            Self::Enum => "enum",
        }
    }
}

impl fmt::Display for ConfigValueType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ConfigValueType {
    type Err = ParseConfigValueTypeError;

    fn from_str(word: &str) -> Result<Self, ParseConfigValueTypeError> {
        match word {
            "string" => Ok(Self::String),
            "int" => Ok(Self::Int),
            "float" => Ok(Self::Float),
            "enum" => Ok(Self::Enum),
            other => Err(ParseConfigValueTypeError { found: other.to_owned() }),
        }
    }
}

impl Serialize for ConfigValueType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl FromWire for ConfigValueType {
    const EXPECTED: &'static str = "one of string, int, float, enum";

    fn from_wire(value: Value, path: &Path<'_>) -> Result<Self, FieldError> {
        match value {
            Value::String(word) => {
                word.parse().map_err(|_| FieldError::wrong_word(path, Self::EXPECTED, &word))
            }
            other => Err(FieldError::mismatch(path, Self::EXPECTED, &other)),
        }
    }
}

deserialize_from_wire!(ConfigValueType);
