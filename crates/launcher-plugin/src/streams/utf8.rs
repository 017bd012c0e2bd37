//! Bytes to text, across pieces.

/// Reads one sequence of bytes that comes in pieces cut anywhere, and gives text cut between characters.
///
/// What is no UTF-8 becomes U+FFFD, once for each maximal broken part, as [`String::from_utf8_lossy`] does for the
/// whole: how the bytes were cut makes no difference.
#[derive(Debug, Default)]
pub(crate) struct Utf8Cutter {
    /// The beginning of a character whose end has not come: at most three bytes.
    unfinished: Vec<u8>,
}

impl Utf8Cutter {
    /// Appends to `text` all characters that are whole with `bytes`.
    pub(crate) fn push(&mut self, bytes: &[u8], text: &mut String) {
        if self.unfinished.is_empty() {
            self.unfinished = decode(bytes, text).to_vec();
        } else {
            let mut joined = std::mem::take(&mut self.unfinished);
            joined.extend_from_slice(bytes);
            self.unfinished = decode(&joined, text).to_vec();
        }
    }

    /// Nothing more will come: an unfinished character stays unfinished, and becomes U+FFFD.
    pub(crate) fn finish(&mut self, text: &mut String) {
        if !std::mem::take(&mut self.unfinished).is_empty() {
            text.push(char::REPLACEMENT_CHARACTER);
        }
    }
}

/// Appends what can be decoded; the rest is the beginning of a character.
fn decode<'bytes>(bytes: &'bytes [u8], text: &mut String) -> &'bytes [u8] {
    // Nearly all output is text: checking it as a whole is many times as fast as looking for what is none.
    if let Ok(valid) = std::str::from_utf8(bytes) {
        text.push_str(valid);
        return &[];
    }
    let mut read = 0;
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        read += chunk.valid().len() + chunk.invalid().len();
        if chunk.invalid().is_empty() {
            continue;
        }
        let is_last = read == bytes.len();
        if is_last && is_beginning_of_character(chunk.invalid()) {
            return chunk.invalid();
        }
        text.push(char::REPLACEMENT_CHARACTER);
    }
    &[]
}

fn is_beginning_of_character(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_err_and(|error| error.error_len().is_none())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Utf8Cutter;

    fn cut(pieces: &[&[u8]]) -> String {
        let mut cutter = Utf8Cutter::default();
        let mut text = String::new();
        for piece in pieces {
            cutter.push(piece, &mut text);
        }
        cutter.finish(&mut text);
        text
    }

    #[test]
    fn a_character_cut_in_the_middle_waits_for_its_end() {
        let mut cutter = Utf8Cutter::default();
        let mut text = String::new();
        cutter.push(b"a\xf0\x9f", &mut text);
        assert_eq!(text, "a");
        cutter.push(b"\xa6", &mut text);
        assert_eq!(text, "a");
        cutter.push(b"\x80b", &mut text);
        assert_eq!(text, "a\u{1f980}b");
    }

    #[test]
    fn rubbish_becomes_the_replacement_character_and_nothing_else_is_lost() {
        assert_eq!(cut(&[b"a\xffb"]), "a\u{fffd}b");
        assert_eq!(cut(&[b"a\xe2\x82", b"b"]), "a\u{fffd}b");
        assert_eq!(cut(&[b"end\xe2\x82"]), "end\u{fffd}");
    }

    proptest! {
        #[test]
        fn any_cutting_gives_the_text_of_the_whole(bytes in any::<Vec<u8>>(), cuts in prop::collection::vec(0usize..64, 0..8)) {
            let mut pieces = Vec::new();
            let mut rest = bytes.as_slice();
            for cut in cuts {
                let (piece, after) = rest.split_at(cut.min(rest.len()));
                pieces.push(piece);
                rest = after;
            }
            pieces.push(rest);
            prop_assert_eq!(cut(&pieces), String::from_utf8_lossy(&bytes));
        }

        #[test]
        fn text_cut_between_any_two_bytes_is_unchanged(text in "\\PC{0,40}") {
            let bytes: Vec<&[u8]> = text.as_bytes().chunks(1).collect();
            prop_assert_eq!(cut(&bytes), text);
        }
    }
}
