//! Letters, digits and printable characters as Go's (older) Unicode tables have them.

#[rustfmt::skip]
mod tables;

use std::cmp::Ordering;

/// `unicode.IsLetter`
pub(super) fn is_letter(character: char) -> bool {
    if character.is_ascii() { character.is_ascii_alphabetic() } else { contains(&tables::LETTERS, character) }
}

/// `unicode.IsDigit`
pub(super) fn is_digit(character: char) -> bool {
    if character.is_ascii() { character.is_ascii_digit() } else { contains(&tables::DIGITS, character) }
}

/// `strconv.IsPrint`
pub(super) fn is_print(character: char) -> bool {
    if character.is_ascii() {
        matches!(character, ' '..='~')
    } else {
        contains(&tables::PRINTABLE, character)
    }
}

fn contains(ranges: &[(u32, u32)], character: char) -> bool {
    let code = u32::from(character);
    let order = |&(first, last): &(u32, u32)| {
        if last < code {
            Ordering::Less
        } else if first > code {
            Ordering::Greater
        } else {
            Ordering::Equal
        }
    };
    ranges.binary_search_by(order).is_ok()
}
