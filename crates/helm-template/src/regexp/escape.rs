//! Characters of patterns: literal, escaped, and written for the other syntax.

use super::syntax::{PatternError, PatternFault};
use crate::unicode::decode;

/// The first character and what follows.
pub(super) fn next(text: &[u8]) -> Result<(char, &[u8]), PatternError> {
    match decode(text) {
        Some((char::REPLACEMENT_CHARACTER, 1)) => Err(PatternError::new(PatternFault::Utf8, text)),
        Some((character, length)) => Ok((character, &text[length..])),
        None => Ok((char::REPLACEMENT_CHARACTER, &[])),
    }
}

pub(super) fn check_utf8(text: &[u8]) -> Result<(), PatternError> {
    let mut rest = text;
    while !rest.is_empty() {
        (_, rest) = next(rest)?;
    }
    Ok(())
}

/// A character as a pattern that means it alone.
pub(super) fn literal(character: char) -> String {
    if character.is_ascii_alphanumeric() || !character.is_ascii() {
        character.to_string()
    } else {
        format!("\\x{{{:X}}}", u32::from(character))
    }
}

/// A character by its number; halves of pairs match nothing.
pub(super) fn literal_code(code: u32) -> String {
    char::from_u32(code).map_or_else(|| NOTHING.to_owned(), literal)
}

/// A pattern that matches nothing.
pub(super) const NOTHING: &str = r"[^\x{0}-\x{10FFFF}]";

/// The number of an escaped character and what follows.
pub(super) fn escaped(text: &[u8]) -> Result<(u32, &[u8]), PatternError> {
    let after = &text[1..];
    if after.is_empty() {
        return Err(PatternError::new(PatternFault::TrailingBackslash, b""));
    }
    let (first, rest) = next(after)?;
    let invalid = |rest: &[u8]| PatternError::new(PatternFault::Escape, &text[..text.len() - rest.len()]);
    let code = match first {
        'a' => 7,
        'f' => 12,
        'n' => 10,
        'r' => 13,
        't' => 9,
        'v' => 11,
        'x' => return hexadecimal(rest, invalid),
        // A single digit would be a reference to a group.
        '1'..='7' if !matches!(rest.first(), Some(b'0'..=b'7')) => return Err(invalid(rest)),
        '0'..='7' => {
            let digits = rest.iter().take(2).take_while(|byte| matches!(byte, b'0'..=b'7')).count();
            let start = first.to_digit(8).unwrap_or(0);
            let code = rest[..digits].iter().fold(start, |code, &digit| code * 8 + u32::from(digit - b'0'));
            return Ok((code, &rest[digits..]));
        }
        other if other.is_ascii() && !other.is_ascii_alphanumeric() => u32::from(other),
        _ => return Err(invalid(rest)),
    };
    Ok((code, rest))
}

/// What follows `\x`.
fn hexadecimal(text: &[u8], invalid: impl Fn(&[u8]) -> PatternError) -> Result<(u32, &[u8]), PatternError> {
    if text.is_empty() {
        return Err(invalid(text));
    }
    let (first, mut rest) = next(text)?;
    if first != '{' {
        if rest.is_empty() {
            return Err(invalid(rest));
        }
        let (second, rest) = next(rest)?;
        return match (first.to_digit(16), second.to_digit(16)) {
            (Some(high), Some(low)) => Ok((high * 16 + low, rest)),
            _ => Err(invalid(rest)),
        };
    }
    let (mut code, mut has_digit) = (0, false);
    loop {
        if rest.is_empty() {
            return Err(invalid(rest));
        }
        let (character, after) = next(rest)?;
        rest = after;
        match character.to_digit(16) {
            Some(digit) => code = code * 16 + digit,
            None if character == '}' && has_digit => return Ok((code, rest)),
            None => return Err(invalid(rest)),
        }
        has_digit = true;
        if code > u32::from(char::MAX) {
            return Err(invalid(rest));
        }
    }
}
