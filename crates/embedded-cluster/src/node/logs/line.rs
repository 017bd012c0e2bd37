//! One stored line: `2026-11-24T11:08:31.572101045Z stdout F text`.
//!
//! The tag is `F` for a full line (the text has a newline) and `P` for a piece of one (it has none). This is the
//! format of the Container Runtime Interface's log files.

use std::fmt::Write as _;

use jiff::Timestamp;

/// The longest text stored as one piece, in bytes (containerd's `max_container_log_line_size`).
const MAX_PIECE: usize = 16 * 1024;

/// Which of its two outputs a process wrote to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OutputStream {
    /// File descriptor 1.
    Stdout,
    /// File descriptor 2.
    Stderr,
}

impl OutputStream {
    fn word(self) -> &'static str {
        match self {
            Self::Stdout => "stdout",
            Self::Stderr => "stderr",
        }
    }
}

/// Cuts one stream's bytes into stored lines, whatever the borders of the reads.
#[derive(Debug)]
pub(crate) struct LineSplitter {
    stream: OutputStream,
    pending: Vec<u8>,
}

impl LineSplitter {
    /// A splitter with nothing pending.
    pub(crate) fn new(stream: OutputStream) -> Self {
        Self { stream, pending: Vec::new() }
    }

    /// Appends to `stored` every line and every full piece that `bytes` complete.
    pub(crate) fn push(&mut self, mut bytes: &[u8], clock: &mut StampClock, stored: &mut Vec<u8>) {
        while let Some(end) = bytes.iter().position(|&byte| byte == b'\n') {
            let (text, rest) = bytes.split_at(end);
            self.push_pieces(text, clock, stored);
            let pending = std::mem::take(&mut self.pending);
            store(clock.now(), self.stream, Tag::Full, &pending, stored);
            self.pending = pending;
            self.pending.clear();
            bytes = &rest[1..];
        }
        self.push_pieces(bytes, clock, stored);
    }

    /// Appends what is left when the stream ends without a newline.
    pub(crate) fn finish(&mut self, clock: &mut StampClock, stored: &mut Vec<u8>) {
        if !self.pending.is_empty() {
            store(clock.now(), self.stream, Tag::Piece, &self.pending, stored);
            self.pending.clear();
        }
    }

    fn push_pieces(&mut self, mut text: &[u8], clock: &mut StampClock, stored: &mut Vec<u8>) {
        while self.pending.len() + text.len() > MAX_PIECE {
            let (head, rest) = text.split_at(MAX_PIECE - self.pending.len());
            self.pending.extend_from_slice(head);
            store(clock.now(), self.stream, Tag::Piece, &self.pending, stored);
            self.pending.clear();
            text = rest;
        }
        self.pending.extend_from_slice(text);
    }
}

#[derive(Clone, Copy)]
enum Tag {
    Full,
    Piece,
}

fn store(stamp: &str, stream: OutputStream, tag: Tag, text: &[u8], stored: &mut Vec<u8>) {
    stored.extend_from_slice(stamp.as_bytes());
    stored.push(b' ');
    stored.extend_from_slice(stream.word().as_bytes());
    stored.extend_from_slice(match tag {
        Tag::Full => b" F ",
        Tag::Piece => b" P ",
    });
    stored.extend_from_slice(text);
    stored.push(b'\n');
}

/// Writes the present time with nine digits; the part up to the second is made once a second.
#[derive(Debug, Default)]
pub(crate) struct StampClock {
    second: i64,
    text: String,
    prefix: usize,
}

impl StampClock {
    fn now(&mut self) -> &str {
        self.write(Timestamp::now())
    }

    fn write(&mut self, time: Timestamp) -> &str {
        let second = time.as_second();
        if self.prefix == 0 || second != self.second {
            self.second = second;
            self.text = time.strftime("%Y-%m-%dT%H:%M:%S.").to_string();
            self.prefix = self.text.len();
        }
        self.text.truncate(self.prefix);
        // Writing to a String cannot fail.
        let _ = write!(self.text, "{:09}Z", time.subsec_nanosecond());
        &self.text
    }
}

/// A stored line taken apart again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StoredLine<'a> {
    /// The time as stored, UTF-8 with nine digits.
    pub(crate) stamp: &'a str,
    /// Which stream wrote it.
    pub(crate) stream: OutputStream,
    /// Whether the text ends a line.
    pub(crate) full: bool,
    /// The text without its newline.
    pub(crate) text: &'a [u8],
}

impl<'a> StoredLine<'a> {
    /// Reads a stored line without its final newline; `None` if it is not one.
    pub(crate) fn parse(line: &'a [u8]) -> Option<Self> {
        let mut fields = line.splitn(4, |&byte| byte == b' ');
        let stamp = std::str::from_utf8(fields.next()?).ok()?;
        let stream = match fields.next()? {
            b"stdout" => OutputStream::Stdout,
            b"stderr" => OutputStream::Stderr,
            _ => return None,
        };
        let full = match fields.next()? {
            b"F" => true,
            b"P" => false,
            _ => return None,
        };
        Some(Self { stamp, stream, full, text: fields.next()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn split(pieces: &[&[u8]]) -> Vec<(bool, Vec<u8>)> {
        let (mut splitter, mut clock, mut stored) =
            (LineSplitter::new(OutputStream::Stdout), StampClock::default(), Vec::new());
        for piece in pieces {
            splitter.push(piece, &mut clock, &mut stored);
        }
        splitter.finish(&mut clock, &mut stored);
        let stored = stored.strip_suffix(b"\n").unwrap_or(&stored);
        if stored.is_empty() {
            return Vec::new();
        }
        stored
            .split(|&byte| byte == b'\n')
            .map(|line| {
                let line = StoredLine::parse(line).expect("every stored line can be read");
                (line.full, line.text.to_vec())
            })
            .collect()
    }

    #[test]
    fn a_line_of_40_000_bytes_is_stored_in_three_pieces() {
        let mut text = vec![b'x'; 40_000];
        text.push(b'\n');
        let sizes: Vec<_> = split(&[&text]).into_iter().map(|(full, text)| (full, text.len())).collect();
        assert_eq!(sizes, [(false, 16384), (false, 16384), (true, 7232)]);
    }

    #[test]
    fn a_last_line_without_a_newline_is_stored_as_a_piece() {
        assert_eq!(split(&[b"a\nb"]), [(true, b"a".to_vec()), (false, b"b".to_vec())]);
    }

    #[test]
    fn a_time_is_written_with_nine_digits() {
        let time = Timestamp::new(1_795_518_511, 5).expect("a valid time");
        assert_eq!(StampClock::default().write(time), "2026-11-24T11:08:31.000000005Z");
    }

    proptest! {
        #[test]
        fn any_split_of_the_bytes_is_stored_the_same(
            text in proptest::collection::vec(prop_oneof![Just(b'\n'), any::<u8>()], 0..200), cut in any::<prop::sample::Index>(),
        ) {
            let at = cut.index(text.len() + 1);
            prop_assert_eq!(split(&[&text]), split(&[&text[..at], &text[at..]]));
        }

        #[test]
        fn the_text_comes_back_whole(text in proptest::collection::vec(prop_oneof![Just(b'\n'), any::<u8>()], 0..200)) {
            let mut again = Vec::new();
            for (full, piece) in split(&[&text]) {
                again.extend_from_slice(&piece);
                if full {
                    again.push(b'\n');
                }
            }
            prop_assert_eq!(again, text);
        }
    }
}
