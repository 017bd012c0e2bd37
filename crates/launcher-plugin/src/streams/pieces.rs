//! Output as it goes over the wire: text of one kind at a time, in pieces of limited size.

use bytes::Bytes;
use launcher_api::response::OutputKind;

use super::utf8::Utf8Cutter;
use crate::OutputChunk;

/// The most text in one piece, in bytes. JSON may swell it six-fold.
pub(crate) const MAX_PIECE: usize = 64 * 1024;

/// A piece of output that is ready to be sent. Never empty.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) kind: OutputKind,
    pub(crate) text: String,
}

/// Gathers chunks and cuts them to pieces, in the order in which they came.
///
/// After each [`push`](Self::push), take [`next_full`](Self::next_full) until there is none. When the source is
/// quiet, take [`rest`](Self::rest); at its end, [`finish`](Self::finish).
#[derive(Debug)]
pub(crate) struct Pieces {
    limit: usize,
    gathered: Option<Piece>,
    undecoded: Option<OutputChunk>,
    stdout: Utf8Cutter,
    stderr: Utf8Cutter,
    mixed: Utf8Cutter,
}

impl Pieces {
    /// `limit`: the most bytes of text in one piece.
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            // A character needs up to four bytes.
            limit: limit.max(4),
            gathered: None,
            undecoded: None,
            stdout: Utf8Cutter::default(),
            stderr: Utf8Cutter::default(),
            mixed: Utf8Cutter::default(),
        }
    }

    /// Adds what the source gave.
    pub(crate) fn push(&mut self, chunk: OutputChunk) {
        debug_assert!(self.undecoded.is_none(), "full pieces are taken before the next chunk");
        self.undecoded = Some(chunk);
    }

    /// A piece that can't grow any more.
    pub(crate) fn next_full(&mut self) -> Option<Piece> {
        loop {
            if let Some(full) = self.cut() {
                return Some(full);
            }
            let chunk = self.undecoded.as_mut()?;
            let kind = chunk.kind;
            // Rubbish swells when decoded: take no more at once than fits.
            let part: Bytes = chunk.bytes.split_to(self.limit.min(chunk.bytes.len()));
            if chunk.bytes.is_empty() {
                self.undecoded = None;
            }
            let other_kind = self.gathered.take_if(|piece| piece.kind != kind && !piece.text.is_empty());
            self.gather(kind, |cutter, text| cutter.push(&part, text));
            if other_kind.is_some() {
                return other_kind;
            }
        }
    }

    /// As much of what has been gathered as fits into a piece, if it fills one.
    fn cut(&mut self) -> Option<Piece> {
        let piece = self.gathered.as_mut().filter(|piece| piece.text.len() >= self.limit)?;
        let end = piece.text.floor_char_boundary(self.limit);
        let after = piece.text.split_off(end);
        Some(Piece { kind: piece.kind, text: std::mem::replace(&mut piece.text, after) })
    }

    /// Whether [`rest`](Self::rest) would give something.
    pub(crate) fn has_rest(&self) -> bool {
        self.gathered.as_ref().is_some_and(|piece| !piece.text.is_empty())
    }

    /// What has been gathered and makes whole characters.
    pub(crate) fn rest(&mut self) -> Option<Piece> {
        self.gathered.take().filter(|piece| !piece.text.is_empty())
    }

    /// The source has ended: the replacements of unfinished characters, piece by piece until `None`.
    pub(crate) fn finish(&mut self) -> Option<Piece> {
        for kind in [OutputKind::Stdout, OutputKind::Stderr, OutputKind::Mixed] {
            if let Some(other_kind) =
                self.gathered.take_if(|piece| piece.kind != kind && !piece.text.is_empty())
            {
                return Some(other_kind);
            }
            self.gather(kind, Utf8Cutter::finish);
            if let Some(piece) = self.cut().or_else(|| self.rest()) {
                return Some(piece);
            }
        }
        None
    }

    fn gather(&mut self, kind: OutputKind, decode: impl FnOnce(&mut Utf8Cutter, &mut String)) {
        let cutter = match kind {
            OutputKind::Stdout => &mut self.stdout,
            OutputKind::Stderr => &mut self.stderr,
            OutputKind::Mixed => &mut self.mixed,
        };
        let piece = self.gathered.get_or_insert_with(|| Piece { kind, text: String::new() });
        piece.kind = kind;
        decode(cutter, &mut piece.text);
    }
}

#[cfg(test)]
mod tests {
    use launcher_api::response::OutputKind;
    use proptest::prelude::*;

    use super::{Piece, Pieces};
    use crate::OutputChunk;

    const KINDS: [OutputKind; 3] = [OutputKind::Stdout, OutputKind::Stderr, OutputKind::Mixed];

    fn all(limit: usize, chunks: &[(OutputKind, Vec<u8>)], quiet_after: usize) -> Vec<Piece> {
        let mut pieces = Pieces::new(limit);
        let mut sent = Vec::new();
        for (number, (kind, bytes)) in chunks.iter().enumerate() {
            pieces.push(OutputChunk { kind: *kind, bytes: bytes.clone().into() });
            sent.extend(std::iter::from_fn(|| pieces.next_full()));
            if number % quiet_after == 0 {
                sent.extend(pieces.rest());
            }
        }
        sent.extend(std::iter::from_fn(|| pieces.finish()));
        sent
    }

    #[test]
    fn each_kind_has_its_own_unfinished_character_and_the_order_of_kinds_is_kept() {
        let chunks = KINDS.map(|kind| (kind, b"a\xc3".to_vec()));
        let sent = all(100, &chunks, 100);
        for kind in KINDS {
            let text: String =
                sent.iter().filter(|piece| piece.kind == kind).map(|piece| piece.text.as_str()).collect();
            assert_eq!(text, "a\u{fffd}");
        }
        let first: Vec<OutputKind> = sent.iter().map(|piece| piece.kind).take(3).collect();
        assert_eq!(first, KINDS);
    }

    #[test]
    fn the_replacement_of_a_last_unfinished_character_makes_no_piece_too_large() {
        let sent = all(4, &[(OutputKind::Stdout, vec![0x80, 0xc2])], 3);
        let texts: Vec<&str> = sent.iter().map(|piece| piece.text.as_str()).collect();
        assert_eq!(texts, ["\u{fffd}", "\u{fffd}"]);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_or_too_large_however_the_output_comes(
            limit in 4_usize..40,
            quiet_after in 1_usize..4,
            chunks in prop::collection::vec(
                (prop::sample::select(KINDS.to_vec()), prop::collection::vec(any::<u8>(), 0..100)), 0..12),
        ) {
            let sent = all(limit, &chunks, quiet_after);
            for piece in &sent {
                prop_assert!(!piece.text.is_empty() && piece.text.len() <= limit, "{piece:?}");
            }
            for kind in KINDS {
                let bytes: Vec<u8> = chunks.iter().filter(|(of, _)| *of == kind).flat_map(|(_, bytes)| bytes.clone()).collect();
                let text: String = sent.iter().filter(|piece| piece.kind == kind).map(|piece| piece.text.as_str()).collect();
                prop_assert_eq!(text, String::from_utf8_lossy(&bytes));
            }
        }
    }
}
