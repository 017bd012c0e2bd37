//! From the bytes of a payload to a JSON object.

use serde_json::{Map, Value};

use crate::field_error::{describe, on_one_line};

/// Bytes of an unreadable payload that its error shows.
const SHOWN_BYTES: usize = 200;

/// A payload that is no JSON object, so that nothing can be known of the message.
#[derive(Debug, thiserror::Error)]
pub enum PayloadError {
    /// No JSON, or no UTF-8, or nested deeper than 128 levels.
    #[error("message is not JSON: {reason}; it begins with `{beginning}`")]
    NotJson {
        /// The parser's words, with line and column.
        reason: serde_json::Error,
        /// The first 200 bytes, escaped so that they fit on a line.
        beginning: String,
    },
    /// JSON, but not an object.
    #[error("message must be a JSON object, found {found}")]
    NotAnObject {
        /// What it is, in words.
        found: String,
    },
}

pub(crate) fn parse_payload(payload: &[u8]) -> Result<Map<String, Value>, PayloadError> {
    match serde_json::from_slice(payload) {
        Ok(Value::Object(entries)) => Ok(entries),
        Ok(other) => Err(PayloadError::NotAnObject { found: describe(&other) }),
        Err(reason) => {
            let shown = &payload[..payload.len().min(SHOWN_BYTES)];
            let beginning = on_one_line(&String::from_utf8_lossy(shown));
            Err(PayloadError::NotJson { reason, beginning })
        }
    }
}
