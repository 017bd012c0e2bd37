//! Go strings as what they are, bytes: searching and splitting.

use memchr::memmem;

use crate::unicode::decode;

/// The length as Go's `len` gives it.
pub(crate) fn length(text: &[u8]) -> i64 {
    i64::try_from(text.len()).unwrap_or(i64::MAX)
}

/// A length or position that was checked to be one.
pub(crate) fn index(position: i64) -> usize {
    usize::try_from(position).unwrap_or(0)
}

/// Where `part` first occurs in `text`, in a time that grows with their lengths, not with the product of them.
pub(crate) fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    memmem::find(text, part)
}

/// Splits around `separator`, into `most` parts if that is given; around nothing, into characters.
pub(crate) fn split<'t>(text: &'t [u8], separator: &[u8], most: Option<usize>) -> Vec<&'t [u8]> {
    let most = most.unwrap_or(usize::MAX);
    let mut parts = Vec::new();
    let mut rest = text;
    if separator.is_empty() {
        while let Some((_, length)) = decode(rest) {
            if parts.len() + 1 == most {
                parts.push(rest);
                break;
            }
            parts.push(&rest[..length]);
            rest = &rest[length..];
        }
        return parts;
    }
    while parts.len() + 1 < most
        && let Some(at) = find(rest, separator)
    {
        parts.push(&rest[..at]);
        rest = &rest[at + separator.len()..];
    }
    parts.push(rest);
    parts
}

/// Go's `strings.ReplaceAll` for a constant.
pub(crate) fn without(text: &[u8], part: &[u8]) -> Vec<u8> {
    split(text, part, None).concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splitting_around_nothing_gives_characters() {
        assert_eq!(split("aé世".as_bytes(), b"", None), ["a".as_bytes(), "é".as_bytes(), "世".as_bytes()]);
        assert_eq!(split(b"", b"", None), [b""; 0]);
        assert_eq!(split(b"", b",", None), [b""]);
        assert_eq!(split("aé世".as_bytes(), b"", Some(2)), ["a".as_bytes(), "é世".as_bytes()]);
    }

    #[test]
    fn parts_are_found_where_they_begin() {
        assert_eq!((find(b"aab", b"ab"), find(b"ab", b"abc"), find(b"", b"")), (Some(1), None, Some(0)));
    }
}
