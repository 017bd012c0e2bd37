//! Attach: a client on the standard streams of a container's main process.
//!
//! Output from before the attach is not shown. A client that does not read holds the container back. Input follows
//! `stdin` and `stdinOnce` as [`process::input`](super::process::input) says; to a container without input it
//! vanishes.

use std::sync::Arc;

use bytes::Bytes;
use tokio::sync::{mpsc, oneshot};

use super::connectivity::Connectivity;
use super::kubelet::runtime::LiveContainer;
use super::logs::OutputStream;
use super::process::StandardInput;
use super::process::pump::OutputPiece;
use super::tasks::Tasks;
use super::{AttachQuery, RemoteIo, RemoteOutcome};

/// Pieces that may wait for a slow client, in each direction.
const WAITING_PIECES: usize = 2;

/// Connects a client to a running container.
pub(super) async fn open(
    container: Arc<LiveContainer>,
    query: &AttachQuery,
    connectivity: Connectivity,
    tasks: &Tasks,
) -> RemoteIo {
    let closed_before = container.input.as_ref().is_some_and(StandardInput::is_closed);
    let output = container.attachments.subscribe();
    let (stdout, stdout_end) = wanted(query.stdout);
    let (stderr, stderr_end) = wanted(query.stderr);
    let (stdin, input_ended) = if query.stdin { input(&container, tasks).await } else { (None, None) };
    let (outcome, result) = oneshot::channel();
    tasks.spawn(async move {
        let mut ended = container.ended.clone();
        drop(container);
        let forward = forward(output, stdout, stderr);
        let input_over = async {
            match input_ended {
                // The end of an input that stays open ends the attachment; of one that was closed before, too.
                Some(end) => {
                    if end.await.is_err() && !closed_before {
                        std::future::pending::<()>().await;
                    }
                }
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = async {
                forward.await;
                // An attachment without output still lasts as long as the container.
                let _ = ended.wait_for(|ended| *ended).await;
            } => {}
            () = input_over => {}
            // Without an outcome, as when a kubelet dies.
            () = connectivity.cut() => return,
        }
        // The client may be gone.
        let _ = outcome.send(RemoteOutcome::Success);
    });
    RemoteIo { stdin, stdout: stdout_end, stderr: stderr_end, outcome: result }
}

type Output = (Option<mpsc::Sender<Bytes>>, Option<mpsc::Receiver<Bytes>>);

fn wanted(wanted: bool) -> Output {
    if wanted {
        let (sender, receiver) = mpsc::channel(WAITING_PIECES);
        (Some(sender), Some(receiver))
    } else {
        (None, None)
    }
}

async fn input(
    container: &LiveContainer,
    tasks: &Tasks,
) -> (Option<mpsc::Sender<Bytes>>, Option<oneshot::Receiver<()>>) {
    if let Some(input) = &container.input {
        let attachment = input.attach().await;
        return (Some(attachment.pieces), Some(attachment.ended));
    }
    let (sender, mut nowhere) = mpsc::channel(WAITING_PIECES);
    tasks.spawn(async move { while nowhere.recv().await.is_some() {} });
    (Some(sender), None)
}

/// Hands on the pieces of the wanted streams until the output ends. A stream whose reader is gone is dropped; once
/// none is left, nothing holds the container back.
async fn forward(
    mut output: mpsc::Receiver<OutputPiece>,
    mut stdout: Option<mpsc::Sender<Bytes>>,
    mut stderr: Option<mpsc::Sender<Bytes>>,
) {
    while stdout.is_some() || stderr.is_some() {
        let Some(piece) = output.recv().await else { return };
        let to = match piece.stream {
            OutputStream::Stdout => &mut stdout,
            OutputStream::Stderr => &mut stderr,
        };
        if let Some(sender) = to
            && sender.send(piece.bytes).await.is_err()
        {
            *to = None;
        }
    }
}
