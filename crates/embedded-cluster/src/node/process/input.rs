//! A container's standard input, shared by those who attach.

use bytes::Bytes;
use futures::StreamExt as _;
use futures::stream::{self, SelectAll};
use tokio::io::AsyncWriteExt as _;
use tokio::process::ChildStdin;
use tokio::sync::{mpsc, oneshot};

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
    attachments: mpsc::Sender<Attachment>,
}

#[derive(Debug)]
struct Attachment {
    pieces: mpsc::Receiver<Bytes>,
    ended: oneshot::Sender<()>,
}

/// One writer's end of a container's input.
#[derive(Debug)]
pub(crate) struct InputAttachment {
    /// Sending waits for the process to read; dropping it ends the attachment. Fails once the input is closed.
    pub(crate) pieces: mpsc::Sender<Bytes>,
    /// Resolves once all pieces are written and `pieces` is dropped, or the input is closed.
    pub(crate) ended: oneshot::Receiver<()>,
}

impl StandardInput {
    /// Takes charge of a process's input. The task ends with the process's end of the pipe or with the last handle.
    pub(crate) fn start(stdin: ChildStdin, end: InputEnd) -> Self {
        let (attachments, waiting) = mpsc::channel(WAITING_ATTACHMENTS);
        tokio::spawn(write(stdin, end, waiting));
        Self { attachments }
    }

    /// Whether nothing can be written any more.
    pub(crate) fn is_closed(&self) -> bool {
        self.attachments.is_closed()
    }

    /// A new attachment; one to a closed input has already ended.
    pub(crate) async fn attach(&self) -> InputAttachment {
        let (sender, pieces) = mpsc::channel(WAITING_PIECES);
        let (ended, end) = oneshot::channel();
        // Refused when the input is closed: both ends then find the other gone.
        let _ = self.attachments.send(Attachment { pieces, ended }).await;
        InputAttachment { pieces: sender, ended: end }
    }
}

/// What comes from any of the attachments.
enum Piece {
    Bytes(Bytes),
    /// One has ended.
    End(oneshot::Sender<()>),
}

type Pieces = stream::BoxStream<'static, Piece>;

fn pieces(attachment: Attachment) -> Pieces {
    stream::unfold(Some(attachment), |attachment| async {
        let mut attachment = attachment?;
        match attachment.pieces.recv().await {
            Some(bytes) => Some((Piece::Bytes(bytes), Some(attachment))),
            None => Some((Piece::End(attachment.ended), None)),
        }
    })
    .boxed()
}

async fn write(mut stdin: ChildStdin, end: InputEnd, mut waiting: mpsc::Receiver<Attachment>) {
    let mut attachments: SelectAll<Pieces> = SelectAll::new();
    let mut handles_left = true;
    loop {
        let piece = tokio::select! {
            newcomer = waiting.recv(), if handles_left => {
                match newcomer {
                    Some(attachment) => attachments.push(pieces(attachment)),
                    None => handles_left = false,
                }
                continue;
            }
            Some(piece) = attachments.next() => piece,
            else => return,
        };
        match piece {
            Piece::Bytes(bytes) => {
                if stdin.write_all(&bytes).await.is_err() {
                    return;
                }
            }
            Piece::End(ended) => {
                if end == InputEnd::FirstAttachment {
                    drop(stdin);
                    return;
                }
                // The attachment may not wait for it.
                let _ = ended.send(());
            }
        }
    }
}
