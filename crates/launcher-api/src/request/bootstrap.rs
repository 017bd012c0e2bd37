//! Bootstrap (1): the versions meet.

use serde::ser::SerializeMap;

use crate::field_error::FieldError;
use crate::version::ApiVersion;
use crate::wire::{ObjectReader, ObjectWriter, ReadObject, WriteObject};

/// Sent once, first, with request id 0. Nothing may be sent by the plugin before its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bootstrap {
    /// What the Launcher speaks.
    pub version: ApiVersion,
}

impl ReadObject for Bootstrap {
    fn read(object: &mut ObjectReader<'_>) -> Result<Self, FieldError> {
        Ok(Self { version: object.required("version")? })
    }
}

impl WriteObject for Bootstrap {
    fn write<M: SerializeMap>(&self, out: &mut ObjectWriter<M>) -> Result<(), M::Error> {
        out.always("version", &self.version)
    }
}
