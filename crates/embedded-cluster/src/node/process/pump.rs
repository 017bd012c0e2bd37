//! Moving a container's output to its log and to whoever is attached.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::{Bytes, BytesMut};
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::sync::mpsc;

use super::super::logs::{ContainerLog, LineSplitter, OutputStream};

/// How much is read at once, in bytes.
const READ_SIZE: usize = 64 * 1024;
/// Pieces that may wait for one slow attachment before the container is held back.
const WAITING_PIECES: usize = 16;

/// A piece of live output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OutputPiece {
    /// Where it was written to.
    pub(crate) stream: OutputStream,
    /// What was written.
    pub(crate) bytes: Bytes,
}

/// The attachments to one container's output. What was written before an attachment is not shown to it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Attachments {
    subscribers: Arc<Mutex<Vec<mpsc::Sender<OutputPiece>>>>,
}

impl Attachments {
    /// Output from now on; ends when the container's output ends. One that is not read holds the container back.
    pub(crate) fn subscribe(&self) -> mpsc::Receiver<OutputPiece> {
        let (sender, receiver) = mpsc::channel(WAITING_PIECES);
        self.subscribers.lock().unwrap_or_else(PoisonError::into_inner).push(sender);
        receiver
    }

    /// Ends all subscriptions, once they have read what waits for them.
    pub(crate) fn close(&self) {
        self.subscribers.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn current(&self) -> Vec<mpsc::Sender<OutputPiece>> {
        let mut subscribers = self.subscribers.lock().unwrap_or_else(PoisonError::into_inner);
        subscribers.retain(|subscriber| !subscriber.is_closed());
        subscribers.clone()
    }

    async fn send(&self, stream: OutputStream, bytes: &Bytes) {
        for subscriber in self.current() {
            // A subscriber that has just left is dropped at the next piece.
            let _ = subscriber.send(OutputPiece { stream, bytes: bytes.clone() }).await;
        }
    }
}

/// Copies one output of a process until it ends. A log that cannot be written loses lines, and says so; the process
/// is not held back by that.
pub(crate) async fn pump(
    mut output: impl AsyncRead + Unpin,
    stream: OutputStream,
    log: ContainerLog,
    attachments: Attachments,
) {
    let mut splitter = LineSplitter::new(stream);
    let mut buffer = BytesMut::with_capacity(READ_SIZE);
    loop {
        buffer.reserve(READ_SIZE);
        match output.read_buf(&mut buffer).await {
            Ok(0) | Err(_) => break,
            Ok(_) => {
                let bytes = buffer.split().freeze();
                if let Err(error) = log.append(&mut splitter, &bytes) {
                    tracing::warn!(%error, "cannot write a container's log");
                }
                attachments.send(stream, &bytes).await;
            }
        }
    }
    if let Err(error) = log.finish(&mut splitter) {
        tracing::warn!(%error, "cannot write the end of a container's log");
    }
}
