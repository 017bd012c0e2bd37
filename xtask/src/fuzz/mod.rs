//! Fuzzing: the targets of `fuzz/`, one after another, with what libFuzzer counted and how memory grew.

mod build;
mod memory;
mod report;
mod session;

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::failure::Failure;
use crate::printer::Printer;
use report::Report;

/// Which targets run, and for how long.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The targets to run; all when none is named. `cargo xtask fuzz --list` tells their names.
    targets: Vec<String>,
    /// How long each target runs.
    #[arg(long, value_name = "N", default_value_t = 15)]
    minutes: u64,
    /// How many targets run side by side.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=64))]
    jobs: u8,
    /// Only tell the names of the targets.
    #[arg(long)]
    list: bool,
}

/// Runs the targets and prints a row for each.
///
/// # Errors
/// Something to fuzz with is missing, or a target found something.
pub(crate) fn run(arguments: &Arguments, printer: &Printer) -> Result<(), Failure> {
    let folder = folder();
    let known = targets(&folder)?;
    if arguments.list {
        known.iter().for_each(|name| printer.line(name));
        return Ok(());
    }
    if let Some(unknown) = arguments.targets.iter().find(|name| !known.contains(name)) {
        return Err(Failure::new(format!("there is no target '{unknown}': they are {}", known.join(", "))));
    }
    let chosen = if arguments.targets.is_empty() { known } else { arguments.targets.clone() };
    let programs = build::build(&folder, &chosen)?;
    let time = Duration::from_secs(60 * arguments.minutes);
    printer.line(report::HEAD);
    let mut failed = Vec::new();
    for group in programs.chunks(usize::from(arguments.jobs)) {
        for report in session::run_side_by_side(&folder, group, time)? {
            printer.line(&report.row());
            failed.extend(report.failure());
        }
    }
    if failed.is_empty() { Ok(()) } else { Err(Failure::new(failed.join("\n"))) }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz")
}

/// The names of all targets, in order.
fn targets(folder: &Path) -> Result<Vec<String>, Failure> {
    let folder = folder.join("fuzz_targets");
    let reading = format!("reading {}", folder.display());
    let mut names = Vec::new();
    for entry in std::fs::read_dir(&folder).map_err(|e| Failure::during(&reading, e))? {
        let path = entry.map_err(|e| Failure::during(&reading, e))?.path();
        names.extend(path.file_stem().map(|name| name.to_string_lossy().into_owned()));
    }
    names.sort();
    Ok(names)
}
