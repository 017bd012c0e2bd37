//! An operation carried out on a container that runs: by a signal where that can be, else by deleting the pod.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::script::{self, Namespace, Signal};
use crate::client::{ApiClient, ApiFailure, Call, FailureKind, Propagation, Resource};
use crate::lifecycle::Operation;
use crate::observed::PodObject;
use crate::streams::{Outcome, exec};

/// How long the script may take.
const SCRIPT: Duration = Duration::from_secs(20);
/// How often a signal is sent while the cluster fails.
const ATTEMPTS: u32 = 3;
/// How often it is sent to a node that has just come back, which takes a second or some to hear of its pods.
const ATTEMPTS_AT_UNAWARE_NODE: u32 = 6;
/// The pause after the first failure; twice as long after each further one.
const PAUSE: Duration = Duration::from_millis(300);
/// How long the end of a container takes to be told after its processes are gone.
const END_TOLD: Duration = Duration::from_millis(2500);
/// How often it is looked for.
const LOOK: Duration = Duration::from_millis(200);
/// The grace of a pod whose main process does not handle SIGTERM, in seconds: it would only sit out a longer one.
const DEAF: u32 = 1;

/// Why an operation was not carried out.
#[derive(Debug)]
pub(super) enum Undone {
    /// The container has ended meanwhile.
    Ended,
    /// It can't be done with this job.
    Unable {
        /// Why.
        why: String,
    },
    /// The cluster failed.
    Failed(ApiFailure),
}

impl From<ApiFailure> for Undone {
    fn from(failure: ApiFailure) -> Self {
        Self::Failed(failure)
    }
}

/// Carries out `operation` on the running main container of `pod`. May be called again.
pub(super) async fn carry_out(
    client: &ApiClient,
    pod: &PodObject,
    operation: Operation,
) -> Result<(), Undone> {
    let namespace = if pod.spec.share_process_namespace { Namespace::Shared } else { Namespace::Own };
    match operation {
        // That is done by a change of the Job itself.
        Operation::Cancel => Ok(()),
        Operation::Stop => stop(client, pod, namespace).await,
        Operation::Kill => kill(client, pod, namespace).await,
        Operation::Suspend => pause(client, pod, namespace, Signal::Stop).await,
        Operation::Resume => pause(client, pod, namespace, Signal::Cont).await,
    }
}

async fn stop(client: &ApiClient, pod: &PodObject, namespace: Namespace) -> Result<(), Undone> {
    let name = &pod.metadata.name;
    match send(client, pod, namespace, Signal::Term).await? {
        Sent::There | Sent::TooLate => Ok(()),
        Sent::ToChildren if is_over_soon(client, name).await => Ok(()),
        Sent::ToChildren | Sent::Unhandled => Ok(delete(client, name, Some(DEAF)).await?),
        Sent::NoProcess if is_over_soon(client, name).await => Ok(()),
        Sent::NoProcess => Ok(delete(client, name, None).await?),
        Sent::NoShell { message } => {
            tracing::debug!(
                pod = name,
                "no signal can be sent in the container, its pod is deleted: {message}"
            );
            Ok(delete(client, name, None).await?)
        }
    }
}

async fn kill(client: &ApiClient, pod: &PodObject, namespace: Namespace) -> Result<(), Undone> {
    let name = &pod.metadata.name;
    if namespace == Namespace::Own {
        // Number 1 of its own namespace is safe from this signal when it comes from inside.
        return Ok(delete(client, name, Some(0)).await?);
    }
    match send(client, pod, namespace, Signal::Kill).await? {
        Sent::There | Sent::TooLate => Ok(()),
        Sent::NoProcess if is_over_soon(client, name).await => Ok(()),
        Sent::NoProcess | Sent::ToChildren | Sent::Unhandled => Ok(delete(client, name, Some(0)).await?),
        Sent::NoShell { message } => {
            tracing::debug!(
                pod = name,
                "no signal can be sent in the container, its pod is deleted: {message}"
            );
            Ok(delete(client, name, Some(0)).await?)
        }
    }
}

