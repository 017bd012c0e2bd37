//! What a reader of a log asks for.

use jiff::Timestamp;

use super::line::{OutputStream, StoredLine};

/// The checked query of `pods/log`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct LogSelection {
    /// Go on with what is written later, until the container has ended.
    pub(crate) follow: bool,
    /// Begin every line with its time.
    pub(crate) timestamps: bool,
    /// Leave out older lines.
    pub(crate) since: Since,
    /// At most this many of the last stored lines to begin with; `None` is all.
    pub(crate) tail_lines: Option<u64>,
    /// Stop after this many bytes, wherever that is; `None` is no limit.
    pub(crate) limit_bytes: Option<u64>,
    /// Only one of the two streams; `None` is both.
    pub(crate) stream: Option<OutputStream>,
}

/// From when on lines are wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Since {
    /// From the first.
    #[default]
    Beginning,
    /// From this time on. The fraction of a second is dropped, as Kubernetes drops it.
    Time(Timestamp),
    /// From this many seconds before the read.
    Seconds(i64),
}

impl Since {
    /// The earliest time wanted, as lines store it, for a read that begins `now`.
    pub(super) fn earliest(self, now: Timestamp) -> Option<String> {
        let time = match self {
            Self::Beginning => return None,
            Self::Time(time) => Timestamp::from_second(time.as_second()).unwrap_or(time),
            Self::Seconds(seconds) => {
                now.checked_sub(jiff::SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MIN)
            }
        };
        Some(time.strftime("%Y-%m-%dT%H:%M:%S.%9fZ").to_string())
    }
}

/// Turns stored lines into the text that is sent, as a kubelet does.
#[derive(Debug)]
pub(super) struct Formatter {
    timestamps: bool,
    earliest: Option<String>,
    stream: Option<OutputStream>,
    remaining: Option<u64>,
    at_line_start: bool,
}

impl Formatter {
    pub(super) fn new(query: &LogSelection) -> Self {
        Self {
            timestamps: query.timestamps,
            earliest: query.since.earliest(Timestamp::now()),
            stream: query.stream,
            remaining: query.limit_bytes,
            at_line_start: true,
        }
    }

    /// Whether the byte limit has been reached.
    pub(super) fn is_full(&self) -> bool {
        self.remaining == Some(0)
    }

    /// Appends what `line` (without its newline) shows of itself.
    pub(super) fn push(&mut self, line: &[u8], output: &mut Vec<u8>) {
        let Some(line) = StoredLine::parse(line) else { return };
        if self.stream.is_some_and(|wanted| wanted != line.stream) {
            return;
        }
        // Nine digits and always UTC: stored times sort as text.
        if self.earliest.as_deref().is_some_and(|earliest| line.stamp < earliest) {
            return;
        }
        if self.timestamps && self.at_line_start {
            self.emit(line.stamp.as_bytes(), output);
            self.emit(b" ", output);
        }
        self.emit(line.text, output);
        if line.full {
            self.emit(b"\n", output);
        }
        self.at_line_start = line.full;
    }

    fn emit(&mut self, bytes: &[u8], output: &mut Vec<u8>) {
        let length = match &mut self.remaining {
            None => bytes.len(),
            Some(remaining) => {
                let length = bytes.len().min(usize::try_from(*remaining).unwrap_or(usize::MAX));
                *remaining -= length as u64;
                length
            }
        };
        output.extend_from_slice(&bytes[..length]);
    }
}
