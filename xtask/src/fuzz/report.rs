//! What a run of a target came to.

/// The head of the table that [`Report::row`] continues.
pub(super) const HEAD: &str = "\
| target | inputs | a second | coverage: edges, features | peak, MiB | after a minute → at the end, MiB |
| --- | --- | --- | --- | --- | --- |";

/// What a run came to.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Report {
    target: String,
    inputs: u64,
    inputs_a_second: u64,
    edges: u64,
    features: u64,
    peak_mib: u64,
    settled_mib: Option<u64>,
    last_mib: Option<u64>,
    /// What libFuzzer said that it found.
    found: Option<String>,
}

impl Report {
    /// Reads what libFuzzer wrote.
    pub(super) fn of_log(target: String, log: &str, is_success: bool) -> Self {
        let status = log.lines().rev().find(|line| line.starts_with('#') && line.contains(" cov: "));
        let number_after = |text: Option<&str>, key: &str| {
            let after = text.and_then(|text| text.split_once(key)).map(|(_, after)| after.trim_start());
            let digits = after.map(|after| after.split(|c: char| !c.is_ascii_digit()).next().unwrap_or(""));
            digits.and_then(|digits| digits.parse().ok()).unwrap_or(0)
        };
        let found = log.lines().find(|line| line.contains("ERROR: ")).unwrap_or("it ended with an error");
        Self {
            target,
            inputs: number_after(Some(log), "stat::number_of_executed_units:"),
            inputs_a_second: number_after(Some(log), "stat::average_exec_per_sec:"),
            edges: number_after(status, " cov: "),
            features: number_after(status, " ft: "),
            peak_mib: number_after(Some(log), "stat::peak_rss_mb:"),
            found: (!is_success).then(|| found.to_owned()),
            ..Self::default()
        }
    }

    pub(super) fn with_memory(self, settled_mib: Option<u64>, last_mib: Option<u64>) -> Self {
        Self { settled_mib, last_mib, ..self }
    }

    /// A row of the table.
    pub(super) fn row(&self) -> String {
        let shown = |mib: Option<u64>| mib.map_or_else(|| "–".to_owned(), |mib| mib.to_string());
        format!(
            "| `{}` | {} | {} | {}, {} | {} | {} → {} |",
            self.target,
            self.inputs,
            self.inputs_a_second,
            self.edges,
            self.features,
            self.peak_mib,
            shown(self.settled_mib),
            shown(self.last_mib),
        )
    }

    /// What is to be said of a run that found something.
    pub(super) fn failure(&self) -> Option<String> {
        let found = self.found.as_ref()?;
        let target = &self.target;
        Some(format!(
            "{target}: {found}\n  the log is fuzz/artifacts/{target}.log, the input in fuzz/artifacts/{target}"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = "\
INFO: seed corpus: files: 3 min: 1b max: 9b total: 12b rss: 80Mb
#4\tINITED cov: 100 ft: 200 corp: 3/12b exec/s: 0 rss: 81Mb
#512\tNEW    cov: 120 ft: 260 corp: 9/40b lim: 4 exec/s: 256 rss: 90Mb L: 4/9 MS: 1 CopyPart-
#900\tDONE   cov: 121 ft: 263 corp: 10/50b lim: 4 exec/s: 450 rss: 90Mb
Done 900 runs in 2 second(s)
stat::number_of_executed_units: 900
stat::average_exec_per_sec:     450
stat::peak_rss_mb:              90
";

    #[test]
    fn a_row_tells_what_libfuzzer_counted() {
        let report = Report::of_log("parse".into(), LOG, true).with_memory(Some(85), Some(90));
        assert_eq!(report.row(), "| `parse` | 900 | 450 | 121, 263 | 90 | 85 → 90 |");
        assert_eq!(report.failure(), None);
    }

    #[test]
    fn a_failed_run_says_what_was_found_and_where_it_lies() {
        let log = format!("{LOG}==7== ERROR: libFuzzer: deadly signal\n");
        let failure = Report::of_log("parse".into(), &log, false).failure().expect("it failed");
        assert!(failure.starts_with("parse: ==7== ERROR: libFuzzer: deadly signal\n"));
        assert!(failure.contains("fuzz/artifacts/parse"));
    }
}
