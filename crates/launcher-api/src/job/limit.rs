//! Limits of what a job may use.

use std::fmt;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::field_error::FieldError;
use crate::wire::{
    FromWire, ObjectReader, ObjectWriter, Path, ReadObject, WriteObject, deserialize_from_wire, wire_object,
};

/// A limit that a job asks for, or the range of a limit that Cluster Info offers.
///
/// Amounts are text on the wire; a number is accepted and kept as its text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ResourceLimit {
    /// What is limited, and in which unit.
    pub limit_type: ResourceLimitType,
    /// How much the job asks for. Empty: nothing; always so in Cluster Info.
    pub value: String,
    /// What a job gets that asks for nothing; only in Cluster Info.
    pub default_value: Option<String>,
    /// The most that a job may ask for; only in Cluster Info.
    pub max_value: Option<String>,
}

impl ReadObject for ResourceLimit {
    fn read(object: &mut ObjectReader<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            limit_type: object.required("type")?,
            value: object.optional::<Amount>("value")?.map(|amount| amount.0).unwrap_or_default(),
            default_value: object.optional_or_empty::<Amount>("defaultValue")?.map(|amount| amount.0),
            max_value: object.optional_or_empty::<Amount>("maxValue")?.map(|amount| amount.0),
        })
    }
}

impl WriteObject for ResourceLimit {
    fn write<M: SerializeMap>(&self, out: &mut ObjectWriter<M>) -> Result<(), M::Error> {
        out.always("type", &self.limit_type)?;
        out.text("value", &self.value)?;
        out.option("defaultValue", self.default_value.as_ref())?;
        out.option("maxValue", self.max_value.as_ref())
    }
}

wire_object!(ResourceLimit);

/// The text of an amount.
struct Amount(String);

impl FromWire for Amount {
    const EXPECTED: &'static str = "a string or a number";

    fn from_wire(value: Value, path: &Path<'_>) -> Result<Self, FieldError> {
        match value {
            Value::String(text) => Ok(Self(text)),
            Value::Number(number) => Ok(Self(number.to_string())),
            other => Err(FieldError::mismatch(path, Self::EXPECTED, &other)),
        }
    }
}

/// What a limit limits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum ResourceLimitType {
    /// `cpuCount`: CPUs, with decimals.
    #[default]
    CpuCount,
    /// `cpuTime`: seconds.
    CpuTime,
    /// `memory`: MB.
    Memory,
    /// `memorySwap`: MB.
    MemorySwap,
    /// `NVIDIA GPUs`: a whole number.
    NvidiaGpus,
    /// `AMD GPUs`: a whole number.
    AmdGpus,
    /// Any other word.
    Other(String),
}

impl ResourceLimitType {
    /// The word on the wire. Case counts.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::CpuCount => "cpuCount",
            Self::CpuTime => "cpuTime",
            Self::Memory => "memory",
            Self::MemorySwap => "memorySwap",
            Self::NvidiaGpus => "NVIDIA GPUs",
            Self::AmdGpus => "AMD GPUs",
            Self::Other(word) => word,
        }
    }
}

impl From<String> for ResourceLimitType {
    fn from(word: String) -> Self {
        match word.as_str() {
            "cpuCount" => Self::CpuCount,
            "cpuTime" => Self::CpuTime,
            "memory" => Self::Memory,
            "memorySwap" => Self::MemorySwap,
            "NVIDIA GPUs" => Self::NvidiaGpus,
            "AMD GPUs" => Self::AmdGpus,
            _ => Self::Other(word),
        }
    }
}

impl From<&str> for ResourceLimitType {
    fn from(word: &str) -> Self {
        Self::from(word.to_owned())
    }
}

impl fmt::Display for ResourceLimitType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for ResourceLimitType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl FromWire for ResourceLimitType {
    const EXPECTED: &'static str = String::EXPECTED;

    fn from_wire(value: Value, path: &Path<'_>) -> Result<Self, FieldError> {
        String::from_wire(value, path).map(Self::from)
    }
}

deserialize_from_wire!(ResourceLimitType);
