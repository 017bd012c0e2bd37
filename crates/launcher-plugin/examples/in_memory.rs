//! A plugin whose jobs run only in its memory: they start at once, print a line, and end after a second.
//!
//! `cargo run -p launcher-plugin --example in_memory` speaks the Launcher Plugin API on its standard streams.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures::StreamExt;
use futures::stream::{self, BoxStream};
use launcher_api::request::{ControlOperation, OutputSelection};
use launcher_api::response::{ClusterInfo, JobNetwork, LatencySample, OutputKind, ReloadError, ResourceUse};
use launcher_api::{Job, JobId, JobStatus, Requester};
use launcher_plugin::{
    Backend, BackendError, Clock, ControlOutcome, JobFeed, JobState, JobUpdate, OutputChunk, PluginOptions,
    serve,
};
use tokio::sync::OnceCell;

/// A cluster of no machines.
#[derive(Default)]
pub(crate) struct InMemory {
    feed: OnceCell<JobFeed>,
    submitted: AtomicU64,
}

fn state(status: JobStatus, exit_code: Option<i32>) -> JobState {
    let time = Clock::system().now();
    JobState {
        status,
        status_message: String::new(),
        status_code: String::new(),
        exit_code,
        host: "memory".to_owned(),
        time,
    }
}

impl Backend for InMemory {
    async fn start(self: Arc<Self>, feed: JobFeed) -> Result<(), BackendError> {
        self.feed.set(feed).map_err(|_| BackendError::Unavailable("started twice".to_owned()))
    }

    async fn submit(&self, job: Job, _requester: &Requester) -> Result<Job, BackendError> {
        let feed = self.feed.get().cloned().ok_or(BackendError::Unavailable("not started".to_owned()))?;
        let id = JobId::from(format!("job-{}", self.submitted.fetch_add(1, Ordering::Relaxed)));
        let job = Job { id: id.clone(), ..job };
        feed.send(JobUpdate::Known(Box::new(job.clone())))
            .await
            .map_err(|closed| BackendError::Unavailable(closed.to_string()))?;
        // Ends by itself, or when the plugin no longer listens.
        tokio::spawn(async move {
            feed.send(JobUpdate::State { id: id.clone(), state: state(JobStatus::Running, None) }).await?;
            tokio::time::sleep(Duration::from_secs(1)).await;
            feed.send(JobUpdate::State { id, state: state(JobStatus::Finished, Some(0)) }).await
        });
        Ok(job)
    }

    async fn control(
        &self,
        _job: Arc<Job>,
        operation: ControlOperation,
    ) -> Result<ControlOutcome, BackendError> {
        Err(BackendError::NotSupported(format!("this cluster can't {operation} a job")))
    }

    fn output(
        &self,
        job: Arc<Job>,
        _streams: OutputSelection,
    ) -> BoxStream<'static, Result<OutputChunk, BackendError>> {
        let line = format!("{} ran in memory\n", job.name);
        stream::iter([Ok(OutputChunk { kind: OutputKind::Stdout, bytes: line.into() })]).boxed()
    }

    fn resource_use(&self, _job: Arc<Job>) -> BoxStream<'static, Result<ResourceUse, BackendError>> {
        stream::once(async { Ok(ResourceUse { cpu_percent: Some(0.0), ..ResourceUse::default() }) }).boxed()
    }

    async fn network(&self, job: Arc<Job>) -> Result<JobNetwork, BackendError> {
        Ok(JobNetwork { host: job.host.clone(), ip_addresses: Vec::new() })
    }

    async fn cluster_info(&self, _requester: &Requester) -> Result<ClusterInfo, BackendError> {
        Ok(ClusterInfo::default())
    }

    async fn reload(&self) -> Result<(), ReloadError> {
        Ok(())
    }

    async fn remove(&self, _job: Arc<Job>) -> Result<(), BackendError> {
        Ok(())
    }

    fn take_latency_sample(&self) -> Option<LatencySample> {
        None
    }
}

#[tokio::main]
async fn main() -> Result<(), launcher_plugin::ServeError> {
    let (stdin, stdout) = (tokio::io::stdin(), tokio::io::stdout());
    serve(Arc::new(InMemory::default()), PluginOptions::new("memory"), stdin, stdout, std::future::pending())
        .await
}
