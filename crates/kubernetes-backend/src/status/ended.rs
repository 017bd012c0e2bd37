//! Jobs that are over.

use launcher_api::{JobStatus, JobTime};
use launcher_plugin::JobState;

use super::{Finish, Init, JobFacts, Main, PodFacts, state, words};
use crate::lifecycle::Operation;

/// The main container has ended.
pub(super) fn by_container(job: &JobFacts, pod: &PodFacts) -> JobState {
    let Main::Ended { exit_code, reason, message, started, time } = &pod.main else {
        return by_pod(job, pod);
    };
    let (exit_code, time) = (*exit_code, time.map_or_else(|| fallback_time(job), JobTime::from));
    let finished = |text: &str| state(JobStatus::Finished, text, reason, time);
    let failed = |text: &str, code: &str| state(JobStatus::Failed, text, code, time);
    if is_unknown(reason) && operation(job).is_none() && disruption(pod).is_none() && !deadline(job, pod) {
        return JobState { exit_code: Some(exit_code), ..failed(words::END_UNKNOWN, reason) };
    }
    if !started {
        return match operation(job) {
            Some(Operation::Kill) => {
                state(JobStatus::Killed, "killed while it was being started", reason, time)
            }
            _ => failed(&words::cannot_start(message), reason),
        };
    }
    let ended = match operation(job) {
        // Where the pod was deleted, its node may have sent SIGTERM first: it was killed all the same.
        Some(Operation::Kill) if was_killed(exit_code) => {
            return JobState { exit_code: Some(137), ..state(JobStatus::Killed, "", "Killed", time) };
        }
        Some(Operation::Stop) => finished(""),
        _ => {
            // A pod may also be cleared away long after its container has ended well.
            if let Some(disruption) = disruption(pod).filter(|_| exit_code != 0 || pod.deleting) {
                failed(&words::disrupted(disruption, &pod.node), &disruption.reason)
            } else if deadline(job, pod) {
                failed(words::DEADLINE, "DeadlineExceeded")
            } else if reason == "OOMKilled" && exit_code != 0 {
                failed(words::OUT_OF_MEMORY, reason)
            } else if reason == "OOMKilled" {
                finished(words::CHILD_OUT_OF_MEMORY)
            } else if pod.deleting && !pod.gone && job.finish.is_none() {
                // Someone deletes the pod. Why is told by the Job, which comes by another watch.
                return state(JobStatus::Running, words::POD_DELETED, "Terminating", time);
            } else if pod.deleting || pod.gone && exit_code != 0 {
                finished(words::POD_WAS_DELETED)
            } else {
                finished(words::exit(exit_code))
            }
        }
    };
    JobState { exit_code: Some(exit_code), ..ended }
}

/// The pod has failed as a whole before the main container could end.
pub(super) fn by_pod(job: &JobFacts, pod: &PodFacts) -> JobState {
    let time = end_time(job, pod);
    if operation(job) == Some(Operation::Kill) {
        return state(JobStatus::Killed, "", "Killed", time);
    }
    if let Init::Failed { name, exit_code, reason, message } = &pod.init {
        return state(
            JobStatus::Failed,
            &words::init_failed(name, *exit_code, reason, message),
            reason,
            time,
        );
    }
    if let Some(disruption) = disruption(pod) {
        return state(JobStatus::Failed, &words::disrupted(disruption, &pod.node), &disruption.reason, time);
    }
    if deadline(job, pod) {
        return state(JobStatus::Failed, words::DEADLINE, "DeadlineExceeded", time);
    }
    match &pod.cause {
        Some(cause) => state(JobStatus::Failed, &words::not_admitted(cause, &pod.node), &cause.reason, time),
        None => state(JobStatus::Failed, words::POD_FAILED, "Failed", time),
    }
}

