//! What clusters change of the machine around them, put back after the last one.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::mounts;
use crate::site::{CLUSTERS, write};

/// What a kubelet writes when `protectKernelDefaults` is off; with it on, it would not start.
const SETTINGS: [&str; 6] = [
    "/proc/sys/vm/overcommit_memory",
    "/proc/sys/vm/panic_on_oom",
    "/proc/sys/kernel/panic",
    "/proc/sys/kernel/panic_on_oops",
    "/proc/sys/kernel/keys/root_maxkeys",
    "/proc/sys/kernel/keys/root_maxbytes",
];

/// How the machine was before the first cluster.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Before {
    settings: BTreeMap<PathBuf, String>,
    /// Folders that were not there.
    folders_made: Vec<PathBuf>,
}

fn file() -> PathBuf {
    Path::new(CLUSTERS).join(".machine-before.json")
}

fn load() -> Result<Option<Before>, Error> {
    let text = match std::fs::read_to_string(file()) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(Error::File { doing: "read", path: file(), source }),
    };
    let damaged = |error: serde_json::Error| Error::Damaged {
        path: file(),
        why: error.to_string(),
        help: "remove it; settings of the kernel stay as a kubelet wants them until the next boot",
    };
    serde_json::from_str(&text).map(Some).map_err(damaged)
}

/// Writes down the kernel's settings and makes those of the folders that are missing; both for `restore`.
///
/// # Errors
/// The file can't be read or written, or a folder not made.
pub(crate) fn prepare(folders: &[&str]) -> Result<(), Error> {
    let mut before = match load()? {
        Some(before) => before,
        None => {
            let value = |setting: &&str| {
                // A kernel without the setting has nothing that could be changed.
                let text = std::fs::read_to_string(setting).ok()?;
                Some((PathBuf::from(setting), text.trim().to_owned()))
            };
            Before { settings: SETTINGS.iter().filter_map(value).collect(), folders_made: Vec::new() }
        }
    };
    let missing = folders.iter().map(PathBuf::from).filter(|folder| !folder.exists());
    let missing: Vec<PathBuf> = missing.collect();
    before.folders_made.extend(missing.iter().cloned());
    let text = serde_json::to_string_pretty(&before).map_err(|error| Error::Damaged {
        path: file(),
        why: error.to_string(),
        help: "use paths of plain characters",
    })?;
    // Before the folders themselves: what a crash leaves in between is known.
    write(&file(), &text)?;
    missing.iter().try_for_each(|folder| std::fs::create_dir_all(folder).map_err(Error::file("make", folder)))
}

/// Puts everything back. Only after the last cluster.
///
/// # Errors
/// A setting can't be written, or a file or folder not removed.
pub(crate) fn restore() -> Result<(), Error> {
    let Some(before) = load()? else { return Ok(()) };
    for (setting, value) in &before.settings {
        let current = std::fs::read_to_string(setting).unwrap_or_default();
        if current.trim() != value {
            std::fs::write(setting, value).map_err(Error::file("write", setting))?;
        }
    }
    for folder in &before.folders_made {
        // Somebody else may use it by now.
        let empty = std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none());
        if empty {
            // `ip netns` mounts its folder over itself.
            mounts::clear(folder)?;
            std::fs::remove_dir(folder).map_err(Error::file("remove", folder))?;
        }
    }
    std::fs::remove_file(file()).map_err(Error::file("remove", file()))
}
