//! Why a command failed, what to do about it, and the exit code that follows.

use std::io;
#[cfg(any(feature = "cluster", feature = "template"))]
use std::path::PathBuf;

use launcher_api::ErrorCode;
use launcher_api::response::ReloadError;
use launchway::{ClientError, Gone, PluginExit, StartError};

#[cfg(feature = "template")]
use crate::commands::UnfitError;
use crate::exit;
use crate::job::JobFlagsError;
use crate::settings::SettingsError;

/// Why a command did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// Neither the command line nor the settings name a plugin.
    #[error("no plugin is named")]
    NoPlugin,
    /// The settings file is wrong.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The current user has no name.
    #[error("the user with the id {uid} has no name on this machine")]
    NoUserName { uid: u32 },
    /// The job's description is wrong.
    #[error(transparent)]
    Job(#[from] JobFlagsError),
    /// Standard input cannot become the job's.
    #[error("cannot read the job's standard input from {from}")]
    Stdin { from: String, source: io::Error },
    /// The plugin or the wire.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// The plugin did not start.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The plugin ended or fell silent before it answered.
    #[error("{error}")]
    Gone { error: ClientError, exit: Option<PluginExit> },
    /// The plugin says that its configuration is not sound.
    #[error("the configuration was not taken; the one before stays in force")]
    Reload(#[source] ReloadError),
    /// Several jobs were asked for and some were refused; each was told already.
    #[error("{failed} of {asked} jobs could not be asked to {operation}")]
    Some {
        operation: launcher_api::request::ControlOperation,
        failed: usize,
        asked: usize,
        first: Option<ErrorCode>,
    },
    /// The operating system refuses something that has no better place.
    #[error("cannot {doing}")]
    System { doing: &'static str, source: io::Error },
    /// The embedded cluster.
    #[cfg(feature = "cluster")]
    #[error(transparent)]
    Cluster(#[from] embedded_cluster::StartError),
    /// A file of the embedded cluster.
    #[cfg(feature = "cluster")]
    #[error("cannot write '{}'", path.display())]
    WriteFile { path: PathBuf, source: io::Error },
    /// A template, a folder of templates, or data.
    #[cfg(feature = "template")]
    #[error("cannot read '{}'", path.display())]
    ReadFile { path: PathBuf, source: io::Error },
    /// A folder without templates.
    #[cfg(feature = "template")]
    #[error("no file in '{}' ends with .tpl", path.display())]
    NoTemplates { path: PathBuf },
    /// Templates without the one that is asked for.
    #[cfg(feature = "template")]
    #[error("'{}' has no template '{name}'; it has '{}'", path.display(), names.join("', '"))]
    NoTemplate { name: String, path: PathBuf, names: Vec<String> },
    /// A value on the command line does not fit the data.
    #[cfg(feature = "template")]
    #[error(transparent)]
    Unfit(#[from] UnfitError),
    /// A line of standard input is no message.
    #[error("line {line} of standard input is no JSON object; nothing was sent for it")]
    RawLine { line: usize, source: serde_json::Error },
    /// Standard output cannot be written.
    #[error("cannot write to standard output")]
    Print(#[from] io::Error),
}

impl Failure {
    /// What the reader can do.
    pub(crate) fn help(&self) -> Option<&'static str> {
        Some(match self {
            Self::NoPlugin => {
                "name it with --plugin PROGRAM, or write `plugin = \"PROGRAM\"` into ./launchway.toml \
                 (see `launchway settings --help`)"
            }
            #[cfg(feature = "template")]
            Self::NoTemplate { .. } => "name one with --name",
            Self::NoUserName { .. } => "name the user to act for with --user NAME, or '*' for all",
            Self::Settings(_) => "see `launchway settings --help` for what the file may hold",
            Self::Job(JobFlagsError::NoImage) => "add --image IMAGE",
            Self::Stdin { .. } => "a job's standard input is UTF-8 text; use --no-stdin to give it none",
            Self::Start(StartError::Spawn { .. }) => "check the path, and that the file may be executed",
            Self::Start(StartError::Bootstrap {
                source: ClientError::Gone { why: Gone::BadFrame(_), .. },
                ..
            }) => "is this a Launcher plugin? Nothing but messages may stand on its standard output",
            Self::Gone { error: ClientError::Timeout { .. }, .. } => {
                "run it again with --verbose to see what the plugin is doing"
            }
            Self::Client(ClientError::Plugin { code: ErrorCode::JobNotFound, .. }) => {
                "`launchway ps --all` lists the jobs; those of others are seen with --user '*' only"
            }
            Self::Client(ClientError::Plugin { code: ErrorCode::InvalidJobState, .. }) => {
                "`launchway status ID` tells the job's state; a Pending job can only be canceled"
            }
            _ => return None,
        })
    }

    /// How the plugin ended, where that is the failure.
    pub(crate) fn plugin_exit(&self) -> Option<&PluginExit> {
        match self {
            Self::Start(StartError::Bootstrap { exit, .. }) | Self::Gone { exit, .. } => exit.as_ref(),
            _ => None,
        }
    }

    /// The code that the program ends with.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::NoPlugin
            | Self::Settings(_)
            | Self::NoUserName { .. }
            | Self::Job(_)
            | Self::RawLine { .. } => exit::USAGE,
            #[cfg(feature = "template")]
            Self::Unfit(_) => exit::USAGE,
            Self::Client(ClientError::Plugin { code: ErrorCode::JobNotFound, .. })
            | Self::Some { first: Some(ErrorCode::JobNotFound), .. } => exit::NO_SUCH_JOB,
            Self::Start(_) | Self::Gone { .. } => exit::PLUGIN_GONE,
            Self::Print(error) if error.kind() == io::ErrorKind::BrokenPipe => exit::BROKEN_PIPE,
            _ => exit::REFUSED,
        }
    }
}
