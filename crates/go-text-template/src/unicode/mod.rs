//! Characters as Go sees them: decoding of possibly broken UTF-8, and Go's (older) Unicode classes.

#[rustfmt::skip]
mod tables;

use std::cmp::Ordering;

/// What Go's decoders answer for bytes that are no UTF-8.
pub(crate) const REPLACEMENT: char = char::REPLACEMENT_CHARACTER;

/// Decodes the first character of `bytes`: the character and its length in bytes.
///
/// Broken UTF-8 gives U+FFFD with length 1, as `utf8.DecodeRune` does; no bytes give `None`.
pub(crate) fn decode(bytes: &[u8]) -> Option<(char, usize)> {
    let first = *bytes.first()?;
    if first < 0x80 {
        return Some((char::from(first), 1));
    }
    let length = match first {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => return Some((REPLACEMENT, 1)),
    };
    let decoded = bytes.get(..length).and_then(|head| std::str::from_utf8(head).ok());
    match decoded.and_then(|text| text.chars().next()) {
        Some(character) => Some((character, length)),
        None => Some((REPLACEMENT, 1)),
    }
}

/// Whether the bytes at the start are broken UTF-8 (as opposed to a real U+FFFD).
pub(crate) fn is_broken(character: char, length: usize) -> bool {
    character == REPLACEMENT && length == 1
}

/// The number of characters in `bytes`, each broken byte counting as one (`utf8.RuneCount`).
pub(crate) fn count(bytes: &[u8]) -> usize {
    if bytes.is_ascii() {
        return bytes.len();
    }
    Characters(bytes).count()
}

/// Goes through the characters of possibly broken UTF-8.
pub(crate) struct Characters<'a>(pub(crate) &'a [u8]);

impl Iterator for Characters<'_> {
    type Item = (char, usize);

    fn next(&mut self) -> Option<(char, usize)> {
        let (character, length) = decode(self.0)?;
        self.0 = &self.0[length..];
        Some((character, length))
    }
}

/// Letters, digits and `_`: what identifiers, variables and fields are made of.
pub(crate) fn is_alphanumeric(character: char) -> bool {
    match character {
        'a'..='z' | 'A'..='Z' | '0'..='9' | '_' => true,
        '\0'..='\x7f' => false,
        _ => contains(&tables::LETTERS_AND_DIGITS, character),
    }
}

/// What Go prints as it is inside quotes (`strconv.IsPrint`).
pub(crate) fn is_printable(character: char) -> bool {
    match character {
        ' '..='~' => true,
        '\0'..='\x7f' => false,
        _ => contains(&tables::PRINTABLE, character),
    }
}

fn contains(ranges: &[(u32, u32)], character: char) -> bool {
    let code = u32::from(character);
    ranges
        .binary_search_by(|&(first, last)| {
            if last < code {
                Ordering::Less
            } else if first > code {
                Ordering::Greater
            } else {
                Ordering::Equal
            }
        })
        .is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_bytes_count_one_each() {
        assert_eq!(decode(b"\xff\xfe"), Some((REPLACEMENT, 1)));
        assert_eq!(decode(b"\xe4\xb8"), Some((REPLACEMENT, 1)));
        assert_eq!(decode("世".as_bytes()), Some(('世', 3)));
        assert_eq!(decode(b"\xed\xa0\x80"), Some((REPLACEMENT, 1)), "a surrogate is no character");
        assert_eq!(count(b"a\xe4\xb8z"), 4);
    }

    #[test]
    fn classes_follow_go_and_not_the_newest_unicode() {
        assert!(is_alphanumeric('é') && is_alphanumeric('世') && is_alphanumeric('٣'));
        assert!(!is_alphanumeric('½') && !is_alphanumeric('-') && !is_alphanumeric('Ⅷ'));
        assert!(is_printable('é') && !is_printable('\u{a0}') && !is_printable('\u{200b}'));
    }
}
