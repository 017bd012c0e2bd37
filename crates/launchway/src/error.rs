//! Why a request, a stream or a plugin failed, as data.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use launcher_api::frame::FrameError;
use launcher_api::message_type::RequestType;
use launcher_api::{ApiVersion, ErrorCode, RequestId};
use nix::sys::signal::Signal;

use crate::PluginExit;

/// Why a plugin did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Its program could not be run.
    #[error("cannot run the plugin '{}'", program.display())]
    Spawn {
        /// The program as given.
        program: PathBuf,
        /// The operating system's word.
        source: io::Error,
    },
    /// It ran, but Bootstrap failed. It has been ended.
    #[error("the plugin '{}' did not start", program.display())]
    Bootstrap {
        /// The program as given.
        program: PathBuf,
        /// Why Bootstrap failed.
        source: ClientError,
        /// How it ended, and its last words; `None` if the operating system did not tell.
        exit: Option<PluginExit>,
    },
}

/// Why something asked of a plugin did not happen.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The plugin answered with an Error message (section 5 of the API). The text is the plugin's, for users.
    #[error("{what} was refused by the plugin: {message} [{code}]")]
    Plugin {
        /// The request that was refused.
        what: Asked,
        /// The wire's error code.
        code: ErrorCode,
        /// The plugin's text.
        message: String,
    },
    /// The plugin speaks another major version of the API.
    #[error("the plugin speaks version {plugin} of the Launcher API; {ours} is spoken here")]
    Version {
        /// The plugin's version.
        plugin: ApiVersion,
        /// This client's version.
        ours: ApiVersion,
    },
    /// The answer is of a kind that this request does not have, or lacks what it must hold.
    #[error("{what} got an answer that does not fit: {why}")]
    Unfitting {
        /// The request.
        what: Asked,
        /// What is wrong with the answer.
        why: String,
    },
    /// No answer came in time.
    #[error("{what} was not answered within {} s", after.as_secs_f64())]
    Timeout {
        /// The request.
        what: Asked,
        /// How long the client waited.
        after: Duration,
    },
    /// The request is too large for a message.
    #[error("{what} cannot be sent")]
    TooLarge {
        /// The request.
        what: Asked,
        /// The size and the limit.
        source: FrameError,
    },
    /// The stream's reader was too slow for longer than the client's options allow; the stream was canceled.
    #[error("the stream was ended because nobody read it for {} s", after.as_secs_f64())]
    SlowReader {
        /// The patience that ran out.
        after: Duration,
    },
    /// A message of a stream is missing, came twice or out of order. The stream goes on.
    #[error("{what} has a gap: message {expected} was due, {found} came")]
    Gap {
        /// The request that opened the stream.
        what: Asked,
        /// The `seqId` that was due.
        expected: u64,
        /// The `seqId` that came.
        found: u64,
    },
    /// The connection to the plugin is over.
    #[error("{what} failed: the plugin is gone: {why}")]
    Gone {
        /// The request that was under way or could not be sent.
        what: Asked,
        /// How the connection ended.
        why: Gone,
    },
    /// A signal could not be sent to the plugin.
    #[error("cannot send {signal} to the plugin")]
    Signal {
        /// The signal.
        signal: Signal,
        /// The operating system's word.
        source: io::Error,
    },
    /// The plugin's exit could not be awaited.
    #[error("cannot wait for the plugin's exit")]
    Wait {
        /// The operating system's word.
        source: io::Error,
    },
}

impl ClientError {
    /// The wire's error code, if the plugin answered with one.
    pub fn code(&self) -> Option<ErrorCode> {
        match self {
            Self::Plugin { code, .. } => Some(*code),
            _ => None,
        }
    }
}

/// What was asked of the plugin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Asked {
    /// A request of the API.
    Request(RequestType),
    /// A message of the caller's own making.
    Message,
}

impl From<RequestType> for Asked {
    fn from(request: RequestType) -> Self {
        Self::Request(request)
    }
}

impl std::fmt::Display for Asked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Request(request) => request.fmt(f),
            Self::Message => f.write_str("the message"),
        }
    }
}

/// How the connection to a plugin ended.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Gone {
    /// It closed its standard output, as an exiting process does.
    #[error("it closed its output")]
    ClosedOutput,
    /// Its bytes are no frames: too large a length, or an end inside a frame.
    #[error("its output cannot be read: {0}")]
    BadFrame(Arc<FrameError>),
    /// Its output could not be read.
    #[error("its output cannot be read: {0}")]
    Read(Arc<io::Error>),
    /// Its input could not be written.
    #[error("its input cannot be written: {0}")]
    Write(Arc<io::Error>),
    /// Nothing came for three heartbeat intervals.
    #[error("it was silent for {} s, three heartbeats are missing", .0.as_secs_f64())]
    Silent(Duration),
    /// This side closed the connection.
    #[error("this side closed the connection")]
    ClosedHere,
}

/// Something that a plugin must not do and that belongs to no request of ours, so that nobody can be told
/// but the one who looks at [`PluginClient::faults`](crate::PluginClient::faults).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProtocolFault {
    /// A message is not a response.
    #[error("unreadable message: {why}")]
    Unreadable {
        /// What is wrong with it, and how it begins.
        why: String,
    },
    /// A message answers a request that is not open.
    #[error("a message of type {message_type} answers request {request}, which is not open")]
    NobodyAsked {
        /// The response's `messageType`.
        message_type: i64,
        /// The id that it carries.
        request: RequestId,
    },
    /// A message of a stream is missing, came twice or out of order.
    #[error("request {request} has a gap: message {expected} was due, {found} came")]
    Gap {
        /// The stream's request.
        request: RequestId,
        /// The `seqId` that was due.
        expected: u64,
        /// The `seqId` that came.
        found: u64,
    },
    /// A message of a type that this client does not know.
    #[error("a message of the unknown type {message_type}")]
    UnknownType {
        /// The response's `messageType`.
        message_type: i64,
    },
}
