//! Values as texts, within limits.

use go_text_template::format::{self, PrintError, PrintLimits};
use go_text_template::{CallError, Str, Value};

/// A value as Sprig's `toString` and `quote` see it: a string is itself, all else prints as with `%v`.
pub(super) fn text_of(value: &Value) -> Result<Str, CallError> {
    match value {
        Value::String(text) => Ok(text.clone()),
        other => Ok(format::sprint(&[other])?.into()),
    }
}

/// A value as text for a message.
pub(super) fn shown(value: &Value) -> String {
    text_of(value).map(|text| text.to_text().into_owned()).unwrap_or_default()
}

/// The most parts that a text is cut into.
pub(super) const MOST_PARTS: usize = 1 << 24;

/// Refuses a text that falls into too many parts; it was cut into at most one more than there may be.
pub(super) fn check_parts<T>(parts: Vec<T>) -> Result<Vec<T>, CallError> {
    if parts.len() <= MOST_PARTS {
        return Ok(parts);
    }
    Err(CallError::new(format!("the text has more parts than the limit of {MOST_PARTS}")))
}

/// Refuses what would be larger than any output may be, before it is made.
pub(super) fn check_size(bytes: u128) -> Result<(), CallError> {
    let limit = PrintLimits::default().bytes;
    if bytes > limit as u128 { Err(PrintError::TooLong { limit }.into()) } else { Ok(()) }
}
