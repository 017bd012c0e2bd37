//! The log file: appended to, made with mode 0600, and rotated by size.
//!
//! The rotation is written here because no library at hand fits a service's log: they panic when a directory vanishes,
//! rotate by date only, or bring a time zone database and compressors along.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use nix::fcntl::OFlag;

/// Size at which a file is put aside, in bytes: as the product does.
const ROTATE_AT: u64 = 2 * 1024 * 1024;
/// Files put aside that are kept, at most.
const KEPT: usize = 100;
/// Files put aside that are older are removed.
const KEPT_FOR: Duration = Duration::from_secs(30 * 24 * 3600);

/// A log file that puts itself aside as `NAME.log.1` (the newest), `NAME.log.2` … once it is full.
pub struct LogFile {
    path: PathBuf,
    file: File,
    size: u64,
    rotate_at: u64,
    kept: usize,
}

/// Why a log file cannot be opened.
#[derive(Debug, thiserror::Error)]
#[error("cannot open the log file '{}': {cause}; the log goes to stderr", path.display())]
pub struct LogFileError {
    /// The file.
    pub path: PathBuf,
    /// Why.
    pub cause: io::Error,
}

impl LogFile {
    /// Opens the file for appending, and makes it if need be.
    ///
    /// # Errors
    /// When it cannot be opened, or is a symbolic link: the directory belongs to a user with fewer rights than root,
    /// who could otherwise have any file written to.
    pub fn open(path: &Path) -> Result<Self, LogFileError> {
        let open = || {
            let file = open(path)?;
            let size = file.metadata()?.len();
            Ok(Self { path: path.to_owned(), file, size, rotate_at: ROTATE_AT, kept: KEPT })
        };
        open().map_err(|cause| LogFileError { path: path.to_owned(), cause })
    }

    /// The open file, to change its owner.
    #[must_use]
    pub fn as_file(&self) -> &File {
        &self.file
    }

    /// Puts the present file aside and begins a new one.
    fn rotate(&mut self) -> io::Result<()> {
        for number in (1..self.kept).rev() {
            let aside = self.aside(number);
            let Ok(metadata) = std::fs::symlink_metadata(&aside) else { continue };
            if is_old(metadata.modified()?) {
                std::fs::remove_file(&aside)?;
            } else {
                std::fs::rename(&aside, self.aside(number + 1))?;
            }
        }
        std::fs::rename(&self.path, self.aside(1))?;
        self.file = open(&self.path)?;
        self.size = 0;
        Ok(())
    }

    fn aside(&self, number: usize) -> PathBuf {
        let mut name = self.path.clone().into_os_string();
        name.push(format!(".{number}"));
        name.into()
    }
}

impl Write for LogFile {
    /// Takes a whole line: a line is never split between two files.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        if self.size > 0 && self.size.saturating_add(line.len() as u64) > self.rotate_at {
            // A log that cannot be put aside (the directory is not ours, say) grows on, which is better than no log;
            // the next try comes when it has grown by as much again.
            if self.rotate().is_err() {
                self.size = 0;
            }
        }
        let written = self.file.write(line)?;
        self.size += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o600)
        .custom_flags((OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC | OFlag::O_NONBLOCK).bits())
        .open(path)
}

fn is_old(time: SystemTime) -> bool {
    SystemTime::now().duration_since(time).is_ok_and(|age| age > KEPT_FOR)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn small(path: &Path) -> LogFile {
        LogFile { rotate_at: 10, kept: 3, ..LogFile::open(path).unwrap() }
    }

    fn content(folder: &Path) -> Vec<(String, String)> {
        let mut files: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .map(|path| {
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                (name, std::fs::read_to_string(path).unwrap())
            })
            .collect();
        files.sort();
        files
    }

    #[test]
    fn a_full_file_is_put_aside_and_the_oldest_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        let mut log = small(&folder.path().join("x.log"));
        for line in ["one one\n", "two two\n", "three 3\n", "four 44\n", "five 55\n"] {
            log.write_all(line.as_bytes()).unwrap();
        }
        let expected = [
            ("x.log", "five 55\n"),
            ("x.log.1", "four 44\n"),
            ("x.log.2", "three 3\n"),
            ("x.log.3", "two two\n"),
        ];
        assert_eq!(content(folder.path()), expected.map(|(name, text)| (name.to_owned(), text.to_owned())));
    }

    #[test]
    fn a_restart_appends_and_counts_what_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.log");
        for line in ["abc\n", "def\n", "ghi\n"] {
            small(&path).write_all(line.as_bytes()).unwrap();
        }
        let expected = [("x.log", "ghi\n"), ("x.log.1", "abc\ndef\n")];
        assert_eq!(content(folder.path()), expected.map(|(name, text)| (name.to_owned(), text.to_owned())));
    }

    #[test]
    fn only_its_owner_may_read_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.log");
        LogFile::open(&path).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_symbolic_link_in_its_place_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let (path, target) = (folder.path().join("x.log"), folder.path().join("target"));
        std::os::unix::fs::symlink(&target, &path).unwrap();
        assert!(LogFile::open(&path).is_err());
        assert!(!target.exists());
    }

    #[test]
    fn a_file_that_cannot_be_put_aside_grows_on() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.log");
        let mut log = small(&path);
        log.write_all(b"12345678\n").unwrap();
        std::fs::create_dir(folder.path().join("x.log.1")).unwrap();
        std::fs::create_dir(folder.path().join("x.log.2")).unwrap();
        std::fs::write(folder.path().join("x.log.2").join("full"), "").unwrap();
        std::fs::create_dir(folder.path().join("x.log.3")).unwrap();
        std::fs::write(folder.path().join("x.log.3").join("full"), "").unwrap();
        log.write_all(b"abcdefgh\n").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "12345678\nabcdefgh\n");
    }
}
