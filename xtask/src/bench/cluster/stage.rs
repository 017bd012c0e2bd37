//! What all parts of this benchmark share: the cluster, the programs, the jobs they make.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Instant;

use launcher_api::job::{ExposedPort, PlacementConstraint};
use launcher_api::request::{Caller, OpenJobStatus, StreamRequest, SubmitJob};
use launcher_api::{Job, JobId, JobSelector, RequestBody, Requester, Response};
use serde_json::Value;

use super::bare::{Address, Bare, Call};
use super::objects::Objects;
use super::recorder::Recorder;
use super::wire::Plugin;
use crate::cluster::{Cluster, NAMESPACE};
use crate::failure::Failure;
use crate::programs::Programs;
use crate::site::Site;

/// The owner of all jobs here.
pub(super) const USER: &str = "bench";

pub(super) struct Stage {
    pub(super) cluster: Cluster,
    pub(super) programs: Programs,
    pub(super) site: Site,
    pub(super) address: Address,
}

/// How many characters at the end of a job's id tell it from others.
const NAME_END: usize = 5;

/// The ends of names that were given.
static NAMES: AtomicU32 = AtomicU32::new(0);

/// What the plugin asks of the API for one job.
pub(super) struct Recording {
    /// The requests that change something.
    pub(super) changes: Vec<Call>,
    /// The job's id, which requests after the first name.
    job: JobId,
}

impl Stage {
    /// # Errors
    /// The plugin does not start.
    pub(super) async fn plugin(&self) -> Result<Plugin, Failure> {
        Plugin::start(&self.programs, &self.site).await
    }

    /// A plugin to which all states of all jobs are told.
    ///
    /// # Errors
    /// It does not start, or refuses.
    pub(super) async fn watching_plugin(&self) -> Result<Plugin, Failure> {
        let mut plugin = self.plugin().await?;
        plugin
            .send(RequestBody::JobStatusStream(StreamRequest::Open(OpenJobStatus {
                who: Caller::new(Requester::Everyone),
                selector: JobSelector::All,
            })))
            .await?;
        Ok(plugin)
    }

    /// # Errors
    /// The API server does not answer.
    pub(super) async fn bare(&self) -> Result<Bare, Failure> {
        self.address.connect().await
    }

    /// Lets a plugin submit a job, and tells what it asked of the API for that.
    ///
    /// # Errors
    /// The plugin refuses, or asks for nothing.
    pub(super) async fn record(&self, job: Job) -> Result<Recording, Failure> {
        self.record_made_by(Objects::BuiltIn, job).await
    }

    /// The same, with objects that are made otherwise.
    ///
    /// # Errors
    /// As [`record`](Self::record).
    pub(super) async fn record_made_by(&self, objects: Objects, job: Job) -> Result<Recording, Failure> {
        let recorder = Recorder::start(self.address.clone()).await?;
        let site = objects.site(&self.cluster)?;
        lead_to(&site, &self.cluster.api_url, recorder.url())?;
        let mut plugin = Plugin::start(&self.programs, &site).await?;
        let began = Instant::now();
        let job = submit(&mut plugin, job).await?.id;
        let mut changes = recorder.changes(began);
        // The plugin also asks what it may do, once it is ready.
        changes.retain(|call| call.path.starts_with(&jobs_path()) || call.path.starts_with(&services_path()));
        self.bare().await?.call(&delete_job(&job)).await?;
        plugin.close().await?;
        match changes.first() {
            Some(first) if first.path.starts_with(&jobs_path()) => Ok(Recording { changes, job }),
            _ => Err(Failure::new("the plugin made a job without posting one")),
        }
    }
}

impl Recording {
    /// The first request: the Job itself.
    ///
    /// # Errors
    /// It is no JSON.
    pub(super) fn object(&self) -> Result<Value, Failure> {
        let body = self.changes.first().map(|call| &*call.body).unwrap_or_default();
        serde_json::from_slice(body).map_err(|e| Failure::during("reading what the plugin posts", e))
    }

    /// The Job itself, but suspended: no pod comes of it. Each is another Job.
    ///
    /// # Errors
    /// As [`object`](Self::object).
    pub(super) fn suspended(&self) -> Result<Call, Failure> {
        let mut object = self.object()?;
        object["spec"]["suspend"] = true.into();
        let call = self.changes.first().ok_or_else(|| Failure::new("nothing was recorded"))?;
        let call = Call { body: object.to_string().into(), ..call.clone() };
        Ok(self.renamed(&call, &self.fresh_name(), ""))
    }

