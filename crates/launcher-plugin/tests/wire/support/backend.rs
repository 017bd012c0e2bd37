//! A cluster that exists only in a test.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::StreamExt;
use futures::stream::{self, BoxStream};
use launcher_api::request::{ControlOperation, OutputSelection};
use launcher_api::response::{ClusterInfo, JobNetwork, LatencySample, ReloadError, ResourceUse};
use launcher_api::{Job, JobId, JobStatus, JobTime, Requester};
use launcher_plugin::{Backend, BackendError, ControlOutcome, JobFeed, JobState, JobUpdate, OutputChunk};

use tokio::time::timeout;

use super::hook::Hook;

type Streams<T> = Mutex<HashMap<JobId, Vec<BoxStream<'static, Result<T, BackendError>>>>>;

/// Does what the test says; without a word, what a healthy cluster does that never starts a job by itself.
pub(crate) struct FakeBackend {
    feed: Mutex<Option<JobFeed>>,
    pub(crate) on_start: Hook<JobFeed, Result<(), BackendError>>,
    pub(crate) on_submit: Hook<(Job, Requester), Result<Job, BackendError>>,
    pub(crate) on_control: Hook<(JobId, ControlOperation), Result<ControlOutcome, BackendError>>,
    pub(crate) on_network: Hook<JobId, Result<JobNetwork, BackendError>>,
    pub(crate) on_cluster_info: Hook<Requester, Result<ClusterInfo, BackendError>>,
    pub(crate) on_reload: Hook<(), Result<(), ReloadError>>,
    pub(crate) on_remove: Hook<JobId, Result<(), BackendError>>,
    pub(crate) latency: Mutex<Option<LatencySample>>,
    output: Streams<OutputChunk>,
    resource_use: Streams<ResourceUse>,
}

impl Default for FakeBackend {
    fn default() -> Self {
        Self {
            feed: Mutex::default(),
            on_start: Hook::new(|_| async { Ok(()) }),
            on_submit: Hook::new(|(job, _): (Job, Requester)| async move {
                Ok(Job { id: JobId::from(format!("id-of-{}", job.name)), ..job })
            }),
            on_control: Hook::new(|_| async { Ok(ControlOutcome::done()) }),
            on_network: Hook::new(|_| async { Ok(JobNetwork::default()) }),
            on_cluster_info: Hook::new(|_| async { Ok(ClusterInfo::default()) }),
            on_reload: Hook::new(|()| async { Ok(()) }),
            on_remove: Hook::new(|_| async { Ok(()) }),
            latency: Mutex::default(),
            output: Mutex::default(),
            resource_use: Mutex::default(),
        }
    }
}

impl FakeBackend {
    /// A cluster in which these jobs exist when the plugin starts.
    pub(crate) fn with(jobs: impl IntoIterator<Item = Job>) -> Self {
        let backend = Self::default();
        backend.starts_with(jobs);
        backend
    }

    /// From now on, a start finds these jobs.
    pub(crate) fn starts_with(&self, jobs: impl IntoIterator<Item = Job>) {
        let jobs: Vec<Job> = jobs.into_iter().collect();
        self.on_start.set(move |feed: JobFeed| {
            let jobs = jobs.clone();
            async move {
                for job in jobs {
                    feed.send(JobUpdate::Known(Box::new(job))).await.unwrap();
                }
                Ok(())
            }
        });
    }

    /// Tells something through the feed.
    pub(crate) async fn tell(&self, update: JobUpdate) {
        self.feed().send(update).await.unwrap();
    }

    /// Tells a state through the feed.
    pub(crate) async fn becomes(&self, id: &str, state: JobState) {
        self.tell(JobUpdate::State { id: id.into(), state }).await;
    }

    /// Waits until the plugin listens no longer.
    pub(crate) async fn feed_closes(&self) {
        timeout(Duration::from_secs(300), self.feed().closed()).await.expect("the feed is closed");
    }

    fn feed(&self) -> JobFeed {
        self.feed.lock().unwrap().clone().expect("the plugin has been bootstrapped")
    }

    /// The next output stream of the job is this one; without any it is empty.
    pub(crate) fn give_output(
        &self,
        id: &str,
        stream: BoxStream<'static, Result<OutputChunk, BackendError>>,
    ) {
        self.output.lock().unwrap().entry(id.into()).or_default().push(stream);
    }

    /// The next measuring of the job is this one; without any it ends at once.
    pub(crate) fn give_resource_use(
        &self,
        id: &str,
        stream: BoxStream<'static, Result<ResourceUse, BackendError>>,
    ) {
        self.resource_use.lock().unwrap().entry(id.into()).or_default().push(stream);
    }
}

fn next<T: Send + 'static>(streams: &Streams<T>, id: &JobId) -> BoxStream<'static, Result<T, BackendError>> {
    let mut streams = streams.lock().unwrap();
    match streams.get_mut(id) {
        Some(streams) if !streams.is_empty() => streams.remove(0),
        _ => stream::empty().boxed(),
    }
}

impl Backend for FakeBackend {
    async fn start(self: Arc<Self>, feed: JobFeed) -> Result<(), BackendError> {
        *self.feed.lock().unwrap() = Some(feed.clone());
        self.on_start.call(feed).await
    }

    async fn submit(&self, job: Job, requester: &Requester) -> Result<Job, BackendError> {
        self.on_submit.call((job, requester.clone())).await
    }

    async fn control(
        &self,
        job: Arc<Job>,
        operation: ControlOperation,
    ) -> Result<ControlOutcome, BackendError> {
        self.on_control.call((job.id.clone(), operation)).await
    }

    fn output(
        &self,
        job: Arc<Job>,
        _streams: OutputSelection,
    ) -> BoxStream<'static, Result<OutputChunk, BackendError>> {
        next(&self.output, &job.id)
    }

    fn resource_use(&self, job: Arc<Job>) -> BoxStream<'static, Result<ResourceUse, BackendError>> {
        next(&self.resource_use, &job.id)
    }

    async fn network(&self, job: Arc<Job>) -> Result<JobNetwork, BackendError> {
        self.on_network.call(job.id.clone()).await
    }

    async fn cluster_info(&self, requester: &Requester) -> Result<ClusterInfo, BackendError> {
        self.on_cluster_info.call(requester.clone()).await
    }

    async fn reload(&self) -> Result<(), ReloadError> {
        self.on_reload.call(()).await
    }

    async fn remove(&self, job: Arc<Job>) -> Result<(), BackendError> {
        self.on_remove.call(job.id.clone()).await
    }

    fn take_latency_sample(&self) -> Option<LatencySample> {
        self.latency.lock().unwrap().take()
    }
}

/// A job of a user in a state, submitted at the time at which tests begin.
pub(crate) fn job(id: &str, user: &str, status: JobStatus) -> Job {
    let time: JobTime = super::launcher::BEGIN.parse().unwrap();
    Job {
        id: id.into(),
        name: format!("name of {id}"),
        user: user.into(),
        status,
        command: "true".into(),
        submission_time: Some(time),
        last_update_time: Some(time),
        ..Job::default()
    }
}

/// A state with no message, told at the time at which tests begin.
pub(crate) fn state(status: JobStatus) -> JobState {
    JobState {
        status,
        status_message: String::new(),
        status_code: String::new(),
        exit_code: None,
        host: String::new(),
        time: super::launcher::BEGIN.parse().unwrap(),
    }
}
