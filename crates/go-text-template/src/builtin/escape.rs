//! `html`, `js` and `urlquery`.

use crate::format::{self, PrintError, PrintLimits};
use crate::unicode;
use crate::value::{Str, Value};

/// The operands printed one after the other; nil is `<no value>`.
pub(super) fn text_of(values: &[&Value], limits: PrintLimits) -> Result<Vec<u8>, PrintError> {
    let shown: Vec<Value> = values
        .iter()
        .map(|&value| match value {
            Value::Nil => Value::String(Str::from("<no value>")),
            value => value.printed_instead().unwrap_or_else(|| value.clone()),
        })
        .collect();
    let shown: Vec<&Value> = shown.iter().collect();
    let mut text = Vec::new();
    format::write_all(&mut text, &shown, limits)?;
    Ok(text)
}

pub(super) fn html(out: &mut Vec<u8>, text: &[u8]) {
    for &byte in text {
        match byte {
            0 => out.extend_from_slice("\u{fffd}".as_bytes()),
            b'"' => out.extend_from_slice(b"&#34;"),
            b'\'' => out.extend_from_slice(b"&#39;"),
            b'&' => out.extend_from_slice(b"&amp;"),
            b'<' => out.extend_from_slice(b"&lt;"),
            b'>' => out.extend_from_slice(b"&gt;"),
            other => out.push(other),
        }
    }
}

pub(super) fn js(out: &mut Vec<u8>, text: &[u8]) {
    let mut rest = text;
    while let Some((character, length)) = unicode::decode(rest) {
        match character {
            '\\' => out.extend_from_slice(b"\\\\"),
            '\'' => out.extend_from_slice(b"\\'"),
            '"' => out.extend_from_slice(b"\\\""),
            '<' | '>' | '&' | '=' | '\0'..='\x1f' => {
                out.extend_from_slice(format!("\\u{:04X}", u32::from(character)).as_bytes());
            }
            ' '..='\x7f' => out.push(character as u8),
            _ if unicode::is_printable(character) => out.extend_from_slice(&rest[..length]),
            _ => out.extend_from_slice(format!("\\u{:04X}", u32::from(character)).as_bytes()),
        }
        rest = &rest[length..];
    }
}

pub(super) fn urlquery(out: &mut Vec<u8>, text: &[u8]) {
    for &byte in text {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(byte),
            b' ' => out.push(b'+'),
            other => out.extend_from_slice(format!("%{other:02X}").as_bytes()),
        }
    }
}
