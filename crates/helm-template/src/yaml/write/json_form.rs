//! What the way through JSON does to strings before `toYaml` writes them.
//!
//! `sigs.k8s.io/yaml` writes JSON and reads it with a YAML reader. JSON leaves U+007F, the C1 controls, U+FFFE and
//! U+FFFF as they are, and the reader refuses them; U+0085 it takes for a line break and folds.

use std::borrow::Cow;

use super::error::WriteError;
use super::scalar::Classes;

/// The characters that a key may have in JSON, quotes included, before its colon is too far away for the reader.
const MAX_KEY_LENGTH: usize = 1024;

/// The string as it is after the way through JSON.
pub(super) fn read_back(text: &[u8], classes: Classes) -> Result<Cow<'_, str>, WriteError> {
    if classes.has_delete() {
        return Err(WriteError::Character { character: '\u{7f}' });
    }
    let text = mend(text);
    if classes.is_ascii() {
        return Ok(text);
    }
    let mut has_next_line = false;
    for character in text.chars() {
        match character {
            '\u{85}' => has_next_line = true,
            '\u{80}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => return Err(WriteError::Character { character }),
            _ => {}
        }
    }
    if has_next_line { fold(&text).map(Cow::Owned) } else { Ok(text) }
}

/// Replaces each byte that is no UTF-8 by U+FFFD, as Go does.
pub(in crate::yaml) fn mend(text: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(text) {
        return Cow::Borrowed(text);
    }
    let mut mended = String::with_capacity(text.len() + 8);
    for chunk in text.utf8_chunks() {
        mended.push_str(chunk.valid());
        mended.extend(std::iter::repeat_n(char::REPLACEMENT_CHARACTER, chunk.invalid().len()));
    }
    Cow::Owned(mended)
}

/// Checks what holds for keys only.
pub(super) fn check_key(key: &[u8]) -> Result<(), WriteError> {
    if !key.is_ascii() && key.windows(2).any(|pair| pair == [0xc2, 0x85]) {
        return Err(WriteError::LineBreakInKey);
    }
    if key.len() < MAX_KEY_LENGTH / 6 {
        return Ok(());
    }
    let length = 2 + key
        .utf8_chunks()
        .map(|chunk| json_length(chunk.valid()) + 6 * chunk.invalid().len())
        .sum::<usize>();
    if length > MAX_KEY_LENGTH {
        return Err(WriteError::KeyTooLong { length, limit: MAX_KEY_LENGTH });
    }
    Ok(())
}

/// How many characters encoding/json makes of a text, without quotes.
fn json_length(text: &str) -> usize {
    let length = |character| match character {
        '"' | '\\' | '\u{8}' | '\u{c}' | '\n' | '\r' | '\t' => 2,
        '\0'..='\u{1f}' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => 6,
        _ => 1,
    };
    text.chars().map(length).sum()
}

/// Folds U+0085 as a YAML reader folds line breaks in double quotes: one becomes a space, of several the first goes
/// and the others become line feeds; spaces around them go.
fn fold(text: &str) -> Result<String, WriteError> {
    let mut folded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\u{85}') {
        folded.push_str(rest[..at].trim_end_matches(' '));
        let after = rest[at..].trim_start_matches(['\u{85}', ' ']);
        let gap = &rest[at..rest.len() - after.len()];
        check_line_start(gap, after)?;
        match gap.matches('\u{85}').count() {
            1 => folded.push(' '),
            breaks => folded.extend(std::iter::repeat_n('\n', breaks - 1)),
        }
        rest = after;
    }
    folded.push_str(rest);
    Ok(folded)
}

/// A document indicator at the start of a line ends the document, even inside quotes.
fn check_line_start(gap: &str, after: &str) -> Result<(), WriteError> {
    if gap.ends_with(' ') {
        return Ok(());
    }
    for indicator in ["---", "..."] {
        if after.strip_prefix(indicator).is_some_and(|rest| rest.starts_with([' ', '\u{85}'])) {
            return Err(WriteError::DocumentIndicator { indicator });
        }
    }
    Ok(())
}
