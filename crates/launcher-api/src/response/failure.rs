//! A response that can't be read.

use crate::field_error::FieldError;
use crate::ids::RequestId;
use crate::wire::PayloadError;

/// A response that can't be read. Printed on one line.
#[derive(Debug, thiserror::Error)]
#[error("{kind}")]
pub struct ResponseError {
    /// The request that it answers, where that could be read.
    pub request_id: Option<RequestId>,
    /// What is wrong.
    pub kind: ResponseErrorKind,
}

/// What is wrong with a response.
#[derive(Debug, thiserror::Error)]
pub enum ResponseErrorKind {
    /// No JSON object.
    #[error(transparent)]
    Unreadable(PayloadError),
    /// A field is missing or wrong.
    #[error(transparent)]
    Field(#[from] FieldError),
}

impl ResponseError {
    pub(super) fn unreadable(error: PayloadError) -> Self {
        Self { request_id: None, kind: ResponseErrorKind::Unreadable(error) }
    }
}
