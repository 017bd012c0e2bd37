//! From a body to an object of a kind: syntax, type, fields.

use serde_json::Value;

use super::{body::MediaType, write_options::FieldValidation};
use crate::{kind::Kind, status_error::StatusError};

/// An object as it was sent, with what the client should be warned about.
pub(crate) struct Decoded {
    pub(crate) value: Value,
    pub(crate) warnings: Vec<String>,
}

/// Reads an object of `kind`.
///
/// # Errors
/// 400.
pub(crate) fn object(
    kind: Kind,
    media: MediaType,
    bytes: &[u8],
    _validation: FieldValidation,
) -> Result<Decoded, StatusError> {
    let value = untyped(media, bytes)?;
    if !value.is_object() {
        return Err(StatusError::bad_request(format!(
            "the object provided is unrecognized (must be of type {kind})"
        )));
    }
    Ok(Decoded { value, warnings: Vec::new() })
}

/// Reads a body that has no kind of ours.
///
/// # Errors
/// 400.
pub(crate) fn untyped(_media: MediaType, bytes: &[u8]) -> Result<Value, StatusError> {
    serde_json::from_slice(bytes).map_err(|error| StatusError::bad_request(error.to_string()))
}

/// Checks an object that is parsed already.
///
/// # Errors
/// 400.
pub(crate) fn checked(
    _kind: Kind,
    value: Value,
    _validation: FieldValidation,
) -> Result<Decoded, StatusError> {
    Ok(Decoded { value, warnings: Vec::new() })
}
