//! Following a container's log to its end, over as many connections as it takes.

use std::time::Duration;

use bytes::Bytes;
use futures::{FutureExt, StreamExt};
use jiff::Timestamp;
use launcher_api::response::OutputKind;
use launcher_api::{Job, JobStatus};
use launcher_plugin::{BackendError, OutputChunk};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, timeout};

use super::Pieces;
use super::beginning::Beginning;
use super::position::{Position, Text};
use super::stamped::{Part, Stamp, Stamped};
use super::texts::Texts;
use crate::annotation;
use crate::client::{ApiClient, ApiFailure, ByteStream, Call, FailureKind, Resource};
use crate::observed::PodObject;
use crate::pods;
use crate::watch::Backoff;

/// Where a quiet log's connection can't be replaced, that is tried again after this part of the time.
const AGAIN: u32 = 4;
/// How long the first lines are held back for more, while it is open whether there were others before.
const HOLD: Duration = Duration::from_millis(300);
/// How many bytes go on together, about.
const AT_ONCE: usize = 64 * 1024;
/// How long a cluster that fails is put up with.
const PATIENCE: Duration = Duration::from_secs(15 * 60);

/// Which of a container's streams.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// Both, as one.
    Mixed,
    /// Standard output alone.
    Stdout,
    /// Standard error alone.
    Stderr,
}

/// Who takes what is read.
pub(super) enum Sink {
    /// The job's reader, to whom all of it is of one kind.
    Reader(OutputKind, Pieces),
    /// The merge of two streams.
    Merge(mpsc::Sender<Texts>),
}

impl Sink {
    /// Waits for room. False when nobody wants more.
    async fn send(&self, texts: Texts) -> bool {
        if texts.is_empty() {
            return true;
        }
        match self {
            Self::Reader(kind, pieces) => {
                pieces.send(Ok(OutputChunk { kind: *kind, bytes: texts.into_bytes() })).await.is_ok()
            }
            Self::Merge(lines) => lines.send(texts).await.is_ok(),
        }
    }
}

/// Follows the log of one job.
#[derive(Clone)]
pub(super) struct Follower {
    client: ApiClient,
    job: String,
    status: JobStatus,
}

/// Whose log it is.
pub(super) struct LogOf {
    /// The pod's name.
    pub(super) pod: String,
    /// When the container started.
    started: Option<Timestamp>,
    /// The container has ended: a connection that begins now brings the whole log, and then ends.
    ended: bool,
    /// The container has ended and its pod is being deleted: an empty log may be one that is gone already.
    doomed: bool,
}

/// What is known of the container whose log it is.
enum Container {
    /// It, or its whole pod, is gone.
    Gone,
    /// It has ended.
    Ended,
    /// It has not.
    Alive,
}

/// How a connection ended.
enum Reading {
    /// The server ended it.
    Ended,
    /// It broke, or was silent for too long.
    Broken,
    /// Nobody wants the output any more.
    Unwanted,
}

impl Follower {
    pub(super) fn new(client: ApiClient, job: &Job) -> Self {
        Self { client, job: job.id.as_str().to_owned(), status: job.status }
    }

    /// Where the log is; nowhere for a job that never ran, and so has no output.
    pub(super) async fn log_of(&self) -> Result<Option<LogOf>, BackendError> {
        let mut patience = Patience::new();
        loop {
            match pods::of_job(&self.client, &self.job).await {
                Ok(Some(pod)) if self.never_ran(&pod) => return Ok(None),
                Ok(Some(pod)) => {
                    let state = pod.main_status().map(|status| &status.state);
                    let started = state.and_then(|state| {
                        let running = state.running.as_ref().and_then(|running| running.started_at);
                        running.or_else(|| state.terminated.as_ref().and_then(|ended| ended.started_at))
                    });
                    let ended = state.is_some_and(|state| state.terminated.is_some());
                    let doomed = ended && pod.metadata.deletion_timestamp.is_some();
                    return Ok(Some(LogOf { pod: pod.metadata.name, started, ended, doomed }));
                }
                Ok(None) => {
                    return match self.status {
                        JobStatus::Canceled | JobStatus::Failed => Ok(None),
                        _ => Err(self.gone()),
                    };
                }
                Err(failure) => patience.wait_after(failure).await?,
            }
        }
    }

