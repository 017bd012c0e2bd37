//! What is printed: a line a row, and the sum.

use std::fmt;

use api_conformance::{Compared, Difference, Group, Judgement};
use serde_json::Value;

use super::Judged;
use crate::printer::Printer;

/// How many differences of a row are shown.
const SHOWN: usize = 40;
/// How much of a value is shown.
const WIDTH: usize = 300;

/// How many rows came out how.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Report {
    pub(super) same: usize,
    pub(super) accepted: usize,
    pub(super) differing: usize,
    pub(super) other_version: usize,
}

impl Report {
    pub(super) fn of(judged: &[Judged]) -> Report {
        judged.iter().flat_map(|judged| &judged.rows).fold(Report::default(), Report::and)
    }

    pub(super) fn and(mut self, row: &Compared) -> Report {
        match row.judgement {
            Judgement::Same => self.same += 1,
            Judgement::Accepted(_) => self.accepted += 1,
            Judgement::Differs { .. } => self.differing += 1,
            Judgement::OtherVersion => self.other_version += 1,
        }
        self
    }

    pub(super) fn compared(self) -> usize {
        self.same + self.accepted + self.differing
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "\n{} rows asked of both: {} the same, {} with accepted differences, {} different; {} are about other versions",
            self.compared(),
            self.same,
            self.accepted,
            self.differing,
            self.other_version
        )
    }
}

/// Prints what came of a group.
pub(super) fn print(group: &Group, rows: &[Compared], printer: &Printer) {
    printer.line(&printer.title(group.title));
    for row in rows {
        match &row.judgement {
            Judgement::Same => printer.line(&format!("  {} {}", printer.good("same    "), row.does)),
            Judgement::Accepted(_) => {
                printer.line(&format!("  {} {}", printer.good("accepted"), row.does));
            }
            Judgement::OtherVersion => printer.line(&format!("  not here {}", row.does)),
            Judgement::Differs { differences, faults } => {
                printer.line(&format!("  {} {}", printer.bad("DIFFERS "), row.does));
                for (cluster, faults) in ["embedded", "real"].iter().zip(faults) {
                    for fault in faults {
                        printer.line(&format!("      {cluster} does not hold: {}", cut(fault)));
                    }
                }
                for difference in differences.iter().take(SHOWN) {
                    printer.line(&told(difference));
                }
                if differences.len() > SHOWN {
                    printer.line(&format!("      and {} more", differences.len() - SHOWN));
                }
            }
        }
    }
}

fn told(difference: &Difference) -> String {
    let side =
        |value: &Option<Value>| value.as_ref().map_or("nothing".to_owned(), |value| cut(&value.to_string()));
    format!(
        "      {}\n          embedded: {}\n          real:     {}",
        difference.path,
        side(&difference.left),
        side(&difference.right)
    )
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(WIDTH) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
