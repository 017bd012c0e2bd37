//! Writing into a container's standard input, and seeing whether it was taken.

use std::time::Duration;

use tokio::time::{sleep, timeout};

use super::deliver::History;
use crate::annotation;
use crate::client::{ApiClient, ApiFailure, Call, FailureKind, Resource};
use crate::streams::{Frame, Session};

/// The size of a message. Some tens of KiB pass everywhere; tens of MiB cut the connection.
const PIECE: usize = 48 * 1024;
/// How often an attach is tried: the container may be seen to run before it can be attached to.
const ATTEMPTS: u32 = 6;
/// How long the answer to an attach may take: to one that comes when the container ends there may be none.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// How long the rest of what an earlier attach wrote, and the end that it brought with it, are given to get there.
const DRAIN: Duration = Duration::from_secs(20);
/// How long the word about how it ended may take after the connection has refused to take more.
const LAST_WORD: Duration = Duration::from_secs(5);

/// What an attach found.
pub(super) enum Open {
    /// A container that takes standard input.
    Ready(Box<Session>),
    /// A container that may have been attached to before: whatever is written now could come after what was written then.
    Uncertain(Box<Session>),
    /// No pod any more.
    NoPod,
}

/// How writing ended.
pub(super) enum Written {
    /// The server said so: everything was taken, or the process has ended or closed its input.
    InOrder,
    /// The connection broke before the server said anything.
    Broken {
        /// How many bytes it had taken.
        sent: u64,
    },
}

/// Attaches to the standard input of the main container. An attempt that may have got there is written into `history`.
///
/// # Errors
/// [`ApiFailure`]; the container was not attached to.
pub(super) async fn open(client: &ApiClient, pod: &str, history: &mut History) -> Result<Open, ApiFailure> {
    let call = Call::get(Resource::PodAttach, pod)
        .with("container", annotation::MAIN_CONTAINER)
        .with("stdin", "true");
    let mut attempt = 0;
    loop {
        let opened = timeout(HANDSHAKE, Session::open(client, call.clone())).await.unwrap_or_else(|_| {
            let operation = call.operation(client.namespace_shared());
            Err(ApiFailure { operation, kind: FailureKind::Timeout })
        });
        match opened {
            Ok(session) if *history == History::Fresh => return Ok(Open::Ready(Box::new(session))),
            Ok(session) => return Ok(Open::Uncertain(Box::new(session))),
            Err(failure) if failure.is_not_found() => return Ok(Open::NoPod),
            Err(failure) => {
                if matches!(failure.kind, FailureKind::Timeout | FailureKind::Broken { .. }) {
                    // It may have got there all the same, and closed the input when it was given up.
                    *history = History::Begun;
                }
                attempt += 1;
                if attempt >= ATTEMPTS || !may_pass(&failure.kind) {
                    return Err(failure);
                }
                sleep(Duration::from_millis(250) * 2u32.pow(attempt)).await;
            }
        }
    }
}

/// Sees to it that a standard input that was written to before comes to its end: by itself, after a while by force.
pub(super) async fn close(mut session: Session) {
    let ended = async {
        while let Ok(Some(frame)) = session.next().await {
            if matches!(frame, Frame::Ended(_)) {
                return;
            }
        }
    };
    if timeout(DRAIN, ended).await.is_ok() {
        return;
    }
    if session.end_stdin().await.is_ok() {
        ended_within(session, 0, LAST_WORD).await;
    }
}

/// Writes `text` and closes the standard input. Takes as long as the process takes to read it.
pub(super) async fn write(mut session: Session, text: &[u8]) -> Written {
    let mut sent = 0;
    for piece in text.chunks(PIECE) {
        if session.write(piece).await.is_err() {
            // The process may just have ended: then the server's word about it has come, or comes now.
            return ended_within(session, sent, LAST_WORD).await;
        }
        sent += piece.len() as u64;
    }
    if session.end_stdin().await.is_err() {
        return ended_within(session, sent, LAST_WORD).await;
    }
    // The server tells when it has taken everything. Only then may the connection go.
    ended_within(session, sent, Duration::MAX).await
}

async fn ended_within(mut session: Session, sent: u64, patience: Duration) -> Written {
    let word = async {
        loop {
            match session.next().await {
                Ok(Some(Frame::Ended(_)) | None) => return Written::InOrder,
                Ok(Some(_)) => {}
                Err(_) => return Written::Broken { sent },
            }
        }
    };
    timeout(patience, word).await.unwrap_or(Written::Broken { sent })
}

/// A container that is being started, or a node that is away, may be there a little later.
fn may_pass(kind: &FailureKind) -> bool {
    kind.is_passing() || matches!(kind, FailureKind::Invalid { .. } | FailureKind::Forbidden { .. })
}