    fn never_ran(&self, pod: &PodObject) -> bool {
        let state = pod.main_status().map(|status| &status.state);
        let ran = state.is_some_and(|state| {
            state.running.is_some() || state.terminated.as_ref().is_some_and(|t| t.started_at.is_some())
        });
        self.status.is_terminal() && !ran
    }

    fn gone(&self) -> BackendError {
        BackendError::OutputNotFound(
            "the job's output is gone: its pod was removed from the cluster, and the log with it".to_owned(),
        )
    }

    /// Hands each piece to `sink` until that wants no more, or the log is over.
    pub(super) async fn follow(&self, log: &LogOf, source: Source, sink: &Sink) -> Result<(), BackendError> {
        let LogOf { pod, started, ended, doomed } = log;
        let mut beginning = Beginning::of(*started);
        let mut position = Position::default();
        let mut patience = Patience::new();
        let mut known = false;
        // A log that ended with its container may have been cut by the node: it is over once a connection that began
        // after the container's end has brought nothing more.
        let mut known_to_have_ended = *ended;
        loop {
            position.resume();
            let reading = match self.open(pod, source, &position).await {
                Ok(stream) => {
                    let (reading, news) =
                        self.read(stream, pod, source, &mut position, &mut beginning, sink).await;
                    if news {
                        patience.reset();
                    }
                    // A log that was read to a clean end without a word is an empty log, not a lost one.
                    known |= news || (matches!(reading, Reading::Ended) && !doomed);
                    reading
                }
                Err(failure) if failure.is_not_found() => {
                    return if known { Ok(()) } else { Err(self.gone()) };
                }
                Err(ApiFailure { kind: FailureKind::Invalid { .. }, .. }) if self.status.is_terminal() => {
                    // A container that never started has no log.
                    return Ok(());
                }
                Err(failure) => {
                    patience.wait_after(failure).await?;
                    continue;
                }
            };
            match (reading, self.container(pod, &mut patience).await?) {
                (Reading::Unwanted, _) => return Ok(()),
                (_, Container::Gone) => return if known { Ok(()) } else { Err(self.gone()) },
                (Reading::Ended, Container::Ended) if known_to_have_ended && known => return Ok(()),
                // The log of a pod that is being deleted may be gone before the pod is: that will tell.
                (_, Container::Ended) if known_to_have_ended => patience.pause().await,
                (_, Container::Ended) => known_to_have_ended = true,
                (_, Container::Alive) => patience.pause().await,
            }
        }
    }

    /// A connection that goes on after `position`, for which that has to be resumed.
    async fn open(&self, pod: &str, source: Source, position: &Position) -> Result<ByteStream, ApiFailure> {
        let call = Call::get(Resource::PodLog, pod)
            .with("container", annotation::MAIN_CONTAINER)
            .with("follow", "true")
            .with("timestamps", "true");
        let call = match source {
            Source::Mixed => call,
            Source::Stdout => call.with("stream", "Stdout"),
            Source::Stderr => call.with("stream", "Stderr"),
        };
        let call = match position.last().map(Stamp::as_str) {
            Some(time) => call.with("sinceTime", time),
            None => call,
        };
        self.client.open(&call).await
    }

