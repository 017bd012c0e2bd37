//! Every case of `tests/cases` gives what Go gave: the same bytes, or the same error after the same bytes.
//!
//! The files are written by Go (`oracle/README.md`); replaying them needs nothing but cargo.

mod support;

use std::fmt::Write as _;
use std::path::Path;

use support::Case;

#[test]
fn every_case_gives_what_go_gave() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut files: Vec<_> =
        std::fs::read_dir(folder).expect("the cases are there").flatten().map(|entry| entry.path()).collect();
    files.sort();
    let (mut total, mut wrong, mut report) = (0, 0, String::new());
    for file in files.iter().filter(|file| file.extension().is_some_and(|extension| extension == "jsonl")) {
        let text = std::fs::read_to_string(file).expect("a file of cases is UTF-8");
        for (number, line) in text.lines().enumerate() {
            let case = Case::read(line);
            let (expected, actual) = (case.expected(), case.actual());
            total += 1;
            if expected == actual {
                continue;
            }
            wrong += 1;
            if wrong <= 60 {
                let show = |answer: &support::Answer| {
                    let output = String::from_utf8_lossy(&answer.output).into_owned();
                    format!("{output:?} {}", answer.error.as_deref().unwrap_or(""))
                };
                let place = file.file_name().unwrap_or_default().to_string_lossy();
                let short: String = case.question().chars().take(300).collect();
                let (expected, actual) = (show(&expected), show(&actual));
                writeln!(report, "{place}:{}: {short}\n  Go:   {expected}\n  here: {actual}", number + 1)
                    .expect("a string takes any text");
            }
        }
    }
    assert!(total > 1000, "only {total} cases were found");
    assert!(wrong == 0, "{wrong} of {total} cases differ:\n{report}");
}
