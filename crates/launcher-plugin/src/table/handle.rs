//! What everybody but the owner holds of the job table.

use std::sync::Arc;

use launcher_api::request::{ControlOperation, JobFilter};
use launcher_api::response::JobStateResponse;
use launcher_api::{Job, JobId, JobSelector, RequestId, Requester};
use tokio::sync::{mpsc, oneshot};

use super::milestones::Milestone;
use super::submissions::Submission;
use super::{Controlled, Event, Reached, Reply};
use crate::FeedReceiver;
use crate::outbox::OrderedLane;
use crate::refusal::Refusal;

/// Asks the job table. Clones ask the same one; what one task asks is handled in order.
///
/// Reads only, but for what a session itself brings about (submissions, turns, streams): the writing half is the
/// owner task's alone, so that a job has one history.
#[derive(Clone, Debug)]
pub(crate) struct Jobs {
    events: mpsc::Sender<Event>,
    /// Where the table sends its messages.
    lane: OrderedLane,
}

/// A status stream that the table has been asked to open: a cancel sent from now on comes after it.
#[derive(Debug)]
pub(crate) struct Opening(oneshot::Receiver<Result<(), Refusal>>);

impl Opening {
    pub(crate) async fn opened(self) -> Result<(), Refusal> {
        self.0.await.unwrap_or_else(|_| Err(Refusal::ending()))
    }
}

impl Jobs {
    pub(crate) fn new(events: mpsc::Sender<Event>, lane: OrderedLane) -> Self {
        Self { events, lane }
    }

    /// The job, if `who` may see it; else error 3.
    pub(crate) async fn find(&self, who: Requester, id: JobId) -> Result<Arc<Job>, Refusal> {
        self.ask(|reply| Event::Find { who, id, reply }).await
    }

    /// All jobs that `who` may see and that match, by id.
    pub(crate) async fn list(&self, who: Requester, filter: JobFilter) -> Result<Vec<Arc<Job>>, Refusal> {
        let (reply, answer) = oneshot::channel();
        self.tell(Event::List { who, filter, reply }).await?;
        answer.await.map_err(|_| Refusal::ending())
    }

    /// The job, and the right to carry out the operation on it: nobody else has one until the turn is dropped.
    pub(crate) async fn begin_control(
        &self,
        who: Requester,
        id: JobId,
        operation: ControlOperation,
    ) -> Result<Controlled, Refusal> {
        self.ask(|reply| Event::BeginControl { who, id, operation, reply }).await
    }

    /// Waits until the job is past the milestone, for as long as that takes.
    pub(crate) async fn reach(
        &self,
        who: Requester,
        id: JobId,
        milestone: Milestone,
    ) -> Result<Reached, Refusal> {
        self.ask(|reply| Event::Await { who, id, milestone, reply }).await
    }

    /// Says that a job like this is going to the backend.
    pub(crate) async fn submitting(&self, submission: Submission) -> Result<(), Refusal> {
        self.tell(Event::Submitting(submission)).await
    }

    /// Takes in a new job and lets the table send the answer to its submission, in this order, so that who reads the
    /// answer finds the job.
    pub(crate) async fn submitted(
        &self,
        submission: Submission,
        job: Arc<Job>,
        answer: JobStateResponse,
    ) -> Result<(), Refusal> {
        let slot = self.lane.clone().reserve_owned().await.map_err(|_| Refusal::ending())?;
        self.tell(Event::Submitted { submission, job, answer, slot }).await
    }

    /// Says that a submission has failed.
    pub(crate) async fn not_submitted(&self, submission: Submission) -> Result<(), Refusal> {
        self.tell(Event::NotSubmitted(submission)).await
    }

    /// Opens a status stream. What comes back later says whether it was refused.
    pub(crate) async fn open_status(
        &self,
        request: RequestId,
        who: Requester,
        selector: JobSelector,
    ) -> Result<Opening, Refusal> {
        let (reply, answer) = oneshot::channel();
        self.tell(Event::OpenStatus { request, who, selector, reply }).await?;
        Ok(Opening(answer))
    }

    pub(crate) async fn cancel_status(&self, request: RequestId) -> Result<(), Refusal> {
        self.tell(Event::CancelStatus { request }).await
    }

    /// Ends all status streams.
    pub(crate) async fn cancel_all(&self) -> Result<(), Refusal> {
        self.tell(Event::CancelAll).await
    }

    /// Listens to the feed of a backend that begins to watch.
    pub(crate) async fn attach(&self, feed: FeedReceiver) -> Result<(), Refusal> {
        self.tell(Event::Attach(feed)).await
    }

    /// Closes the feed, and forgets what it told.
    pub(crate) async fn detach(&self) -> Result<(), Refusal> {
        self.tell(Event::Detach).await
    }

    async fn ask<T>(&self, event: impl FnOnce(Reply<T>) -> Event) -> Result<T, Refusal> {
        let (reply, answer) = oneshot::channel();
        self.tell(event(reply)).await?;
        answer.await.unwrap_or_else(|_| Err(Refusal::ending()))
    }

    async fn tell(&self, event: Event) -> Result<(), Refusal> {
        self.events.send(event).await.map_err(|_| Refusal::ending())
    }
}
