//! `docs/conformance.md`: the figures by group, and what is meant to differ.

use std::fmt::Write as _;
use std::path::Path;

use api_conformance::{Accepted, Judgement, Rule};

use super::{Judged, report::Report};
use crate::failure::Failure;

/// Writes the page.
///
/// # Errors
/// The file can't be written.
pub(super) fn write(judged: &[Judged], accepted: &Accepted, version: &str) -> Result<(), Failure> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/conformance.md");
    std::fs::write(&file, page(judged, accepted, version))
        .map_err(|e| Failure::during(format!("writing {}", file.display()), e))
}

fn page(judged: &[Judged], accepted: &Accepted, version: &str) -> String {
    let total = Report::of(judged);
    let mut page = format!(
        "# The embedded cluster, judged by Kubernetes {version}\n\n\
         Written by `cargo xtask e2e --compare --record`. Every row of `crates/api-conformance/rows` was sent to the\n\
         embedded cluster and to a real one, each in a namespace of its own, and the whole answers compared: status,\n\
         headers, body; for watches every event, for websockets every channel.\n\n\
         | group | rows | the same | with accepted differences | different |\n\
         | --- | ---: | ---: | ---: | ---: |\n"
    );
    for judged in judged {
        let sum = Report::of(std::slice::from_ref(judged));
        line(&mut page, judged.group.title, sum);
    }
    line(&mut page, "**all**", total);
    page.push_str("\n## Accepted differences\n\n| where | rows | why |\n| --- | ---: | --- |\n");
    for entry in accepted.entries() {
        let rows = judged.iter().flat_map(|judged| &judged.rows);
        let touched = rows.filter(
            |row| matches!(&row.judgement, Judgement::Accepted(reasons) if reasons.contains(&entry.reason)),
        );
        let place = match (&entry.group, &entry.row) {
            (_, Some(row)) => format!("`{}` of “{row}”", entry.path),
            (Some(group), None) => format!("`{}` of {group}", entry.path),
            (None, None) => format!("`{}`", entry.path),
        };
        let _ = writeln!(page, "| {place} | {} | {} |", touched.count(), entry.reason);
    }
    page.push_str("\n## What is not compared\n\nBefore they are compared, answers lose what no two clusters have in common:\n\n");
    for rule in Rule::ALL {
        let _ = writeln!(page, "- {}", rule.description());
    }
    page
}

fn line(page: &mut String, title: &str, sum: Report) {
    let _ = writeln!(
        page,
        "| {title} | {} | {} | {} | {} |",
        sum.compared(),
        sum.same,
        sum.accepted,
        sum.differing
    );
}
