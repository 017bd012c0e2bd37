//! The jobs, and the rules by which news change them. No task, no clock: a function of what is known and what comes.

use std::collections::BTreeMap;
use std::sync::{Arc, Weak};
use std::time::Duration;

use launcher_api::job::ExposedPort;
use launcher_api::request::{ControlOperation, JobFilter};
use launcher_api::{ErrorCode, Job, JobId, JobStatus, JobTime, Requester};

use super::Ran;
use super::expiry::Expiry;
use super::news::StatusNews;
use crate::JobState;
use crate::refusal::Refusal;

/// Every job that is known, by id in the order of bytes.
#[derive(Debug)]
pub(crate) struct Book {
    jobs: BTreeMap<JobId, Entry>,
    expiry: Expiry,
}

/// One job.
#[derive(Debug)]
pub(crate) struct Entry {
    /// What readers get. Replaced, never changed, while somebody holds it.
    pub(crate) job: Arc<Job>,
    pub(crate) ran: Ran,
    /// The state as it was told last.
    pub(crate) news: Arc<StatusNews>,
    /// When it expires, as noted in [`Book::expiry`].
    due: Option<JobTime>,
    /// Alive while an operation is being carried out.
    pub(crate) turn: Weak<ControlOperation>,
}

/// News of a job that status streams tell.
#[derive(Debug)]
pub(crate) struct Change {
    pub(crate) job: Arc<Job>,
    pub(crate) ran: Ran,
    /// That it has been running, if it ended before anybody saw it run.
    pub(crate) before: Option<Arc<StatusNews>>,
    pub(crate) latest: Arc<StatusNews>,
}

/// What came of a whole job that was told.
#[derive(Debug)]
pub(crate) enum Known {
    /// It is new.
    New(Change),
    /// It was known, and is in another state.
    Changed(Change),
    /// It was known, and there is nothing to tell.
    Same,
    /// It has expired: it is not taken in, and is to be removed from the cluster.
    Expired(Arc<Job>),
}

/// What came of a job's removal from the cluster.
#[derive(Debug)]
pub(crate) enum Removed {
    /// It had ended and is forgotten.
    Forgotten,
    /// It had not ended, and counts as Failed.
    Lost(Change),
    /// Nobody knew it.
    Unknown,
}

impl Book {
    pub(crate) fn new(job_expiry: Duration) -> Self {
        Self { jobs: BTreeMap::new(), expiry: Expiry::new(job_expiry) }
    }

    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        self.jobs.clear();
        self.expiry.clear();
    }

    pub(crate) fn len(&self) -> usize {
        self.jobs.len()
    }

    pub(crate) fn entry(&self, id: &JobId) -> Option<&Entry> {
        self.jobs.get(id)
    }

    pub(crate) fn entry_mut(&mut self, id: &JobId) -> Option<&mut Entry> {
        self.jobs.get_mut(id)
    }

    /// The job, if `who` may see it. A foreign job is as if it did not exist.
    pub(crate) fn visible(&self, who: &Requester, id: &JobId) -> Result<&Entry, Refusal> {
        self.jobs.get(id).filter(|entry| who.sees(&entry.job.user)).ok_or_else(|| not_found(who, id))
    }

    /// All jobs that `who` may see, by id.
    pub(crate) fn visible_to<'a>(&'a self, who: &'a Requester) -> impl Iterator<Item = &'a Entry> {
        self.jobs.values().filter(|entry| who.sees(&entry.job.user))
    }

    /// The jobs among them that match, by id.
    pub(crate) fn list(&self, who: &Requester, filter: &JobFilter) -> Vec<Arc<Job>> {
        self.visible_to(who)
            .filter(|entry| filter.matches(&entry.job))
            .map(|entry| Arc::clone(&entry.job))
            .collect()
    }

    /// Takes in all that is known of a job.
    pub(crate) fn know(&mut self, job: Arc<Job>, now: JobTime) -> Known {
        let id = job.id.clone();
        let Some(entry) = self.jobs.get_mut(&id) else { return self.first_sight(job, now) };
        entry.job = Arc::new(merge(&entry.job, Arc::unwrap_or_clone(job), now));
        match self.settle(&id) {
            Some(change) => Known::Changed(change),
            None => Known::Same,
        }
    }

    fn first_sight(&mut self, job: Arc<Job>, now: JobTime) -> Known {
        let due = self.expiry.due(&job);
        if due.is_some_and(|due| due <= now) {
            return Known::Expired(job);
        }
        let (ran, latest) = (ran_at_first_sight(&job), StatusNews::of(&job));
        self.expiry.schedule(&job.id, None, due);
        let entry = Entry { job: Arc::clone(&job), ran, news: Arc::clone(&latest), due, turn: Weak::new() };
        self.jobs.insert(job.id.clone(), entry);
        Known::New(Change { job, ran, before: None, latest })
    }

    /// Takes in a state. `None`: nothing to tell.
    pub(crate) fn change(&mut self, id: &JobId, mut state: JobState) -> Option<Change> {
        let entry = self.jobs.get_mut(id)?;
        state.status = end_of_a_job_that_ran(entry.job.status, state.status);
        if !accepts(&entry.job, &state) {
            tracing::debug!(job = %id, is = ?entry.job.status, told = ?state.status, "state ignored: late, or the job has ended");
            return None;
        }
        apply(Arc::make_mut(&mut entry.job), state);
        self.settle(id)
    }

    /// Takes in where the ports are.
    pub(crate) fn ports(&mut self, id: &JobId, ports: Vec<ExposedPort>) {
        if let Some(entry) = self.jobs.get_mut(id).filter(|entry| entry.job.exposed_ports != ports) {
            Arc::make_mut(&mut entry.job).exposed_ports = ports;
        }
    }

    /// Takes in that the cluster has the job no longer.
    pub(crate) fn removed(&mut self, id: &JobId, now: JobTime) -> Removed {
        match self.jobs.get(id).map(|entry| entry.job.status.is_terminal()) {
            None => Removed::Unknown,
            Some(true) => {
                self.forget(id);
                Removed::Forgotten
            }
            Some(false) => self.change(id, lost(now)).map_or(Removed::Unknown, Removed::Lost),
        }
    }

    /// Forgets a job that has ended long enough ago.
    ///
    /// Its state is looked at as it is now: jobs are put on and taken off the list with each change.
    pub(crate) fn take_expired(&mut self, now: JobTime) -> Option<Entry> {
        let id = self.expiry.take_due(now)?;
        self.jobs.remove(&id)
    }

    /// How long until the next job expires.
    pub(crate) fn next_expiry_in(&self, now: JobTime) -> Option<Duration> {
        self.expiry.next_in(now)
    }

    fn forget(&mut self, id: &JobId) {
        if let Some(entry) = self.jobs.remove(id) {
            self.expiry.schedule(id, entry.due, None);
        }
    }

    /// Draws the consequences of a job having been replaced.
    fn settle(&mut self, id: &JobId) -> Option<Change> {
        let entry = self.jobs.get_mut(id)?;
        let due = self.expiry.due(&entry.job);
        self.expiry.schedule(id, entry.due, due);
        entry.due = due;
        if entry.news.tells(&entry.job) {
            return None;
        }
        let unseen = entry.ran != Ran::Yes && has_run(entry.job.status) && entry.job.status.is_terminal();
        if has_run(entry.job.status) {
            entry.ran = Ran::Yes;
        }
        entry.news = StatusNews::of(&entry.job);
        Some(Change {
            job: Arc::clone(&entry.job),
            ran: entry.ran,
            before: unseen.then(|| StatusNews::has_run(&entry.job)),
            latest: Arc::clone(&entry.news),
        })
    }
}

