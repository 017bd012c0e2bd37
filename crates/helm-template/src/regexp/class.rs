//! Classes of characters: in brackets, Perl's, POSIX's and Unicode's.

use regex::Regex;

use super::escape::{self, NOTHING};
use super::syntax::{PatternError, PatternFault};
use crate::bytes::find;

/// A class in brackets, translated, and what follows.
pub(super) fn bracketed(text: &[u8]) -> Result<(String, &[u8]), PatternError> {
    let mut rest = &text[1..];
    let mut out = String::from("[");
    if let Some(after) = rest.strip_prefix(b"^") {
        out.push('^');
        rest = after;
    }
    let start = out.len();
    let mut is_first = true;
    while is_first || rest.first() != Some(&b']') {
        is_first = false;
        if rest.len() > 2
            && rest.starts_with(b"[:")
            && let Some((class, after)) = posix(rest)?
        {
            out.push_str(&class);
            rest = after;
            continue;
        }
        if let Some((class, after)) = escaped(rest)? {
            out.push_str(&class);
            rest = after;
            continue;
        }
        let (low, after) = character(rest, text)?;
        let mut high = low;
        let range = rest;
        rest = after;
        if let [b'-', second, ..] = rest
            && *second != b']'
        {
            (high, rest) = character(&rest[1..], text)?;
            if high < low {
                let written = &range[..range.len() - rest.len()];
                return Err(PatternError::new(PatternFault::CharacterRange, written));
            }
        }
        push_range(&mut out, low, high);
    }
    rest = &rest[1..];
    if out.len() == start {
        // Nothing but halves of pairs: the class is empty, or its opposite everything.
        let everything = r"[\x{0}-\x{10FFFF}]";
        return Ok((if start > 1 { everything } else { NOTHING }.to_owned(), rest));
    }
    out.push(']');
    Ok((out, rest))
}

fn character<'t>(text: &'t [u8], class: &[u8]) -> Result<(u32, &'t [u8]), PatternError> {
    match text.first() {
        None => Err(PatternError::new(PatternFault::MissingBracket, class)),
        Some(b'\\') => escape::escaped(text),
        Some(_) => escape::next(text).map(|(character, rest)| (u32::from(character), rest)),
    }
}

/// A range without the halves of pairs.
fn push_range(out: &mut String, low: u32, high: u32) {
    const HALVES: std::ops::RangeInclusive<u32> = 0xd800..=0xdfff;
    let low = if HALVES.contains(&low) { HALVES.end() + 1 } else { low };
    let high = if HALVES.contains(&high) { HALVES.start() - 1 } else { high };
    if low <= high {
        out.push_str(&format!("\\x{{{low:X}}}-\\x{{{high:X}}}"));
    }
}

/// A class that begins with a backslash, if this is one: Perl's or Unicode's.
pub(super) fn escaped(text: &[u8]) -> Result<Option<(String, &[u8])>, PatternError> {
    let class = match text {
        [b'\\', b'p' | b'P', ..] => return unicode(text).map(Some),
        [b'\\', b'd', ..] => "[0-9]",
        [b'\\', b'D', ..] => "[^0-9]",
        [b'\\', b's', ..] => r"[\t\n\x0C\r ]",
        [b'\\', b'S', ..] => r"[^\t\n\x0C\r ]",
        [b'\\', b'w', ..] => "[0-9A-Za-z_]",
        [b'\\', b'W', ..] => "[^0-9A-Za-z_]",
        _ => return Ok(None),
    };
    Ok(Some((class.to_owned(), &text[2..])))
}

/// POSIX's classes, all of ASCII.
const POSIX: [(&str, &str); 14] = [
    ("alnum", "0-9A-Za-z"),
    ("alpha", "A-Za-z"),
    ("ascii", r"\x00-\x7F"),
    ("blank", r"\t "),
    ("cntrl", r"\x00-\x1F\x7F"),
    ("digit", "0-9"),
    ("graph", "!-~"),
    ("lower", "a-z"),
    ("print", " -~"),
    ("punct", r"!-/:-@\[-`{-~"),
    ("space", r"\t\n\x0B\x0C\r "),
    ("upper", "A-Z"),
    ("word", "0-9A-Za-z_"),
    ("xdigit", "0-9A-Fa-f"),
];

/// `[:alpha:]`, if it is closed.
fn posix(text: &[u8]) -> Result<Option<(String, &[u8])>, PatternError> {
    let Some(end) = find(&text[2..], b":]") else { return Ok(None) };
    let (written, rest) = text.split_at(end + 4);
    let name = &text[2..end + 2];
    let (sign, name) = match name.strip_prefix(b"^") {
        Some(name) => ("^", name),
        None => ("", name),
    };
    match POSIX.iter().find(|(known, _)| known.as_bytes() == name) {
        Some((_, ranges)) => Ok(Some((format!("[{sign}{ranges}]"), rest))),
        None => Err(PatternError::new(PatternFault::CharacterRange, written)),
    }
}

/// `\pL`, `\P{Greek}`, `\p{^Han}`
fn unicode(text: &[u8]) -> Result<(String, &[u8]), PatternError> {
    let (first, after) = if text.len() > 2 {
        escape::next(&text[2..])?
    } else {
        return Err(PatternError::new(PatternFault::CharacterRange, text));
    };
    let (written, name) = if first == '{' {
        let Some(end) = text.iter().position(|&byte| byte == b'}') else {
            escape::check_utf8(text)?;
            return Err(PatternError::new(PatternFault::CharacterRange, text));
        };
        (&text[..=end], &text[3..end])
    } else {
        let written = &text[..text.len() - after.len()];
        (written, &written[2..])
    };
    escape::check_utf8(name)?;
    let rest = &text[written.len()..];
    let (is_opposite, name) = match name.strip_prefix(b"^") {
        Some(name) => (true, name),
        None => (false, name),
    };
    let sign = if (text[1] == b'P') == is_opposite { 'p' } else { 'P' };
    let name = std::str::from_utf8(name).unwrap_or_default();
    let property = property(name).ok_or_else(|| PatternError::new(PatternFault::CharacterRange, written))?;
    Ok((format!("\\{sign}{{{property}}}"), rest))
}

/// The general category or script of that name.
fn property(name: &str) -> Option<String> {
    let is_plain = |character: char| character.is_ascii_alphabetic() || matches!(character, '_' | '-' | ' ');
    if name.is_empty() || !name.chars().all(is_plain) {
        return None;
    }
    if ["any", "assigned", "ascii"].iter().any(|known| name.eq_ignore_ascii_case(known)) {
        return Some(name.to_owned());
    }
    let candidates = ["gc", "sc"].map(|kind| format!("{kind}={name}"));
    candidates.into_iter().find(|candidate| Regex::new(&format!("\\p{{{candidate}}}")).is_ok())
}
