//! Environment variables.

use std::fmt;

use serde::ser::SerializeMap;

use super::debug::HIDDEN;
use crate::field_error::FieldError;
use crate::wire::{ObjectReader, ObjectWriter, ReadObject, WriteObject, wire_object};

/// An environment variable of a job. Its printed form for developers hides the value.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct EnvVar {
    /// The variable's name; the same name may stand in a list again, and the last one wins.
    pub name: String,
    /// Any text.
    pub value: String,
}

impl fmt::Debug for EnvVar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EnvVar").field("name", &self.name).field("value", &HIDDEN).finish()
    }
}

impl ReadObject for EnvVar {
    fn read(object: &mut ObjectReader<'_>) -> Result<Self, FieldError> {
        Ok(Self { name: object.required("name")?, value: object.or_default("value")? })
    }
}

impl WriteObject for EnvVar {
    fn write<M: SerializeMap>(&self, out: &mut ObjectWriter<M>) -> Result<(), M::Error> {
        out.always("name", &self.name)?;
        out.always("value", &self.value)
    }
}

wire_object!(EnvVar);
