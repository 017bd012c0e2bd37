//! `--validate-templates`: whether the templates give what the Launcher and Kubernetes need.

use std::process::ExitCode;

use kubernetes_backend::templates::TemplateFolder;
use kubernetes_backend::templates::validation::validate;

use super::report::{self, Outcome, Rendered};
use crate::command_line::Report;

/// Exits with 0 if there is no problem, with 1 if there is one.
pub(super) fn run(folder: &TemplateFolder, report: Report) -> ExitCode {
    let outcome = match validate(folder) {
        Ok(validation) => Outcome::Validated(validation),
        Err(errors) => Outcome::NotLoaded(errors),
    };
    tell(folder, &outcome, report)
}

/// Prints the outcome, and gives its exit status.
pub(super) fn tell(folder: &TemplateFolder, outcome: &Outcome, report: Report) -> ExitCode {
    let text = match report {
        Report::Json => report::json(folder, outcome),
        Report::Problems => report::text(folder, outcome, Rendered::Hidden),
        Report::Verbose => report::text(folder, outcome, Rendered::Shown),
    };
    super::print(&text);
    if outcome.is_fine() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
