//! Making a job's objects, and removing them.

mod maker;
mod service;

pub use maker::Maker;
pub(crate) use service::find_or_make;
pub use service::{ServiceError, make_service};

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use launcher_api::{Job, JobId, JobStatus, JobTime};
use launcher_plugin::BackendError;
use serde_json::Value;
use tokio::time::{Instant, sleep};

use crate::annotation;
use crate::chance;
use crate::client::{ApiClient, ApiFailure, Call, FailureKind, Propagation, Resource};
use crate::names;
use crate::objects::{BuildContext, Owner, StdinPlace, service_ports};
use crate::observed::JobObject;
use crate::profiles::Effective;
use crate::rules::Rules;
use crate::stdin::Scratch;

/// How many names are tried for a Job.
const NAMES: u32 = 6;
/// How long a server is waited for that can't be reached, or has too much to do. One that is restarted takes some ten
/// seconds; a Launcher waits for two minutes.
const AWAY: Duration = Duration::from_secs(25);
/// How long one that fails is: its store may have changed its leader. What fails for good is told.
const FAILING: Duration = Duration::from_secs(8);
/// How long a refused token or right is not believed: a server that has just started says so to anyone.
const STARTING: Duration = Duration::from_secs(3);
/// How long a submission waits in all, when one trouble follows another.
const IN_ALL: Duration = Duration::from_secs(40);
/// The pause after the first failure; twice as long after each further one.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// What submitting needs to know of the plugin.
pub struct Submitter<'a> {
    /// What makes objects.
    pub maker: &'a Maker,
    /// What administrators say, from the beginning of the submission to its end.
    pub rules: &'a Rules,
    /// What holds for the user by them.
    pub profile: &'a Effective,
    /// This plugin, as the one that delivers the standard input.
    pub deliverer: &'a Arc<str>,
    /// Where long standard inputs are kept.
    pub scratch: &'a Scratch,
}

/// Makes the Job, and the Service if it needs one. Returns the job as it is told from now on.
///
/// A Service that can't be made now is made later: the Job says that it needs one.
///
/// # Errors
/// [`BackendError::InvalidJob`] when the job itself is the reason.
pub async fn submit(
    client: &ApiClient,
    mut job: Job,
    submitter: &Submitter<'_>,
) -> Result<Job, BackendError> {
    job.submission_time = Some(JobTime::from(Timestamp::now()));
    (*submitter.maker.cluster).clone_into(&mut job.cluster);
    let profile = submitter.profile;
    profile.admit(&mut job).map_err(|refusal| BackendError::InvalidJob(refusal.to_string()))?;
    let key = chance::name();
    let context = BuildContext {
        deliverer: submitter.deliverer.clone(),
        stdin_key: key.clone(),
        ..submitter.maker.context(submitter.rules, profile).map_err(|error| maker::refused(&error.into()))?
    };
    let mut objects = maker::job_objects(&job, &context).await?;
    if objects.stdin == StdinPlace::File {
        submitter.scratch.write(&key, &job.stdin).await.map_err(|error| {
            BackendError::Unavailable(format!("cannot keep the job's standard input: {error}"))
        })?;
    }
    objects.job["metadata"]["labels"][annotation::SUBMISSION] = key.as_str().into();
    let object = match post(client, objects.job, &key).await {
        Ok(object) => object,
        Err(failure) => {
            submitter.scratch.remove(&key).await;
            return Err(refused(&failure, &job));
        }
    };
    job.id = JobId::from(object.metadata.name.as_str());
    job.status = JobStatus::Pending;
    job.last_update_time = job.submission_time;
    if service_ports(&job).next().is_some() {
        let owner = Owner { name: object.metadata.name.clone(), uid: object.metadata.uid };
        let refusal = match make_service(client, &job, &owner, &context).await {
            Ok(ports) => {
                job.exposed_ports = ports;
                None
            }
            Err(ServiceError::Api(failure)) if matches!(failure.kind, FailureKind::Invalid { .. }) => {
                Some(refused(&failure, &job))
            }
            Err(ServiceError::Object(error)) => Some(maker::refused(&error)),
            Err(error @ (ServiceError::Api(_) | ServiceError::Groups(_))) => {
                tracing::warn!(job = %job.id, "{error}; it is tried again later");
                None
            }
        };
        if let Some(refusal) = refusal {
            remove(client, job.id.as_str()).await.unwrap_or_else(|error| {
                tracing::warn!(job = %job.id, "the Job whose Service was refused stays: {error}");
            });
            return Err(refusal);
        }
    }
    Ok(job)
}

