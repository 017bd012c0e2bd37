//! Directories that are made, and those whose owner must stay.

use std::fs::{DirBuilder, File, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::path::Path;

use nix::fcntl::OFlag;

/// Directories that many programs share: to give one of them away would harm those.
const OF_SYSTEM: [&str; 24] = [
    "/",
    "/bin",
    "/boot",
    "/dev",
    "/etc",
    "/etc/rstudio",
    "/home",
    "/lib",
    "/mnt",
    "/opt",
    "/proc",
    "/root",
    "/run",
    "/sbin",
    "/srv",
    "/sys",
    "/tmp",
    "/usr",
    "/usr/lib",
    "/usr/local",
    "/var",
    "/var/lib",
    "/var/log",
    "/var/tmp",
];
const STICKY: u32 = 0o1000;

/// Makes a directory and its parents, readable by all. One that exists stays as it is.
///
/// # Errors
/// `NotADirectory` if something else has its name.
pub(super) fn make(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o755).create(path).map_err(|error| {
        if path.exists() && !path.is_dir() { io::ErrorKind::NotADirectory.into() } else { error }
    })
}

/// The directory itself, so that what is changed next is surely what was looked at.
pub(super) fn open(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    File::options().read(true).custom_flags((OFlag::O_DIRECTORY | OFlag::O_CLOEXEC).bits()).open(path)
}

/// The directory, now with mode 0755.
pub(super) fn open_to_all(path: &Path) -> io::Result<File> {
    let directory = open(path)?;
    directory.set_permissions(Permissions::from_mode(0o755))?;
    Ok(directory)
}

/// Whether a directory is the system's: one that every machine has, or one that is shared as `/tmp` is.
pub(super) fn is_of_system(path: &Path) -> bool {
    let real = path.canonicalize();
    let real = real.as_deref().unwrap_or(path);
    OF_SYSTEM.iter().any(|known| real == Path::new(known))
        || real.metadata().is_ok_and(|metadata| metadata.permissions().mode() & STICKY != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_is_made_with_its_parents_and_made_again_without_harm() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/b");
        make(&path).unwrap();
        make(&path).unwrap();
        assert!(path.is_dir());
    }

    #[test]
    fn a_file_in_its_place_is_told_from_other_trouble() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::fs::write(&path, "").unwrap();
        assert_eq!(make(&path).unwrap_err().kind(), io::ErrorKind::NotADirectory);
    }

    #[test]
    fn shared_directories_are_the_systems_under_any_name() {
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("link");
        std::os::unix::fs::symlink("/tmp", &link).unwrap();
        for path in ["/", "/tmp", "/var/log", "/etc/../etc"] {
            assert!(is_of_system(Path::new(path)), "{path}");
        }
        assert!(is_of_system(&link));
        assert!(!is_of_system(folder.path()));
    }
}
