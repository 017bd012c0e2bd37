//! The task that owns the job table.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use launcher_api::response::JobStateResponse;
use launcher_api::{ErrorCode, Job, JobId, JobSelector, RequestId, Requester, Response};
use tokio::sync::mpsc;

use super::book::{Book, Change, Known, Removed};
use super::control;
use super::milestones::{Milestone, Waiting};
use super::news::StatusNews;
use super::status::StatusStreams;
use super::submissions::{Submission, Submissions};
use super::{Event, Jobs, Ran, Reached, Reply};
use crate::options::Clock;
use crate::outbox::{OrderedLane, Outbound};
use crate::refusal::Refusal;
use crate::{FeedReceiver, JobUpdate};

/// Events that wait for the table. It never waits for anything but them, so they are taken within microseconds.
const EVENTS: usize = 256;

/// The longest sleep before looking which jobs have expired: the time of day may jump.
const EXPIRY_CHECK: Duration = Duration::from_secs(60);

/// The status streams that may be open at once.
const MAX_STATUS_STREAMS: usize = 16_384;

/// Jobs beyond those in the table of which a stream keeps untold news.
const UNTOLD_DEPARTED: usize = 10_000;

/// Ids of jobs that are gone, kept so that a late answer to a submission does not bring one back.
const DEPARTED: usize = 256;

/// The job table.
#[derive(Debug)]
pub(crate) struct Owner {
    book: Book,
    status: StatusStreams,
    waiting: Waiting,
    submissions: Submissions,
    departed: VecDeque<JobId>,
    feed: Option<FeedReceiver>,
    events: mpsc::Receiver<Event>,
    lane: OrderedLane,
    expired: mpsc::Sender<Arc<Job>>,
    clock: Clock,
}

/// What wakes the table.
#[derive(Debug)]
enum Wake {
    /// Somebody wants something; `None`: nobody is left who could.
    Event(Option<Event>),
    /// The backend tells something; `None`: it never will again.
    Update(Option<JobUpdate>),
    /// A status message went to the writer.
    Told,
    /// A job may have expired.
    ExpiryCheck,
}

/// An empty table and the handle to it.
///
/// `lane`: where status messages go. `expired`: takes jobs that are to be removed from the cluster.
pub(crate) fn table(
    job_expiry: Duration,
    clock: Clock,
    lane: OrderedLane,
    expired: mpsc::Sender<Arc<Job>>,
) -> (Jobs, Owner) {
    let (sender, events) = mpsc::channel(EVENTS);
    let owner = Owner {
        book: Book::new(job_expiry),
        status: StatusStreams::default(),
        waiting: Waiting::default(),
        submissions: Submissions::default(),
        departed: VecDeque::new(),
        feed: None,
        events,
        lane: lane.clone(),
        expired,
        clock,
    };
    (Jobs::new(sender, lane), owner)
}

impl Owner {
    /// Owns the table until every handle to it is gone.
    pub(crate) async fn run(mut self) {
        loop {
            match self.wake().await {
                Wake::Event(Some(event)) => self.handle(event).await,
                Wake::Event(None) => return,
                Wake::Update(Some(update)) => self.take(update).await,
                Wake::Update(None) => {
                    tracing::warn!("the backend has stopped telling what happens to jobs");
                    self.feed = None;
                }
                Wake::Told | Wake::ExpiryCheck => {}
            }
            self.expire().await;
        }
    }

    async fn wake(&mut self) -> Wake {
        let expiry_check = self.book.next_expiry_in(self.clock.now()).map(|wait| wait.min(EXPIRY_CHECK));
        let has_feed = self.feed.is_some();
        let has_news = self.status.has_news();
        tokio::select! {
            event = self.events.recv() => Wake::Event(event),
            update = recv(&mut self.feed), if has_feed => Wake::Update(update),
            Ok(room) = self.lane.reserve(), if has_news => {
                if let Some(message) = self.status.next() {
                    room.send(message);
                }
                Wake::Told
            }
            () = tokio::time::sleep(expiry_check.unwrap_or_default()), if expiry_check.is_some() => Wake::ExpiryCheck,
        }
    }

    async fn handle(&mut self, event: Event) {
        match event {
            Event::Attach(feed) => self.feed = Some(feed),
            Event::Detach => {
                self.feed = None;
                self.book.clear();
            }
            Event::Submitting(submission) => self.submissions.begin(submission),
            Event::Submitted { submission, job, answer, slot } => {
                self.submitted(&submission, job, answer, slot).await;
            }
            Event::NotSubmitted(submission) => {
                let free = self.submissions.end(&submission, None);
                self.tell_held(&free);
            }
            Event::Find { who, id, reply } => {
                answer(reply, self.book.visible(&who, &id).map(|entry| Arc::clone(&entry.job)));
            }
            // Who has stopped waiting does not want the list.
            Event::List { who, filter, reply } => drop(reply.send(self.book.list(&who, &filter))),
            Event::BeginControl { who, id, operation, reply } => {
                answer(reply, control::begin(&mut self.book, &who, &id, operation));
            }
            Event::Await { who, id, milestone, reply } => self.wait(&who, id, milestone, reply),
            Event::OpenStatus { request, who, selector, reply } => {
                answer(reply, self.open_status(request, who, selector));
            }
            Event::CancelStatus { request } => {
                let open = self.status.cancel(request);
                tracing::debug!(%request, open, "status stream canceled");
            }
            Event::CancelAll => self.status.cancel_all(),
        }
    }

