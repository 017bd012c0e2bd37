//! Config Reload (202, API 3.6): read the configuration again.

use serde::ser::SerializeMap;

use super::Caller;
use crate::field_error::FieldError;
use crate::wire::{ObjectReader, ObjectWriter, ReadObject, WriteObject};

/// Asks to read at least the user profiles again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigReload {
    /// Who asks; may be nobody.
    pub who: Caller,
}

impl ReadObject for ConfigReload {
    fn read(object: &mut ObjectReader<'_>) -> Result<Self, FieldError> {
        Ok(Self { who: Caller::read_if_any(object)? })
    }
}

impl WriteObject for ConfigReload {
    fn write<M: SerializeMap>(&self, out: &mut ObjectWriter<M>) -> Result<(), M::Error> {
        self.who.write(out)
    }
}
