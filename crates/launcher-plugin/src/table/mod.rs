//! The job table: one task owns it and is its only writer; everybody else sends it an [`Event`] and gets snapshots.
//!
//! - [`book`]: the jobs and the rules by which news change them, without a clock or a task
//! - [`control`]: whether an operation may be carried out now
//! - [`expiry`]: which jobs are due to be forgotten
//! - [`milestones`]: who waits for a job to start or to end
//! - [`news`], [`status`]: the status streams, with what each still has to be told
//! - [`submissions`]: which jobs are not told yet because the answer to their submission comes first
//! - [`owner`]: the task
//! - [`handle`]: what the others hold

pub(crate) mod book;
pub(crate) mod control;
pub(crate) mod expiry;
pub(crate) mod handle;
pub(crate) mod milestones;
pub(crate) mod news;
pub(crate) mod owner;
pub(crate) mod status;
pub(crate) mod submissions;

use std::sync::Arc;

use launcher_api::request::{ControlOperation, JobFilter};
use launcher_api::response::JobStateResponse;
use launcher_api::{Job, JobId, JobSelector, RequestId, Requester};
use tokio::sync::{mpsc, oneshot};

pub(crate) use handle::Jobs;
use milestones::Milestone;
use submissions::Submission;

use crate::FeedReceiver;
use crate::outbox::Outbound;
use crate::refusal::Refusal;

/// All that can reach the table, besides the backend's feed, the passing of time and room in the writer's lane.
#[derive(Debug)]
pub(crate) enum Event {
    /// The backend begins to tell its jobs.
    Attach(FeedReceiver),
    /// The backend failed to begin: what it has told does not count.
    Detach,
    /// A submission goes to the backend.
    Submitting(Submission),
    /// A submission is done: the job becomes known, and then its answer goes out.
    Submitted {
        submission: Submission,
        job: Arc<Job>,
        answer: JobStateResponse,
        slot: mpsc::OwnedPermit<Outbound>,
    },
    /// A submission failed.
    NotSubmitted(Submission),
    /// Who wants to see one job.
    Find { who: Requester, id: JobId, reply: Reply<Arc<Job>> },
    /// Who wants to see all jobs that match.
    List { who: Requester, filter: JobFilter, reply: oneshot::Sender<Vec<Arc<Job>>> },
    /// Who wants to control a job.
    BeginControl { who: Requester, id: JobId, operation: ControlOperation, reply: Reply<Controlled> },
    /// Who waits for a job to get somewhere.
    Await { who: Requester, id: JobId, milestone: Milestone, reply: Reply<Reached> },
    /// A status stream begins.
    OpenStatus { request: RequestId, who: Requester, selector: JobSelector, reply: Reply<()> },
    /// A status stream ends.
    CancelStatus { request: RequestId },
    /// All status streams end.
    CancelAll,
}

/// Where an answer goes, unless it is refused.
pub(crate) type Reply<T> = oneshot::Sender<Result<T, Refusal>>;

/// A job that one operation may be carried out on: no other begins before this is dropped.
#[derive(Debug)]
pub(crate) struct Controlled {
    pub(crate) job: Arc<Job>,
    pub(crate) _turn: Arc<ControlOperation>,
}

/// A job that got to a milestone.
#[derive(Clone, Debug)]
pub(crate) struct Reached {
    pub(crate) job: Arc<Job>,
    pub(crate) ran: Ran,
}

/// Whether a job has been running at any time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ran {
    /// It has.
    Yes,
    /// It has not, so far.
    No,
    /// It was over when it was first seen.
    Unknown,
}
