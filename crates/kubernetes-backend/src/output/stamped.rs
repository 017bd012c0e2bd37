//! Taking the time off each line of a log, however the bytes are cut.

use bytes::Bytes;

/// A line's time as the API writes it: always UTC with nine digits, so that texts compare as times do.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Stamp(String);

impl Stamp {
    /// The time, for `sinceTime`.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let valid = bytes.len() >= 20
            && bytes[0].is_ascii_digit()
            && bytes[10] == b'T'
            && bytes.ends_with(b"Z")
            && bytes.iter().all(|b| b.is_ascii_digit() || matches!(b, b'-' | b':' | b'.' | b'T' | b'Z'));
        valid.then(|| Self(String::from_utf8_lossy(bytes).into_owned()))
    }
}

/// A part of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// A line begins. Without a time where the log's own lines are torn.
    Begin(Option<Stamp>),
    /// A piece of the line; the newline is in the last one.
    Text(Bytes),
    /// The line is over.
    End,
}

/// The longest that a time can be, its space included.
const LONGEST_STAMP: usize = 40;

/// Splits a log into lines and takes their times off. Holds back no more than a time.
#[derive(Debug, Default)]
pub(super) struct Stamped {
    /// The beginning of a line, until its time is complete.
    beginning: Vec<u8>,
    inside: bool,
}

impl Stamped {
    /// Takes in bytes.
    pub(super) fn push(&mut self, mut bytes: Bytes, parts: &mut Vec<Part>) {
        while !bytes.is_empty() {
            if !self.inside {
                let room = LONGEST_STAMP - self.beginning.len();
                let window = &bytes[..bytes.len().min(room)];
                match window.iter().position(|b| matches!(b, b' ' | b'\n')) {
                    Some(at) if window[at] == b' ' => {
                        self.beginning.extend_from_slice(&window[..=at]);
                        drop(bytes.split_to(at + 1));
                    }
                    // A line that is over before a space: the newline stays with the text.
                    Some(at) => {
                        self.beginning.extend_from_slice(&window[..at]);
                        drop(bytes.split_to(at));
                    }
                    None if bytes.len() < room => {
                        self.beginning.extend_from_slice(&bytes);
                        return;
                    }
                    None => {
                        self.beginning.extend_from_slice(window);
                        drop(bytes.split_to(room));
                    }
                }
                self.begin(parts);
                continue;
            }
            match bytes.iter().position(|b| *b == b'\n') {
                Some(at) => {
                    parts.push(Part::Text(bytes.split_to(at + 1)));
                    parts.push(Part::End);
                    self.inside = false;
                }
                None => parts.push(Part::Text(std::mem::take(&mut bytes))),
            }
        }
    }

    /// The log is over: what was held back is text.
    pub(super) fn finish(&mut self, parts: &mut Vec<Part>) {
        if !self.inside && !self.beginning.is_empty() {
            self.begin(parts);
        }
    }

    fn begin(&mut self, parts: &mut Vec<Part>) {
        self.inside = true;
        let beginning = std::mem::take(&mut self.beginning);
        let stamp = beginning.strip_suffix(b" ").and_then(Stamp::read);
        // A line without text has no space behind its time on some servers.
        let stamp = stamp.or_else(|| Stamp::read(&beginning));
        let torn = stamp.is_none();
        parts.push(Part::Begin(stamp));
        if torn && !beginning.is_empty() {
            parts.push(Part::Text(Bytes::from(beginning)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parts(pieces: &[&[u8]]) -> Vec<Part> {
        let mut stamped = Stamped::default();
        let mut parts = Vec::new();
        for piece in pieces {
            stamped.push(Bytes::copy_from_slice(piece), &mut parts);
        }
        stamped.finish(&mut parts);
        parts
    }

    /// The text of all lines, and their times.
    fn read(pieces: &[&[u8]]) -> (Vec<u8>, Vec<Option<Stamp>>) {
        let (mut text, mut stamps) = (Vec::new(), Vec::new());
        for part in parts(pieces) {
            match part {
                Part::Begin(stamp) => stamps.push(stamp),
                Part::Text(bytes) => text.extend_from_slice(&bytes),
                Part::End => {}
            }
        }
        (text, stamps)
    }

    #[test]
    fn times_are_taken_off_and_nothing_else() {
        let log = b"2026-11-24T11:08:31.572101045Z one\n2026-11-24T11:08:31.572101046Z \n2026-11-24T11:08:31.572101047Z  two  ";
        let (text, stamps) = read(&[log]);
        assert_eq!(text, b"one\n\n two  ");
        assert_eq!(stamps.len(), 3);
        assert!(stamps.iter().all(Option::is_some) && stamps.is_sorted());
    }

    #[test]
    fn a_torn_line_is_text() {
        let (text, stamps) = read(&[b"xx spliced\n2026-11-24T11:08:31.572101045Z one\n\nno-time-here"]);
        assert_eq!(text, b"xx spliced\none\n\nno-time-here");
        assert_eq!(stamps.iter().filter(|s| s.is_some()).count(), 1);
    }

    proptest! {
        #[test]
        fn any_cut_gives_the_same_text(
            lines in proptest::collection::vec("[ -~]{0,60}", 0..5),
            cuts in proptest::collection::vec(0usize..400, 0..8),
            newline: bool,
        ) {
            let mut log = Vec::new();
            for (number, line) in lines.iter().enumerate() {
                log.extend_from_slice(format!("2026-11-24T11:08:31.57210104{number}Z {line}\n").as_bytes());
            }
            if !newline {
                log.pop();
            }
            let mut wanted = lines.concat_with_newlines();
            if !newline {
                wanted.pop();
            }
            let mut cuts: Vec<usize> = cuts.into_iter().filter(|c| *c <= log.len()).collect();
            cuts.extend([0, log.len()]);
            cuts.sort_unstable();
            let pieces: Vec<&[u8]> = cuts.windows(2).map(|w| &log[w[0]..w[1]]).collect();
            let (text, stamps) = read(&pieces);
            prop_assert_eq!(String::from_utf8_lossy(&text), wanted);
            prop_assert!(stamps.iter().all(Option::is_some));
        }

        #[test]
        fn no_bytes_are_lost_whatever_they_are(log in proptest::collection::vec(any::<u8>(), 0..200), cut in 0usize..200) {
            let cut = cut.min(log.len());
            let (text, _) = read(&[&log[..cut], &log[cut..]]);
            prop_assert!(text.len() <= log.len());
            if !log.windows(2).any(|w| w == b"Z ") && !log.ends_with(b"Z") && !log.windows(2).any(|w| w == b"Z\n") {
                prop_assert_eq!(text, log);
            }
        }
    }

    trait Concat {
        fn concat_with_newlines(&self) -> String;
    }

    impl Concat for Vec<String> {
        fn concat_with_newlines(&self) -> String {
            self.iter().map(|line| format!("{line}\n")).collect()
        }
    }
}
