//! The log file: appended to, readable by its owner alone, and rotated by `tracing-rolling-file`.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use nix::fcntl::OFlag;
use tracing_rolling_file::{RollingConditionBase, RollingFileAppenderBase};

/// Size at which a file is put aside, in bytes: as the product does. It also is at the change of the day.
const ROTATE_AT: u64 = 2 * 1024 * 1024;
/// Files put aside that are kept, at most.
const KEPT: usize = 100;

/// A log file that puts itself aside as `NAME.log.1` (the newest), `NAME.log.2` … once it is full or of another day.
///
/// New files are made as the process's file mode mask allows: it should keep everybody else out.
#[derive(Debug)]
pub struct LogFile(RollingFileAppenderBase);

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
    /// As [`prepare`]; or its path is no UTF-8.
    pub fn open(path: &Path) -> Result<Self, LogFileError> {
        Self::rotated_at(path, ROTATE_AT, KEPT).map_err(|cause| LogFileError { path: path.to_owned(), cause })
    }

    fn rotated_at(path: &Path, size: u64, kept: usize) -> io::Result<Self> {
        prepare(path)?;
        let name = path
            .to_str()
            .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidFilename, "its path is not UTF-8"))?;
        let condition = RollingConditionBase::new().daily().max_size(size);
        RollingFileAppenderBase::new(name, condition, kept).map(Self)
    }
}

impl Write for LogFile {
    /// Takes a whole line, and hands it to the system at once: a log that stops half way tells little.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.0.write_all(line)?;
        self.0.flush()?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Opens a log file with mode 0600, and makes it if need be: to change its owner, or to see whether it can be had.
///
/// # Errors
/// When it cannot be opened, or is a symbolic link: the directory belongs to a user with fewer rights than root, who
/// could otherwise have any file written to.
pub fn prepare(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o600)
        .custom_flags((OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC | OFlag::O_NONBLOCK).bits())
        .open(path)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn small(path: &Path) -> LogFile {
        LogFile::rotated_at(path, 8, 3).unwrap()
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
        std::fs::write(folder.path().join("x.log.1").join("full"), "").unwrap();
        for number in [2, 3] {
            let aside = folder.path().join(format!("x.log.{number}"));
            std::fs::create_dir(&aside).unwrap();
            std::fs::write(aside.join("full"), "").unwrap();
        }
        log.write_all(b"abcdefgh\n").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "12345678\nabcdefgh\n");
    }
}
