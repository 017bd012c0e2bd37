//! Submit Job.

use std::sync::Arc;

use launcher_api::job::JobFields;
use launcher_api::request::{Caller, SubmitJob};
use launcher_api::response::JobStateResponse;
use launcher_api::{ErrorCode, Job, JobId, JobStatus, RequestId, Requester};
use tokio::time::Instant;

use crate::PluginOptions;
use crate::backend::Backend;
use crate::calls::call;
use crate::context::Context;
use crate::in_flight::Answer;
use crate::refusal::Refusal;
use crate::table::submissions::Submission;

/// The profile of a job that names none: its limits are given by hand.
const CUSTOM_PROFILE: &str = "custom";

/// Creates the job. The job table answers, once it knows the job.
pub(crate) async fn submit<B: Backend>(
    cx: Context<B>,
    request: RequestId,
    submit: SubmitJob,
    deadline: Instant,
) -> Answer {
    let job = prepared(*submit.job, &submit.who, &cx.options)?;
    let submission = Submission::of(&job);
    cx.jobs.submitting(submission.clone()).await?;
    match create(&cx, job, &submit.who.username, deadline).await {
        Ok(job) => {
            tracing::info!(%request, job = %job.id, user = %job.user, "job submitted");
            let job = Arc::new(job);
            let jobs = vec![Arc::clone(&job)];
            let answer = JobStateResponse { request_id: request, jobs, fields: JobFields::ALL };
            cx.jobs.submitted(submission, job, answer).await?;
            Ok(None)
        }
        Err(refusal) => {
            cx.jobs.not_submitted(submission).await?;
            Err(refusal)
        }
    }
}

async fn create<B: Backend>(
    cx: &Context<B>,
    job: Job,
    who: &Requester,
    deadline: Instant,
) -> Result<Job, Refusal> {
    let mut job = call("creating the job", deadline, cx.backend.submit(job, who)).await??;
    if job.id.is_empty() {
        return Err(Refusal::new(ErrorCode::Unknown, "the cluster gave the job no id"));
    }
    let submitted = *job.submission_time.get_or_insert_with(|| cx.options.clock.now());
    job.last_update_time.get_or_insert(submitted);
    Ok(job)
}

/// The job as the backend gets it: checked, with its defaults, and without what only a plugin can know.
fn prepared(mut job: Job, who: &Caller, options: &PluginOptions) -> Result<Job, Refusal> {
    let invalid = |message: String| Refusal::new(ErrorCode::InvalidRequest, message);
    match who.username.user() {
        Some(user) if job.user.is_empty() => job.user = user.clone(),
        Some(user) if *user != job.user => {
            tracing::warn!(%user, owner = %job.user, "a user submits a job that belongs to another one");
        }
        _ => {}
    }
    if job.user.is_empty() {
        return Err(invalid(
            "the job has no owner: `job.user` is empty and `username` names nobody".to_owned(),
        ));
    }
    if job.resource_profile.is_empty() {
        CUSTOM_PROFILE.clone_into(&mut job.resource_profile);
    }
    if job.cluster.is_empty() {
        options.name.as_str().clone_into(&mut job.cluster);
    }
    job.check().map_err(|error| invalid(error.to_string()))?;
    Ok(Job {
        id: JobId::default(),
        status: JobStatus::Pending,
        status_message: String::new(),
        status_code: String::new(),
        pid: None,
        exit_code: None,
        submission_time: None,
        last_update_time: None,
        ..job
    })
}
