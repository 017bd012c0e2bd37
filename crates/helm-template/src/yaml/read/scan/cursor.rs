//! A place in the text that moves forward, counting characters and lines.

use super::super::error::{Problem, ReadError, ReadErrorKind, SyntaxPhase};
use super::super::source::{Pieces, Source};
use crate::yaml::chars::{BYTE_ORDER_MARK, break_length, is_blank, is_break, width};

/// A place in the text. All counts begin with 0.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Mark {
    /// Characters before it.
    pub(super) index: usize,
    pub(super) line: usize,
    /// Characters before it on its line.
    pub(super) column: usize,
}

/// The scanner's view of the text.
pub(super) struct Cursor<'s> {
    text: &'s str,
    bytes: &'s [u8],
    at: usize,
    pub(super) mark: Mark,
    /// How many characters the reader has taken from the source so far, its NULs after the end included.
    loaded: usize,
    feed: Option<Feed<'s>>,
}

/// The pieces that the reader has still to take.
struct Feed<'s> {
    pieces: &'s Pieces,
    next: usize,
    /// Where in the text the reader's buffer begins.
    buffer_start: usize,
}

impl<'s> Cursor<'s> {
    pub(super) fn new(source: &'s Source<'_>) -> Self {
        let feed = source.pieces.as_ref().map(|pieces| Feed { pieces, next: 0, buffer_start: 0 });
        let loaded = if feed.is_some() { 0 } else { usize::MAX };
        let text: &str = &source.text;
        Self { text, bytes: text.as_bytes(), at: 0, mark: Mark::default(), loaded, feed }
    }

    /// Makes sure that this many characters can be looked at. This is where faults of the source come up.
    pub(super) fn need(&mut self, characters: usize) -> Result<(), ReadError> {
        if self.loaded - self.mark.index >= characters { Ok(()) } else { self.load(characters) }
    }

    #[cold]
    fn load(&mut self, characters: usize) -> Result<(), ReadError> {
        let Some(feed) = &mut self.feed else {
            return Ok(());
        };
        feed.buffer_start = self.at;
        while self.loaded - self.mark.index < characters {
            if let Some(length) = feed.pieces.lengths.get(feed.next) {
                self.loaded += length;
                feed.next += 1;
            } else if let Some(fault) = feed.pieces.fault {
                return Err(ReadError::new(ReadErrorKind::Source(fault), None));
            } else {
                // The reader puts one NUL at the end, whatever was asked for.
                self.loaded += 1;
                break;
            }
        }
        Ok(())
    }

    /// Whether libyaml believes to be at a byte order mark: it looks at the start of its buffer instead.
    pub(super) fn is_at_byte_order_mark(&self) -> bool {
        self.feed.as_ref().is_some_and(|feed| self.bytes[feed.buffer_start..].starts_with(BYTE_ORDER_MARK))
    }

    /// The byte `offset` bytes ahead; 0 after the end, and never 0 before it.
    pub(super) fn byte(&self, offset: usize) -> u8 {
        self.bytes.get(self.at + offset).copied().unwrap_or(0)
    }

    pub(super) fn is_end(&self) -> bool {
        self.at >= self.bytes.len()
    }

    pub(super) fn is_blank(&self) -> bool {
        is_blank(self.bytes, self.at)
    }

    pub(super) fn is_break(&self) -> bool {
        is_break(self.bytes, self.at)
    }

    pub(super) fn is_break_or_end(&self) -> bool {
        self.is_end() || self.is_break()
    }

    pub(super) fn is_white_or_end(&self) -> bool {
        self.is_white_or_end_at(0)
    }

    /// Whether white space or the end is `offset` bytes ahead, where a character must begin.
    pub(super) fn is_white_or_end_at(&self, offset: usize) -> bool {
        let at = self.at + offset;
        at >= self.bytes.len() || is_blank(self.bytes, at) || is_break(self.bytes, at)
    }

    pub(super) fn is_break_at(&self, offset: usize) -> bool {
        is_break(self.bytes, self.at + offset)
    }

    /// Whether `---` or `...` begins the line here.
    pub(super) fn is_at_document_indicator(&self) -> bool {
        self.mark.column == 0
            && (self.rest().starts_with(b"---") || self.rest().starts_with(b"..."))
            && self.is_white_or_end_at(3)
    }

    fn rest(&self) -> &'s [u8] {
        &self.bytes[self.at.min(self.bytes.len())..]
    }

    /// Moves over one character, which is no line break.
    pub(super) fn skip(&mut self) {
        if let Some(&first) = self.bytes.get(self.at) {
            self.at += width(first);
        }
        self.mark.index += 1;
        self.mark.column += 1;
    }

    /// Moves over this many bytes of ASCII.
    pub(super) fn skip_ascii(&mut self, count: usize) {
        self.at += count;
        self.mark.index += count;
        self.mark.column += count;
    }

    /// Moves over the bytes that `is_wanted` of ASCII.
    pub(super) fn take_ascii_while(&mut self, is_wanted: impl Fn(u8) -> bool) -> Result<&'s str, ReadError> {
        let start = self.at;
        self.need(1)?;
        while is_wanted(self.byte(0)) {
            self.skip_ascii(1);
            self.need(1)?;
        }
        Ok(&self.text[start..self.at])
    }

    /// Moves over the rest of the line, up to its break.
    pub(super) fn skip_to_break(&mut self) -> Result<(), ReadError> {
        while !self.is_break_or_end() {
            self.skip();
            self.need(1)?;
        }
        Ok(())
    }

    /// Moves over spaces and tabs.
    pub(super) fn skip_blanks(&mut self) -> Result<(), ReadError> {
        self.need(1)?;
        while self.is_blank() {
            self.skip_ascii(1);
            self.need(1)?;
        }
        Ok(())
    }

    /// Moves over a line break, if there is one, and gives what it stands for: a line feed, LS or PS.
    pub(super) fn take_break(&mut self) -> &'s str {
        let start = self.at;
        let length = break_length(self.bytes, self.at);
        if length == 0 {
            return "";
        }
        self.at += length;
        self.mark.index += 1;
        if self.bytes[start] == b'\r' && self.byte(0) == b'\n' {
            self.at += 1;
            self.mark.index += 1;
        }
        self.mark.column = 0;
        self.mark.line += 1;
        if length == 3 { &self.text[start..self.at] } else { "\n" }
    }

    pub(super) fn position(&self) -> usize {
        self.at
    }

    pub(super) fn since(&self, start: usize) -> &'s str {
        &self.text[start..self.at]
    }

    pub(super) fn between(&self, start: usize, end: usize) -> &'s str {
        &self.text[start..end]
    }

    /// Moves over bytes of ASCII as far as all `is_wanted`, or not at all where faults have to be looked out for.
    pub(super) fn skip_ascii_run(&mut self, is_wanted: impl Fn(u8) -> bool) {
        if self.feed.is_none() {
            let count = self.rest().iter().take_while(|&&byte| is_wanted(byte)).count();
            self.skip_ascii(count);
        }
    }

    /// The error that the scanner reports at this place. Go tells no line when it is the first.
    pub(super) fn error<T>(&self, problem: Problem) -> Result<T, ReadError> {
        let line = self.mark.line;
        let shown_line = (line > 0).then_some(line + 1);
        let kind = ReadErrorKind::Syntax { problem, phase: SyntaxPhase::Scanner, shown_line };
        Err(ReadError::new(kind, Some(line)))
    }
}
