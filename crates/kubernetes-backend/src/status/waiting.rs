//! Jobs that do not run yet: for what they wait.

use jiff::Timestamp;
use launcher_api::{JobStatus, JobTime};
use launcher_plugin::JobState;

use super::{Derived, Init, JobFacts, Main, Note, PATIENCE, PodFacts, facts, state, words};

/// There is no pod.
pub(super) fn for_a_pod(job: &JobFacts, note: Option<&Note>) -> JobState {
    let time = noted(job.submitted, note);
    match note.filter(|n| n.cause.reason == "FailedCreate" && n.subject_uid == job.uid) {
        Some(note) => state(JobStatus::Pending, &words::no_pod(&note.cause.message), "FailedCreate", time),
        None if job.suspended => state(JobStatus::Pending, words::HELD, "Suspended", time),
        None => state(JobStatus::Pending, "", "Pending", time),
    }
}

/// There is a pod whose main container does not run.
pub(super) fn in_pod(job: &JobFacts, pod: &PodFacts, note: Option<&Note>, now: Timestamp) -> Derived {
    let note = note.filter(|n| n.subject_uid == pod.uid);
    let since = pod.scheduled.or(pod.created).map_or(job.submitted, JobTime::from);
    let time = noted(since.max(job.submitted), note);
    let pending = |text: &str, code: &str| state(JobStatus::Pending, text, code, time);
    if pod.deleting {
        return Derived::new(pending(words::POD_DELETED, "Terminating"));
    }
    let (who, reason, message) = match (&pod.init, &pod.main) {
        (Init::Waiting { name, reason, message }, _) => (Some(name.as_str()), reason, message),
        (_, Main::Waiting { reason, message }) => (None, reason, message),
        _ => {
            return Derived::new(match &pod.unschedulable {
                Some(cause) if pod.node.is_empty() => {
                    let time = cause.time.map_or(time, |t| time.max(t.into()));
                    state(JobStatus::Pending, &words::unschedulable(cause), &cause.reason, time)
                }
                _ => pending("", "Pending"),
            });
        }
    };
    if let Some(text) = words::cannot_be_made(who, reason, message) {
        let code = if facts::is_pull_failure(reason) { "ImagePullBackOff" } else { reason };
        let for_good = matches!(reason.as_str(), "InvalidImageName" | "ErrImageNeverPull");
        if for_good || waited_too_long(pod, now) {
            let failed = state(JobStatus::Failed, &words::given_up(&text), code, time.max(now.into()));
            return Derived { state: failed, given_up: true };
        }
        return Derived::new(pending(&text, code));
    }
    if let Some(note) = note
        && let Some(text) = words::held_up(&note.cause)
    {
        return Derived::new(pending(&text, &note.cause.reason));
    }
    Derived::new(match &pod.init {
        Init::Running { name } => pending(&words::init_running(name), "PodInitializing"),
        _ => pending(&words::preparing(&pod.node), reason),
    })
}

fn waited_too_long(pod: &PodFacts, now: Timestamp) -> bool {
    pod.scheduled.is_some_and(|since| now.duration_since(since).unsigned_abs() >= PATIENCE && now > since)
}

/// Also a note that is not shown counts, so that a job's time never goes back.
fn noted(time: JobTime, note: Option<&Note>) -> JobTime {
    note.and_then(|n| n.cause.time).map_or(time, |t| time.max(t.into()))
}
