//! Characters as Go sees them: decoding of possibly broken UTF-8, cases and classes of Go's (older) Unicode tables.

#[rustfmt::skip]
mod tables;

use std::cmp::Ordering;

/// Goes through the characters of possibly broken UTF-8: the character and its length in bytes. A broken byte counts
/// as U+FFFD of length 1, as `utf8.DecodeRune` has it.
#[derive(Clone, Debug)]
pub(crate) struct Characters<'a>(pub(crate) &'a [u8]);

impl<'a> Characters<'a> {
    /// What was not gone through yet.
    pub(crate) fn rest(&self) -> &'a [u8] {
        self.0
    }
}

impl Iterator for Characters<'_> {
    type Item = (char, usize);

    fn next(&mut self) -> Option<(char, usize)> {
        let (character, length) = decode(self.0)?;
        self.0 = &self.0[length..];
        Some((character, length))
    }
}

/// Decodes the first character: U+FFFD with length 1 for broken UTF-8; `None` for no bytes.
pub(crate) fn decode(bytes: &[u8]) -> Option<(char, usize)> {
    let first = *bytes.first()?;
    let length = match first {
        0..=0x7f => return Some((char::from(first), 1)),
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => return Some((char::REPLACEMENT_CHARACTER, 1)),
    };
    let decoded = bytes.get(..length).and_then(|head| std::str::from_utf8(head).ok());
    let character = decoded.and_then(|text| text.chars().next());
    Some(character.map_or((char::REPLACEMENT_CHARACTER, 1), |character| (character, length)))
}

/// The text with U+FFFD for each broken byte, as Go's `[]rune(text)` has it.
pub(crate) fn mended(bytes: &[u8]) -> String {
    Characters(bytes).map(|(character, _)| character).collect()
}

/// `unicode.ToUpper`
pub(crate) fn to_upper(character: char) -> char {
    mapped(character, 0)
}

/// `unicode.ToLower`
pub(crate) fn to_lower(character: char) -> char {
    mapped(character, 1)
}

/// `unicode.ToTitle`
pub(crate) fn to_title(character: char) -> char {
    mapped(character, 2)
}

/// `unicode.IsUpper`
pub(crate) fn is_upper(character: char) -> bool {
    contains(&tables::UPPER, character)
}

/// `unicode.IsLower`
pub(crate) fn is_lower(character: char) -> bool {
    contains(&tables::LOWER, character)
}

/// `unicode.IsTitle`
pub(crate) fn is_title(character: char) -> bool {
    contains(&tables::TITLE, character)
}

/// `unicode.IsLetter`
pub(crate) fn is_letter(character: char) -> bool {
    contains(&tables::LETTERS, character)
}

/// `unicode.IsDigit`
pub(crate) fn is_digit(character: char) -> bool {
    contains(&tables::DIGITS, character)
}

/// `unicode.IsNumber`
pub(crate) fn is_number(character: char) -> bool {
    contains(&tables::NUMBERS, character)
}

/// `unicode.IsPunct`
pub(crate) fn is_punctuation(character: char) -> bool {
    contains(&tables::PUNCTUATION, character)
}

/// `unicode.IsSpace`
pub(crate) fn is_space(character: char) -> bool {
    matches!(
        character,
        '\t'..='\r' | ' ' | '\u{85}' | '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}'
            | '\u{2028}' | '\u{2029}' | '\u{202f}' | '\u{205f}' | '\u{3000}'
    )
}

/// Go's `unicode.To` for one of the three cases.
fn mapped(character: char, case: usize) -> char {
    let code = u32::from(character);
    let order = |&(first, last, _): &(u32, u32, [i32; 3])| in_range(code, first, last);
    let Ok(at) = tables::CASES.binary_search_by(order) else { return character };
    let (first, _, differences) = tables::CASES[at];
    let mapped = if differences[case] == tables::ALTERNATING {
        // Upper case at even distances from the first, lower case at odd ones; title case is upper case.
        first + (((code - first) & !1) | u32::from(case == 1))
    } else {
        code.wrapping_add_signed(differences[case])
    };
    char::from_u32(mapped).unwrap_or(character)
}

fn contains(ranges: &[(u32, u32, u32)], character: char) -> bool {
    let code = u32::from(character);
    let found = ranges.binary_search_by(|&(first, last, _)| in_range(code, first, last));
    found.is_ok_and(|at| (code - ranges[at].0).is_multiple_of(ranges[at].2))
}

fn in_range(code: u32, first: u32, last: u32) -> Ordering {
    if last < code {
        Ordering::Less
    } else if first > code {
        Ordering::Greater
    } else {
        Ordering::Equal
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases_follow_go() {
        assert_eq!("straße ǆ é".chars().map(to_upper).collect::<String>(), "STRAßE Ǆ É");
        assert_eq!(to_title('ǆ'), 'ǅ');
        assert_eq!("ÀǄĀ".chars().map(to_lower).collect::<String>(), "àǆā");
        assert_eq!((to_upper('ā'), to_lower('Ā')), ('Ā', 'ā'));
    }

    #[test]
    fn classes_follow_go() {
        assert!(is_upper('É') && !is_upper('é') && is_title('ǅ') && is_number('½') && !is_digit('½'));
        assert!(is_punctuation('_') && is_punctuation('!') && !is_punctuation('$'));
    }

    #[test]
    fn broken_bytes_count_one_each() {
        assert_eq!(mended(b"a\xff\xe4\xb8z"), "a\u{fffd}\u{fffd}\u{fffd}z");
    }
}
