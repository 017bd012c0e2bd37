//! A row of the table: a deed at the cluster, and what must come of it.

use std::{collections::BTreeMap, time::Duration};

use serde::Deserialize;
use serde_json::Value;

use crate::Version;

/// One question to a cluster, with the parts of the answer that count.
#[derive(Clone, Debug)]
pub struct Row {
    /// What holds, for the reader.
    pub does: String,
    pub(crate) deed: Deed,
    pub(crate) wanted: Wanted,
    /// Only these parts of the answer are compared with another cluster's (JSON pointers); without any, all of it.
    pub(crate) compares: Vec<String>,
    /// Names for parts of the answer (JSON pointers), to be used as `$name` in later rows.
    pub(crate) keep: BTreeMap<String, String>,
    pub(crate) asked: Asked,
    /// The first version of which it holds.
    pub(crate) from: Option<Version>,
    /// The first version of which it does not hold any more.
    pub(crate) before: Option<Version>,
}

/// Whether a row waits for its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    Once,
    /// Again and again until it holds.
    Eventually,
}

/// Who asks.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Who {
    /// An administrator.
    Admin,
    /// The service account `job-launcher`, with the rights of the product's guide.
    #[default]
    JobLauncher,
    /// Nobody: no token.
    Nobody,
    /// Somebody with a token that is none.
    Stranger,
}

/// A request as it is sent, but for `$names`.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// `JOBS` stands for the jobs' path, `NS` for the namespace's.
    pub(crate) path: String,
    pub(crate) who: Who,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Body,
}

/// What a request carries.
#[derive(Clone, Debug)]
pub(crate) enum Body {
    None,
    Json(Value),
    /// Sent as it is.
    Text(String),
}

/// What is done.
#[derive(Clone, Debug)]
pub(crate) enum Deed {
    /// A request.
    Request(Request),
    /// A watch, and other requests while it is open.
    Watch {
        request: Request,
        /// Sent one after another once the watch is open.
        meanwhile: Vec<Meanwhile>,
        /// The watch is read up to the first event that contains this.
        until: Value,
        /// Only these parts of each event's object count (JSON pointers), and events that follow each other with
        /// the same parts are one. Without any, events count whole.
        shows: Vec<String>,
    },
    /// A websocket, as `attach` and `exec` use it.
    Socket {
        request: Request,
        /// The offered subprotocols, best first.
        protocols: String,
        /// Sent once the first message is there.
        sends: Vec<Message>,
    },
}

/// A request while a watch is open.
#[derive(Clone, Debug)]
pub(crate) struct Meanwhile {
    /// Not before an event that contains this.
    pub(crate) once: Option<Value>,
    /// Then, so much later: for what no event tells, such as that a program is ready for a signal.
    pub(crate) pause: Duration,
    pub(crate) request: Request,
}

/// A message to a websocket.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Message {
    /// A binary message; `\u0000` and the like begin it with its channel.
    Binary(String),
    /// A text message.
    Text(String),
    /// The end of a channel, as `v5.channel.k8s.io` has it.
    Close(u8),
    /// The end of the socket.
    End,
}

/// What must come back.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    pub(crate) status: u16,
    /// What the JSON answer must contain.
    pub(crate) answer: Option<Value>,
    /// What each line of the answer must contain, for watches.
    pub(crate) lines: Option<Vec<Value>>,
    /// The whole answer, as text.
    pub(crate) says: Option<String>,
    /// Values of the answer's headers; `None`: it must not be there.
    pub(crate) headers: BTreeMap<String, Option<String>>,
}

impl Row {
    /// Whether the row is about clusters of this version.
    pub(crate) fn holds_in(&self, version: Version) -> bool {
        self.from.is_none_or(|from| from <= version) && self.before.is_none_or(|before| version < before)
    }
}
