//! The programs under test, built by cargo when a chore needs them.

use std::path::PathBuf;
use std::process::Command;

use crate::failure::Failure;

/// Where the built programs are.
pub(crate) struct Programs {
    pub plugin: PathBuf,
    pub client: PathBuf,
}

/// How they are built.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Build {
    Debug,
    Release,
}

/// Builds the plugin and the client, and tells where they are.
///
/// # Errors
/// A build that fails.
pub(crate) fn build(how: Build) -> Result<Programs, Failure> {
    let folder = cargo_build(&["rstudio-kubernetes-launcher", "launchway"], how)?;
    Ok(Programs { plugin: folder.join("rstudio-kubernetes-launcher"), client: folder.join("launchway") })
}

/// Builds this program for release, and tells where it is.
///
/// # Errors
/// A build that fails.
pub(crate) fn release_of_this() -> Result<PathBuf, Failure> {
    Ok(cargo_build(&[env!("CARGO_PKG_NAME")], Build::Release)?.join(env!("CARGO_BIN_NAME")))
}

/// Cargo, as from a shell. `cargo xtask` runs with what it tells of its own package in the environment; a build script
/// that looks at that (`ring`) would run anew whenever a build began here and not in a shell, and all that needs it with it.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in std::env::vars_os() {
        let own = name
            .to_str()
            .is_some_and(|name| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_"));
        if own {
            command.env_remove(name);
        }
    }
    command
}

/// Builds the programs of packages; gives the folder that they are in.
fn cargo_build(packages: &[&str], how: Build) -> Result<PathBuf, Failure> {
    let mut command = cargo();
    command.args(["build", "--quiet", "--bins"]);
    command.args(packages.iter().flat_map(|package| ["--package", package]));
    if how == Build::Release {
        command.arg("--release");
    }
    let status = command.status().map_err(|e| Failure::during("running cargo build", e))?;
    if !status.success() {
        return Err(Failure::new("the programs could not be built; see above"));
    }
    // This program stands in target/<profile>; the others stand beside it, or in the profile's own folder.
    let own = std::env::current_exe().map_err(|e| Failure::during("finding this program", e))?;
    let target = own
        .ancestors()
        .nth(2)
        .ok_or_else(|| Failure::new("this program does not stand in a target folder"))?;
    Ok(target.join(match how {
        Build::Debug => "debug",
        Build::Release => "release",
    }))
}
