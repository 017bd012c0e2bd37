//! Stop, kill, suspend, resume, cancel.
//!
//! What a user asked for is written to the Job before the deed: it outlives restarts, and every plugin on the namespace
//! tells the same. Signals are sent by a small shell script inside the job's container, so that its log and exit code stay
//! where they are. Where that can't be (no shell in the image, processes not shared), stop and kill delete the pod.

mod script;

use std::time::Duration;

use jiff::Timestamp;
use launcher_api::JobTime;
use launcher_api::request::ControlOperation;
use launcher_plugin::{BackendError, ControlOutcome};
use serde_json::{Value, json};

use crate::annotation;
use crate::client::{ApiClient, ApiFailure, Call, FailureKind, Propagation, Resource};
use crate::lifecycle::{Intent, Operation};
use crate::observed::PodObject;
use crate::pods;
use crate::streams::{Outcome, exec};
use script::Signal;

/// How long the script may take.
const SCRIPT: Duration = Duration::from_secs(20);

/// Carries out an operation on a job.
///
/// # Errors
/// [`BackendError::InvalidState`] when the job's container is not as the operation needs it,
/// [`BackendError::NotSupported`] when it can't be done with this job, [`BackendError::ControlFailed`] otherwise.
pub async fn control(
    client: &ApiClient,
    job: &str,
    operation: ControlOperation,
) -> Result<ControlOutcome, BackendError> {
    let pod = pods::of_job(client, job).await.map_err(|failure| failed(&failure))?;
    match operation {
        ControlOperation::Cancel => cancel(client, job, pod.as_ref()).await,
        ControlOperation::Stop => end(client, job, &running(pod)?, Operation::Stop).await,
        ControlOperation::Kill => end(client, job, &running(pod)?, Operation::Kill).await,
        ControlOperation::Suspend => pause(client, job, &running(pod)?, Operation::Suspend).await,
        ControlOperation::Resume => pause(client, job, &running(pod)?, Operation::Resume).await,
    }
}

/// A suspended Job gets no pod, and one that it has is taken away: nothing of it can start any more.
async fn cancel(
    client: &ApiClient,
    job: &str,
    pod: Option<&PodObject>,
) -> Result<ControlOutcome, BackendError> {
    if let Some(status) = pod.and_then(PodObject::main_status)
        && (status.state.running.is_some() || status.state.terminated.is_some())
    {
        return Err(BackendError::InvalidState("the job has started already: stop or kill it".to_owned()));
    }
    let change = json!({
        "metadata": { "annotations": { annotation::INTENT: intent(Operation::Cancel).write() } },
        "spec": { "suspend": true },
    });
    client.call(&Call::patch(Resource::Jobs, job, change)).await.map_err(|failure| failed(&failure))?;
    if let Some(pod) = pod {
        // The controller deletes it too; this way it does not get the time to start.
        delete_pod(client, &pod.metadata.name, Some(0)).await.unwrap_or_else(|failure| {
            tracing::debug!(job, "the pod of the canceled job goes a little later: {failure}");
        });
    }
    Ok(ControlOutcome::done())
}

async fn end(
    client: &ApiClient,
    job: &str,
    pod: &PodObject,
    operation: Operation,
) -> Result<ControlOutcome, BackendError> {
    write_intent(client, job, Some(intent(operation))).await?;
    let (signal, grace) = match operation {
        Operation::Kill => (Signal::Kill, Some(0)),
        _ => (Signal::Term, None),
    };
    let done = if pod.spec.share_process_namespace {
        match send(client, pod, signal).await {
            Ok(()) => Ok(()),
            Err(NotSent::Ended) => Ok(()),
            Err(NotSent::NoShell { message }) => {
                tracing::debug!(job, "no signal can be sent in the container, its pod is deleted: {message}");
                delete_pod(client, &pod.metadata.name, grace).await
            }
            Err(NotSent::Failed(failure)) => Err(failure),
        }
    } else {
        // Process 1 of its own namespace is safe from signals that come from inside.
        delete_pod(client, &pod.metadata.name, grace).await
    };
    match done {
        Ok(()) => Ok(ControlOutcome::done()),
        Err(failure) => {
            take_back(client, job).await;
            Err(failed(&failure))
        }
    }
}

