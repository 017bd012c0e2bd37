//! The numbers that say what went wrong.

use std::fmt;

use serde::{Serialize, Serializer};

/// The kind of failure that an [`ErrorResponse`](crate::response::ErrorResponse) tells.
///
/// There is no "forbidden": somebody else's job does not exist for a user ([`JobNotFound`](Self::JobNotFound)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorCode {
    /// 0: anything without a code of its own, such as a cluster that failed.
    Unknown,
    /// 1: an unknown message, or an operation that this plugin or cluster can't do.
    RequestNotSupported,
    /// 2: fields are missing or wrong, or a job can't be as asked.
    InvalidRequest,
    /// 3: no such job, an expired one, or somebody else's.
    JobNotFound,
    /// 4: lost by a restart. The Launcher's own; a plugin never sends it.
    PluginRestarted,
    /// 5: the cluster did not answer in time.
    Timeout,
    /// 6: resource use was asked of a job that is not running.
    JobNotRunning,
    /// 7: the job's output can't be had.
    JobOutputNotFound,
    /// 8: a job in this state can't be controlled so.
    InvalidJobState,
    /// 9: control was tried and failed.
    JobControlFailure,
    /// 10: Bootstrap with another major version.
    UnsupportedVersion,
    /// A number that this crate does not know; only ever read.
    Other(i64),
}

impl ErrorCode {
    /// The codes of API 3.7 in the order of their numbers.
    pub const ALL: [Self; 11] = [
        Self::Unknown,
        Self::RequestNotSupported,
        Self::InvalidRequest,
        Self::JobNotFound,
        Self::PluginRestarted,
        Self::Timeout,
        Self::JobNotRunning,
        Self::JobOutputNotFound,
        Self::InvalidJobState,
        Self::JobControlFailure,
        Self::UnsupportedVersion,
    ];

    /// The number on the wire.
    #[must_use]
    pub fn number(self) -> i64 {
        match self {
            Self::Unknown => 0,
            Self::RequestNotSupported => 1,
            Self::InvalidRequest => 2,
            Self::JobNotFound => 3,
            Self::PluginRestarted => 4,
            Self::Timeout => 5,
            Self::JobNotRunning => 6,
            Self::JobOutputNotFound => 7,
            Self::InvalidJobState => 8,
            Self::JobControlFailure => 9,
            Self::UnsupportedVersion => 10,
            Self::Other(number) => number,
        }
    }

    /// The code with this number; [`Other`](Self::Other) if it has no name.
    #[must_use]
    pub fn from_number(number: i64) -> Self {
        Self::ALL.into_iter().find(|code| code.number() == number).unwrap_or(Self::Other(number))
    }
}

impl fmt::Display for ErrorCode {
    /// The words for a person, with the number: `job not found (3)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = match self {
            Self::Unknown => "unknown error",
            Self::RequestNotSupported => "request not supported",
            Self::InvalidRequest => "invalid request",
            Self::JobNotFound => "job not found",
            Self::PluginRestarted => "plugin restarted",
            Self::Timeout => "timeout",
            Self::JobNotRunning => "job not running",
            Self::JobOutputNotFound => "job output not found",
            Self::InvalidJobState => "invalid job state",
            Self::JobControlFailure => "job control failure",
            Self::UnsupportedVersion => "unsupported version",
            Self::Other(_) => "error",
        };
        write!(f, "{words} ({})", self.number())
    }
}

impl Serialize for ErrorCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.number())
    }
}
