//! Running a program in a container.

use std::time::Duration;

use tokio::time::timeout;

use super::{Frame, Outcome, Session};
use crate::annotation;
use crate::client::{ApiClient, ApiFailure, Call, FailureKind, Resource};

/// Runs `command` in the main container of `pod`, and waits at most `limit` for its end. Its output is dropped.
///
/// # Errors
/// [`ApiFailure`]; [`FailureKind::Broken`] when the session ended before the program, as when the container does.
pub async fn exec(
    client: &ApiClient,
    pod: &str,
    command: &[&str],
    limit: Duration,
) -> Result<Outcome, ApiFailure> {
    let mut call = Call::get(Resource::PodExec, pod).with("container", annotation::MAIN_CONTAINER);
    for word in command {
        call = call.with("command", *word);
    }
    let call = call.with("stdout", "true").with("stderr", "true");
    let failed = |kind| ApiFailure { operation: call.operation(client.namespace_shared()), kind };
    let run = async {
        let mut session = Session::open(client, call.clone()).await?;
        while let Some(frame) = session.next().await? {
            if let Frame::Ended(outcome) = frame {
                return Ok(outcome);
            }
        }
        Err(failed(FailureKind::Broken { reason: "the session ended without a result".to_owned() }))
    };
    timeout(limit, run).await.unwrap_or_else(|_| Err(failed(FailureKind::Timeout)))
}
