//! How long the cluster is waited for.

use std::time::Duration;

/// How long the cluster is waited for before it counts as gone. The defaults suit real clusters; tests shorten them.
///
/// A connection can die without a word, as when a NAT or a proxy forgets it. So each has a limit to its silence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// How long a TCP and TLS handshake may take: 10 s.
    pub connection: Duration,
    /// How long an unused connection is kept for the next call: 15 s. It is the younger the likelier alive.
    pub kept: Duration,
    /// How long a plain call may take at first: 12 s, more than the 10 s that an admission webhook has. Then it is made once
    /// more, over a new connection.
    pub first_answer: Duration,
    /// How long a plain call may take the second time: 30 s.
    pub answer: Duration,
    /// How long a streamed answer or a WebSocket may take to begin, and how long a streaming list may pause: 15 s.
    pub opening: Duration,
    /// How often a server shows at the least that a quiet watch is alive: a bookmark comes about once a minute. A watch that
    /// is silent for two periods is replaced.
    pub bookmarks: Duration,
    /// How long a log may be silent before its connection is replaced: 60 s, and up to half of that by chance.
    pub quiet_log: Duration,
    /// How often a silent WebSocket is asked whether it is alive: every 10 s. It is broken if nothing has come by the time
    /// that it would be asked again.
    pub ping: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connection: Duration::from_secs(10),
            kept: Duration::from_secs(15),
            first_answer: Duration::from_secs(12),
            answer: Duration::from_secs(30),
            opening: Duration::from_secs(15),
            bookmarks: Duration::from_secs(60),
            quiet_log: Duration::from_secs(60),
            ping: Duration::from_secs(10),
        }
    }
}
