//! How values become JSON and back.
//!
//! A type of the wire implements [`ReadObject`] and [`WriteObject`] side by side, so its keys stand together in one place;
//! [`wire_object!`] adds what follows from them. Reading goes through a [`serde_json::Value`] that is taken apart, as that
//! lets every error name the field's whole path and lets numbers, `null` and old shapes be read leniently. Writing goes
//! straight to bytes.

mod message;
mod path;
mod payload;
mod reader;
mod values;
mod writer;

pub(crate) use message::write_message;
pub(crate) use path::Path;
pub use payload::PayloadError;
pub(crate) use payload::parse_payload;
pub(crate) use reader::{FromWire, ObjectReader, ReadObject};
pub(crate) use writer::{ObjectWriter, WriteObject, serialize_object};

/// Makes a type with [`ReadObject`] and [`WriteObject`] usable as a field, in a list, and with serde.
macro_rules! wire_object {
    ($type:ty) => {
        impl crate::wire::FromWire for $type {
            const EXPECTED: &'static str = "an object";

            fn from_wire(
                value: serde_json::Value,
                path: &crate::wire::Path<'_>,
            ) -> Result<Self, crate::field_error::FieldError> {
                crate::wire::ObjectReader::from_value(value, path)
                    .and_then(|mut object| Self::read(&mut object))
            }
        }

        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                crate::wire::serialize_object(self, serializer)
            }
        }

        crate::wire::deserialize_from_wire!($type);
    };
}

/// Gives a type that can be read from the wire serde's `Deserialize`.
macro_rules! deserialize_from_wire {
    ($type:ty) => {
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let value = serde_json::Value::deserialize(deserializer)?;
                <Self as crate::wire::FromWire>::from_wire(value, &crate::wire::Path::Root)
                    .map_err(serde::de::Error::custom)
            }
        }
    };
}

pub(crate) use deserialize_from_wire;
pub(crate) use wire_object;
