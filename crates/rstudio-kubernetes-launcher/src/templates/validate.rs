//! `--validate-templates`: whether the templates give what the Launcher and Kubernetes need.

use std::process::ExitCode;

use kubernetes_backend::templates::validation::{Validation, validate};
use kubernetes_backend::templates::{LoadError, TemplateFolder};

use super::report::{self, Rendered};
use crate::command_line::Report;

/// What came of it.
pub(super) type Outcome = Result<Validation, Vec<LoadError>>;

/// Exits with 0 if there is no problem, with 1 if there is one.
pub(super) fn run(folder: &TemplateFolder, report: Report) -> ExitCode {
    tell(folder, &validate(folder), report)
}

/// Prints the outcome, and gives its exit status.
pub(super) fn tell(folder: &TemplateFolder, outcome: &Outcome, report: Report) -> ExitCode {
    let text = match report {
        Report::Json => report::json(folder, outcome),
        Report::Problems => report::text(folder, outcome, Rendered::Hidden),
        Report::Verbose => report::text(folder, outcome, Rendered::Shown),
    };
    super::print(&text);
    match outcome {
        Ok(validation) if validation.is_fine() => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}
