//! What was measured, beside what is wanted.

use crate::bench::summary::{Lags, Samples};
use crate::printer::Printer;

/// What is wanted.
#[derive(Clone, Copy)]
pub(super) enum Goal {
    /// The plugin adds no more milliseconds than these, at the median and in 99 of 100.
    Added {
        /// At the median.
        p50_ms: f64,
        /// In 99 of 100.
        p99_ms: f64,
    },
    /// It gets this share of the bare client's bytes a second.
    RateShare(f64),
    /// It needs no more than so many times as long.
    Times(f64),
    /// It has no more memory than this.
    AtMostMib(f64),
    /// For comparison only.
    None,
}

/// How much later than a bare watcher others had what it had.
#[derive(Default)]
pub(super) struct Beside {
    /// A second bare watcher: what the server and the machine add by themselves.
    pub second: Lags,
    /// The plugin, at its status frame.
    pub plugin: Lags,
}

/// A line of the table.
struct Row {
    what: String,
    bare: String,
    plugin: String,
    between: String,
    goal: String,
    holds: Option<bool>,
}

/// All of it.
#[derive(Default)]
pub(super) struct Report {
    rows: Vec<Row>,
    notes: Vec<String>,
}

impl Report {
    /// A sentence below the table.
    pub(super) fn note(&mut self, text: &str) {
        self.notes.push(text.to_owned());
    }

    /// Times of single actions, and what the plugin adds to them.
    pub(super) fn latencies(&mut self, what: &str, bare: &Samples, plugin: &Samples, goal: Goal) {
        let shares = [0.5, 0.95, 0.99];
        let of = |samples: &Samples| shares.map(|share| samples.quantile(share).as_secs_f64() * 1e3);
        let (bare, plugin) = (of(bare), of(plugin));
        let added = [0, 1, 2].map(|index| plugin[index] - bare[index]);
        self.rows.push(Row {
            what: what.to_owned(),
            bare: three(bare),
            plugin: three(plugin),
            between: three(added),
            ..added_row(added, goal)
        });
    }

    /// How much later the plugin told of what a bare watcher saw, beside how much later a second bare watcher saw it.
    pub(super) fn lags(&mut self, what: &str, lags: &Beside, goal: Goal) {
        let of = |lags: &Lags| [0.5, 0.95, 0.99].map(|share| lags.quantile_ms(share));
        let (second, plugin) = (of(&lags.second), of(&lags.plugin));
        let added = [0, 1, 2].map(|index| plugin[index] - second[index]);
        self.rows.push(Row {
            what: format!("{what}: after a bare watcher ({})", lags.plugin.len()),
            bare: three(second),
            plugin: three(plugin),
            between: three(added),
            ..added_row(added, goal)
        });
    }

    /// Bytes a second, at the median.
    pub(super) fn rates(&mut self, what: &str, bytes: usize, bare: &Samples, plugin: &Samples, goal: Goal) {
        #[expect(clippy::cast_precision_loss, reason = "to be read by a person")]
        let rate = |samples: &Samples| bytes as f64 / 1e6 / samples.quantile(0.5).as_secs_f64();
        let share = rate(plugin) / rate(bare);
        let (wanted, holds) = match goal {
            Goal::RateShare(wanted) => (format!("≥ {wanted:.1}×"), Some(share >= wanted)),
            _ => (String::new(), None),
        };
        self.rows.push(Row {
            what: what.to_owned(),
            bare: format!("{:.0} MB/s", rate(bare)),
            plugin: format!("{:.0} MB/s", rate(plugin)),
            between: format!("{share:.2}×"),
            goal: wanted,
            holds,
        });
    }

    /// Times of a whole, at the median.
    pub(super) fn times(&mut self, what: &str, bare: &Samples, plugin: &Samples, goal: Goal) {
        let seconds = |samples: &Samples| samples.quantile(0.5).as_secs_f64();
        let times = seconds(plugin) / seconds(bare);
        let (wanted, holds) = match goal {
            Goal::Times(wanted) => (format!("≤ {wanted:.1}×"), Some(times <= wanted)),
            _ => (String::new(), None),
        };
        self.rows.push(Row {
            what: what.to_owned(),
            bare: format!("{:.3} s", seconds(bare)),
            plugin: format!("{:.3} s", seconds(plugin)),
            between: format!("{times:.2}×"),
            goal: wanted,
            holds,
        });
    }

    /// An amount of the plugin's memory.
    pub(super) fn mebibytes(&mut self, what: &str, kib: u64, goal: Goal) {
        let mib = f64::from(u32::try_from(kib).unwrap_or(u32::MAX)) / 1024.0;
        let (wanted, holds) = match goal {
            Goal::AtMostMib(most) => (format!("≤ {most:.0} MiB"), Some(mib <= most)),
            _ => (String::new(), None),
        };
        self.rows.push(Row {
            what: what.to_owned(),
            bare: String::new(),
            plugin: format!("{mib:.1} MiB"),
            between: String::new(),
            goal: wanted,
            holds,
        });
    }

    /// Prints the table with its marks, and the notes.
    pub(super) fn print(&self, printer: &Printer) {
        let heading = ["", "bare", "plugin", "difference", "goal"];
        let cells: Vec<[&str; 5]> =
            self.rows.iter().map(|r| [&*r.what, &*r.bare, &*r.plugin, &*r.between, &*r.goal]).collect();
        let width = |column: usize| {
            let lines = cells.iter().chain([&heading]);
            lines.map(|line| line[column].chars().count()).max().unwrap_or(0)
        };
        let widths = [0, 1, 2, 3, 4].map(width);
        let line = |cells: &[&str; 5]| {
            cells.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}  ")).collect::<String>()
        };
        printer.line(&printer.title(&line(&heading)));
        for (row, cells) in self.rows.iter().zip(&cells) {
            let mark = match row.holds {
                Some(true) => printer.good("holds"),
                Some(false) => printer.bad("missed"),
                None => String::new(),
            };
            printer.line(&format!("{}{mark}", line(cells)));
        }
        for note in &self.notes {
            printer.line(&format!("- {note}"));
        }
    }

    /// The same as a Markdown table.
    pub(super) fn markdown(&self) -> String {
        let mut text =
            "| | bare client | plugin | difference | goal | |\n| --- | --- | --- | --- | --- | --- |\n"
                .to_owned();
        for row in &self.rows {
            let mark = match row.holds {
                Some(true) => "holds",
                Some(false) => "**missed**",
                None => "",
            };
            let Row { what, bare, plugin, between, goal, .. } = row;
            text.push_str(&format!("| {what} | {bare} | {plugin} | {between} | {goal} | {mark} |\n"));
        }
        text.push('\n');
        for note in &self.notes {
            text.push_str(&format!("- {note}\n"));
        }
        text
    }

    /// Whether every goal is reached.
    pub(super) fn holds(&self) -> bool {
        self.rows.iter().all(|row| row.holds != Some(false))
    }
}

fn added_row(added: [f64; 3], goal: Goal) -> Row {
    let (goal, holds) = match goal {
        Goal::Added { p50_ms, p99_ms } => {
            (format!("+{p50_ms:.0} / +{p99_ms:.0} ms"), Some(added[0] <= p50_ms && added[2] <= p99_ms))
        }
        _ => (String::new(), None),
    };
    Row {
        what: String::new(),
        bare: String::new(),
        plugin: String::new(),
        between: String::new(),
        goal,
        holds,
    }
}

/// The median, 95 and 99 of 100, in milliseconds.
fn three(ms: [f64; 3]) -> String {
    format!("{:.2} / {:.2} / {:.2} ms", ms[0], ms[1], ms[2])
}
