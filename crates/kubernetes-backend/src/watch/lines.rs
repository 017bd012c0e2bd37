//! Lines of a stream that comes in pieces.

use bytes::{Bytes, BytesMut};

/// Collects pieces until there is a whole line. A line may be as long as the largest object.
#[derive(Debug, Default)]
pub(super) struct Lines {
    pending: BytesMut,
    searched: usize,
}

impl Lines {
    /// Takes in a piece.
    pub(super) fn push(&mut self, piece: &[u8]) {
        self.pending.extend_from_slice(piece);
    }

    /// The next whole line that is not empty, without its end.
    pub(super) fn next(&mut self) -> Option<Bytes> {
        loop {
            let found = memchr::memchr(b'\n', &self.pending[self.searched..]);
            let Some(at) = found else {
                self.searched = self.pending.len();
                return None;
            };
            let line = self.pending.split_to(self.searched + at + 1).freeze();
            self.searched = 0;
            let line = line.slice(..line.len() - 1);
            if !line.trim_ascii().is_empty() {
                return Some(line);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_split_of_the_bytes_gives_the_same_lines(text in "[ab\n]{0,40}", cuts in proptest::collection::vec(0usize..40, 0..6)) {
            let mut cuts: Vec<usize> = cuts.into_iter().filter(|c| *c <= text.len()).collect();
            cuts.extend([0, text.len()]);
            cuts.sort_unstable();
            let mut lines = Lines::default();
            let mut found = Vec::new();
            for pair in cuts.windows(2) {
                lines.push(&text.as_bytes()[pair[0]..pair[1]]);
                while let Some(line) = lines.next() {
                    found.push(String::from_utf8(line.to_vec()).unwrap());
                }
            }
            let whole = text.rfind('\n').map_or("", |end| &text[..end]);
            let expected: Vec<&str> = whole.split('\n').filter(|l| !l.trim().is_empty()).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
