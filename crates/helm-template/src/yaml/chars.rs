//! Character classes of libyaml that reading and writing share.

/// The characters that end a line, in UTF-8: CR, LF, NEL, LS, PS.
///
/// `at` must be the start of a character or the end of the text.
pub(super) fn is_break(text: &[u8], at: usize) -> bool {
    break_length(text, at) > 0
}

/// The length in bytes of the line break at `at`, each of CR and LF counting for itself; 0 for none.
pub(super) fn break_length(text: &[u8], at: usize) -> usize {
    match text.get(at) {
        Some(b'\r' | b'\n') => 1,
        Some(0xc2) if text.get(at + 1) == Some(&0x85) => 2,
        Some(0xe2) if text.get(at + 1) == Some(&0x80) && matches!(text.get(at + 2), Some(0xa8 | 0xa9)) => 3,
        _ => 0,
    }
}

/// Space or tab.
pub(super) fn is_blank(text: &[u8], at: usize) -> bool {
    matches!(text.get(at), Some(b' ' | b'\t'))
}

/// The length of the UTF-8 character that starts with this byte.
pub(super) fn width(first: u8) -> usize {
    match first {
        0..=0x7f => 1,
        0x80..=0xdf => 2,
        0xe0..=0xef => 3,
        _ => 4,
    }
}

/// U+FEFF in UTF-8.
pub(super) const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
