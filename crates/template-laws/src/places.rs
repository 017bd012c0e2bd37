//! What holds for every error: it is no panic, and its places are in the text.

use go_text_template::{CallError, Cause, Error, ExecError, Place};

/// Panics unless an error can be shown beside the text of the file that it names.
pub(crate) fn check_error(error: &Error, file: &str, text: &[u8]) {
    let shown = error.to_string();
    assert!(
        !matches!(error.cause(), Cause::Exec(ExecError::Call { source: CallError::Panic(_), .. })),
        "a function panicked: {shown}"
    );
    assert!(shown.starts_with("template: "), "it does not begin as Go's errors do: {shown}");
    // A hint is for a person; that there may be one is all that holds.
    let _ = error.hint();
    for place in error.places().filter(|place| place.file == file) {
        check_place(place, text, &shown);
    }
}

fn check_place(place: &Place, text: &[u8], shown: &str) {
    let lines = 1 + text.iter().filter(|&&byte| byte == b'\n').count();
    assert!(place.line <= lines, "line {} of {lines}: {shown}", place.line);
    if let Some(span) = place.span {
        let is_inside = span.start <= span.end && span.end as usize <= text.len();
        assert!(is_inside, "{span:?} of {} bytes: {shown}", text.len());
    }
    if let Some(column) = place.column {
        let line = text.split(|&byte| byte == b'\n').nth(place.line.saturating_sub(1)).unwrap_or_default();
        assert!(column <= line.len(), "column {column} of {}: {shown}", line.len());
    }
}
