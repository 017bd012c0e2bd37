//! From what the cluster shows to a job's state: a pure function, told apart by tables.
//!
//! The rules, first match wins:
//! 1. an end that was written to the Job is the end;
//! 2. a canceled job is canceled;
//! 3. the main container decides, by its name: not the pod, not the Job, which follow seconds later;
//! 4. without it, the pod's own failure decides, then the Job's verdict;
//! 5. what is left waits, and says for what.

mod ended;
mod facts;
mod waiting;
mod words;

use std::time::Duration;

use jiff::Timestamp;
use launcher_api::{JobStatus, JobTime};
use launcher_plugin::JobState;

pub use facts::{Cause, Finish, Init, JobFacts, Main, Note, Phase, PodFacts, Readiness};

use crate::lifecycle::{End, Operation};

/// How long a container that can't be made (its image can't be pulled, its Secret is missing) is waited for, from the
/// moment its pod got a node.
pub const PATIENCE: Duration = Duration::from_secs(15 * 60);

/// A job's state, and whether the plugin has to see to it that it stays so.
#[derive(Clone, Debug, PartialEq)]
pub struct Derived {
    /// The state.
    pub state: JobState,
    /// The job has Failed by the plugin's decision, for it can never run: its pod must go.
    pub given_up: bool,
}

impl Derived {
    fn new(state: JobState) -> Self {
        Self { state, given_up: false }
    }
}

/// The state that the facts amount to. `now` matters only to what waits too long.
pub fn derive(job: &JobFacts, pod: Option<&PodFacts>, note: Option<&Note>, now: Timestamp) -> Derived {
    let host = pod.map(|p| p.node.clone()).unwrap_or_default();
    let mut derived = decide(job, pod, note, now);
    if let Some(cut) = &job.input
        && job.end.is_none()
        && !matches!(derived.state.status, JobStatus::Pending | JobStatus::Canceled)
    {
        derived.state.status_message = words::with_input_cut(&derived.state.status_message, cut);
    }
    if derived.state.host.is_empty() {
        derived.state.host = host;
    }
    derived.state.time = derived.state.time.max(job.submitted);
    derived
}

fn decide(job: &JobFacts, pod: Option<&PodFacts>, note: Option<&Note>, now: Timestamp) -> Derived {
    if let Some(end) = &job.end {
        return Derived::new(recorded(end));
    }
    if let Some(intent) = &job.intent
        && intent.operation == Operation::Cancel
    {
        return Derived::new(state(JobStatus::Canceled, "canceled before it ran", "Canceled", intent.time));
    }
    let Some(pod) = pod else { return without_pod(job, note) };
    match &pod.main {
        Main::Ended { .. } => Derived::new(ended::by_container(job, pod)),
        _ if pod.phase == Phase::Failed => Derived::new(ended::by_pod(job, pod)),
        _ if pod.gone => Derived::new(ended::without_a_word(job, pod)),
        Main::Running { since } => Derived::new(running(job, pod, *since, note)),
        _ => waiting::in_pod(job, pod, note, now),
    }
}

fn recorded(end: &End) -> JobState {
    JobState {
        status: end.status,
        status_message: end.message.clone(),
        status_code: end.code.clone(),
        exit_code: end.exit_code,
        host: end.host.clone(),
        time: end.time,
    }
}

fn without_pod(job: &JobFacts, note: Option<&Note>) -> Derived {
    Derived::new(match &job.finish {
        Some(finish) => ended::by_verdict(job, finish),
        None => waiting::for_a_pod(job, note),
    })
}

fn running(job: &JobFacts, pod: &PodFacts, since: Option<Timestamp>, note: Option<&Note>) -> JobState {
    let started = since.map_or(job.submitted, JobTime::from);
    if let Some(intent) = &job.intent {
        let since = intent.time.max(started);
        match (intent.operation, &intent.owed_by) {
            // A job that is to be resumed stands still until it is.
            (Operation::Suspend, None) | (Operation::Resume, Some(_)) => {
                return state(JobStatus::Suspended, words::SUSPENDED, "Suspended", since);
            }
            (Operation::Suspend, Some(_)) | (Operation::Resume, None) => {
                return state(JobStatus::Running, "", "Running", since);
            }
            _ => {}
        }
    }
    match pod.ready {
        Readiness::No(since)
            if note.is_some_and(|n| n.cause.reason == "NodeNotReady" && n.subject_uid == pod.uid) =>
        {
            let time = since.map_or(started, |t| started.max(t.into()));
            state(JobStatus::Running, &words::node_silent(&pod.node), "NodeNotReady", time)
        }
        Readiness::Yes(Some(ready)) => state(JobStatus::Running, "", "Running", started.max(ready.into())),
        _ => state(JobStatus::Running, "", "Running", started),
    }
}

/// A state without exit code and host.
fn state(status: JobStatus, message: &str, code: &str, time: JobTime) -> JobState {
    JobState {
        status,
        status_message: message.to_owned(),
        status_code: code.to_owned(),
        exit_code: None,
        host: String::new(),
        time,
    }
}

#[cfg(test)]
mod tests;
