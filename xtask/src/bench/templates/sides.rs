//! The programs that measure.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::cache;
use crate::failure::Failure;
use crate::programs;

/// The medians of a row, in nanoseconds a repetition.
#[derive(Debug, Deserialize)]
pub(super) struct Times {
    pub(super) row: String,
    pub(super) go: f64,
    pub(super) here: f64,
    pub(super) peer: Option<f64>,
    pub(super) go_allocations: u64,
    pub(super) least: Least,
}

/// The same in the quietest round of each side.
#[derive(Debug, Deserialize)]
pub(super) struct Least {
    pub(super) go: f64,
    pub(super) here: f64,
    pub(super) peer: Option<f64>,
}

/// The allocations of a repetition of a row.
#[derive(Debug, Deserialize)]
pub(super) struct Allocations {
    pub(super) row: String,
    pub(super) here: u64,
    pub(super) peer: Option<u64>,
}

/// Builds Go's side and tells where it is.
///
/// # Errors
/// There is no Go, or it does not build.
pub(super) fn build_go() -> Result<PathBuf, Failure> {
    let folder = cache::folder();
    std::fs::create_dir_all(&folder)
        .map_err(|e| Failure::during(format!("making {}", folder.display()), e))?;
    let program = folder.join("template-speed");
    let mut build = Command::new("go");
    build.args(["build", "-o"]).arg(&program).arg("./speed").current_dir(oracle()).env("CGO_ENABLED", "0");
    output(&mut build, "building Go's side (is Go installed?)")?;
    Ok(program)
}

/// `Go 1.26.8`
///
/// # Errors
/// There is no Go.
pub(super) fn go_version() -> Result<String, Failure> {
    let version = output(Command::new("go").args(["env", "GOVERSION"]), "asking for Go's version")?;
    Ok(version.trim().replacen("go", "Go ", 1))
}

/// Times all rows on all sides.
///
/// # Errors
/// A side fails, or writes another text than Go.
pub(super) fn times(go: &Path, rounds: usize) -> Result<Vec<Times>, Failure> {
    let mut program = bench("template-times");
    program.arg("--").arg(go).arg(rounds.to_string());
    lines(&output(&mut program, "timing")?)
}

/// Counts the allocations of all rows here and in the peer.
///
/// # Errors
/// A side fails.
pub(super) fn allocations() -> Result<Vec<Allocations>, Failure> {
    lines(&output(&mut bench("template-allocations"), "counting allocations")?)
}

fn oracle() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../oracle/helm")
}

fn bench(program: &str) -> Command {
    let mut command = programs::cargo();
    command.args(["run", "--quiet", "--release", "--package", "template-bench", "--bin", program]);
    command
}

fn output(command: &mut Command, doing: &str) -> Result<String, Failure> {
    let done = command.stderr(Stdio::inherit()).output().map_err(|e| Failure::during(doing, e))?;
    if !done.status.success() {
        return Err(Failure::new(format!("{doing} failed; see above")));
    }
    Ok(String::from_utf8_lossy(&done.stdout).into_owned())
}

fn lines<T: DeserializeOwned>(text: &str) -> Result<Vec<T>, Failure> {
    let line = |line| serde_json::from_str(line).map_err(|e| Failure::during(format!("reading '{line}'"), e));
    text.lines().map(line).collect()
}
