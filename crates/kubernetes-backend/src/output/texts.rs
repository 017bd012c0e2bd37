//! New text of a log on its way: many lines as one piece of memory.

use std::collections::VecDeque;

use bytes::{Bytes, BytesMut};

use super::position::Text;
use super::stamped::Stamp;

/// Texts in their order, and where each ends.
#[derive(Debug, Default)]
pub(super) struct Texts {
    bytes: BytesMut,
    marks: VecDeque<Mark>,
}

/// What is known of one text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    /// Its line's time.
    pub(super) stamp: Option<Stamp>,
    /// Whether the line is over with it.
    pub(super) ends_line: bool,
    length: usize,
}

impl Texts {
    pub(super) fn push(&mut self, text: Text<'_>) {
        let Text { stamp, bytes, ends_line } = text;
        self.bytes.extend_from_slice(bytes);
        self.marks.push_back(Mark { stamp, ends_line, length: bytes.len() });
    }

    pub(super) fn is_empty(&self) -> bool {
        self.marks.is_empty()
    }

    /// How many bytes there are.
    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// The first one.
    pub(super) fn first(&self) -> Option<&Mark> {
        self.marks.front()
    }

    /// The last one.
    pub(super) fn last(&self) -> Option<&Mark> {
        self.marks.back()
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.marks.len()
    }

    /// Takes off the first ones that are wanted, together.
    pub(super) fn take_while(&mut self, mut wanted: impl FnMut(&Mark) -> bool) -> Bytes {
        let mut length = 0;
        while let Some(mark) = self.marks.front().filter(|mark| wanted(mark)) {
            length += mark.length;
            self.marks.pop_front();
        }
        self.bytes.split_to(length).freeze()
    }

    /// All of them, together.
    pub(super) fn into_bytes(self) -> Bytes {
        self.bytes.freeze()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_ones_are_taken_together_and_the_others_stay() {
        let mut texts = Texts::default();
        for bytes in [&b"one\n"[..], b"tw", b"o\n", b"three"] {
            texts.push(Text { stamp: None, bytes, ends_line: bytes.ends_with(b"\n") });
        }
        let mut lines = 0;
        let two_lines = texts.take_while(|mark| {
            lines += u32::from(mark.ends_line);
            lines < 2 || mark.ends_line
        });
        assert_eq!(two_lines, &b"one\ntwo\n"[..]);
        assert!(texts.first().is_some_and(|mark| !mark.ends_line));
        assert_eq!(texts.into_bytes(), &b"three"[..]);
    }
}
