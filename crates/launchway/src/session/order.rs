//! What clients ask of the session's task.

use bytes::Bytes;
use launcher_api::RequestBody;
use tokio::sync::oneshot;

use super::table::{Answer, Sink};
use crate::{Asked, ClientError, Gone};

/// What a client wants of the session.
pub(crate) enum Order {
    /// Send a request; its one answer goes to `answer`.
    Ask { body: RequestBody, answer: Answer },
    /// Open a stream; it is canceled once `reader` resolves, which it does when the reader is dropped.
    Open { body: RequestBody, sink: Sink, reader: oneshot::Receiver<()> },
    /// Send a message as it is.
    Raw { payload: Bytes, sent: oneshot::Sender<Result<(), ClientError>> },
    /// Heartbeats and the watch over silence begin now.
    Bootstrapped,
    /// Cancel all streams, write what is left, close the plugin's input, read on until its output ends.
    Close,
}

impl Order {
    /// Tells whoever gave the order that it will not be carried out.
    pub(crate) fn refuse(self, why: &Gone) {
        match self {
            Self::Ask { body, answer } => answer.fail(gone(body.message_type().into(), why)),
            Self::Open { body, sink, .. } => sink.fail(gone(body.message_type().into(), why)),
            Self::Raw { sent, .. } => {
                // Whoever asked may have stopped waiting.
                let _not_awaited = sent.send(Err(gone(Asked::Message, why)));
            }
            Self::Bootstrapped | Self::Close => {}
        }
    }
}

fn gone(what: Asked, why: &Gone) -> ClientError {
    ClientError::Gone { what, why: why.clone() }
}
