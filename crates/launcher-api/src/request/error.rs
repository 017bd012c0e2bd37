//! A request that can't be read, and what to answer.

use crate::error_code::ErrorCode;
use crate::field_error::FieldError;
use crate::ids::RequestId;
use crate::message_type::RequestType;
use crate::response::{ErrorResponse, Response};
use crate::wire::PayloadError;

/// A request that can't be read. Printed on one line, for whoever wrote the request.
#[derive(Debug, thiserror::Error)]
#[error("{kind}")]
pub struct RequestError {
    /// The request's id, where it could be read. Without it nobody can be answered.
    pub request_id: Option<RequestId>,
    /// What is wrong.
    pub kind: RequestErrorKind,
}

/// What is wrong with a request.
#[derive(Debug, thiserror::Error)]
pub enum RequestErrorKind {
    /// No JSON object.
    #[error(transparent)]
    Unreadable(PayloadError),
    /// No request has this number.
    #[error("unknown message type {found}: requests are {}", known_numbers())]
    UnknownMessageType {
        /// The request's `messageType`.
        found: u64,
    },
    /// A field is missing or wrong.
    #[error(transparent)]
    Field(#[from] FieldError),
}

impl RequestError {
    pub(super) fn unreadable(error: PayloadError) -> Self {
        Self { request_id: None, kind: RequestErrorKind::Unreadable(error) }
    }

    /// The code to answer with.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        match self.kind {
            RequestErrorKind::UnknownMessageType { .. } => ErrorCode::RequestNotSupported,
            RequestErrorKind::Unreadable(_) | RequestErrorKind::Field(_) => ErrorCode::InvalidRequest,
        }
    }

    /// The answer, or `None` where nobody can be answered: then a log line is all that is left.
    #[must_use]
    pub fn to_response(&self) -> Option<Response> {
        self.request_id.map(|request_id| {
            Response::Error(ErrorResponse { request_id, code: self.code(), message: self.to_string() })
        })
    }
}

/// The numbers of all requests, for a person.
fn known_numbers() -> String {
    let numbers: Vec<String> = RequestType::ALL.iter().map(|request| request.number().to_string()).collect();
    numbers.join(", ")
}
