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
            if let Some(piece) = self.gathered.as_mut().filter(|piece| piece.text.len() >= self.limit) {
                let end = piece.text.floor_char_boundary(self.limit);
                let after = piece.text.split_off(end);
                let full = Piece { kind: piece.kind, text: std::mem::replace(&mut piece.text, after) };
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
            if let Some(piece) = self.rest() {
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
