//! Every case of `tests/golden` gives what Go gave: the same bytes, or the same error after the same bytes.
//!
//! The files are written by Go (`oracle/README.md`); replaying them needs nothing but cargo.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use helm_template::batch::{Answer, Batch, Request};

/// One for all families: making the functions takes longer than most cases.
static BATCH: LazyLock<Batch> = LazyLock::new(Batch::new);

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
        let expected = Answer::from_json(line.as_bytes()).expect("a case holds an answer");
        let actual = BATCH.answer_line(line.as_bytes());
        replay.total += 1;
        if expected == actual {
            continue;
        }
        replay.wrong += 1;
        if replay.wrong <= MOST_REPORTED {
            let place = file.file_name().unwrap_or_default().to_string_lossy();
            let question: String = question(line).chars().take(400).collect();
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

/// What was asked, for a person to read.
fn question(line: &str) -> String {
    match Request::from_json(line.as_bytes()) {
        Ok(request) => format!("{} ({})", String::from_utf8_lossy(&request.template), request.mode),
        Err(error) => error.to_string(),
    }
}

fn show(answer: &Answer) -> String {
    let output = String::from_utf8_lossy(answer.output.as_deref().unwrap_or_default());
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
    found 20
    mixed 5500
}