/// The answer about a job that is not there, or not for the eyes of `who`.
pub(crate) fn not_found(who: &Requester, id: &JobId) -> Refusal {
    let message = match who {
        Requester::Everyone => format!("there is no job '{id}'"),
        Requester::User(user) => format!("user '{user}' has no job '{id}'"),
    };
    Refusal::new(ErrorCode::JobNotFound, message)
}

/// Only a job that has not run is Canceled: one that was seen running was Killed.
fn end_of_a_job_that_ran(now: JobStatus, next: JobStatus) -> JobStatus {
    match (now, next) {
        (JobStatus::Running | JobStatus::Suspended, JobStatus::Canceled) => JobStatus::Killed,
        _ => next,
    }
}

/// Whether news about a state counts for a job.
fn accepts(job: &Job, state: &JobState) -> bool {
    let (now, next) = (job.status, state.status);
    // Clocks of nodes differ, so the time decides only where the order can't be told from the states.
    let could_be_before = next.may_become(now);
    let is_late = could_be_before && job.last_update_time.is_some_and(|known| state.time < known);
    now.may_become(next) && !is_late
}

/// Makes the state the job's, all of it together.
fn apply(job: &mut Job, state: JobState) {
    let exit_code = state.exit_code.filter(|_| state.status.is_terminal());
    let changes = job.status != state.status
        || job.status_message != state.status_message
        || job.status_code != state.status_code
        || (!state.host.is_empty() && job.host != state.host);
    if !changes {
        return;
    }
    job.status = state.status;
    job.status_message = state.status_message;
    job.status_code = state.status_code;
    job.exit_code = exit_code;
    if !state.host.is_empty() {
        job.host = state.host;
    }
    job.last_update_time = job.last_update_time.max(Some(state.time));
}

/// Everything from `news`, but the state by the rules.
fn merge(known: &Job, mut news: Job, now: JobTime) -> Job {
    let state = JobState {
        status: end_of_a_job_that_ran(known.status, news.status),
        status_message: std::mem::take(&mut news.status_message),
        status_code: std::mem::take(&mut news.status_code),
        exit_code: news.exit_code,
        host: std::mem::take(&mut news.host),
        time: news.last_update_time.or(known.last_update_time).unwrap_or(now),
    };
    let mut merged = Job {
        status: known.status,
        status_message: known.status_message.clone(),
        status_code: known.status_code.clone(),
        exit_code: known.exit_code,
        host: known.host.clone(),
        last_update_time: known.last_update_time,
        submission_time: news.submission_time.or(known.submission_time),
        ..news
    };
    if accepts(known, &state) {
        apply(&mut merged, state);
    }
    merged
}

/// The state of a job that somebody removed from the cluster before it had ended.
fn lost(now: JobTime) -> JobState {
    JobState {
        status: JobStatus::Failed,
        status_message: "the job was removed from the cluster".to_owned(),
        status_code: "Removed".to_owned(),
        exit_code: None,
        host: String::new(),
        time: now,
    }
}

/// Whether only a job that has been running gets into that state.
fn has_run(status: JobStatus) -> bool {
    use JobStatus::{Canceled, Failed, Finished, Killed, Pending, Running, Suspended};
    match status {
        Running | Suspended | Finished | Killed => true,
        Pending | Failed | Canceled => false,
    }
}

fn ran_at_first_sight(job: &Job) -> Ran {
    match job.status {
        JobStatus::Failed if job.exit_code.is_none() => Ran::Unknown,
        JobStatus::Pending | JobStatus::Canceled => Ran::No,
        _ => Ran::Yes,
    }
}

#[cfg(test)]
mod tests;