/// The pod is gone, and nobody saw its main container end.
pub(super) fn without_a_word(job: &JobFacts, pod: &PodFacts) -> JobState {
    if let Some(finish) = &job.finish {
        return by_verdict_of(job, finish, Some(pod));
    }
    let time = end_time(job, pod);
    match (operation(job), &pod.main) {
        (Some(Operation::Kill), _) => {
            JobState { exit_code: Some(137), ..state(JobStatus::Killed, "", "Killed", time) }
        }
        (Some(Operation::Stop), Main::Running { .. }) => {
            JobState { exit_code: Some(143), ..state(JobStatus::Finished, "", "Stopped", time) }
        }
        // The Job says soon what becomes of it: another pod, or the end.
        (_, Main::Running { since }) => {
            let since = since.map_or(job.submitted, JobTime::from);
            state(JobStatus::Running, words::POD_DELETED, "Terminating", since)
        }
        _ => super::waiting::for_a_pod(job, None),
    }
}

/// All that is left is the Job's own verdict.
pub(super) fn by_verdict(job: &JobFacts, finish: &Finish) -> JobState {
    by_verdict_of(job, finish, None)
}

fn by_verdict_of(job: &JobFacts, finish: &Finish, pod: Option<&PodFacts>) -> JobState {
    let time = finish.time().map_or_else(|| fallback_time(job), JobTime::from);
    let reason = match finish {
        Finish::Complete { .. } => {
            return JobState { exit_code: Some(0), ..state(JobStatus::Finished, "", "Completed", time) };
        }
        Finish::Failed { reason, .. } => reason,
    };
    if let Some(disruption) = pod.and_then(disruption) {
        let node = pod.map(|p| p.node.as_str()).unwrap_or_default();
        return state(JobStatus::Failed, &words::disrupted(disruption, node), &disruption.reason, time);
    }
    match operation(job) {
        _ if finish.is_deadline() => state(JobStatus::Failed, words::DEADLINE, reason, time),
        Some(Operation::Kill) => {
            JobState { exit_code: Some(137), ..state(JobStatus::Killed, "", "Killed", time) }
        }
        Some(Operation::Stop) => {
            JobState { exit_code: Some(143), ..state(JobStatus::Finished, "", "Stopped", time) }
        }
        _ => state(JobStatus::Failed, words::LOST, reason, time),
    }
}

fn operation(job: &JobFacts) -> Option<Operation> {
    job.intent.as_ref().map(|i| i.operation)
}

/// What containerd and a kubelet say of a container that they no longer find. Its exit code is theirs, too.
fn is_unknown(reason: &str) -> bool {
    matches!(reason, "Unknown" | "ContainerStatusUnknown")
}

/// SIGKILL, or the SIGTERM that comes before it where the pod is deleted. A job that had its own end before the kill
/// reached it has another code, and was not killed.
fn was_killed(exit_code: i32) -> bool {
    matches!(exit_code, 137 | 143)
}

fn disruption(pod: &PodFacts) -> Option<&super::Cause> {
    pod.disruption.as_ref().or_else(|| {
        pod.cause.as_ref().filter(|c| {
            matches!(c.reason.as_str(), "Evicted" | "NodeLost" | "Preempting" | "Terminated" | "NodeShutdown")
        })
    })
}

fn deadline(job: &JobFacts, pod: &PodFacts) -> bool {
    job.finish.as_ref().is_some_and(Finish::is_deadline)
        || pod.cause.as_ref().is_some_and(|c| c.reason == "DeadlineExceeded")
}

fn end_time(job: &JobFacts, pod: &PodFacts) -> JobTime {
    let told = [
        job.finish.as_ref().and_then(Finish::time),
        pod.disruption.as_ref().and_then(|d| d.time),
        pod.scheduled,
        pod.created,
    ];
    told.into_iter().flatten().next().map_or_else(|| fallback_time(job), JobTime::from)
}

fn fallback_time(job: &JobFacts) -> JobTime {
    job.intent.as_ref().map_or(job.submitted, |i| i.time)
}
