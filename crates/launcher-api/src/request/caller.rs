//! Who asks.

use serde::ser::SerializeMap;

use crate::field_error::FieldError;
use crate::ids::Username;
use crate::requester::Requester;
use crate::wire::{ObjectReader, ObjectWriter, ReadObject, WriteObject};

/// Who asks, and with whose rights.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// Whose rights apply. This one decides.
    pub username: Requester,
    /// Who really asked, for the log only. Possibly empty.
    pub request_username: String,
}

impl Caller {
    /// Asks with the rights of `username` and in their name.
    #[must_use]
    pub fn new(username: Requester) -> Self {
        let request_username = username.user().map(ToString::to_string).unwrap_or_default();
        Self { username, request_username }
    }

    /// For requests that may lack both names, which then are empty.
    pub(super) fn read_if_any(object: &mut ObjectReader<'_>) -> Result<Self, FieldError> {
        let nobody = || Requester::User(Username::default());
        Ok(Self {
            username: object.optional("username")?.unwrap_or_else(nobody),
            request_username: object.or_default("requestUsername")?,
        })
    }
}

impl ReadObject for Caller {
    fn read(object: &mut ObjectReader<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            username: object.required("username")?,
            request_username: object.or_default("requestUsername")?,
        })
    }
}

impl WriteObject for Caller {
    fn write<M: SerializeMap>(&self, out: &mut ObjectWriter<M>) -> Result<(), M::Error> {
        out.always("username", &self.username)?;
        out.always("requestUsername", &self.request_username)
    }
}
