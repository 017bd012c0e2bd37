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
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args([
        "build",
        "--quiet",
        "--package",
        "rstudio-kubernetes-launcher",
        "--package",
        "launchway",
        "--bins",
    ]);
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
    let folder = target.join(match how {
        Build::Debug => "debug",
        Build::Release => "release",
    });
    Ok(Programs { plugin: folder.join("rstudio-kubernetes-launcher"), client: folder.join("launchway") })
}
