//! Get Job and Get Jobs.

use launcher_api::request::GetJobs;
use launcher_api::response::JobStateResponse;
use launcher_api::{JobSelector, RequestId, Response};

use crate::context::Context;
use crate::in_flight::Answer;

/// One job, for which filters do not count; or all that are visible and match, by id.
pub(crate) async fn get_jobs<B>(cx: Context<B>, request: RequestId, get: GetJobs) -> Answer {
    let who = get.who.username;
    let jobs = match get.selector {
        JobSelector::One(id) => vec![cx.jobs.find(who, id).await?],
        JobSelector::All => cx.jobs.list(who, get.filter).await?,
    };
    Ok(Some(Response::JobState(JobStateResponse { request_id: request, jobs, fields: get.fields })))
}
