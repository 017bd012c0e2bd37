//! One Job Output stream.

use std::sync::Arc;
use std::time::Duration;

use futures::stream::BoxStream;
use futures::{FutureExt, StreamExt};
use launcher_api::request::OpenJobOutput;
use launcher_api::response::{JobOutputResponse, OutputPiece};
use launcher_api::{ErrorCode, JobId, RequestId, Requester, Response};
use tokio::time::{Instant, timeout};

use super::life::StreamLife;
use super::pieces::{MAX_PIECE, Piece, Pieces};
use crate::BackendError;
use crate::backend::{Backend, OutputChunk};
use crate::calls::guarded_stream;
use crate::outbox::{Closed, Outbound, Outbox};
use crate::refusal::Refusal;
use crate::table::milestones::Milestone;
use crate::table::{Jobs, Ran, Reached};

/// What surrounds the text of a piece on the wire, in bytes, generously.
const ENVELOPE: usize = 1024;
/// How long output is gathered after a piece has gone out. The first output after a pause goes out at once; a source that
/// gives a line at a time fills pieces.
const GATHERING: Duration = Duration::from_millis(5);
/// How many bytes of JSON a byte of text can become (`\u0001`).
const SWELLING: usize = 6;

/// A stream that one request has opened.
#[derive(Debug)]
pub(crate) struct OutputStream {
    pub(crate) request: RequestId,
    pub(crate) life: StreamLife,
    pub(crate) jobs: Jobs,
    pub(crate) outbox: Outbox,
    pub(crate) max_message_size: usize,
}

impl OutputStream {
    /// Waits for the job to start, then sends its output from the beginning to its end. Ends early, without a
    /// message, when the writer is gone; dropping the future ends the backend's work.
    pub(crate) async fn run<B: Backend>(self, backend: Arc<B>, open: OpenJobOutput) {
        let request = self.request;
        let mut sender = Sender { stream: self, last_seq_id: 0 };
        let sent = match sender.start(open.who.username, open.job.clone()).await {
            Ok(Reached { ran: Ran::No, .. }) => sender.complete().await,
            Ok(Reached { job, .. }) => {
                let source = guarded_stream(move || backend.output(job, open.streams));
                sender.copy(source, &open.job).await
            }
            Err(refusal) => sender.fail(refusal).await,
        };
        if let Err(Closed) = sent {
            tracing::debug!(%request, "output stream ends: the plugin is ending");
        }
    }
}

/// Numbers and sends the messages of a stream.
#[derive(Debug)]
struct Sender {
    stream: OutputStream,
    last_seq_id: u64,
}

impl Sender {
    async fn start(&self, who: Requester, job: JobId) -> Result<Reached, Refusal> {
        self.stream.jobs.reach(who, job, Milestone::Started).await
    }

    /// Sends what the source gives, no faster than the Launcher reads.
    async fn copy(
        &mut self,
        mut source: BoxStream<'static, Result<OutputChunk, BackendError>>,
        job: &JobId,
    ) -> Result<(), Closed> {
        let room = self.stream.max_message_size.saturating_sub(ENVELOPE) / SWELLING;
        let mut pieces = Pieces::new(room.min(MAX_PIECE));
        // When the last piece went out.
        let mut last: Option<Instant> = None;
        loop {
            let chunk = match source.next().now_or_never() {
                Some(chunk) => chunk,
                // The source is quiet, and nothing is kept back.
                None if !pieces.has_rest() => source.next().await,
                None => {
                    let wait = last.map_or(Duration::ZERO, |last| GATHERING.saturating_sub(last.elapsed()));
                    let more = if wait.is_zero() { None } else { timeout(wait, source.next()).await.ok() };
                    let Some(chunk) = more else {
                        if let Some(piece) = pieces.rest() {
                            self.send(piece).await?;
                        }
                        last = Some(Instant::now());
                        continue;
                    };
                    chunk
                }
            };
            match chunk {
                Some(Ok(chunk)) => {
                    pieces.push(chunk);
                    while let Some(piece) = pieces.next_full() {
                        self.send(piece).await?;
                        last = Some(Instant::now());
                    }
                }
                Some(Err(error)) => {
                    if let Some(piece) = pieces.rest() {
                        self.send(piece).await?;
                    }
                    return self.fail(self.refusal(&error, job)).await;
                }
                None => {
                    while let Some(piece) = pieces.finish() {
                        self.send(piece).await?;
                    }
                    return self.complete().await;
                }
            }
        }
    }

    /// Once output has been sent, whatever stops it means that the rest can't be had.
    fn refusal(&self, error: &BackendError, job: &JobId) -> Refusal {
        let code = if self.last_seq_id == 0 { error.code() } else { ErrorCode::JobOutputNotFound };
        Refusal::new(code, format!("the output of job '{job}' can't be read: {error}"))
    }

    async fn send(&mut self, piece: Piece) -> Result<(), Closed> {
        self.put(OutputPiece::Data { output: piece.text, kind: piece.kind }).await
    }

    async fn complete(&mut self) -> Result<(), Closed> {
        self.put(OutputPiece::Complete).await
    }

    async fn put(&mut self, piece: OutputPiece) -> Result<(), Closed> {
        let slot = self.stream.outbox.bulk_slot().await?;
        self.last_seq_id += 1;
        let (request_id, seq_id) = (self.stream.request, self.last_seq_id);
        let response = Response::JobOutput(JobOutputResponse { request_id, seq_id, piece });
        slot.send(Outbound::of_stream(response, &self.stream.life));
        Ok(())
    }

    async fn fail(&mut self, refusal: Refusal) -> Result<(), Closed> {
        let slot = self.stream.outbox.bulk_slot().await?;
        slot.send(Outbound::of_stream(refusal.into_response(self.stream.request), &self.stream.life));
        Ok(())
    }
}
