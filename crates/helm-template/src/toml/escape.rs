//! Escapes in strings, and the folding of lines in long ones.

use crate::bytes::find;

/// A string in double quotes. Broken UTF-8 stays as it is.
pub(super) fn quoted(text: &[u8]) -> Vec<u8> {
    let mut out = vec![b'"'];
    for &byte in text {
        match byte {
            b'"' => out.extend_from_slice(b"\\\""),
            b'\\' => out.extend_from_slice(b"\\\\"),
            8 => out.extend_from_slice(b"\\b"),
            b'\t' => out.extend_from_slice(b"\\t"),
            b'\n' => out.extend_from_slice(b"\\n"),
            12 => out.extend_from_slice(b"\\f"),
            b'\r' => out.extend_from_slice(b"\\r"),
            0..=0x1f | 0x7f => out.extend_from_slice(format!("\\u{byte:04x}").as_bytes()),
            other => out.push(other),
        }
    }
    out.push(b'"');
    out
}

/// Replaces the escapes of a string whose escapes were checked, but for spaces and halves of pairs.
pub(super) fn replaced(text: &[u8]) -> Result<Vec<u8>, String> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte != b'\\' {
            out.push(byte);
            continue;
        }
        let Some((&escape, after)) = rest.split_first() else { break };
        rest = after;
        let digits = match escape {
            b'b' => 8,
            b't' => b'\t',
            b'n' => b'\n',
            b'f' => 12,
            b'r' => b'\r',
            b'e' => 27,
            b'"' | b'\\' => escape,
            b'x' | b'u' | b'U' => {
                let count = match escape {
                    b'x' => 2,
                    b'u' => 4,
                    _ => 8,
                };
                let (written, after) = rest.split_at(count.min(rest.len()));
                rest = after;
                let written = String::from_utf8_lossy(written);
                let code = u32::from_str_radix(&written, 16).ok().and_then(char::from_u32);
                let Some(character) = code else {
                    return Err(format!("Escaped character '\\u{written}' is not valid UTF-8."));
                };
                out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                continue;
            }
            other => return Err(format!("invalid escape: '\\{}'", char::from(other))),
        };
        out.push(digits);
    }
    Ok(out)
}

/// A long string without the line break at its start.
pub(super) fn without_first_break(text: &[u8]) -> &[u8] {
    text.strip_prefix(b"\n").or_else(|| text.strip_prefix(b"\r\n")).unwrap_or(text)
}

/// A long string in which a backslash at a line's end takes the white space after it along.
pub(super) fn without_escaped_breaks(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = find(rest, b"\\") {
        out.extend_from_slice(&rest[..at]);
        let after = &rest[at + 1..];
        let space = after.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n')).count();
        if after[..space].contains(&b'\n') {
            rest = &after[space..];
            continue;
        }
        // Another escape, perhaps of a backslash.
        let length = 1 + usize::from(after.first() == Some(&b'\\'));
        out.extend_from_slice(&rest[at..at + length]);
        rest = &rest[at + length..];
    }
    out.extend_from_slice(rest);
    out
}
