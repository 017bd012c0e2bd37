//! How behaviours went: a line each, a sum, and the page that shows every cluster and pass side by side.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::path::Path;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::behaviour::Behaviour;
use crate::cluster::Need;
use crate::failure::Failure;
use crate::printer::Printer;

/// How a behaviour went.
pub(super) enum Outcome {
    Holds,
    /// With what went wrong at the first one.
    HoldsAtSecondTry(String),
    Skipped(Need),
    Fails(String),
}

/// A behaviour that was tried.
pub(super) struct Shown {
    pub sentence: String,
    pub outcome: Outcome,
    pub took: Duration,
}

impl Shown {
    pub(super) fn print(&self, printer: &Printer) {
        let seconds = self.took.as_secs_f64();
        match &self.outcome {
            Outcome::Holds => {
                printer.line(&format!("{} {seconds:6.1} s  {}", printer.good("holds  "), self.sentence));
            }
            Outcome::HoldsAtSecondTry(_) => {
                let sentence = &self.sentence;
                printer.line(&format!(
                    "{} {seconds:6.1} s  {sentence}, at the second try",
                    printer.good("holds  ")
                ));
            }
            Outcome::Skipped(need) => {
                printer.line(&format!("skipped           {}: {need}", self.sentence));
            }
            Outcome::Fails(why) => {
                printer.line(&format!("{} {seconds:6.1} s  {}", printer.bad("FAILS  "), self.sentence));
                printer.line(&indented(why));
            }
        }
    }

    /// What did not hold, at the first try at least: said once more at the end of a long run.
    pub(super) fn print_trouble(&self, run: &str, printer: &Printer) {
        let (what, why) = match &self.outcome {
            Outcome::HoldsAtSecondTry(why) => ("HELD AT THE SECOND TRY", why),
            Outcome::Fails(why) => ("DOES NOT HOLD", why),
            Outcome::Holds | Outcome::Skipped(_) => return,
        };
        printer.line(&format!("\n{}, {run}: {}", printer.bad(what), self.sentence));
        printer.line(&indented(why));
    }
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("    {line}\n")).collect()
}

/// How many of each.
#[derive(Default)]
pub(super) struct Sum {
    pub passed: usize,
    /// Of those that passed, at the second try.
    pub second_try: usize,
    pub failed: usize,
    pub skipped: usize,
}

impl Sum {
    pub(super) fn of(shown: &[Shown]) -> Self {
        let mut sum = Sum::default();
        for one in shown {
            match one.outcome {
                Outcome::Holds => sum.passed += 1,
                Outcome::HoldsAtSecondTry(_) => {
                    sum.passed += 1;
                    sum.second_try += 1;
                }
                Outcome::Fails(_) => sum.failed += 1,
                Outcome::Skipped(_) => sum.skipped += 1,
            }
        }
        sum
    }
}

impl fmt::Display for Sum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed", self.passed)?;
        if self.second_try > 0 {
            write!(f, " ({} at the second try)", self.second_try)?;
        }
        write!(f, ", {} failed, {} skipped", self.failed, self.skipped)
    }
}

/// What the page says of a behaviour in one column.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Mark {
    Holds,
    Fails,
    /// Not for this cluster or pass.
    Skipped,
}

/// The record of all columns: `docs/behaviours.json`, from which the page is written.
#[derive(Default, Deserialize, Serialize)]
#[serde(transparent)]
struct Record {
    columns: BTreeMap<String, BTreeMap<String, Mark>>,
}

/// Keeps the results of one column, and writes the page anew.
///
/// # Errors
/// A file that can't be read or written.
pub(super) fn record(
    docs: &Path,
    column: &str,
    shown: &[Shown],
    behaviours: &[Behaviour],
) -> Result<(), Failure> {
    let file = docs.join("behaviours.json");
    let mut record: Record = match std::fs::read_to_string(&file) {
        Ok(text) => serde_json::from_str(&text)
            .map_err(|e| Failure::during(format!("reading {}", file.display()), e))?,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Record::default(),
        Err(e) => return Err(Failure::during(format!("reading {}", file.display()), e)),
    };
    let marks = shown
        .iter()
        .map(|one| {
            let mark = match one.outcome {
                Outcome::Holds | Outcome::HoldsAtSecondTry(_) => Mark::Holds,
                Outcome::Fails(_) => Mark::Fails,
                Outcome::Skipped(_) => Mark::Skipped,
            };
            (one.sentence.clone(), mark)
        })
        .collect();
    record.columns.insert(column.to_owned(), marks);
    let known: Vec<&str> = behaviours.iter().map(|b| b.sentence.as_str()).collect();
    for marks in record.columns.values_mut() {
        marks.retain(|sentence, _| known.contains(&sentence.as_str()));
    }
    let json = serde_json::to_string_pretty(&record).map_err(|e| Failure::during("writing the record", e))?;
    write(&file, &(json + "\n"))?;
    write(&docs.join("behaviours.md"), &page(&record, behaviours))
}

fn page(record: &Record, behaviours: &[Behaviour]) -> String {
    let mut page = String::from(
        "# What holds, and where it was seen\n\n\
         Each sentence is a behaviour of the end-to-end suite (`xtask/e2e`), shown on a real plugin process. A column is a\n\
         cluster and a way to set it up; `cargo xtask e2e --record` (with `--real` for a real cluster) writes this page.\n\
         ✓ holds, ✗ does not hold, – not for this cluster or set-up, empty: not run.\n",
    );
    let columns: Vec<&String> = record.columns.keys().collect();
    let mut topic = "";
    for behaviour in behaviours {
        if behaviour.topic != topic {
            topic = &behaviour.topic;
            let _ = write!(page, "\n## {topic}\n\n| behaviour |");
            columns.iter().for_each(|column| page.push_str(&format!(" {column} |")));
            page.push_str("\n| --- |");
            columns.iter().for_each(|_| page.push_str(" :-: |"));
            page.push('\n');
        }
        let _ = write!(page, "| {} |", behaviour.sentence.replace('|', "\\|"));
        for column in &columns {
            let mark = match record.columns[*column].get(&behaviour.sentence) {
                Some(Mark::Holds) => "✓",
                Some(Mark::Fails) => "✗",
                Some(Mark::Skipped) => "–",
                None => "",
            };
            let _ = write!(page, " {mark} |");
        }
        page.push('\n');
    }
    page
}

fn write(file: &Path, text: &str) -> Result<(), Failure> {
    std::fs::write(file, text).map_err(|e| Failure::during(format!("writing {}", file.display()), e))
}
