//! Whether the beginning of a log is gone, so that its reader can be told.
//!
//! A node puts a container's log file aside once it holds 10 MiB (`containerLogMaxSize`), and the API serves the newest file
//! alone, without a word. Nothing tells how many there were. What can be seen: the log begins later than its container, and
//! at the pace at which it goes on, what came before would have filled a file.
//!
//! That cannot be told of a log that is empty, or has but a few lines, since it was put aside. And it says too much of a
//! program that was silent at first and then wrote so much so fast, for a fifth of that time: hence "as it seems".

use std::time::Duration;

use jiff::Timestamp;

use super::stamped::Stamp;
use super::texts::Texts;

/// What a log file holds before it is put aside.
const FILE: f64 = 10.0 * 1024.0 * 1024.0;
/// What stands before each line in the file: the time, the stream, a tag.
const LINE_HEAD: usize = 46;
/// How late a log may begin: containers' times are whole seconds, and programs need a moment.
const LATE: Duration = Duration::from_secs(2);
/// The longest that a pace has to be seen for.
const LONG_ENOUGH: Duration = Duration::from_secs(5);
/// The most that is held back meanwhile.
const MOST_HELD: usize = 4 * 1024 * 1024;

/// The judgement of one log, made once, of its first lines.
#[derive(Debug)]
pub(super) struct Beginning {
    /// When the container started; none once it is judged, or if that can't be.
    started: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    /// As far as can be seen.
    Whole,
    /// What came in this time after the container's start is gone.
    Gone(Duration),
    /// Too little was seen of its pace.
    Open,
}

impl Beginning {
    /// For the log of a container that started then.
    pub(super) fn of(started: Option<Timestamp>) -> Self {
        Self { started }
    }

    /// Whether these first lines should wait for more.
    pub(super) fn holds(&self, texts: &Texts) -> bool {
        let open = |started| verdict(started, texts) == Verdict::Open;
        texts.len() < MOST_HELD && self.started.is_some_and(open)
    }

    /// No more is waited for: the log counts as whole.
    pub(super) fn give_up(&mut self) {
        self.started = None;
    }

    /// What to tell the reader before these first lines, if anything. Judges once.
    pub(super) fn notice(&mut self, texts: &Texts) -> Option<String> {
        if texts.is_empty() {
            return None;
        }
        match verdict(self.started.take()?, texts) {
            Verdict::Gone(missing) => Some(format!(
                "[The beginning of this output is gone, as it seems: the cluster keeps only the newest part of a long \
                 output. What is left begins {} seconds after the job's start.]\n",
                missing.as_secs()
            )),
            Verdict::Whole | Verdict::Open => None,
        }
    }
}

fn verdict(started: Timestamp, texts: &Texts) -> Verdict {
    let time = |stamp: Option<Stamp>| stamp.and_then(|stamp| stamp.as_str().parse::<Timestamp>().ok());
    let first = texts.first().and_then(|mark| time(mark.stamp));
    let last = texts.last().and_then(|mark| time(mark.stamp));
    let (Some(first), Some(last)) = (first, last) else { return Verdict::Whole };
    let passed =
        |from: Timestamp, to: Timestamp| Duration::try_from(to.duration_since(from)).unwrap_or_default();
    let (missing, seen) = (passed(started, first), passed(first, last));
    if missing < LATE {
        return Verdict::Whole;
    }
    if seen < LONG_ENOUGH.min(missing / 5) {
        return Verdict::Open;
    }
    let bytes = texts.len() + texts.count() * LINE_HEAD;
    let pace = bytes as f64 / seen.as_secs_f64();
    if pace * missing.as_secs_f64() >= FILE { Verdict::Gone(missing) } else { Verdict::Whole }
}

#[cfg(test)]
mod tests {
    use super::super::position::Text;
    use super::super::stamped::{Part, Stamped};
    use super::*;

    /// Lines of so many bytes, evenly spread over these seconds after the container's start.
    fn lines(number: u32, bytes: usize, from: f64, to: f64) -> Texts {
        let mut texts = Texts::default();
        let started = start().as_second() as f64;
        for line in 0..number {
            let at = started + from + (to - from) * f64::from(line) / f64::from(number.max(2) - 1);
            let stamp = Timestamp::from_microsecond((at * 1e6) as i64).expect("a time");
            let mut stamped = Stamped::default();
            let mut found = None;
            let text = format!("{stamp:.9} {}\n", "x".repeat(bytes.saturating_sub(1)));
            stamped.push(text.as_bytes(), &mut |part: Part<'_>| match part {
                Part::Begin(stamp) => found = stamp,
                Part::Text(bytes) => texts.push(Text { stamp: found, bytes, ends_line: true }),
            });
        }
        texts
    }

    fn start() -> Timestamp {
        "2026-11-24T11:08:00Z".parse().expect("a time")
    }

    #[test]
    fn a_log_that_begins_late_at_a_pace_that_fills_a_file_before_has_lost_its_beginning() {
        use Verdict::{Gone, Open, Whole};
        let gone = |seconds| Gone(Duration::from_secs(seconds));
        // How many lines, of how many bytes, from when to when.
        for (what, log, expected) in [
            ("from the start", lines(2000, 1000, 0.5, 20.0), Whole),
            ("1 MB/s from the 30th second on", lines(3000, 2000, 30.0, 36.0), gone(30)),
            ("the same, seen for a second", lines(500, 2000, 30.0, 31.0), Open),
            ("10 MB/s from the 3rd second on, seen for less than one", lines(700, 10_000, 3.0, 3.7), gone(3)),
            ("a line a second from the 60th on", lines(30, 80, 60.0, 90.0), Whole),
            ("one line after an hour", lines(1, 80, 3600.0, 3600.0), Open),
            ("all at once after a minute", lines(1000, 1000, 60.0, 60.2), Open),
            ("nothing", Texts::default(), Whole),
        ] {
            assert_eq!(verdict(start(), &log), expected, "{what}");
        }
    }

    #[test]
    fn a_log_is_judged_once_by_what_came_first() {
        let mut beginning = Beginning::of(Some(start()));
        assert_eq!(beginning.notice(&Texts::default()), None, "nothing is not the beginning");
        let late = lines(3000, 2000, 30.0, 36.0);
        assert!(!beginning.holds(&late));
        insta::assert_snapshot!(beginning.notice(&late).unwrap_or_default(), @"[The beginning of this output is gone, as it seems: the cluster keeps only the newest part of a long output. What is left begins 30 seconds after the job's start.]");
        assert_eq!(beginning.notice(&late), None);
    }

    #[test]
    fn what_is_undecided_is_held_back_up_to_a_limit_and_then_goes_on_untold() {
        let mut beginning = Beginning::of(Some(start()));
        let one = lines(1, 80, 3600.0, 3600.0);
        assert!(beginning.holds(&one));
        assert!(!beginning.holds(&lines(5, 1024 * 1024, 3600.0, 3600.1)));
        assert_eq!(beginning.notice(&one), None);
        assert!(!Beginning::of(None).holds(&one), "a container whose start is not known");
    }
}
