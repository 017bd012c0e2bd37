//! How a backend and the plugin can fail.

use std::time::Duration;

use launcher_api::ErrorCode;
use launcher_api::frame::FrameError;

/// Every way in which a backend can fail. The text of each goes to the user: one line, no secrets.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BackendError {
    /// The job, as described, can't be run here.
    #[error("{0}")]
    InvalidJob(String),
    /// This cluster can't do that.
    #[error("{0}")]
    NotSupported(String),
    /// The cluster does not have the job (any more).
    #[error("the cluster does not know this job")]
    JobNotFound,
    /// The cluster did not answer in time.
    #[error("the cluster did not answer in time while {what}")]
    Timeout {
        /// What was being done, as `creating the job`.
        what: String,
    },
    /// The job runs nowhere.
    #[error("{0}")]
    JobNotRunning(String),
    /// The job wrote output that can't be had.
    #[error("{0}")]
    OutputNotFound(String),
    /// The job's state, as the cluster knows it, does not allow that.
    #[error("{0}")]
    InvalidState(String),
    /// The cluster refused or failed to do what was asked with the job.
    #[error("{0}")]
    ControlFailed(String),
    /// The cluster can't be reached, or fails.
    #[error("{0}")]
    Unavailable(String),
}

impl BackendError {
    /// The code that the Launcher gets.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::InvalidJob(_) => ErrorCode::InvalidRequest,
            Self::NotSupported(_) => ErrorCode::RequestNotSupported,
            Self::JobNotFound => ErrorCode::JobNotFound,
            Self::Timeout { .. } => ErrorCode::Timeout,
            Self::JobNotRunning(_) => ErrorCode::JobNotRunning,
            Self::OutputNotFound(_) => ErrorCode::JobOutputNotFound,
            Self::InvalidState(_) => ErrorCode::InvalidJobState,
            Self::ControlFailed(_) => ErrorCode::JobControlFailure,
            Self::Unavailable(_) => ErrorCode::Unknown,
        }
    }
}

/// Why the plugin ended other than because the Launcher went away.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The input can't be read.
    #[error("cannot read the Launcher's requests")]
    Read(#[source] std::io::Error),
    /// The input is not a sequence of whole frames: nothing after that can be trusted.
    #[error("cannot go on reading the Launcher's requests")]
    Frame(#[source] FrameError),
    /// The output can't be written: the Launcher has gone.
    #[error("cannot write to the Launcher")]
    Write(#[source] std::io::Error),
    /// A part of the plugin ended that must not: a fault in this crate.
    #[error("the plugin's {part} stopped unexpectedly")]
    Stopped {
        /// Which.
        part: &'static str,
    },
}

/// How long a backend may take for one call before the request is answered with error 5. The Launcher gives up on
/// a request after 120 seconds.
pub(crate) const REQUEST_TIMEOUT: Duration = Duration::from_secs(100);
