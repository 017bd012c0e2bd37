//! Builds of the targets, and what must be installed for them.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::Failure;

/// A target that was built.
pub(super) struct Program {
    pub(super) target: String,
    pub(super) path: PathBuf,
}

/// Builds the targets with cargo-fuzz and the nightly toolchain.
///
/// # Errors
/// One of these is missing, or a build fails.
pub(super) fn build(folder: &Path, targets: &[String]) -> Result<Vec<Program>, Failure> {
    let host = nightly_host()?;
    check_cargo_fuzz(folder)?;
    let built = folder.join("target");
    for target in targets {
        let mut command = cargo_fuzz(folder);
        // The crates forbid `unsafe`: without sanitizers the same time sees several times as many inputs.
        command.args(["build", target, "--sanitizer", "none", "--target-dir"]).arg(&built);
        let status = command.status();
        let status = status.map_err(|e| Failure::during("running cargo fuzz", e))?;
        if !status.success() {
            return Err(Failure::new(format!("the target '{target}' could not be built; see above")));
        }
    }
    let programs = built.join(host).join("release");
    Ok(targets.iter().map(|target| Program { target: target.clone(), path: programs.join(target) }).collect())
}

fn cargo_fuzz(folder: &Path) -> Command {
    let mut command = Command::new("cargo");
    command.args(["+nightly", "fuzz"]).current_dir(folder);
    // Those of the toolchain that runs this program would win over `+nightly`.
    command.env_remove("RUSTUP_TOOLCHAIN").env_remove("CARGO_TARGET_DIR");
    command
}

/// The platform of the nightly toolchain, by which cargo names the folder of its builds.
fn nightly_host() -> Result<String, Failure> {
    let install = "fuzzing needs a nightly toolchain: rustup toolchain install nightly";
    let mut command = Command::new("rustc");
    command.args(["+nightly", "-vV"]).env_remove("RUSTUP_TOOLCHAIN");
    let output = command.output().map_err(|e| Failure::during(install, e))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    host.filter(|_| output.status.success()).map(str::to_owned).ok_or_else(|| Failure::new(install))
}

fn check_cargo_fuzz(folder: &Path) -> Result<(), Failure> {
    let install = "fuzzing needs cargo-fuzz: cargo install --locked cargo-fuzz";
    let output = cargo_fuzz(folder).arg("--version").output().map_err(|e| Failure::during(install, e))?;
    if output.status.success() { Ok(()) } else { Err(Failure::new(install)) }
}
