//! Percent signs: what must be escaped depends on the part of the URL.

use super::parse::Reason;

/// A part of a URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Path,
    Host,
    /// The zone of an IPv6 address.
    Zone,
    User,
    Fragment,
}

/// Whether a byte must be escaped in a part.
pub(super) fn must_escape(byte: u8, part: Part) -> bool {
    if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
        return false;
    }
    let allowed: &[u8] = match part {
        Part::Path => b"$&+,/:;=@",
        Part::Host | Part::Zone => b"!$&'()*+,;=:[]<>\"",
        Part::User => b"$&+,;=",
        Part::Fragment => b"$&+,/:;=?@!()*",
    };
    !allowed.contains(&byte)
}

/// Escapes what must be.
pub(super) fn escape(text: &[u8], part: Part) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for &byte in text {
        if must_escape(byte, part) {
            out.extend_from_slice(format!("%{byte:02X}").as_bytes());
        } else {
            out.push(byte);
        }
    }
    out
}

/// Replaces escapes. A host may hold only those of bytes beyond ASCII, and of `%`.
pub(super) fn unescape(text: &[u8], part: Part) -> Result<Vec<u8>, Reason> {
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        let byte = text[at];
        if byte != b'%' {
            let is_host = matches!(part, Part::Host | Part::Zone);
            if is_host && byte.is_ascii() && must_escape(byte, part) {
                return Err(Reason::HostCharacter(vec![byte]));
            }
            out.push(byte);
            at += 1;
            continue;
        }
        let Some(code) = code(&text[at + 1..]) else {
            return Err(Reason::Escape(text[at..].iter().copied().take(3).collect()));
        };
        let written = &text[at..at + 3];
        let is_refused = match part {
            Part::Host => code.is_ascii() && written != b"%25",
            Part::Zone => written != b"%25" && code != b' ' && must_escape(code, Part::Host),
            Part::Path | Part::User | Part::Fragment => false,
        };
        if is_refused {
            return Err(Reason::Escape(written.to_vec()));
        }
        out.push(code);
        at += 3;
    }
    Ok(out)
}

fn code(digits: &[u8]) -> Option<u8> {
    let digit = |at: usize| digits.get(at).and_then(|&byte| char::from(byte).to_digit(16));
    u8::try_from(digit(0)? * 16 + digit(1)?).ok()
}
