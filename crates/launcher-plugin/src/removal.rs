//! Removing expired jobs from the cluster.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use launcher_api::{Job, JobId};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::backend::Backend;
use crate::calls::call;
use crate::error::REQUEST_TIMEOUT;

/// Removals under way at once: they must leave the cluster room for what users wait for.
const SIDE_BY_SIDE: usize = 4;
/// The pause after the first failure; it doubles with each one.
const FIRST_PAUSE: Duration = Duration::from_secs(2);
/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(300);

/// Jobs that the table has forgotten and the cluster has not.
///
/// Each is removed, trying again for as long as the plugin lives; the next plugin finds what is left, expired still.
/// Holds each job once, so it is bounded by the jobs in the cluster.
#[derive(Debug, Default)]
pub(crate) struct Removal {
    /// All that is being taken care of, one way or another.
    ids: HashSet<JobId>,
    next: VecDeque<Attempt>,
    /// By the time of the next attempt, and a number that tells equal times apart.
    later: BTreeMap<(Instant, u64), Attempt>,
    failures: u64,
    running: JoinSet<Tried>,
}

#[derive(Debug)]
struct Attempt {
    job: Arc<Job>,
    /// How long to wait if it fails.
    pause: Duration,
}

/// How an attempt went.
#[derive(Debug)]
enum Tried {
    Removed(JobId),
    Failed(Attempt),
}

impl Removal {
    /// Removes what comes until the sender is gone. What is not removed then is left for the next plugin.
    pub(crate) async fn run<B: Backend>(mut self, backend: Arc<B>, mut expired: mpsc::Receiver<Arc<Job>>) {
        loop {
            while self.running.len() < SIDE_BY_SIDE
                && let Some(attempt) = self.next.pop_front()
            {
                self.running.spawn(attempt.make(Arc::clone(&backend)));
            }
            let due = self.later.first_key_value().map(|((due, _), _)| *due);
            tokio::select! {
                job = expired.recv() => match job {
                    Some(job) => self.add(job),
                    None => return,
                },
                Some(tried) = self.running.join_next() => match tried {
                    Ok(tried) => self.tried(tried),
                    Err(error) => tracing::error!("removing a job failed: {error}"),
                },
                () = tokio::time::sleep_until(due.unwrap_or_else(Instant::now)), if due.is_some() => {
                    self.next.extend(self.later.pop_first().map(|(_, attempt)| attempt));
                }
            }
        }
    }

    fn add(&mut self, job: Arc<Job>) {
        if self.ids.insert(job.id.clone()) {
            self.next.push_back(Attempt { job, pause: FIRST_PAUSE });
        }
    }

    fn tried(&mut self, tried: Tried) {
        match tried {
            Tried::Removed(id) => {
                tracing::info!(job = %id, "expired job removed from the cluster");
                self.ids.remove(&id);
            }
            Tried::Failed(mut attempt) => {
                let due = Instant::now() + attempt.pause;
                attempt.pause = (attempt.pause * 2).min(LONGEST_PAUSE);
                self.failures += 1;
                self.later.insert((due, self.failures), attempt);
            }
        }
    }
}

impl Attempt {
    async fn make<B: Backend>(self, backend: Arc<B>) -> Tried {
        let id = self.job.id.clone();
        let deadline = Instant::now() + REQUEST_TIMEOUT;
        let removed = call("removing an expired job", deadline, backend.remove(Arc::clone(&self.job))).await;
        let error = match removed {
            Ok(Ok(())) => return Tried::Removed(id),
            Ok(Err(error)) => error.to_string(),
            Err(interrupted) => interrupted.to_string(),
        };
        tracing::warn!(job = %id, retry_in = ?self.pause, "expired job not removed from the cluster: {error}");
        Tried::Failed(self)
    }
}