    /// Takes in what the backend tells.
    async fn take(&mut self, update: JobUpdate) {
        let now = self.clock.now();
        match update {
            JobUpdate::Known(job) => match self.book.know(Arc::new(*job), now) {
                Known::New(change) => self.appeared(&change),
                Known::Changed(change) => self.changed(change),
                Known::Same => {}
                Known::Expired(job) => self.remove_from_cluster(job).await,
            },
            JobUpdate::State { id, state } => {
                if let Some(change) = self.book.change(&id, state) {
                    self.changed(change);
                }
            }
            JobUpdate::Ports { id, ports } => self.book.ports(&id, ports),
            JobUpdate::Removed(id) => match self.book.removed(&id, now) {
                Removed::Forgotten => self.departs(&id),
                Removed::Lost(change) => self.changed(change),
                Removed::Unknown => {}
            },
        }
    }

    fn appeared(&mut self, change: &Change) {
        tracing::debug!(job = %change.job.id, status = %change.job.status, "job seen");
        if !self.submissions.hold(&change.job) {
            self.status.tell(&change.job.user, &change.latest);
        }
    }

    fn changed(&mut self, change: Change) {
        tracing::debug!(job = %change.job.id, status = %change.job.status, "job changed");
        if !self.submissions.holds(&change.job.id) {
            for news in change.before.iter().chain([&change.latest]) {
                self.status.tell(&change.job.user, news);
            }
        }
        self.waiting.tell(&Reached { job: change.job, ran: change.ran });
    }

    /// The job is known first; then its answer goes out; then its state is told.
    async fn submitted(
        &mut self,
        submission: &Submission,
        job: Arc<Job>,
        answer: JobStateResponse,
        slot: mpsc::OwnedPermit<Outbound>,
    ) {
        let id = job.id.clone();
        let is_news = self.book.entry(&id).is_none() && !self.departed.contains(&id);
        let known = is_news.then(|| self.book.know(job, self.clock.now()));
        slot.send(Outbound::answer(Response::JobState(answer)));
        let free = self.submissions.end(submission, Some(&id));
        self.tell_held(&free);
        match known {
            Some(Known::New(change)) => self.status.tell(&change.job.user, &change.latest),
            Some(Known::Expired(job)) => self.remove_from_cluster(job).await,
            Some(Known::Changed(_) | Known::Same) | None => {}
        }
    }

    /// Tells jobs whose first news were held back.
    fn tell_held(&mut self, ids: &[JobId]) {
        for id in ids {
            if let Some(entry) = self.book.entry(id) {
                tell_whole(&mut self.status, &entry.job, entry.ran);
            }
        }
    }

    fn wait(&mut self, who: &Requester, id: JobId, milestone: Milestone, reply: Reply<Reached>) {
        match self.book.visible(who, &id) {
            Ok(entry) if milestone.is_behind(entry.job.status) => {
                answer(reply, Ok(Reached { job: Arc::clone(&entry.job), ran: entry.ran }));
            }
            Ok(_) => self.waiting.add(id, milestone, reply),
            Err(refusal) => answer(reply, Err(refusal)),
        }
    }

    fn open_status(
        &mut self,
        request: RequestId,
        who: Requester,
        selector: JobSelector,
    ) -> Result<(), Refusal> {
        if self.status.is_open(request) {
            tracing::warn!(%request, "status stream is open already, the second request for it is ignored");
            return Ok(());
        }
        if self.status.len() >= MAX_STATUS_STREAMS {
            let message = format!("{MAX_STATUS_STREAMS} status streams are open, and no more are possible");
            return Err(Refusal::new(ErrorCode::Unknown, message));
        }
        let first: Vec<Arc<StatusNews>> = match &selector {
            JobSelector::All => self.book.visible_to(&who).map(|entry| Arc::clone(&entry.news)).collect(),
            JobSelector::One(id) => vec![Arc::clone(&self.book.visible(&who, id)?.news)],
        };
        tracing::debug!(%request, jobs = first.len(), "status stream opened");
        self.status.open(request, who, selector, first);
        Ok(())
    }

    /// Forgets the jobs that have expired.
    async fn expire(&mut self) {
        while let Some(entry) = self.book.take_expired(self.clock.now()) {
            tracing::info!(job = %entry.job.id, "job expired");
            if self.submissions.release(&entry.job.id) {
                tell_whole(&mut self.status, &entry.job, entry.ran);
            }
            self.departs(&entry.job.id);
            self.remove_from_cluster(entry.job).await;
        }
    }

    /// A job has left the table.
    fn departs(&mut self, id: &JobId) {
        self.status.forget(id, self.book.len() + UNTOLD_DEPARTED);
        if self.departed.len() == DEPARTED {
            self.departed.pop_front();
        }
        self.departed.push_back(id.clone());
    }

    async fn remove_from_cluster(&self, job: Arc<Job>) {
        // Closed: the plugin is ending, and the next one will find the job expired.
        drop(self.expired.send(job).await);
    }
}

/// Tells a job's state for the first time, and that it has been running if it is over.
fn tell_whole(status: &mut StatusStreams, job: &Job, ran: Ran) {
    if job.status.is_terminal() && ran == Ran::Yes {
        status.tell(&job.user, &StatusNews::has_run(job));
    }
    status.tell(&job.user, &StatusNews::of(job));
}

async fn recv(feed: &mut Option<FeedReceiver>) -> Option<JobUpdate> {
    match feed {
        Some(feed) => feed.recv().await,
        None => None,
    }
}

/// Replies to somebody who may have stopped waiting.
fn answer<T>(reply: Reply<T>, what: Result<T, Refusal>) {
    drop(reply.send(what));
}
