//! Texts broken into lines. Widths count bytes.

use go_text_template::CallError;

use super::printing;
use crate::bytes::index;
use crate::declare::functions;

functions! {
    "wrap"(width: Int, text: Text) -> Text = wrap,
        "Breaks a text at spaces so that lines have at most so many bytes, if words allow.",
        example "{{ wrap 10 \"the quick brown fox\" }}" => "the quick\nbrown fox";
    "wrapWith"(width: Int, separator: Text, text: Text) -> Text = wrap_with,
        "Like `wrap`, with another line break; words that are too long are broken, too.",
        example r#"{{ wrapWith 5 "|" "Hello World abcdefghij" }}"# => "Hello|World|abcde|fghij";
}

/// What happens to a word that is longer than a line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum LongWords {
    Kept,
    Broken,
}

fn wrap(width: i64, text: &[u8]) -> Result<Vec<u8>, CallError> {
    wrapped(width, b"\n", text, LongWords::Kept)
}

fn wrap_with(width: i64, separator: &[u8], text: &[u8]) -> Result<Vec<u8>, CallError> {
    let separator = if separator.is_empty() { b"\n" } else { separator };
    wrapped(width, separator, text, LongWords::Broken)
}

fn wrapped(width: i64, separator: &[u8], text: &[u8], long: LongWords) -> Result<Vec<u8>, CallError> {
    let width = index(width.max(1));
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while rest.len() > width {
        if rest[0] == b' ' {
            rest = &rest[1..];
            continue;
        }
        // A space right after the line still ends it.
        let line = &rest[..=width];
        let end = match line.iter().rposition(|&byte| byte == b' ') {
            Some(space) => space,
            None if long == LongWords::Broken => {
                out.extend_from_slice(&rest[..width]);
                out.extend_from_slice(separator);
                printing::check_size(out.len() as u128)?;
                rest = &rest[width..];
                continue;
            }
            None => match rest[width..].iter().position(|&byte| byte == b' ') {
                Some(space) => width + space,
                None => break,
            },
        };
        out.extend_from_slice(&rest[..end]);
        out.extend_from_slice(separator);
        printing::check_size(out.len() as u128)?;
        rest = &rest[end + 1..];
    }
    out.extend_from_slice(rest);
    Ok(out)
}
