//! How far a log has been sent, and what of a resumed one is new.

use super::stamped::{Part, Stamp};

/// Text of a line that has not been sent before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Text<'a> {
    /// The line's time; none before the first line that has one.
    pub(super) stamp: Option<Stamp>,
    /// The text, or a piece of it. Never empty.
    pub(super) bytes: &'a [u8],
    /// Whether the line is over with it.
    pub(super) ends_line: bool,
}

/// The place in a log up to which everything was sent.
///
/// The API resumes at whole seconds only, so a resumed log repeats lines. They are told apart by their times, and by
/// counting where several lines have the same.
#[derive(Clone, Debug, Default)]
pub(super) struct Position {
    /// The time of the last line that was begun.
    last: Option<Stamp>,
    /// How many lines of that time were sent whole.
    whole: u64,
    /// How many bytes were sent of a line that is not over.
    begun: u64,
    /// Where the present connection is.
    seen: Seen,
}

#[derive(Clone, Debug, Default)]
struct Seen {
    /// How many lines of the last time this connection has repeated.
    same: u64,
    /// What is done with the present line.
    line: Line,
    /// Nothing that is repeated can come any more.
    beyond: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Line {
    /// It was sent before.
    #[default]
    Old,
    /// It is new, but for the bytes of it that were sent before; so many have come.
    New { come: u64 },
}

impl Position {
    /// The time to resume from; none for the beginning.
    pub(super) fn last(&self) -> Option<&Stamp> {
        self.last.as_ref()
    }

    /// From here on, what is taken in comes from a connection that begins with [`last`](Self::last).
    pub(super) fn resume(&mut self) {
        self.seen = Seen { beyond: self.last.is_none(), ..Seen::default() };
    }

    /// What is new in `part`.
    pub(super) fn take<'a>(&mut self, part: Part<'a>) -> Option<Text<'a>> {
        match part {
            Part::Begin(stamp) => {
                self.begin(stamp);
                None
            }
            Part::Text(bytes) => self.text(bytes),
        }
    }

    fn begin(&mut self, stamp: Option<Stamp>) {
        let Some(stamp) = stamp else {
            // Torn out of the line before it: it shares that one's fate.
            if self.seen.beyond {
                self.seen.line = Line::New { come: 0 };
            }
            return;
        };
        match self.last.as_ref().map(|last| stamp.cmp(last)) {
            Some(std::cmp::Ordering::Less) if !self.seen.beyond => self.seen.line = Line::Old,
            Some(std::cmp::Ordering::Equal) if !self.seen.beyond => {
                self.seen.same += 1;
                if self.seen.same <= self.whole {
                    self.seen.line = Line::Old;
                } else {
                    self.seen.line = Line::New { come: 0 };
                    self.seen.beyond = true;
                }
            }
            Some(std::cmp::Ordering::Equal) => self.seen.line = Line::New { come: 0 },
            _ => {
                self.seen.beyond = true;
                self.seen.line = Line::New { come: 0 };
                (self.last, self.whole, self.begun) = (Some(stamp), 0, 0);
            }
        }
    }

    fn text<'a>(&mut self, bytes: &'a [u8]) -> Option<Text<'a>> {
        let Line::New { come } = &mut self.seen.line else { return None };
        let ends_line = bytes.ends_with(b"\n");
        let old = usize::try_from(self.begun.saturating_sub(*come)).unwrap_or(usize::MAX).min(bytes.len());
        *come += bytes.len() as u64;
        // A connection may break once more before it has come to where the one before it broke.
        self.begun = self.begun.max(*come);
        if ends_line {
            self.whole += 1;
            self.begun = 0;
        }
        let bytes = &bytes[old..];
        (!bytes.is_empty()).then_some(Text { stamp: self.last, bytes, ends_line })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::stamped::Stamped;
    use super::*;

    /// What a connection sends that begins with `log` and breaks after `bytes`.
    fn connection(position: &mut Position, log: &[u8], bytes: usize, sent: &mut Vec<u8>) {
        position.resume();
        let since = position.last().map(|stamp| stamp.as_str()[..19].to_owned());
        // The server begins with the first line of that second.
        let begin = since.map_or(0, |since| {
            let lines = log.split_inclusive(|b| *b == b'\n');
            lines.take_while(|line| String::from_utf8_lossy(line)[..19] < *since).map(<[u8]>::len).sum()
        });
        let log = &log[begin..];
        let mut stamped = Stamped::default();
        for piece in log[..bytes.min(log.len())].chunks(7) {
            stamped.push(piece, &mut |part| {
                if let Some(text) = position.take(part) {
                    sent.extend_from_slice(text.bytes);
                }
            });
        }
    }

    proptest! {
        #[test]
        fn however_often_it_breaks_every_byte_is_sent_once(
            // Few different times, so that many lines share one.
            lines in proptest::collection::vec((0u32..4, 0u32..2, "[a-c]{0,6}"), 1..12),
            breaks in proptest::collection::vec(0usize..300, 0..6),
        ) {
            let mut lines = lines;
            lines.sort();
            let log: String = lines
                .iter()
                .map(|(second, nano, text)| format!("2026-11-24T11:08:3{second}.00000000{nano}Z {text}\n"))
                .collect();
            let wanted: String = lines.iter().map(|(_, _, text)| format!("{text}\n")).collect();
            let mut position = Position::default();
            let mut sent = Vec::new();
            for bytes in breaks.into_iter().chain([usize::MAX]) {
                connection(&mut position, log.as_bytes(), bytes, &mut sent);
            }
            prop_assert_eq!(String::from_utf8_lossy(&sent), wanted);
        }
    }

    #[test]
    fn a_connection_that_breaks_sooner_than_the_one_before_it_repeats_nothing() {
        let log = b"2026-11-24T11:08:31.000000000Z a long line\n";
        let mut position = Position::default();
        let mut sent = Vec::new();
        for bytes in [40, 34, 36, usize::MAX] {
            connection(&mut position, log, bytes, &mut sent);
        }
        assert_eq!(String::from_utf8_lossy(&sent), "a long line\n");
    }

    #[test]
    fn a_rotated_log_goes_on_with_what_is_there() {
        let mut position = Position::default();
        let mut sent = Vec::new();
        connection(&mut position, b"2026-11-24T11:08:31.000000000Z one\n", usize::MAX, &mut sent);
        connection(&mut position, b"2026-11-24T11:09:00.000000000Z nine\n", usize::MAX, &mut sent);
        assert_eq!(sent, b"one\nnine\n");
    }
}
