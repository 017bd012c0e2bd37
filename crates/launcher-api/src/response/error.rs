//! Error (-1): why a request failed.

use serde::ser::SerializeMap;

use crate::error_code::ErrorCode;
use crate::field_error::FieldError;
use crate::ids::RequestId;
use crate::wire::{ObjectReader, ObjectWriter, WriteObject};

/// Answers any request that failed. Ends the stream that the request opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorResponse {
    /// The request that failed.
    pub request_id: RequestId,
    /// The kind of failure.
    pub code: ErrorCode,
    /// For the user: one line, without secrets. No reader takes it apart.
    pub message: String,
}

impl ErrorResponse {
    pub(super) fn read(request_id: RequestId, object: &mut ObjectReader<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            request_id,
            code: ErrorCode::from_number(object.or_default("errorCode")?),
            message: object.or_default("errorMessage")?,
        })
    }
}

impl WriteObject for ErrorResponse {
    fn write<M: SerializeMap>(&self, out: &mut ObjectWriter<M>) -> Result<(), M::Error> {
        out.always("errorCode", &self.code)?;
        out.always("errorMessage", &self.message)
    }
}