/// Posts a Job until there is an answer, or it is certain that there is none to be had.
///
/// The Job's name is chosen here, as the server would choose it: so it is made once however often it is posted, and found
/// when its creation was not answered. `key` tells it from another one of that name.
async fn post(client: &ApiClient, mut job: Value, key: &str) -> Result<JobObject, ApiFailure> {
    let prefix = job["metadata"].as_object_mut().and_then(|metadata| metadata.remove("generateName"));
    let mut attempt = 0;
    loop {
        if let Some(prefix) = prefix.as_ref().and_then(Value::as_str) {
            job["metadata"]["name"] = names::generated(prefix).into();
        }
        let name = job["metadata"]["name"].as_str().unwrap_or_default();
        match post_named(client, &job, name, key).await {
            Err(failure)
                if failure.kind == FailureKind::AlreadyExists && prefix.is_some() && attempt + 1 < NAMES =>
            {
                attempt += 1;
            }
            result => return result,
        }
    }
}

/// Posts a Job under this name. A server that is away or fails is asked again for a while.
async fn post_named(client: &ApiClient, job: &Value, name: &str, key: &str) -> Result<JobObject, ApiFailure> {
    let call = Call::create(Resource::Jobs, job.clone());
    let begun = Instant::now();
    let mut pause = FIRST_PAUSE;
    let mut made = Made::No;
    // A server that was away refuses everybody when it is back: each trouble has its own time.
    let (mut patience, mut since) = (Duration::ZERO, begun);
    loop {
        let failure = match post_once(client, &call, name, key, &mut made).await {
            Ok(object) => return Ok(object),
            Err(failure) => failure,
        };
        if patience != patience_with(&failure.kind) {
            (patience, since) = (patience_with(&failure.kind), Instant::now());
        }
        if since.elapsed() + pause > patience || begun.elapsed() + pause > IN_ALL {
            return Err(failure);
        }
        tracing::debug!(name, "{failure}; the job is submitted again");
        sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// What is known of a Job that was posted without success.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Made {
    No,
    Perhaps,
}

async fn post_once(
    client: &ApiClient,
    call: &Call,
    name: &str,
    key: &str,
    made: &mut Made,
) -> Result<JobObject, ApiFailure> {
    if *made == Made::Perhaps
        && let Some(object) = find(client, name, key).await?
    {
        return Ok(object);
    }
    *made = Made::No;
    let failure = match client.read(call).await {
        Ok(object) => return Ok(object),
        Err(failure) => failure,
    };
    let may_be_made = matches!(
        failure.kind,
        FailureKind::AlreadyExists
            | FailureKind::Timeout
            | FailureKind::Broken { .. }
            | FailureKind::Unexpected { .. }
            | FailureKind::Server { .. }
    );
    if may_be_made {
        match find(client, name, key).await {
            Ok(Some(object)) => return Ok(object),
            Ok(None) => {}
            // Not that a name is taken, whose Job may be this one.
            Err(unknown) => {
                *made = Made::Perhaps;
                return Err(unknown);
            }
        }
    }
    Err(failure)
}

/// How long a submission puts up with a failure.
fn patience_with(failure: &FailureKind) -> Duration {
    match failure {
        FailureKind::Unreachable { .. } | FailureKind::TooManyRequests | FailureKind::Broken { .. } => AWAY,
        FailureKind::Server { .. } => FAILING,
        FailureKind::Forbidden { .. } | FailureKind::Unauthorized => STARTING,
        _ => Duration::ZERO,
    }
}

/// The Job of the submission `key`, if it was made.
async fn find(client: &ApiClient, name: &str, key: &str) -> Result<Option<JobObject>, ApiFailure> {
    match client.read::<JobObject>(&Call::get(Resource::Jobs, name)).await {
        Ok(object) => {
            let ours = object.metadata.labels.get(annotation::SUBMISSION).is_some_and(|found| found == key);
            Ok(ours.then_some(object))
        }
        Err(failure) if failure.is_not_found() => Ok(None),
        Err(failure) => Err(failure),
    }
}

/// Removes the Job, its pod and its Service. Nothing there is success.
///
/// # Errors
/// [`ApiFailure`]; what was not removed yet is removed by the next call.
pub async fn remove(client: &ApiClient, job: &str) -> Result<(), ApiFailure> {
    service::remove_services(client, job).await?;
    let call = Call::delete(Resource::Jobs, job, Propagation::Background);
    match client.call(&call).await {
        Err(failure) if !failure.is_not_found() => Err(failure),
        _ => Ok(()),
    }
}

/// A part of a job beyond this may be why it does not fit into the cluster's store (etcd's limit, about 1.5 MB).
const LARGE: usize = 1_000_000;

fn refused(failure: &ApiFailure, job: &Job) -> BackendError {
    let (part, size) = largest_part(job);
    let too_large = || {
        BackendError::InvalidJob(format!(
            "the job is too large for the cluster, which takes about 1.5 MB: its {part} has {size} bytes"
        ))
    };
    match &failure.kind {
        // The API server tries a second time to store what the store has refused, and then takes offence at what it has
        // filled in itself the first time (seen with 1.37, for a Job that is posted with a name).
        FailureKind::Invalid { causes, .. }
            if size > LARGE && causes.iter().any(|cause| cause.field == "spec.selector") =>
        {
            too_large()
        }
        FailureKind::Invalid { .. } => {
            BackendError::InvalidJob(format!("the cluster does not take the job: {}", failure.kind))
        }
        FailureKind::TooLarge => too_large(),
        FailureKind::Timeout => BackendError::Timeout { what: "creating the job".to_owned() },
        _ => BackendError::Unavailable(failure.with_advice()),
    }
}

/// The part of a job that takes the most room in its object.
fn largest_part(job: &Job) -> (&'static str, usize) {
    let parts = [
        ("environment", job.environment.iter().map(|v| v.name.len() + v.value.len()).sum()),
        ("list of arguments", job.args.iter().map(String::len).sum()),
        ("command", job.command.len().max(job.exe.len())),
        ("standard input", job.stdin.len()),
        ("list of tags", job.tags.iter().map(String::len).sum()),
        ("description", job.name.len() + job.working_directory.len()),
    ];
    parts.into_iter().max_by_key(|(_, size)| *size).unwrap_or(("description", 0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::{Cause, Operation, Verb};

    fn failure(kind: FailureKind) -> ApiFailure {
        let operation =
            Operation { verb: Verb::Create, resource: Resource::Jobs, namespace: Some("rstudio".into()) };
        ApiFailure { operation, kind }
    }

    #[test]
    fn a_job_that_does_not_fit_is_told_so_however_the_server_puts_it() {
        let large = Job { exe: "x".to_owned(), args: vec!["y".repeat(LARGE + 1)], ..Job::default() };
        let told = "the job is too large for the cluster, which takes about 1.5 MB: its list of arguments has 1000001 bytes";
        let offended = FailureKind::Invalid {
            message: String::new(),
            causes: vec![Cause { field: "spec.selector".to_owned(), ..Cause::default() }],
        };
        for kind in [FailureKind::TooLarge, offended.clone()] {
            assert_eq!(refused(&failure(kind), &large), BackendError::InvalidJob(told.to_owned()));
        }
        let refused = refused(&failure(offended), &Job::default());
        assert!(
            matches!(&refused, BackendError::InvalidJob(text) if text.contains("spec.selector")),
            "{refused}"
        );
    }
}
