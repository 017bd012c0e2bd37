//! The figures of this benchmark on their page.

use serde_json::Value;

use super::bare::Call;
use super::report::Report;
use super::stage::Stage;
use crate::bench::page;
use crate::failure::Failure;

/// Where it was measured.
#[derive(Clone, Copy)]
pub(super) enum Place {
    Embedded,
    Real,
}

impl Place {
    /// The section of the page.
    fn section(self) -> &'static str {
        match self {
            Place::Embedded => "embedded",
            Place::Real => "real",
        }
    }

    fn command(self) -> &'static str {
        match self {
            Place::Embedded => "cargo xtask bench cluster --embedded",
            Place::Real => "cargo xtask bench cluster --real",
        }
    }
}

/// What the API server calls its version.
///
/// # Errors
/// It does not answer.
pub(super) async fn version(stage: &Stage) -> Result<String, Failure> {
    let answer = stage.bare().await?.call(&Call::get("/version")).await?;
    let answer: Value =
        serde_json::from_slice(&answer).map_err(|e| Failure::during("reading the server's version", e))?;
    Ok(answer["gitVersion"].as_str().unwrap_or("unknown").to_owned())
}

/// Replaces the figures of one place.
///
/// # Errors
/// The page can't be read or written, or has no place for them.
pub(super) fn write(place: Place, version: &str, report: &Report) -> Result<(), Failure> {
    let circumstances = page::circumstances(&[&format!("Kubernetes {version}")])?;
    let figures = format!("`{}`, {circumstances}:\n\n{}", place.command(), report.markdown());
    page::replace(place.section(), &figures)
}