    /// Reads one connection. Returns how it ended, and whether it brought anything new.
    ///
    /// A container that has nothing to say and a connection that is dead sound the same. So a quiet connection is replaced
    /// by one that goes on where it is; only then is it dropped, since it may be the node that can't be reached anew.
    async fn read(
        &self,
        mut stream: ByteStream,
        pod: &str,
        source: Source,
        position: &mut Position,
        beginning: &mut Beginning,
        sink: &Sink,
    ) -> (Reading, bool) {
        let mut news = false;
        let mut stamped = Stamped::default();
        let mut quiet = self.quiet();
        let mut texts = Texts::default();
        loop {
            let held = !texts.is_empty();
            let mut ended = match timeout(if held { HOLD } else { quiet }, stream.next()).await {
                Ok(piece) => {
                    quiet = self.quiet();
                    take(piece, &mut stamped, position, &mut texts)
                }
                Err(_) if held => {
                    beginning.give_up();
                    None
                }
                Err(_) => match self.open(pod, source, position).await {
                    Ok(fresh) => {
                        stream = fresh;
                        stamped = Stamped::default();
                        position.resume();
                        quiet = self.quiet();
                        None
                    }
                    Err(failure) if failure.is_not_found() => Some(Reading::Broken),
                    Err(failure) => {
                        tracing::debug!(pod, "{failure}; the quiet connection is kept for now");
                        quiet = self.quiet() / AGAIN;
                        None
                    }
                },
            };
            // The server sends a line at a time: those that are there already go on together.
            while ended.is_none() && texts.len() < AT_ONCE {
                let Some(piece) = stream.next().now_or_never() else { break };
                ended = take(piece, &mut stamped, position, &mut texts);
            }
            if ended.is_none() && beginning.holds(&texts) {
                continue;
            }
            news |= !texts.is_empty();
            if let Some(notice) = beginning.notice(&texts)
                && !sink.send(told_before(&texts, &notice)).await
            {
                return (Reading::Unwanted, news);
            }
            if !sink.send(std::mem::take(&mut texts)).await {
                return (Reading::Unwanted, news);
            }
            if let Some(ended) = ended {
                return (ended, news);
            }
        }
    }

    /// How long this time until a quiet connection is replaced: not all at once.
    fn quiet(&self) -> Duration {
        self.client.patience().quiet_log.mul_f64(1.0 + crate::chance::fraction() / 2.0)
    }

    async fn look(&self, pod: &str) -> Result<Container, ApiFailure> {
        match self.client.read::<PodObject>(&Call::get(Resource::Pods, pod)).await {
            Ok(pod) => Ok(match pod.main_status() {
                Some(status) if status.state.terminated.is_some() => Container::Ended,
                _ => Container::Alive,
            }),
            Err(failure) if failure.is_not_found() => Ok(Container::Gone),
            Err(failure) => Err(failure),
        }
    }

    async fn container(&self, pod: &str, patience: &mut Patience) -> Result<Container, BackendError> {
        loop {
            match self.look(pod).await {
                Ok(container) => return Ok(container),
                Err(failure) => patience.wait_after(failure).await?,
            }
        }
    }
}

/// A line of our own before those of a log.
fn told_before(texts: &Texts, line: &str) -> Texts {
    let mut told = Texts::default();
    let stamp = texts.first().and_then(|first| first.stamp);
    told.push(Text { stamp, bytes: line.as_bytes(), ends_line: true });
    told
}

/// Takes in what came of a stream. Returns how that ended, if it did.
fn take(
    piece: Option<Result<Bytes, ApiFailure>>,
    stamped: &mut Stamped,
    position: &mut Position,
    texts: &mut Texts,
) -> Option<Reading> {
    let mut each = |part: Part<'_>| {
        if let Some(text) = position.take(part) {
            texts.push(text);
        }
    };
    match piece {
        Some(Ok(bytes)) => {
            stamped.push(&bytes, &mut each);
            None
        }
        Some(Err(_)) => Some(Reading::Broken),
        None => {
            stamped.finish(&mut each);
            Some(Reading::Ended)
        }
    }
}

/// Waiting between attempts, until it has been too long since anything worked.
struct Patience {
    backoff: Backoff,
    attempt: u32,
    since: Option<Instant>,
}

impl Patience {
    fn new() -> Self {
        let backoff =
            Backoff::new(Duration::from_millis(200), Duration::from_secs(10), crate::chance::fraction);
        Self { backoff, attempt: 0, since: None }
    }

    fn reset(&mut self) {
        (self.attempt, self.since) = (0, None);
    }

    async fn wait_after(&mut self, failure: ApiFailure) -> Result<(), BackendError> {
        let since = *self.since.get_or_insert_with(Instant::now);
        if since.elapsed() > PATIENCE {
            return Err(BackendError::OutputNotFound(format!(
                "the job's output cannot be read: {}",
                failure.with_advice()
            )));
        }
        tracing::debug!("{failure}; it is tried again");
        self.pause().await;
        Ok(())
    }

    async fn pause(&mut self) {
        sleep(self.backoff.delay(self.attempt)).await;
        self.attempt = self.attempt.saturating_add(1);
    }
}
