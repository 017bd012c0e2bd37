//! Which of file and stderr the log goes to.

use std::path::{Path, PathBuf};

use super::{LogFile, LogFileError, Sink, Stderr, file_name};
use crate::config::Settings;

/// Where the log is to go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// To a file: the plugin runs for a Launcher, as the server user.
    File(PathBuf),
    /// To a file and to stderr: somebody started the plugin, and named a directory.
    Both(PathBuf),
    /// To stderr: somebody started the plugin.
    Stderr,
}

impl Destination {
    /// What the settings ask for.
    #[must_use]
    pub fn of(settings: &Settings) -> Self {
        let file = settings.log.directory.join(file_name(&settings.plugin_name));
        match (&settings.process.server_user, settings.log.directory_requested) {
            (Some(_), _) => Self::File(file),
            (None, true) => Self::Both(file),
            (None, false) => Self::Stderr,
        }
    }

    /// The file, if there is one.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::File(path) | Self::Both(path) => Some(path),
            Self::Stderr => None,
        }
    }

    /// Opens it. A file that cannot be opened is gone without: then everything goes to stderr.
    #[must_use]
    pub fn open(&self) -> Opened {
        let stderr = Stderr::of_process();
        let file = self.file().map(|path| (path.display().to_string(), LogFile::open(path)));
        let (sink, trouble) = match (self, file) {
            (Self::File(_), Some((name, Ok(file)))) => (Sink::to_file(name, file, stderr), None),
            (_, Some((name, Ok(file)))) => (Sink::to_both(name, file, stderr), None),
            (_, Some((_, Err(error)))) => (Sink::to_stderr(stderr), Some(error)),
            (_, None) => (Sink::to_stderr(stderr), None),
        };
        Opened { sink, trouble }
    }
}

/// An open log.
pub struct Opened {
    /// What takes the lines.
    pub sink: Sink,
    /// Why there is no file although one was asked for.
    pub trouble: Option<LogFileError>,
}
