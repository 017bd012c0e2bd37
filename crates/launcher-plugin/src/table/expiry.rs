//! When jobs that have ended are forgotten.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::SignedDuration;
use launcher_api::{Job, JobId, JobTime};

/// The jobs that have ended, in the order in which they expire.
#[derive(Debug)]
pub(crate) struct Expiry {
    after: SignedDuration,
    due: BTreeSet<(JobTime, JobId)>,
}

impl Expiry {
    /// `after`: how long a job is kept after its last news.
    pub(crate) fn new(after: Duration) -> Self {
        let after = SignedDuration::try_from(after).unwrap_or(SignedDuration::MAX);
        Self { after, due: BTreeSet::new() }
    }

    /// When this job expires: counted from its last news, or else its submission. `None` while it has not ended, and
    /// if it has neither time.
    pub(crate) fn due(&self, job: &Job) -> Option<JobTime> {
        let since = job.last_update_time.or(job.submission_time).filter(|_| job.status.is_terminal())?;
        // A time that the calendar does not reach never comes.
        since.timestamp().checked_add(self.after).ok().map(JobTime::new)
    }

    /// Puts a job on the list, or moves it there.
    pub(crate) fn schedule(&mut self, id: &JobId, from: Option<JobTime>, to: Option<JobTime>) {
        if from == to {
            return;
        }
        if let Some(from) = from {
            self.due.remove(&(from, id.clone()));
        }
        if let Some(to) = to {
            self.due.insert((to, id.clone()));
        }
    }

    /// Takes all jobs off the list.
    pub(crate) fn clear(&mut self) {
        self.due.clear();
    }

    /// Takes a job off the list that is due.
    pub(crate) fn take_due(&mut self, now: JobTime) -> Option<JobId> {
        self.due.first().filter(|(due, _)| *due <= now)?;
        self.due.pop_first().map(|(_, id)| id)
    }

    /// How long until the next job is due; zero if one is.
    pub(crate) fn next_in(&self, now: JobTime) -> Option<Duration> {
        let (due, _) = self.due.first()?;
        let wait = due.timestamp().duration_since(now.timestamp());
        Some(Duration::try_from(wait).unwrap_or(Duration::ZERO))
    }
}
