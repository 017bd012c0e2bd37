//! What a cluster must be able to do to be driven by a Launcher.

use std::future::Future;
use std::sync::Arc;

use bytes::Bytes;
use futures::stream::BoxStream;
use launcher_api::request::{ControlOperation, OutputSelection};
use launcher_api::response::{ClusterInfo, JobNetwork, LatencySample, OutputKind, ReloadError, ResourceUse};
use launcher_api::{Job, Requester};

use crate::{BackendError, JobFeed};

/// A cluster that runs jobs.
///
/// The runtime ([`serve`](crate::serve)) owns everything that the protocol asks for and that does not depend on
/// the cluster: who may see a job, in which state an operation is allowed, what a stream tells first, expiry,
/// heartbeats. A backend starts jobs, tells what becomes of them through its [`JobFeed`], and answers the
/// questions below.
///
/// - **May block:** every `async` method may wait for the cluster; the runtime gives each call at most
///   100 seconds and then drops the future. No method may block the thread.
/// - **May be called side by side:** all of them, also for one job; only [`control`](Self::control) comes one at a
///   time per job.
/// - **May be called twice:** [`start`](Self::start) after it failed, [`remove`](Self::remove) until it
///   succeeds. Everything else is called once for each request and never repeated.
/// - **Order:** what goes into the feed is applied in the order in which it was sent. Nothing else is ordered.
/// - **Dropped futures and streams** mean that nobody waits any longer: end the work behind them. An operation
///   that had reached the cluster may still take effect.
pub trait Backend: Send + Sync + 'static {
    /// Begins to watch the cluster: sends every job that exists, returns, and goes on sending changes for as long
    /// as the feed is open (retrying by itself when the cluster is away).
    ///
    /// Bootstrap waits for it; an error is told to the Launcher, and the next Bootstrap calls `start` again with a
    /// new feed. The feed of a failed attempt is closed.
    fn start(self: Arc<Self>, feed: JobFeed) -> impl Future<Output = Result<(), BackendError>> + Send;

    /// Creates the job. The answer is the whole job as it will be shown, `Pending`, with its `id` and
    /// `submissionTime`; the feed may tell of it before or after this returns.
    ///
    /// The job has been checked ([`Job::check`]), and has its `user`, `cluster` and `resourceProfile`.
    fn submit(
        &self,
        job: Job,
        requester: &Requester,
    ) -> impl Future<Output = Result<Job, BackendError>> + Send;

    /// Carries out an operation that the job's state allows. It need not wait for the new state, which comes
    /// through the feed.
    fn control(
        &self,
        job: Arc<Job>,
        operation: ControlOperation,
    ) -> impl Future<Output = Result<ControlOutcome, BackendError>> + Send;

    /// All output of the job from its beginning, then as it comes; ends when the log itself has ended.
    ///
    /// Called once the job has started or ended. A job without output is an empty stream;
    /// [`BackendError::OutputNotFound`] means that there was some and it can't be had. An error ends the stream.
    /// The stream is polled only as fast as the Launcher reads.
    fn output(
        &self,
        job: Arc<Job>,
        streams: OutputSelection,
    ) -> BoxStream<'static, Result<OutputChunk, BackendError>>;

    /// Measures a running job now and then until it ends. One stream serves all who watch the job. An error ends
    /// it: leave out a measurement that failed in passing.
    fn resource_use(&self, job: Arc<Job>) -> BoxStream<'static, Result<ResourceUse, BackendError>>;

    /// Where the job runs, or ran last. [`BackendError::JobNotRunning`] while it has no place yet. Loopback and
    /// link-local addresses are left out of the answer to the Launcher.
    fn network(&self, job: Arc<Job>) -> impl Future<Output = Result<JobNetwork, BackendError>> + Send;

    /// What the requester may ask for. [`Requester::Everyone`] gets what holds for all users.
    fn cluster_info(
        &self,
        requester: &Requester,
    ) -> impl Future<Output = Result<ClusterInfo, BackendError>> + Send;

    /// Reads the configuration again: all of it is checked before any of it is used.
    fn reload(&self) -> impl Future<Output = Result<(), ReloadError>> + Send;

    /// Removes what an expired job left in the cluster. Idempotent: nothing left to remove is success.
    fn remove(&self, job: Arc<Job>) -> impl Future<Output = Result<(), BackendError>> + Send;

    /// How long calls to the cluster took since this was last asked; `None` if there was no call.
    fn take_latency_sample(&self) -> Option<LatencySample>;
}

/// What became of a control operation that the cluster did not refuse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ControlOutcome {
    /// Whether it was carried out. `false` only if the cluster accepted it and surely did not do it.
    pub complete: bool,
    /// Why not, for the user; empty if it was.
    pub message: String,
}

impl ControlOutcome {
    /// The operation was carried out.
    #[must_use]
    pub fn done() -> Self {
        Self { complete: true, message: String::new() }
    }
}

/// A piece of a job's output, cut anywhere.
///
/// Bytes as the job wrote them: the runtime finds the borders of characters, replaces what is not UTF-8 and splits
/// large pieces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputChunk {
    /// Where the job wrote it, as far as the cluster can tell.
    pub kind: OutputKind,
    /// The bytes.
    pub bytes: Bytes,
}
