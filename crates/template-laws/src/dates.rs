//! Layouts, times and durations: what a layout prints and reads, it prints again.
//!
//! An input is a line each for a layout, a text, a time zone, a duration, and seconds since 1970.

use crate::fields;
use crate::rendering::Question;

thread_local! {
    static QUESTIONS: Questions = Questions::new();
}

struct Questions {
    printed: Question,
    elsewhere: Question,
    of_seconds: Question,
    moved: Question,
    duration: Question,
    others: Question,
}

impl Questions {
    fn new() -> Self {
        Self {
            printed: Question::new("{{ (mustToDate .a .b).Format .a }}"),
            elsewhere: Question::new(
                "{{ $t := mustToDate .a .b }}{{ dateInZone .a $t .z }}|{{ $t | date .a }}|{{ htmlDate $t }}|\
                 {{ unixEpoch $t }}|{{ $t }}|{{ toJson $t }}|{{ ago $t }}|{{ durationRound $t }}",
            ),
            of_seconds: Question::new("{{ dateInZone .a (int64 .s) .z }}"),
            moved: Question::new(
                "{{ $t := now | mustDateModify .d }}{{ ((now.Sub $t).Abs).String }}|{{ (now.Add (now.Sub $t)).Unix }}",
            ),
            duration: Question::new(
                "{{ duration .s }}|{{ durationRound .d }}|{{ durationRound (int64 .s) }}",
            ),
            others: Question::new(
                "{{ toDate .a .b | date .a }}|{{ now | dateModify .d }}|{{ htmlDateInZone (int64 .s) .z }}",
            ),
        }
    }
}

/// Checks a layout with the rest.
pub fn check(input: &[u8]) {
    let ([layout, text, zone, duration, seconds], _) = fields::lines::<5>(input);
    let values = [("a", layout), ("b", text), ("z", zone), ("d", duration), ("s", seconds)];
    QUESTIONS.with(|questions| {
        if let Ok(printed) = questions.printed.ask(&values) {
            check_again(questions, layout, &printed);
            // Years beyond 9999 are no JSON; all else always has an answer.
            if let Err(message) = questions.elsewhere.ask(&values) {
                assert!(message.contains("year outside of range"), "{message}");
            }
        }
        questions.of_seconds.must(&values);
        questions.duration.must(&values);
        questions.others.must(&values);
        if let Err(message) = questions.moved.ask(&values) {
            assert!(message.starts_with("time: "), "{message}");
        }
    });
}

/// What a layout printed and read twice, it prints again. Once is not enough: midnight is `12` on a clock of twelve
/// hours, and of two fractions of a second the last one counts. The zone `GMT+3` moves the time each time it is read.
fn check_again(questions: &Questions, layout: &[u8], printed: &[u8]) {
    if printed.windows(3).any(|window| window == b"GMT") {
        return;
    }
    let again = |text: &[u8]| questions.printed.ask(&[("a", layout), ("b", text)]).ok();
    if let Some(second) = again(printed)
        && let Some(third) = again(&second)
    {
        assert_eq!(String::from_utf8_lossy(&third), String::from_utf8_lossy(&second));
    }
}