    /// Does the same again, with a Job of its own. Returns the Job's name.
    ///
    /// # Errors
    /// The server refuses.
    pub(super) async fn replay(&self, bare: &mut Bare) -> Result<JobId, Failure> {
        let [first, later @ ..] = &*self.changes else { return Err(Failure::new("nothing was recorded")) };
        let answer = bare.call(&self.renamed(first, &self.fresh_name(), "")).await?;
        let answer: Value =
            serde_json::from_slice(&answer).map_err(|e| Failure::during("reading the server's answer", e))?;
        let text = |pointer: &str| answer.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
        let (name, uid) = (text("/metadata/name"), text("/metadata/uid"));
        for call in later {
            bare.call(&self.renamed(call, name, uid)).await?;
        }
        Ok(JobId::from(name))
    }

    /// A name as long as the recorded one, of which only the end is another: the plugin names its Jobs itself.
    fn fresh_name(&self) -> String {
        let mut number = NAMES.fetch_add(1, Ordering::Relaxed);
        let mut name = self.job.as_str().to_owned();
        name.truncate(name.len().saturating_sub(NAME_END));
        for _ in 0..NAME_END {
            name.push(char::from_digit(number % 36, 36).unwrap_or('0'));
            number /= 36;
        }
        name
    }

    /// A recorded request, about another Job.
    fn renamed(&self, call: &Call, name: &str, uid: &str) -> Call {
        let mut body = String::from_utf8_lossy(&call.body).replace(self.job.as_str(), name);
        let owner = serde_json::from_str::<Value>(&body).ok();
        let owner = owner.as_ref().and_then(|object| object.pointer("/metadata/ownerReferences/0/uid"));
        if let Some(old) = owner.and_then(Value::as_str) {
            body = body.replace(old, uid);
        }
        Call { path: call.path.replace(self.job.as_str(), name), body: body.into(), ..call.clone() }
    }
}

/// Writes another address of the API into a site's configuration.
fn lead_to(site: &Site, from: &str, to: &str) -> Result<(), Failure> {
    let doing = "writing a configuration that leads to the recorder";
    let text = std::fs::read_to_string(site.configuration()).map_err(|e| Failure::during(doing, e))?;
    let text = text.replace(&format!("api-url={from}\n"), &format!("api-url={to}\n"));
    std::fs::write(site.configuration(), text).map_err(|e| Failure::during(doing, e))
}

/// A job that no node can take: what is made for it is all that happens.
pub(super) fn homeless(ports: &[u16]) -> Job {
    Job {
        name: "bench".into(),
        command: "true".into(),
        placement_constraints: vec![PlacementConstraint {
            name: "region".into(),
            value: Some("the-moon".into()),
        }],
        exposed_ports: ports.iter().map(|port| ExposedPort::tcp(*port)).collect(),
        ..Job::default()
    }
}

/// # Errors
/// The plugin refuses.
pub(super) async fn submit(plugin: &mut Plugin, job: Job) -> Result<Job, Failure> {
    match plugin.ask(submission(job)).await? {
        (_, Response::JobState(mut answer)) if answer.jobs.len() == 1 => {
            answer.jobs.pop().map(|job| (*job).clone()).ok_or_else(|| Failure::new("no job in the answer"))
        }
        (_, other) => Err(Failure::new(format!("the answer to a submission is {other:?}"))),
    }
}

pub(super) fn submission(job: Job) -> RequestBody {
    RequestBody::SubmitJob(SubmitJob { who: Caller::new(Requester::from(USER)), job: Box::new(job) })
}

pub(super) fn caller() -> Caller {
    Caller::new(Requester::Everyone)
}

pub(super) fn jobs_path() -> String {
    format!("/apis/batch/v1/namespaces/{NAMESPACE}/jobs")
}

fn services_path() -> String {
    format!("/api/v1/namespaces/{NAMESPACE}/services")
}

pub(super) fn pods_path() -> String {
    format!("/api/v1/namespaces/{NAMESPACE}/pods")
}

pub(super) fn delete_job(job: &JobId) -> Call {
    Call::delete(format!("{}/{job}?propagationPolicy=Background", jobs_path()))
}
