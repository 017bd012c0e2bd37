//! Every case of `tests/cases` gives what Go gave: the same bytes, or the same error after the same bytes.
//!
//! The files are written by Go (`oracle/README.md`); replaying them needs nothing but cargo.

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

#[test]
fn every_case_gives_what_go_gave() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let entries = std::fs::read_dir(folder).expect("the cases are there").flatten();
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "jsonl"))
        .collect();
    files.sort();
    let replays: Vec<Replay> = std::thread::scope(|scope| {
        let threads: Vec<_> = files.iter().map(|file| scope.spawn(|| replay(file))).collect();
        threads.into_iter().map(|thread| thread.join().expect("a replay ends")).collect()
    });
    let total: usize = replays.iter().map(|replay| replay.total).sum();
    let wrong: usize = replays.iter().map(|replay| replay.wrong).sum();
    let report: String = replays.iter().map(|replay| replay.report.as_str()).collect();
    assert!(total > 40_000, "only {total} cases were found");
    assert!(wrong == 0, "{wrong} of {total} cases differ:\n{report}");
}

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
            let question: String = case.question().chars().take(300).collect();
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
    format!("{output:?} {}", answer.error.as_deref().unwrap_or(""))
}
