//! Bytes to characters, the way libyaml's reader takes them: in pieces of 512 bytes.
//!
//! The pieces can be seen from outside. A forbidden character is an error as soon as the scanner needs the piece it is
//! in, so whether it or an earlier mistake in the grammar is reported depends on where the pieces begin; and a byte
//! order mark counts when it is the first character of what the reader has kept.

use std::borrow::Cow;

use super::error::SourceFault;
use crate::yaml::chars::BYTE_ORDER_MARK;

/// How many bytes the reader takes at a time.
const PIECE: usize = 512;

/// A text as far as it can be decoded.
#[derive(Debug)]
pub(super) struct Source<'t> {
    pub(super) text: Cow<'t, str>,
    /// The pieces, when they matter: there is a fault, or a byte order mark inside the text.
    pub(super) pieces: Option<Pieces>,
}

/// How the reader takes the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pieces {
    /// How many characters each piece has.
    pub(super) lengths: Vec<usize>,
    /// What is wrong in the piece after them.
    pub(super) fault: Option<SourceFault>,
}

#[derive(Clone, Copy)]
enum Encoding {
    Utf8,
    Utf16LittleEndian,
    Utf16BigEndian,
}

impl<'t> Source<'t> {
    pub(super) fn decode(bytes: &'t [u8]) -> Self {
        let (encoding, start) = match bytes {
            [] => return Self { text: Cow::Borrowed("\n"), pieces: None },
            [0xff, 0xfe, ..] => (Encoding::Utf16LittleEndian, 2),
            [0xfe, 0xff, ..] => (Encoding::Utf16BigEndian, 2),
            _ if bytes.starts_with(BYTE_ORDER_MARK) => (Encoding::Utf8, 3),
            _ => (Encoding::Utf8, 0),
        };
        if let Encoding::Utf8 = encoding
            && let Ok(text) = std::str::from_utf8(&bytes[start..])
            && is_unremarkable(text)
        {
            return Self { text: Cow::Borrowed(text), pieces: None };
        }
        let (text, pieces) = decode_pieces(bytes, start, encoding);
        let matters = pieces.fault.is_some() || text.contains('\u{feff}');
        Self { text: Cow::Owned(text), pieces: matters.then_some(pieces) }
    }
}

/// Whether all characters are allowed and none is a byte order mark.
fn is_unremarkable(text: &str) -> bool {
    let is_suspect = |byte: u8| matches!(byte, 0..=0x08 | 0x0b | 0x0c | 0x0e..=0x1f | 0x7f | 0xc2 | 0xef);
    if !text.bytes().fold(false, |found, byte| found | is_suspect(byte)) {
        return true;
    }
    text.chars().all(|character| is_allowed(character) && character != '\u{feff}')
}

/// Whether YAML allows the character unescaped.
fn is_allowed(character: char) -> bool {
    matches!(
        character,
        '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..
    )
}

/// Decodes up to the first fault, counting characters by piece.
fn decode_pieces(bytes: &[u8], start: usize, encoding: Encoding) -> (String, Pieces) {
    let mut text = String::with_capacity(bytes.len());
    let mut lengths = Vec::new();
    let mut at = start;
    let mut end = PIECE.min(bytes.len());
    loop {
        let piece_start = text.len();
        let mut length = 0;
        while at < end {
            let decoded = match encoding {
                Encoding::Utf8 => utf8(&bytes[at..end]),
                Encoding::Utf16LittleEndian => utf16(&bytes[at..end], u16::from_le_bytes),
                Encoding::Utf16BigEndian => utf16(&bytes[at..end], u16::from_be_bytes),
            };
            let fault = match decoded {
                Ok((character, width)) if is_allowed(character) => {
                    text.push(character);
                    length += 1;
                    at += width;
                    continue;
                }
                Ok(_) => SourceFault::ControlCharacter,
                Err(fault) => fault,
            };
            if !fault.is_incomplete() {
                // Nothing of this piece reaches the scanner.
                text.truncate(piece_start);
                return (text, Pieces { lengths, fault: Some(fault) });
            }
            if end == bytes.len() {
                lengths.push(length);
                return (text, Pieces { lengths, fault: Some(fault) });
            }
            break;
        }
        lengths.push(length);
        if end == bytes.len() {
            return (text, Pieces { lengths, fault: None });
        }
        end = bytes.len().min(at + PIECE);
    }
}

/// The first character of UTF-8 and its width.
fn utf8(bytes: &[u8]) -> Result<(char, usize), SourceFault> {
    let first = bytes[0];
    let (width, head) = match first {
        0..=0x7f => return Ok((char::from(first), 1)),
        0xc0..=0xdf => (2, first & 0x1f),
        0xe0..=0xef => (3, first & 0x0f),
        0xf0..=0xf7 => (4, first & 0x07),
        _ => return Err(SourceFault::LeadingOctet),
    };
    let Some(rest) = bytes.get(1..width) else {
        return Err(SourceFault::IncompleteUtf8);
    };
    let mut code = u32::from(head);
    for &octet in rest {
        if octet & 0xc0 != 0x80 {
            return Err(SourceFault::TrailingOctet);
        }
        code = code << 6 | u32::from(octet & 0x3f);
    }
    let is_shortest = match width {
        2 => code >= 0x80,
        3 => code >= 0x800,
        _ => code >= 0x10000,
    };
    if !is_shortest {
        return Err(SourceFault::Utf8Length);
    }
    char::from_u32(code).map(|character| (character, width)).ok_or(SourceFault::InvalidCharacter)
}

/// The first character of UTF-16 and its width in bytes.
fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<(char, usize), SourceFault> {
    let unit_at = |at: usize| bytes.get(at..at + 2).map(|pair| unit([pair[0], pair[1]]));
    let first = unit_at(0).ok_or(SourceFault::IncompleteUtf16)?;
    match first {
        0xdc00..=0xdfff => Err(SourceFault::UnexpectedLowSurrogate),
        0xd800..=0xdbff => {
            let second = unit_at(2).ok_or(SourceFault::IncompleteSurrogatePair)?;
            let character = char::decode_utf16([first, second]).next().and_then(Result::ok);
            character.map(|character| (character, 4)).ok_or(SourceFault::MissingLowSurrogate)
        }
        _ => {
            char::from_u32(first.into()).map(|character| (character, 2)).ok_or(SourceFault::InvalidCharacter)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_hides_its_whole_piece_and_nothing_before_it() {
        let mut bytes = vec![b'a'; PIECE + 10];
        bytes[PIECE + 5] = 0;
        let source = Source::decode(&bytes);
        assert_eq!(source.text.len(), PIECE);
        let expected = Pieces { lengths: vec![PIECE], fault: Some(SourceFault::ControlCharacter) };
        assert_eq!(source.pieces, Some(expected));
    }

    #[test]
    fn utf_16_is_told_by_its_mark() {
        let source = Source::decode(b"\xff\xfea\0:\0 \0\x3d\xd8\x00\xde");
        assert_eq!(source.text, "a: \u{1f600}");
        assert_eq!(Source::decode(b"\xfe\xff\0a").text, "a");
    }
}
