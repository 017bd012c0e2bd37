//! A job's output: the log of its main container, from the beginning and as it comes.
//!
//! Every line is asked for with its time, which is taken off again: a connection that breaks is resumed behind the last
//! line that was sent, whole and exactly once. Where the cluster can tell standard output and standard error apart, they
//! are followed apart and merged by time; elsewhere all is one stream.

mod beginning;
mod follow;
mod merge;
mod position;
mod split;
mod stamped;
mod texts;

pub use split::SplitStreams;

use futures::StreamExt;
use futures::stream::{self, BoxStream};
use launcher_api::Job;
use launcher_api::request::OutputSelection;
use launcher_api::response::OutputKind;
use launcher_plugin::{BackendError, OutputChunk};
use tokio::sync::mpsc;

use crate::client::ApiClient;
use follow::{Follower, LogOf, Sink, Source};
use split::Split;

/// How many pieces wait for a slow reader before the log connection is held back.
const PIECES: usize = 8;

/// The output of `job`. Ends when the log has; dropped, it ends the connection behind it.
pub fn output(
    client: ApiClient,
    split: SplitStreams,
    job: &Job,
    streams: OutputSelection,
) -> BoxStream<'static, Result<OutputChunk, BackendError>> {
    let (sender, receiver) = mpsc::channel(PIECES);
    let follower = Follower::new(client.clone(), job);
    let work = async move {
        let failed = match follower.run(&client, &split, streams, &sender).await {
            Ok(()) => return,
            Err(error) => error,
        };
        // Nobody to tell it to means nobody to whom it matters.
        drop(sender.send(Err(failed)).await);
    };
    let task = AbortOnDrop(tokio::spawn(work));
    stream::unfold((receiver, task), |(mut receiver, task)| async move {
        let piece = receiver.recv().await?;
        Some((piece, (receiver, task)))
    })
    .boxed()
}

struct AbortOnDrop(tokio::task::JoinHandle<()>);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

type Pieces = mpsc::Sender<Result<OutputChunk, BackendError>>;

impl Follower {
    async fn run(
        self,
        client: &ApiClient,
        split: &SplitStreams,
        streams: OutputSelection,
        pieces: &Pieces,
    ) -> Result<(), BackendError> {
        let Some(log) = self.log_of().await? else { return Ok(()) };
        match (split.of(client, &log.pod).await, streams) {
            (Split::Mixed, _) => self.all(&log, Source::Mixed, pieces).await,
            (Split::Apart, OutputSelection::Stdout) => self.all(&log, Source::Stdout, pieces).await,
            (Split::Apart, OutputSelection::Stderr) => self.all(&log, Source::Stderr, pieces).await,
            (Split::Apart, OutputSelection::Both) => merge::both(self, &log, pieces).await,
        }
    }

    /// One stream, piece by piece as it comes.
    async fn all(&self, log: &LogOf, source: Source, pieces: &Pieces) -> Result<(), BackendError> {
        self.follow(log, source, &Sink::Reader(source.kind(), pieces.clone())).await
    }
}

impl Source {
    fn kind(self) -> OutputKind {
        match self {
            Self::Mixed => OutputKind::Mixed,
            Self::Stdout => OutputKind::Stdout,
            Self::Stderr => OutputKind::Stderr,
        }
    }
}
