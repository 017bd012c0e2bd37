//! Control Job.

use std::sync::Arc;

use launcher_api::request::ControlJob;
use launcher_api::response::ControlJobResponse;
use launcher_api::{ErrorCode, RequestId, Response};
use tokio::time::Instant;

use crate::BackendError;
use crate::backend::Backend;
use crate::calls::call;
use crate::context::Context;
use crate::in_flight::Answer;
use crate::refusal::Refusal;

/// Carries out an operation, one at a time for each job.
pub(crate) async fn control<B: Backend>(
    cx: Context<B>,
    request: RequestId,
    control: ControlJob,
    deadline: Instant,
) -> Answer {
    let ControlJob { who, job: id, operation } = control;
    let controlled = cx.jobs.begin_control(who.username, id.clone(), operation).await?;
    let work = cx.backend.control(Arc::clone(&controlled.job), operation);
    let outcome = call("controlling the job", deadline, work).await?.map_err(|error| failed(&error))?;
    tracing::info!(%request, job = %id, %operation, complete = outcome.complete, "job controlled");
    Ok(Some(Response::ControlJob(ControlJobResponse {
        request_id: request,
        status_message: outcome.message,
        operation_complete: outcome.complete,
    })))
}

/// Whatever kept the cluster from doing it, control was tried and failed; but for what has a code that says more.
fn failed(error: &BackendError) -> Refusal {
    let code = match error {
        BackendError::NotSupported(_)
        | BackendError::JobNotFound
        | BackendError::Timeout { .. }
        | BackendError::InvalidState(_) => error.code(),
        BackendError::InvalidJob(_)
        | BackendError::JobNotRunning(_)
        | BackendError::OutputNotFound(_)
        | BackendError::ControlFailed(_)
        | BackendError::Unavailable(_) => ErrorCode::JobControlFailure,
    };
    Refusal::new(code, error.to_string())
}
