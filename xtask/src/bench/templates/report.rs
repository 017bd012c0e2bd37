//! What was measured, beside what is wanted.

use super::sides::{Allocations, Times};
use crate::failure::Failure;
use crate::printer::Printer;

/// What is wanted of a row.
struct Goal {
    /// So many times as fast as Go.
    times_go: f64,
    /// So many times as fast as the peer, where it takes part.
    times_peer: f64,
    /// At most this share of Go's allocations.
    allocations: Option<f64>,
}

impl Goal {
    /// The first row is what the launcher does with each job.
    fn of(row: usize) -> Self {
        match row {
            0 => Self { times_go: 10.0, times_peer: 2.0, allocations: Some(0.2) },
            _ => Self { times_go: 5.0, times_peer: 2.0, allocations: None },
        }
    }
}

/// A line of the table.
struct Row {
    cells: [String; 8],
    holds: bool,
}

/// All of it.
pub(super) struct Report(Vec<Row>);

const HEADING: [&str; 8] =
    ["", "Go", "here", "gotmpl", "× Go", "× gotmpl", "allocations: Go / here / gotmpl", "goal"];

impl Report {
    /// Puts times and allocations beside each other.
    ///
    /// # Errors
    /// They are not of the same rows.
    pub(super) fn of(times: &[Times], allocations: &[Allocations]) -> Result<Self, Failure> {
        let row = |(at, times): (usize, &Times)| {
            let counted = allocations.iter().find(|counted| counted.row == times.row);
            let counted = counted.ok_or_else(|| Failure::new(format!("nothing counted: {}", times.row)))?;
            Ok(Row::of(&Goal::of(at), times, counted))
        };
        Ok(Self(times.iter().enumerate().map(row).collect::<Result<_, _>>()?))
    }

    /// Prints the table with its marks.
    pub(super) fn print(&self, printer: &Printer) {
        let width = |column: usize| {
            let cells = self.0.iter().map(|row| row.cells[column].chars().count());
            cells.chain([HEADING[column].chars().count()]).max().unwrap_or(0)
        };
        let line = |cells: [&str; 8]| -> String {
            (0..).zip(cells).map(|(column, cell)| format!("{cell:0$}  ", width(column))).collect()
        };
        printer.line(&printer.title(&line(HEADING)));
        for row in &self.0 {
            let mark = if row.holds { printer.good("holds") } else { printer.bad("missed") };
            printer.line(&format!("{}{mark}", line(row.cells.each_ref().map(String::as_str))));
        }
    }

    /// The same as a Markdown table.
    pub(super) fn markdown(&self) -> String {
        let mut text = format!("| {} | |\n|{}\n", HEADING.join(" | "), " --- |".repeat(9));
        for row in &self.0 {
            let mark = if row.holds { "holds" } else { "**missed**" };
            text.push_str(&format!("| {} | {mark} |\n", row.cells.join(" | ")));
        }
        text
    }

    /// Whether every goal is reached.
    pub(super) fn holds(&self) -> bool {
        self.0.iter().all(|row| row.holds)
    }
}

impl Row {
    fn of(goal: &Goal, times: &Times, allocations: &Allocations) -> Self {
        let times_go = times.go / times.here;
        let times_peer = times.peer.map(|peer| peer / times.here);
        #[expect(clippy::cast_precision_loss, reason = "a share to be read by a person")]
        let share = allocations.here as f64 / times.go_allocations.max(1) as f64;
        let holds = times_go >= goal.times_go
            && times_peer.is_none_or(|times| times >= goal.times_peer)
            && goal.allocations.is_none_or(|most| share <= most);
        let mut wanted = format!("≥ {}× Go", goal.times_go);
        if times_peer.is_some() {
            wanted.push_str(&format!(", ≥ {}× gotmpl", goal.times_peer));
        }
        if let Some(most) = goal.allocations {
            wanted.push_str(&format!(", ≤ {most} of its allocations"));
        }
        let peer_count = allocations.peer.map_or_else(|| "–".to_owned(), |count| count.to_string());
        let cells = [
            times.row.clone(),
            micros(times.go),
            micros(times.here),
            times.peer.map_or_else(|| "–".to_owned(), micros),
            format!("{times_go:.1} ({:.1})", times.least.go / times.least.here),
            times_peer.zip(times.least.peer).map_or_else(
                || "–".to_owned(),
                |(median, least)| format!("{median:.1} ({:.1})", least / times.least.here),
            ),
            format!("{} / {} / {peer_count}", times.go_allocations, allocations.here),
            wanted,
        ];
        Self { cells, holds }
    }
}

fn micros(nanoseconds: f64) -> String {
    format!("{:.1} µs", nanoseconds / 1e3)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::templates::sides::Least;

    fn report(here: f64, peer: Option<f64>, allocations: u64) -> Report {
        let times = |row: &str| Times {
            row: row.into(),
            go: 1000.0,
            here,
            peer,
            go_allocations: 100,
            least: Least { go: 1000.0, here, peer },
        };
        let counted = |row: &str| Allocations { row: row.into(), here: allocations, peer: None };
        Report::of(&[times("first"), times("second")], &[counted("second"), counted("first")]).unwrap()
    }

    fn holds(report: &Report) -> Vec<bool> {
        report.0.iter().map(|row| row.holds).collect()
    }

    #[test]
    fn the_first_row_has_the_higher_goals() {
        assert_eq!(holds(&report(100.0, None, 20)), [true, true]);
        assert_eq!(holds(&report(150.0, None, 20)), [false, true]);
        assert_eq!(holds(&report(100.0, None, 21)), [false, true]);
        assert_eq!(holds(&report(250.0, None, 20)), [false, false]);
    }

    #[test]
    fn a_peer_that_takes_part_is_to_be_left_behind() {
        assert_eq!(holds(&report(100.0, Some(200.0), 1)), [true, true]);
        assert_eq!(holds(&report(100.0, Some(199.0), 1)), [false, false]);
    }

    #[test]
    fn a_row_without_a_count_is_an_error() {
        let least = Least { go: 1.0, here: 1.0, peer: None };
        let times = Times { row: "a".into(), go: 1.0, here: 1.0, peer: None, go_allocations: 1, least };
        assert!(Report::of(&[times], &[]).is_err());
    }
}
