//! Go's quoted strings and characters (`strconv.Quote` and relatives), and reading them back (`strconv.Unquote`).

use std::borrow::Cow;

use crate::unicode::{self, Characters};

/// Which characters stay as they are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keep {
    /// All that Go calls printable.
    Printable,
    /// Printable ASCII only (`%+q`).
    Ascii,
}

/// Appends `text` in double quotes with Go's escapes.
pub(crate) fn quote(out: &mut Vec<u8>, text: &[u8], keep: Keep) {
    out.push(b'"');
    let mut rest = text;
    loop {
        let stays = |&&byte: &&u8| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\');
        let plain = rest.iter().take_while(stays).count();
        out.extend_from_slice(&rest[..plain]);
        rest = &rest[plain..];
        let Some((character, length)) = unicode::decode(rest) else { break };
        if unicode::is_broken(character, length) {
            out.extend_from_slice(format!("\\x{:02x}", rest[0]).as_bytes());
        } else {
            escape(out, character, '"', keep);
        }
        rest = &rest[length..];
    }
    out.push(b'"');
}

/// Appends a character in single quotes with Go's escapes.
pub(crate) fn quote_character(out: &mut Vec<u8>, character: char, ascii: bool) {
    out.push(b'\'');
    escape(out, character, '\'', if ascii { Keep::Ascii } else { Keep::Printable });
    out.push(b'\'');
}

/// `text` quoted, for messages.
pub(crate) fn quoted(text: impl AsRef<[u8]>) -> String {
    let mut out = Vec::new();
    quote(&mut out, text.as_ref(), Keep::Printable);
    String::from_utf8_lossy(&out).into_owned()
}

fn escape(out: &mut Vec<u8>, character: char, delimiter: char, keep: Keep) {
    if character == delimiter || character == '\\' {
        out.push(b'\\');
        out.push(character as u8);
        return;
    }
    let stays = match keep {
        Keep::Ascii => character.is_ascii() && unicode::is_printable(character),
        Keep::Printable => unicode::is_printable(character),
    };
    if stays {
        let mut buffer = [0; 4];
        out.extend_from_slice(character.encode_utf8(&mut buffer).as_bytes());
        return;
    }
    let code = u32::from(character);
    let escaped = match character {
        '\x07' => "\\a".to_owned(),
        '\x08' => "\\b".to_owned(),
        '\x0c' => "\\f".to_owned(),
        '\n' => "\\n".to_owned(),
        '\r' => "\\r".to_owned(),
        '\t' => "\\t".to_owned(),
        '\x0b' => "\\v".to_owned(),
        _ if code < 0x20 || code == 0x7f => format!("\\x{code:02x}"),
        _ if code < 0x1_0000 => format!("\\u{code:04x}"),
        _ => format!("\\U{code:08x}"),
    };
    out.extend_from_slice(escaped.as_bytes());
}

/// Whether `text` can stand between back quotes as it is (`strconv.CanBackquote`).
pub(crate) fn can_backquote(text: &[u8]) -> bool {
    Characters(text).all(|(character, length)| {
        !unicode::is_broken(character, length)
            && character != '\u{feff}'
            && character != '`'
            && character != '\u{7f}'
            && (character >= ' ' || character == '\t')
    })
}

/// Reads a quoted string or raw string literal; `None` when it is malformed.
pub(crate) fn unquote(literal: &[u8]) -> Option<Cow<'_, [u8]>> {
    let (&delimiter, rest) = literal.split_first()?;
    let (&end, body) = rest.split_last()?;
    if delimiter != end {
        return None;
    }
    match delimiter {
        b'`' if body.contains(&b'`') => None,
        b'`' if !body.contains(&b'\r') => Some(body.into()),
        b'`' => Some(body.iter().copied().filter(|&byte| byte != b'\r').collect()),
        b'"' if body.iter().all(|&byte| byte.is_ascii() && !matches!(byte, b'"' | b'\\' | b'\n')) => {
            Some(body.into())
        }
        b'"' => {
            let mut text = Vec::with_capacity(body.len());
            let mut rest = body;
            while !rest.is_empty() {
                rest = unquote_one(rest, b'"', &mut text)?.0;
            }
            Some(text.into())
        }
        _ => None,
    }
}

/// What is wrong with a character literal.
#[derive(Clone, Copy, Debug)]
pub(crate) enum CharacterSyntax {
    /// Empty, or a bad escape.
    Malformed,
    MoreThanOne,
}

/// Reads a character literal with its quotes.
pub(crate) fn unquote_character(literal: &[u8]) -> Result<u32, CharacterSyntax> {
    let body = literal.get(1..).unwrap_or(&[]);
    let (rest, code) = unquote_one(body, b'\'', &mut Vec::new()).ok_or(CharacterSyntax::Malformed)?;
    if rest == b"'" { Ok(code) } else { Err(CharacterSyntax::MoreThanOne) }
}

/// Reads one character or escape: what is left, and its code.
fn unquote_one<'l>(text: &'l [u8], delimiter: u8, out: &mut Vec<u8>) -> Option<(&'l [u8], u32)> {
    let first = *text.first()?;
    if first == delimiter || first == b'\n' {
        return None;
    }
    if first != b'\\' {
        let (character, length) = unicode::decode(text)?;
        let mut buffer = [0; 4];
        out.extend_from_slice(character.encode_utf8(&mut buffer).as_bytes());
        return Some((&text[length..], u32::from(character)));
    }
    let escape = *text.get(1)?;
    let rest = &text[2..];
    let simple = match escape {
        b'a' => 7,
        b'b' => 8,
        b'f' => 12,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'v' => 11,
        b'\\' => b'\\',
        b'\'' | b'"' if escape == delimiter => escape,
        b'x' => return numeric(rest, 2, 16, out, Meaning::Byte),
        b'u' => return numeric(rest, 4, 16, out, Meaning::Character),
        b'U' => return numeric(rest, 8, 16, out, Meaning::Character),
        b'0'..=b'7' => return numeric(&text[1..], 3, 8, out, Meaning::Byte),
        _ => return None,
    };
    out.push(simple);
    Some((rest, u32::from(simple)))
}

#[derive(Clone, Copy)]
enum Meaning {
    Byte,
    Character,
}

fn numeric<'l>(
    text: &'l [u8],
    digits: usize,
    radix: u32,
    out: &mut Vec<u8>,
    meaning: Meaning,
) -> Option<(&'l [u8], u32)> {
    let mut code = 0u32;
    for &digit in text.get(..digits)? {
        code = code.checked_mul(radix)?.checked_add(char::from(digit).to_digit(radix)?)?;
    }
    match meaning {
        Meaning::Byte => out.push(u8::try_from(code).ok()?),
        Meaning::Character => {
            let mut buffer = [0; 4];
            out.extend_from_slice(char::from_u32(code)?.encode_utf8(&mut buffer).as_bytes());
        }
    }
    Some((&text[digits..], code))
}
