//! `docs/benchmarks.md`: one page, of which each benchmark replaces its own figures.

use std::path::Path;

use crate::failure::Failure;

/// The mark after figures.
const END: &str = "<!-- end -->\n";

/// Replaces the figures of one section, which stand after the mark `<!-- figures: SECTION -->`.
///
/// # Errors
/// The page can't be read or written, or has no place for them.
pub(super) fn replace(section: &str, figures: &str) -> Result<(), Failure> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/benchmarks.md");
    let doing = || format!("writing {}", path.display());
    let page = std::fs::read_to_string(&path).map_err(|e| Failure::during(doing(), e))?;
    let page = replaced(&page, section, figures).ok_or_else(|| {
        Failure::new(format!("{}: the marks around the figures of '{section}' are missing", path.display()))
    })?;
    std::fs::write(&path, page).map_err(|e| Failure::during(doing(), e))
}

/// When and on what it was measured: `2026-11-24, 2 cores, release build`, with what a benchmark adds.
///
/// # Errors
/// There is no `date`.
pub(super) fn circumstances(of: &[&str]) -> Result<String, Failure> {
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let mut parts = vec![today()?];
    parts.extend(of.iter().map(|&part| part.to_owned()));
    parts.extend([format!("{cores} cores"), "release build".to_owned()]);
    Ok(parts.join(", "))
}

fn replaced(page: &str, section: &str, figures: &str) -> Option<String> {
    let begin = format!("<!-- figures: {section} -->\n");
    let (before, rest) = page.split_once(&begin)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{begin}{figures}{END}{after}"))
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
    fn only_the_figures_of_one_section_are_replaced() {
        let page =
            "a\n<!-- figures: embedded -->\nold\n<!-- end -->\nb\n<!-- figures: real -->\nr\n<!-- end -->\n";
        let real = replaced(page, "real", "new\n").unwrap();
        assert!(real.contains("old\n<!-- end -->\nb\n") && real.ends_with("real -->\nnew\n<!-- end -->\n"));
        assert_eq!(replaced("no marks", "real", "new"), None);
    }
}
