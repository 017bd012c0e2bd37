//! The three kinds of streams as `futures::Stream`s. Dropping one cancels it.

use std::pin::Pin;
use std::task::{Context, Poll};

use futures::Stream;
use launcher_api::Response;
use launcher_api::message_type::RequestType;
use launcher_api::response::{
    JobOutputResponse, JobResourceUtilResponse, JobStatusResponse, OutputKind, OutputPiece, ResourceUse,
    ResourceUtil,
};
use tokio::sync::{mpsc, oneshot};

use crate::ClientError;
use crate::session::{Piece, Sink, Verdict};

/// The reader's end of a stream.
#[derive(Debug)]
struct Reader {
    what: RequestType,
    pieces: mpsc::Receiver<Piece>,
    /// Why the stream ended, once `pieces` is closed; empty if it came to its regular end.
    verdict: Verdict,
    /// The session cancels the stream when this is dropped.
    _alive: oneshot::Sender<()>,
    /// The verdict was told: there is nothing more.
    over: bool,
}

/// The two ends of a stream: the reader's, and what the session needs.
pub(crate) struct Ends<S> {
    pub(crate) stream: S,
    pub(crate) sink: Sink,
    pub(crate) reader: oneshot::Receiver<()>,
}

fn ends<S>(what: RequestType, queue: usize, stream: impl FnOnce(Reader) -> S) -> Ends<S> {
    let (sender, pieces) = mpsc::channel(queue);
    let (alive, reader) = oneshot::channel();
    let verdict = Verdict::default();
    let sink = Sink { pieces: sender, verdict: verdict.clone() };
    Ends { stream: stream(Reader { what, pieces, verdict, _alive: alive, over: false }), sink, reader }
}

impl Reader {
    /// The next message; a gap is told once and the stream goes on, any other error is the last item.
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Response, ClientError>>> {
        if self.over {
            return Poll::Ready(None);
        }
        let Poll::Ready(piece) = self.pieces.poll_recv(context) else { return Poll::Pending };
        Poll::Ready(match piece {
            Some(Piece::Message(response)) => Some(Ok(*response)),
            Some(Piece::Gap { expected, found }) => {
                Some(Err(ClientError::Gap { what: self.what.into(), expected, found }))
            }
            None => {
                self.over = true;
                self.verdict.take().map(Err)
            }
        })
    }
}

macro_rules! stream {
    ($(#[$doc:meta])* $name:ident, $what:ident, $item:ty, $read:expr) => {
        $(#[$doc])*
        #[derive(Debug)]
        #[must_use = "a stream that is dropped is canceled"]
        pub struct $name(Reader);

        impl $name {
            pub(crate) fn new(queue: usize) -> Ends<Self> {
                ends(RequestType::$what, queue, Self)
            }
        }

        impl Stream for $name {
            type Item = Result<$item, ClientError>;

            fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
                let reader = &mut self.get_mut().0;
                let read: fn(Response) -> Option<$item> = $read;
                reader.poll(context).map(|item| {
                    item.map(|item| {
                        item.and_then(|response| {
                            let message_type = response.message_type();
                            read(response).ok_or_else(|| ClientError::Unfitting {
                                what: RequestType::$what.into(),
                                why: format!("a message of type {message_type} in this stream"),
                            })
                        })
                    })
                })
            }
        }
    };
}

stream!(
    /// States of jobs: the present one of each job at first, then each change. It has no end of its own.
    ///
    /// A [`ClientError::Gap`] is an item between others; after any other error the stream is over.
    StatusStream, JobStatusStream, JobStatusResponse,
    |response| match response {
        Response::JobStatus(status) => Some(status),
        _ => None,
    }
);

/// Some output of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputChunk {
    /// Which of the job's streams it is from.
    pub kind: OutputKind,
    /// The text, neither cut inside a character nor changed at its lines.
    pub text: String,
}

stream!(
    /// A job's output from its beginning; ends when the output is complete.
    ///
    /// A [`ClientError::Gap`] is an item between others; after any other error the stream is over.
    OutputStream, JobOutputStream, OutputChunk,
    |response| match response {
        Response::JobOutput(JobOutputResponse { piece: OutputPiece::Data { output, kind }, .. }) => {
            Some(OutputChunk { kind, text: output })
        }
        _ => None,
    }
);

stream!(
    /// Samples of what a job uses; ends with the job.
    ///
    /// A [`ClientError::Gap`] is an item between others; after any other error the stream is over.
    ResourceStream, JobResourceUtilStream, ResourceUse,
    |response| match response {
        Response::JobResourceUtil(JobResourceUtilResponse { data: ResourceUtil::Sample(sample), .. }) => {
            Some(sample)
        }
        _ => None,
    }
);
