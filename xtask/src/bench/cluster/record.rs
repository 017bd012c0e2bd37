//! `docs/benchmarks.md`: one page, of which a run replaces its own figures.

use std::path::Path;

use serde_json::Value;

use super::bare::Call;
use super::report::Report;
use super::stage::Stage;
use crate::failure::Failure;

/// Where it was measured.
#[derive(Clone, Copy)]
pub(super) enum Place {
    Embedded,
    Real,
}

impl Place {
    /// The mark in the page before the figures.
    fn begin(self) -> &'static str {
        match self {
            Place::Embedded => "<!-- figures: embedded -->\n",
            Place::Real => "<!-- figures: real -->\n",
        }
    }

    fn command(self) -> &'static str {
        match self {
            Place::Embedded => "cargo xtask bench cluster --embedded",
            Place::Real => "cargo xtask bench cluster --real",
        }
    }
}

/// The mark after the figures.
const END: &str = "<!-- end -->\n";

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
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/benchmarks.md");
    let doing = || format!("writing {}", path.display());
    let page = std::fs::read_to_string(&path).map_err(|e| Failure::during(doing(), e))?;
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let today = today()?;
    let figures = format!(
        "`{}`, {today}, Kubernetes {version}, {cores} cores, release build:\n\n{}",
        place.command(),
        report.markdown()
    );
    let page = replaced(&page, place, &figures).ok_or_else(|| {
        Failure::new(format!("{}: the marks around the figures are missing", path.display()))
    })?;
    std::fs::write(&path, page).map_err(|e| Failure::during(doing(), e))
}

fn replaced(page: &str, place: Place, figures: &str) -> Option<String> {
    let (before, rest) = page.split_once(place.begin())?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{}{figures}{END}{after}", place.begin()))
}

fn today() -> Result<String, Failure> {
    let output = std::process::Command::new("date")
        .arg("+%Y-%m-%d")
        .output()
        .map_err(|e| Failure::during("asking for the date", e))?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_figures_of_one_place_are_replaced() {
        let page =
            "a\n<!-- figures: embedded -->\nold\n<!-- end -->\nb\n<!-- figures: real -->\nr\n<!-- end -->\n";
        let real = replaced(page, Place::Real, "new\n").unwrap();
        assert!(real.contains("old\n<!-- end -->\nb\n") && real.ends_with("real -->\nnew\n<!-- end -->\n"));
        assert_eq!(replaced("no marks", Place::Embedded, "new"), None);
    }
}
