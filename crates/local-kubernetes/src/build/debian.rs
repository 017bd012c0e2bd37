//! The programs that Debian brings.

use std::path::Path;
use std::process::Command;

use crate::cache::Cache;
use crate::error::Error;
use crate::program;
use crate::progress::{Progress, Step};

/// Where the CNI plugins are: Debian's folder, and the one of the plugins' own releases.
pub(crate) const CNI_FOLDERS: [&str; 2] = ["/usr/lib/cni", "/opt/cni/bin"];

/// Each program, and the Debian package that brings it.
const PACKAGES: [(&str, &str); 8] = [
    ("runc", "runc"),
    ("bridge", "containernetworking-plugins"),
    ("busybox", "busybox-static"),
    ("iptables", "iptables"),
    ("ip", "iproute2"),
    ("nsenter", "util-linux"),
    ("mount", "mount"),
    ("apt-get", "apt"),
];

/// Installs what is missing of these programs.
///
/// # Errors
/// Something is missing and this is no Debian, the user is not root, or the installation fails.
pub(crate) fn need_programs(
    doing: &'static str,
    programs: &[&'static str],
    progress: &mut dyn Progress,
) -> Result<(), Error> {
    let missing: Vec<(&'static str, &'static str)> = PACKAGES
        .into_iter()
        .filter(|(program, _)| programs.contains(program) && !is_there(program))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let (programs, packages): (Vec<_>, Vec<_>) = missing.into_iter().unzip();
    if !nix::unistd::geteuid().is_root() || !is_there("apt-get") {
        return Err(Error::MissingPrograms { doing, programs, packages });
    }
    let log = Cache::of_user().log("apt-get");
    let mut step = Step::begin(progress, format!("install {}", packages.join(", ")));
    let doing = format!("install {}", packages.join(", "));
    let mut update = Command::new("apt-get");
    update.args(["update", "--quiet"]);
    program::logged(&doing, &mut update, &log, &mut step)?;
    let mut install = Command::new("apt-get");
    install.args(["install", "--quiet", "--yes", "--no-install-recommends"]).args(&packages);
    install.env("DEBIAN_FRONTEND", "noninteractive");
    program::logged(&doing, &mut install, &log, &mut step)?;
    step.end();
    Ok(())
}

fn is_there(name: &str) -> bool {
    match name {
        "bridge" => CNI_FOLDERS.iter().any(|folder| Path::new(folder).join(name).is_file()),
        // The package `busybox` links to the C library, which no image here holds.
        "busybox" => program::find(name).is_some_and(|file| is_static(&file)),
        _ => program::find(name).is_some(),
    }
}

/// No dynamic loader is named in the program's head.
fn is_static(file: &Path) -> bool {
    std::fs::read(file).is_ok_and(|bytes| !bytes.windows(4).take(4096).any(|window| window == b"/ld-"))
}