async fn pause(
    client: &ApiClient,
    pod: &PodObject,
    namespace: Namespace,
    signal: Signal,
) -> Result<(), Undone> {
    let unable = |why: String| Err(Undone::Unable { why });
    if namespace == Namespace::Own {
        return unable("its processes cannot be reached without shared-process-namespace".to_owned());
    }
    match send(client, pod, namespace, signal).await? {
        Sent::There => Ok(()),
        Sent::TooLate | Sent::NoProcess => Err(Undone::Ended),
        Sent::ToChildren | Sent::Unhandled => unable("its main process does not take the signal".to_owned()),
        Sent::NoShell { message } => unable(format!("its image has no shell to do it with ({message})")),
    }
}

/// What became of a signal.
enum Sent {
    /// The processes have it.
    There,
    /// The container was over before it.
    TooLate,
    /// The main process has no handler, and is number 1; its children have it.
    ToChildren,
    /// The same, and there are no children.
    Unhandled,
    /// There is nothing to signal.
    NoProcess,
    /// Nothing in the image can send it.
    NoShell { message: String },
}

async fn send(
    client: &ApiClient,
    pod: &PodObject,
    namespace: Namespace,
    signal: Signal,
) -> Result<Sent, ApiFailure> {
    let name = &pod.metadata.name;
    let words = script::command(signal, namespace, name);
    let mut attempt = 0;
    loop {
        let failure = match exec(client, name, &words, SCRIPT).await {
            // The container ended under the script: the signal got there.
            Ok(Outcome::Success | Outcome::ExitCode(137 | 143)) => return Ok(Sent::There),
            Ok(Outcome::ExitCode(script::NO_PROCESS)) => return Ok(Sent::NoProcess),
            Ok(Outcome::ExitCode(script::ONLY_CHILDREN)) => return Ok(Sent::ToChildren),
            Ok(Outcome::ExitCode(script::NO_HANDLER)) => return Ok(Sent::Unhandled),
            Ok(Outcome::ExitCode(code)) => {
                let message = format!("the script ended with exit code {code}");
                return Ok(Sent::NoShell { message });
            }
            Ok(Outcome::NotStarted { message }) => {
                return Ok(if is_over(client, name).await? {
                    Sent::TooLate
                } else {
                    Sent::NoShell { message }
                });
            }
            Err(failure) => failure,
        };
        attempt += 1;
        // A session that breaks may have been cut by the end of the container, or have come too late for it.
        if is_over(client, name).await? {
            return Ok(Sent::TooLate);
        }
        let may_pass = failure.kind.is_passing() && failure.kind != FailureKind::Timeout;
        let attempts = match failure.kind {
            FailureKind::UnknownToNode { .. } => ATTEMPTS_AT_UNAWARE_NODE,
            _ => ATTEMPTS,
        };
        if attempt >= attempts || !may_pass {
            return Err(failure);
        }
        tracing::debug!(pod = name, "{failure}; the signal is sent again");
        sleep(PAUSE * 2u32.pow(attempt - 1)).await;
    }
}

/// Whether the main container has ended, or its pod is gone.
async fn is_over(client: &ApiClient, pod: &str) -> Result<bool, ApiFailure> {
    match client.read::<PodObject>(&Call::get(Resource::Pods, pod)).await {
        Ok(pod) => Ok(pod.main_status().is_none_or(|status| status.state.running.is_none())),
        Err(failure) if failure.is_not_found() => Ok(true),
        Err(failure) => Err(failure),
    }
}

async fn is_over_soon(client: &ApiClient, pod: &str) -> bool {
    let deadline = Instant::now() + END_TOLD;
    loop {
        if matches!(is_over(client, pod).await, Ok(true)) {
            return true;
        }
        if Instant::now() >= deadline {
            return false;
        }
        sleep(LOOK).await;
    }
}

/// Deletes a pod: its node sends SIGTERM, and SIGKILL after the grace, in seconds; the pod's own grace if none is given.
pub(super) async fn delete(client: &ApiClient, pod: &str, grace: Option<u32>) -> Result<(), ApiFailure> {
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
