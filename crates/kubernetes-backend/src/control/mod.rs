//! Stop, kill, suspend, resume, cancel.
//!
//! What a user asked for is written to the Job before the deed, as owed by this plugin, and once more when it is done: it
//! outlives restarts, and every plugin on the namespace tells the same. Signals are sent by a small shell script inside
//! the job's container, so that its log and exit code stay where they are. Where that can't be (no shell in the image, a
//! main process that signals from inside do not reach), stop and kill delete the pod.

mod deed;
mod script;

use jiff::Timestamp;
use launcher_api::JobTime;
use launcher_api::request::ControlOperation;
use launcher_plugin::{BackendError, ControlOutcome};
use serde_json::{Value, json};

use crate::annotation;
use crate::client::{ApiClient, ApiFailure, Call, FailureKind, Resource};
use crate::lifecycle::{Intent, Operation};
use crate::observed::PodObject;
use crate::pods;
use deed::Undone;

/// Carries out an operation on a job. `plugin` owes it from the moment in which it is written down.
///
/// When the future is dropped after that, the operation is carried out later, by [`carry_out_owed`].
///
/// # Errors
/// [`BackendError::InvalidState`] when the job's container is not as the operation needs it,
/// [`BackendError::NotSupported`] when it can't be done with this job, [`BackendError::ControlFailed`] otherwise.
pub async fn control(
    client: &ApiClient,
    plugin: &str,
    job: &str,
    operation: ControlOperation,
) -> Result<ControlOutcome, BackendError> {
    let pod = pods::of_job(client, job).await.map_err(|failure| failed(&failure))?;
    let operation = match operation {
        ControlOperation::Cancel => return cancel(client, job, pod.as_ref()).await,
        ControlOperation::Stop => Operation::Stop,
        ControlOperation::Kill => Operation::Kill,
        ControlOperation::Suspend => Operation::Suspend,
        ControlOperation::Resume => Operation::Resume,
    };
    let pod = running(pod)?;
    let owed = Intent { operation, time: now(), owed_by: Some(plugin.to_owned()) };
    write_intent(client, job, Some(&owed)).await.map_err(|failure| failed(&failure))?;
    match deed::carry_out(client, &pod, operation).await {
        Ok(()) => {
            settle(client, job, Some(&owed.done())).await;
            Ok(ControlOutcome::done())
        }
        Err(undone) => {
            // It must not be told to have been stopped or killed when it ends by itself.
            settle(client, job, standing_before(operation).as_ref()).await;
            Err(refused(operation, undone))
        }
    }
}

/// Carries out what was asked for by a plugin that ended before it could.
///
/// # Errors
/// [`ApiFailure`]; it may be tried again.
pub async fn carry_out_owed(client: &ApiClient, job: &str, intent: &Intent) -> Result<(), ApiFailure> {
    let Ok(pod) = running(pods::of_job(client, job).await?) else { return Ok(()) };
    let operation = intent.operation;
    match deed::carry_out(client, &pod, operation).await {
        Ok(()) => {
            tracing::info!(job, ?operation, "carried out what was asked for before a restart");
            write_intent(client, job, Some(&intent.clone().done())).await
        }
        Err(Undone::Failed(failure)) => Err(failure),
        Err(undone) => {
            let error = refused(operation, undone);
            tracing::warn!(
                job,
                ?operation,
                "what was asked for before a restart is not carried out: {error}"
            );
            write_intent(client, job, standing_before(operation).as_ref()).await
        }
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
    let intent = Intent { operation: Operation::Cancel, time: now(), owed_by: None };
    let change = json!({
        "metadata": { "annotations": { annotation::INTENT: intent.write() } },
        "spec": { "suspend": true },
    });
    client.call(&Call::patch(Resource::Jobs, job, change)).await.map_err(|failure| failed(&failure))?;
    if let Some(pod) = pod {
        // The controller deletes it too; this way it does not get the time to start.
        deed::delete(client, &pod.metadata.name, Some(0)).await.unwrap_or_else(|failure| {
            tracing::debug!(job, "the pod of the canceled job goes a little later: {failure}");
        });
    }
    Ok(ControlOutcome::done())
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

fn now() -> JobTime {
    JobTime::from(Timestamp::now())
}

/// What holds again when `operation` came to nothing: a job that was to be resumed is still suspended.
fn standing_before(operation: Operation) -> Option<Intent> {
    (operation == Operation::Resume).then(|| Intent {
        operation: Operation::Suspend,
        time: now(),
        owed_by: None,
    })
}

async fn write_intent(client: &ApiClient, job: &str, intent: Option<&Intent>) -> Result<(), ApiFailure> {
    let value = intent.map_or(Value::Null, |intent| intent.write().into());
    let change = json!({ "metadata": { "annotations": { annotation::INTENT: value } } });
    client.call(&Call::patch(Resource::Jobs, job, change)).await.map(drop)
}

/// Writes down what came of an operation. What is not written stays owed, and is looked at again later.
async fn settle(client: &ApiClient, job: &str, intent: Option<&Intent>) {
    match write_intent(client, job, intent).await {
        Err(failure) if !failure.is_not_found() => {
            tracing::warn!(
                job,
                "what came of an operation is not written down, and it may be done again: {failure}"
            );
        }
        _ => {}
    }
}

fn refused(operation: Operation, undone: Undone) -> BackendError {
    match undone {
        Undone::Ended => BackendError::InvalidState("the job has just ended".to_owned()),
        Undone::Unable { why } => {
            let done = match operation {
                Operation::Stop => "stopped",
                Operation::Kill => "killed",
                Operation::Cancel => "canceled",
                Operation::Suspend => "suspended",
                Operation::Resume => "resumed",
            };
            BackendError::NotSupported(format!("this job cannot be {done}: {why}"))
        }
        Undone::Failed(failure) => failed(&failure),
    }
}

fn failed(failure: &ApiFailure) -> BackendError {
    match &failure.kind {
        FailureKind::NotFound { .. } => BackendError::JobNotFound,
        FailureKind::Timeout => BackendError::Timeout { what: failure.operation.to_string() },
        _ => BackendError::ControlFailed(failure.with_advice()),
    }
}
