//! What status streams tell of a job.

use std::sync::Arc;

use launcher_api::response::{JobStatusResponse, StreamSequence};
use launcher_api::{Job, JobId, JobStatus, RequestId, Response};

/// A state of a job as status streams tell it. Made once for each change and shared by all streams.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct StatusNews {
    pub(crate) id: JobId,
    name: String,
    pub(crate) status: JobStatus,
    message: String,
    code: String,
}

impl StatusNews {
    /// The state that the job is in.
    pub(crate) fn of(job: &Job) -> Arc<Self> {
        Arc::new(Self {
            id: job.id.clone(),
            name: job.name.clone(),
            status: job.status,
            message: job.status_message.clone(),
            code: job.status_code.clone(),
        })
    }

    /// That the job has been running, told of one that was over before anybody saw it run.
    pub(crate) fn has_run(job: &Job) -> Arc<Self> {
        Arc::new(Self {
            id: job.id.clone(),
            name: job.name.clone(),
            status: JobStatus::Running,
            message: String::new(),
            code: String::new(),
        })
    }

    /// Whether a stream that told this has nothing to add for `job`.
    pub(crate) fn tells(&self, job: &Job) -> bool {
        self.status == job.status && self.message == job.status_message
    }

    /// The message to one stream.
    pub(crate) fn to_response(&self, request_id: RequestId, seq_id: u64) -> Response {
        Response::JobStatus(JobStatusResponse {
            sequences: vec![StreamSequence { request_id, seq_id }],
            id: self.id.clone(),
            name: self.name.clone(),
            status: self.status,
            status_message: self.message.clone(),
            status_code: self.code.clone(),
        })
    }
}
