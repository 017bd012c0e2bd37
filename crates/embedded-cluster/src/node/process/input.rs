//! A container's standard input, shared by those who attach.

use bytes::Bytes;
use futures::StreamExt as _;
use futures::stream::{self, SelectAll};
use tokio::io::AsyncWriteExt as _;
use tokio::process::ChildStdin;
use tokio::sync::mpsc;

/// Pieces that may wait to be written before a writer is held back.
const WAITING_PIECES: usize = 4;
/// Attachments that may wait to be taken up.
const WAITING_ATTACHMENTS: usize = 8;

/// What happens to a container's input when an attachment ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum InputEnd {
    /// `stdinOnce: true`: the first attachment that ends, ends the input for good.
    FirstAttachment,
    /// The input stays open for the next attachment.
    Never,
}

/// Where attachments hand in what they want to write.
#[derive(Clone, Debug)]
pub(crate) struct StandardInput {
    attachments: mpsc::Sender<mpsc::Receiver<Bytes>>,
}

impl StandardInput {
    /// Takes charge of a process's input. The task ends with the process's end of the pipe or with the last handle.
    pub(crate) fn start(stdin: ChildStdin, end: InputEnd) -> Self {
        let (attachments, waiting) = mpsc::channel(WAITING_ATTACHMENTS);
        tokio::spawn(write(stdin, end, waiting));
        Self { attachments }
    }

    /// A new attachment. Sending waits for the process to read; dropping the sender ends the attachment. Once the
    /// input is closed, sending fails.
    pub(crate) async fn attach(&self) -> mpsc::Sender<Bytes> {
        let (sender, receiver) = mpsc::channel(WAITING_PIECES);
        // Refused when the input is closed: the sender then finds its receiver gone.
        let _ = self.attachments.send(receiver).await;
        sender
    }
}

/// Says what comes from any of the attachments; `None` for the end of one.
type Attached = stream::BoxStream<'static, Option<Bytes>>;

fn attached(receiver: mpsc::Receiver<Bytes>) -> Attached {
    stream::unfold(Some(receiver), |receiver| async {
        let mut receiver = receiver?;
        let bytes = receiver.recv().await;
        let rest = bytes.is_some().then_some(receiver);
        Some((bytes, rest))
    })
    .boxed()
}

async fn write(mut stdin: ChildStdin, end: InputEnd, mut waiting: mpsc::Receiver<mpsc::Receiver<Bytes>>) {
    let mut attachments: SelectAll<Attached> = SelectAll::new();
    let mut handles_left = true;
    loop {
        let piece = tokio::select! {
            newcomer = waiting.recv(), if handles_left => {
                match newcomer {
                    Some(receiver) => attachments.push(attached(receiver)),
                    None => handles_left = false,
                }
                continue;
            }
            Some(piece) = attachments.next() => piece,
            else => return,
        };
        match piece {
            Some(bytes) => {
                if stdin.write_all(&bytes).await.is_err() {
                    return;
                }
            }
            None if end == InputEnd::FirstAttachment => return,
            None => {}
        }
    }
}