async fn pause(
    client: &ApiClient,
    job: &str,
    pod: &PodObject,
    operation: Operation,
) -> Result<ControlOutcome, BackendError> {
    if !pod.spec.share_process_namespace {
        return Err(BackendError::NotSupported(
            "this job cannot be suspended: its processes cannot be reached without shared-process-namespace"
                .to_owned(),
        ));
    }
    let (signal, before) = match operation {
        Operation::Suspend => (Signal::Stop, None),
        _ => (Signal::Cont, Some(intent(Operation::Suspend))),
    };
    write_intent(client, job, Some(intent(operation))).await?;
    let problem = match send(client, pod, signal).await {
        Ok(()) => return Ok(ControlOutcome::done()),
        Err(NotSent::Ended) => BackendError::InvalidState("the job has just ended".to_owned()),
        Err(NotSent::NoShell { message }) => BackendError::NotSupported(format!(
            "this job cannot be suspended or resumed: its image has no shell to do it with ({message})"
        )),
        Err(NotSent::Failed(failure)) => failed(&failure),
    };
    if let Err(error) = write_intent(client, job, before).await {
        tracing::warn!(job, "the job's state may be told wrong: {error}");
    }
    Err(problem)
}

/// Why a signal did not get to the job's processes.
enum NotSent {
    /// There are none any more.
    Ended,
    /// Nothing in the image can do it.
    NoShell { message: String },
    /// The cluster failed.
    Failed(ApiFailure),
}

async fn send(client: &ApiClient, pod: &PodObject, signal: Signal) -> Result<(), NotSent> {
    let words = script::command(signal, &pod.metadata.name);
    match exec(client, &pod.metadata.name, &words, SCRIPT).await {
        Ok(Outcome::Success) => Ok(()),
        // The container ended under the script: so the signal got there.
        Ok(Outcome::ExitCode(137 | 143)) => Ok(()),
        Ok(Outcome::ExitCode(script::NO_PROCESS)) => Err(NotSent::Ended),
        Ok(Outcome::ExitCode(code)) => {
            Err(NotSent::NoShell { message: format!("the script ended with exit code {code}") })
        }
        Ok(Outcome::NotStarted { message }) => Err(NotSent::NoShell { message }),
        Err(failure) => match failure.kind {
            FailureKind::Broken { .. } if matches!(signal, Signal::Kill | Signal::Term) => Ok(()),
            _ => Err(NotSent::Failed(failure)),
        },
    }
}

fn running(pod: Option<PodObject>) -> Result<PodObject, BackendError> {
    let invalid = |text: &str| Err(BackendError::InvalidState(text.to_owned()));
    let Some(pod) = pod else { return invalid("the job does not run: it has no pod") };
    match pod.main_status().map(|status| &status.state) {
        Some(state) if state.running.is_some() => Ok(pod),
        Some(state) if state.terminated.is_some() => invalid("the job has just ended"),
        _ => invalid("the job does not run yet: cancel it instead"),
    }
}

fn intent(operation: Operation) -> Intent {
    Intent { operation, time: JobTime::from(Timestamp::now()) }
}

async fn write_intent(client: &ApiClient, job: &str, intent: Option<Intent>) -> Result<(), BackendError> {
    let value = intent.map_or(Value::Null, |intent| intent.write().into());
    let change = json!({ "metadata": { "annotations": { annotation::INTENT: value } } });
    match client.call(&Call::patch(Resource::Jobs, job, change)).await {
        Ok(_) => Ok(()),
        Err(failure) => Err(failed(&failure)),
    }
}

/// The deed failed: the job must not be told to have been stopped or killed when it ends by itself.
async fn take_back(client: &ApiClient, job: &str) {
    if let Err(error) = write_intent(client, job, None).await {
        tracing::warn!(job, "the job's end may be told wrong: {error}");
    }
}

async fn delete_pod(client: &ApiClient, pod: &str, grace: Option<u32>) -> Result<(), ApiFailure> {
    let call = Call::delete(Resource::Pods, pod, Propagation::Background);
    let call = match grace {
        Some(seconds) => call.with("gracePeriodSeconds", seconds.to_string()),
        None => call,
    };
    match client.call(&call).await {
        Err(failure) if !failure.is_not_found() => Err(failure),
        _ => Ok(()),
    }
}

fn failed(failure: &ApiFailure) -> BackendError {
    match &failure.kind {
        FailureKind::NotFound { .. } => BackendError::JobNotFound,
        FailureKind::Timeout => BackendError::Timeout { what: failure.operation.to_string() },
        _ => BackendError::ControlFailed(failure.with_advice()),
    }
}
