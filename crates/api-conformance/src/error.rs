//! Why a question could not be asked at all.

/// A request that had no answer, or a cluster that could not be prepared for the questions.
///
/// An answer of any status is no error: whether it is the right one is for the caller to judge.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConformanceError {
    /// The cluster's address or certificates cannot be used.
    #[error("cannot use the cluster at {url}: {what}")]
    Address {
        /// The address as given.
        url: String,
        /// What is wrong with it.
        what: String,
    },
    /// No connection.
    #[error("cannot connect to {url}")]
    Connect {
        /// Where to.
        url: String,
        /// The system's answer.
        source: std::io::Error,
    },
    /// The connection broke before the answer's head was there.
    #[error("no answer to {request}")]
    Http {
        /// Method and path.
        request: String,
        /// What the connection said.
        source: hyper::Error,
    },
    /// The websocket's handshake broke.
    #[error("no websocket from {request}")]
    Socket {
        /// Method and path.
        request: String,
        /// What broke.
        source: Box<tokio_tungstenite::tungstenite::Error>,
    },
    /// The request of a row is none.
    #[error("`{request}` is no request")]
    Request {
        /// As it was to be sent.
        request: String,
        /// What is wrong.
        source: http::Error,
    },
    /// The answer did not end in time.
    #[error("{request} was not answered in full within {seconds} s")]
    Late {
        /// Method and path.
        request: String,
        /// The time it had.
        seconds: u64,
    },
    /// A request that prepares the cluster for the questions was refused.
    #[error("cannot prepare the cluster: {request} answered {status}: {body}")]
    Preparation {
        /// Method and path.
        request: String,
        /// The answer's status.
        status: u16,
        /// The answer.
        body: String,
    },
    /// A file of rows cannot be read.
    #[error("the rows of `{group}` cannot be read: {what}")]
    Rows {
        /// The group's name.
        group: &'static str,
        /// What is wrong, with its place.
        what: String,
    },
}
