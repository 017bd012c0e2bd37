//! The version that both sides tell each other in Bootstrap.

use std::fmt;

use serde::ser::SerializeMap;

use crate::field_error::FieldError;
use crate::wire::{ObjectReader, ObjectWriter, ReadObject, WriteObject, wire_object};

/// The version of the Launcher Plugin API that this crate speaks.
pub const API_VERSION: ApiVersion = ApiVersion { major: 3, minor: 7, patch: 0 };

/// A version of the Launcher Plugin API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ApiVersion {
    /// Both sides must have the same.
    pub major: u32,
    /// Says which fields and messages may come; any value is welcome.
    pub minor: u32,
    /// Means nothing to the other side.
    pub patch: u32,
}

impl ApiVersion {
    /// Whether the two sides can talk: only the major version is compared.
    #[must_use]
    pub fn is_compatible_with(self, other: Self) -> bool {
        self.major == other.major
    }
}

impl fmt::Display for ApiVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

impl ReadObject for ApiVersion {
    fn read(object: &mut ObjectReader<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            major: object.required("major")?,
            minor: object.required("minor")?,
            patch: object.required("patch")?,
        })
    }
}

impl WriteObject for ApiVersion {
    fn write<M: SerializeMap>(&self, out: &mut ObjectWriter<M>) -> Result<(), M::Error> {
        out.always("major", &self.major)?;
        out.always("minor", &self.minor)?;
        out.always("patch", &self.patch)
    }
}

wire_object!(ApiVersion);
