//! Every case of `tests/golden` gives what Go gave: the same bytes, or the same error after the same bytes.
//!
//! The files are written by Go (`oracle/README.md`); replaying them needs nothing but cargo.

#[path = "golden_support/mod.rs"]
mod support;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use support::{Answer, Case};

/// What replaying one file of cases showed.
#[derive(Default)]
struct Replay {
    total: usize,
    wrong: usize,
    /// The first differences, for a person to read.
    report: String,
}

const MOST_REPORTED: usize = 20;

fn replay(file: &Path) -> Replay {
    let mut replay = Replay::default();
    let text = std::fs::read_to_string(file).expect("a file of cases is UTF-8");
    for (number, line) in text.lines().enumerate() {
        let case = Case::read(line);
        let (expected, actual) = (case.expected(), case.actual());
        replay.total += 1;
        if expected == actual {
            continue;
        }
        replay.wrong += 1;
        if replay.wrong <= MOST_REPORTED {
            let place = file.file_name().unwrap_or_default().to_string_lossy();
            let question: String = case.question().chars().take(400).collect();
            let (expected, actual) = (show(&expected), show(&actual));
            writeln!(
                replay.report,
                "{place}:{}: {question}\n  Go:   {expected}\n  here: {actual}",
                number + 1
            )
            .expect("a string takes any text");
        }
    }
    replay
}

fn show(answer: &Answer) -> String {
    let output = String::from_utf8_lossy(&answer.output);
    let output: String = output.chars().take(600).collect();
    format!("{output:?} {}", answer.error.as_deref().unwrap_or(""))
}

/// Replays one family.
fn check(family: &str, at_least: usize) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let file: PathBuf = folder.join(format!("{family}.jsonl"));
    let Replay { total, wrong, report } = replay(&file);
    assert!(total >= at_least, "only {total} cases were found");
    assert!(wrong == 0, "{wrong} of {total} cases differ:\n{report}");
}

macro_rules! families {
    ($($family:ident $at_least:literal)*) => {$(
        #[test]
        fn $family() {
            check(stringify!($family), $at_least);
        }
    )*};
}

families! {
    reference 562
    strings 2800
    regex 2600
    math 3500
    lists 2100
    dicts 2400
    flow 1200
    dates 2400
    json 1000
    encoding 680
    semver 950
    crypto 45
    modes 950
    mixed 5500
}
