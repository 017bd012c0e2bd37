//! Taking the time off each line of a log, however the bytes are cut.

/// The longest that a time can be, its space included.
const LONGEST_STAMP: usize = 40;

/// A line's time as the API writes it: always UTC with nine digits, so that texts compare as times do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Stamp {
    /// Zeros follow the text, so that a shorter one is less.
    text: [u8; LONGEST_STAMP],
    length: usize,
}

impl Stamp {
    /// The time, for `sinceTime`.
    pub(super) fn as_str(&self) -> &str {
        std::str::from_utf8(&self.text[..self.length]).unwrap_or_default()
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let valid = (20..=LONGEST_STAMP).contains(&bytes.len())
            && bytes[0].is_ascii_digit()
            && bytes[10] == b'T'
            && bytes.ends_with(b"Z")
            && bytes.iter().all(|b| b.is_ascii_digit() || matches!(b, b'-' | b':' | b'.' | b'T' | b'Z'));
        valid.then(|| {
            let mut text = [0; LONGEST_STAMP];
            text[..bytes.len()].copy_from_slice(bytes);
            Self { text, length: bytes.len() }
        })
    }
}

/// A part of a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part<'a> {
    /// A line begins. Without a time where the log's own lines are torn.
    Begin(Option<Stamp>),
    /// A piece of the line; the newline is in the last one.
    Text(&'a [u8]),
}

/// Splits a log into lines and takes their times off. Holds back no more than a time.
#[derive(Debug, Default)]
pub(super) struct Stamped {
    /// The beginning of a line, until its time is complete.
    beginning: Vec<u8>,
    inside: bool,
}

impl Stamped {
    /// Takes in bytes, and hands on what they are.
    pub(super) fn push(&mut self, mut bytes: &[u8], each: &mut impl FnMut(Part<'_>)) {
        while !bytes.is_empty() {
            if !self.inside {
                let room = LONGEST_STAMP - self.beginning.len();
                let window = &bytes[..bytes.len().min(room)];
                // The newline of a line that is over before a space stays with the text.
                let end = match window.iter().position(|b| matches!(b, b' ' | b'\n')) {
                    Some(at) if window[at] == b' ' => at + 1,
                    Some(at) => at,
                    None if bytes.len() < room => {
                        self.beginning.extend_from_slice(bytes);
                        return;
                    }
                    None => room,
                };
                let (beginning, rest) = bytes.split_at(end);
                bytes = rest;
                if self.beginning.is_empty() {
                    self.begin(beginning, each);
                } else {
                    let mut whole = std::mem::take(&mut self.beginning);
                    whole.extend_from_slice(beginning);
                    self.begin(&whole, each);
                }
                continue;
            }
            let end = memchr::memchr(b'\n', bytes).map(|at| at + 1);
            let (text, rest) = bytes.split_at(end.unwrap_or(bytes.len()));
            each(Part::Text(text));
            bytes = rest;
            self.inside = end.is_none();
        }
    }

    /// The log is over: what was held back is text.
    pub(super) fn finish(&mut self, each: &mut impl FnMut(Part<'_>)) {
        if !self.inside && !self.beginning.is_empty() {
            let beginning = std::mem::take(&mut self.beginning);
            self.begin(&beginning, each);
        }
    }

    fn begin(&mut self, beginning: &[u8], each: &mut impl FnMut(Part<'_>)) {
        self.inside = true;
        let stamp = beginning.strip_suffix(b" ").and_then(Stamp::read);
        // A line without text has no space behind its time on some servers.
        let stamp = stamp.or_else(|| Stamp::read(beginning));
        each(Part::Begin(stamp));
        if stamp.is_none() && !beginning.is_empty() {
            each(Part::Text(beginning));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The text of all lines, and their times.
    fn read(pieces: &[&[u8]]) -> (Vec<u8>, Vec<Option<Stamp>>) {
        let (mut text, mut stamps) = (Vec::new(), Vec::new());
        let mut stamped = Stamped::default();
        let mut each = |part: Part<'_>| match part {
            Part::Begin(stamp) => stamps.push(stamp),
            Part::Text(bytes) => text.extend_from_slice(bytes),
        };
        for piece in pieces {
            stamped.push(piece, &mut each);
        }
        stamped.finish(&mut each);
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
