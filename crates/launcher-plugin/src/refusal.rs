//! A request that gets an error for an answer.

use launcher_api::response::ErrorResponse;
use launcher_api::{ErrorCode, RequestId, Response};

use crate::BackendError;

/// What the Launcher is told instead of what it asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) code: ErrorCode,
    /// For the user.
    pub(crate) message: String,
}

impl Refusal {
    pub(crate) fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    /// The plugin is about to end and can't answer any more.
    pub(crate) fn ending() -> Self {
        Self::new(ErrorCode::Unknown, "the plugin is shutting down")
    }

    /// The plugin has too much to do to take this on.
    pub(crate) fn too_busy() -> Self {
        Self::new(ErrorCode::Timeout, "the plugin had too many other requests to answer")
    }

    pub(crate) fn into_response(self, request_id: RequestId) -> Response {
        tracing::debug!(request = %request_id, code = ?self.code, "request refused: {}", self.message);
        Response::Error(ErrorResponse { request_id, code: self.code, message: one_line(self.message) })
    }
}

impl From<BackendError> for Refusal {
    fn from(error: BackendError) -> Self {
        Self::new(error.code(), error.to_string())
    }
}

/// Error texts are one line on the wire, whatever a cluster says.
fn one_line(text: String) -> String {
    if text.contains(char::is_control) {
        text.split(char::is_control).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::one_line;

    #[test]
    fn an_error_of_several_lines_is_told_on_one() {
        assert_eq!(one_line("no room:\r\n\tnode-1\n".into()), "no room: node-1");
    }
}
