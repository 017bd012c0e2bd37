//! Messages that are larger than the Launcher accepts.

use launcher_api::frame::FrameError;
use launcher_api::job::JobField;
use launcher_api::response::{ErrorResponse, JobStateResponse};
use launcher_api::{ErrorCode, Response};

/// What to send instead of a message that is too large, best first; nothing if nobody would understand.
///
/// A list of all fields of jobs loses what is large and can be done without; otherwise whoever asked is told that the
/// answer can't be sent.
pub(crate) fn instead_of(response: Response, error: &FrameError) -> impl Iterator<Item = Response> {
    let request_id = response.request_id();
    let answers_one_request = request_id.0 != 0;
    if !answers_one_request {
        tracing::error!(message_type = response.message_type(), "a message is dropped: {error}");
    }
    let refusal = answers_one_request.then(|| {
        Response::Error(ErrorResponse {
            request_id,
            code: ErrorCode::Unknown,
            message: format!("the answer can't be sent: {error}"),
        })
    });
    without_large_fields(response, error).into_iter().chain(refusal)
}

fn without_large_fields(response: Response, error: &FrameError) -> Option<Response> {
    let Response::JobState(JobStateResponse { request_id, jobs, fields }) = response else { return None };
    if !fields.is_all() {
        return None;
    }
    tracing::warn!(
        request = %request_id, jobs = jobs.len(),
        "stdin and environment are left out of the jobs: {error}"
    );
    let fields = fields.without([JobField::Stdin, JobField::Environment]);
    Some(Response::JobState(JobStateResponse { request_id, jobs, fields }))
}
