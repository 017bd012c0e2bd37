//! One look at one Job: what there is, what there should be, what to do.
//!
//! The steps and their order are those of Kubernetes' job controller: pods are made or deleted first, then the status
//! is written with the ended pods still uncounted, then their finalizers go, then they are counted, and only then,
//! and only if no pod is left, the last condition is set.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::pods::{self, PodClass};
use super::status::{Condition, ConditionKind, JobStatus, whole_seconds};
use crate::kind::Kind;
use crate::node::events::{Occurrence, Recorder};
use crate::node::options::Pace;
use crate::registry::Registry;
use crate::release::Release;
use crate::store::{DeleteOptions, Object, Propagation};
use crate::time;

/// The longest wait before a failed pod is replaced.
const MAX_BACKOFF: Duration = Duration::from_secs(600);

/// What a look needs besides the Job.
#[derive(Debug)]
pub(super) struct Surroundings<'a> {
    pub(super) registry: &'a Registry,
    pub(super) recorder: &'a Recorder,
    pub(super) pace: &'a Pace,
    pub(super) release: Release,
}

/// The numbers of a Job's specification, defaulted as the API defaults them.
struct Wanted {
    parallelism: u64,
    /// `None`: any success will do, once no pod is left.
    completions: Option<u64>,
    backoff_limit: u64,
    active_deadline: Option<Duration>,
    ttl: Option<Duration>,
    suspended: bool,
    replaces_terminating: bool,
}

impl Wanted {
    fn of(job: &Object) -> Self {
        let spec = &job.value()["spec"];
        let seconds = |name: &str| spec[name].as_u64().map(Duration::from_secs);
        let completions = spec["completions"].as_u64();
        Self {
            parallelism: spec["parallelism"].as_u64().unwrap_or(1),
            completions: completions.or_else(|| spec["parallelism"].is_null().then_some(1)),
            backoff_limit: spec["backoffLimit"].as_u64().unwrap_or(6),
            active_deadline: seconds("activeDeadlineSeconds"),
            ttl: seconds("ttlSecondsAfterFinished"),
            suspended: spec["suspend"] == true,
            replaces_terminating: spec["podReplacementPolicy"] != "Failed",
        }
    }
}

impl Surroundings<'_> {
    /// Looks at a Job and does what is to be done; returns after which time to look again even if nothing changes.
    pub(super) fn sync(&self, job: &Arc<Object>) -> Option<Duration> {
        let store = self.registry.store();
        let wanted = Wanted::of(job);
        let mut status = JobStatus::read(&job.value()["status"]);
        if job.is_being_deleted() {
            for pod in pods::of_job(store, job).iter().filter(|pod| pods::is_tracked(pod)) {
                pods::release(store, pod);
            }
            return None;
        }
        if let Some(finished) = status.finished() {
            let since = finished.since;
            return self.after_end(job, &wanted, since);
        }
        self.follow_suspension(job, &wanted, &mut status);
        let mut own = pods::of_job(store, job);
        let mut again = None;
        if !wanted.suspended && status.start_time.is_none() {
            status.start_time = Some(whole_seconds(time::now()));
        }
        self.find_target(&wanted, &own, &mut status);
        if wanted.suspended || status.target().is_some() {
            if self.delete_active(job, &own) {
                own = pods::of_job(store, job);
            }
        } else {
            again = self.create_missing(job, &wanted, &status, &own);
            own = pods::of_job(store, job);
        }
        let resumed = resumption(job, &status);
        Self::take_stock(&wanted, &own, &mut status);
        self.write(job, &status);
        if let Some((reason, message)) = resumed {
            self.tell(job, &Occurrence::normal(reason, message));
        }
        for pod in &own {
            let uid = pod.uid();
            let waits = status.uncounted_succeeded.contains(uid) || status.uncounted_failed.contains(uid);
            // What a suspension ends is not counted.
            let dropped = wanted.suspended && pod.is_being_deleted();
            if pods::is_tracked(pod) && (waits || dropped) {
                pods::release(store, pod);
            }
        }
        status.count_released();
        Self::conclude(&own, &mut status);
        self.write(job, &status);
        if let Some(finished) = status.finished() {
            let occurrence = match finished.kind {
                ConditionKind::Complete => Occurrence::normal("Completed", "Job completed"),
                _ => Occurrence::warning(&finished.reason, &finished.message),
            };
            self.tell(job, &occurrence);
            return self.after_end(job, &wanted, finished.since);
        }
        soonest(again, deadline_in(&wanted, &status))
    }

    /// Sets or ends the suspension, as the specification has it.
    fn follow_suspension(&self, job: &Object, wanted: &Wanted, status: &mut JobStatus) {
        let suspended = status.holding(ConditionKind::Suspended).is_some();
        if wanted.suspended == suspended || status.target().is_some() {
            return;
        }
        if wanted.suspended {
            self.delete_active(job, &pods::of_job(self.registry.store(), job));
            status.set(Condition::new(ConditionKind::Suspended, true, "JobSuspended", "Job suspended"));
            status.start_time = None;
        } else {
            status.set(Condition::new(ConditionKind::Suspended, false, "JobResumed", "Job resumed"));
            status.start_time = Some(whole_seconds(time::now()));
        }
    }

    /// Decides how the Job ends, if that can be told now.
    fn find_target(&self, wanted: &Wanted, own: &[Arc<Object>], status: &mut JobStatus) {
        if status.target().is_some() || wanted.suspended {
            return;
        }
        let count = |class: PodClass| own.iter().filter(|pod| PodClass::of(pod) == class).count() as u64;
        let fresh = |pod: &&Arc<Object>| {
            let uid = pod.uid();
            pods::is_tracked(pod)
                && !status.uncounted_succeeded.contains(uid)
                && !status.uncounted_failed.contains(uid)
        };
        let succeeded = status.succeeded
            + status.uncounted_succeeded.len() as u64
            + own.iter().filter(fresh).filter(|pod| PodClass::of(pod) == PodClass::Succeeded).count() as u64;
        let failed = status.failed
            + status.uncounted_failed.len() as u64
            + own.iter().filter(fresh).filter(|pod| counts_as_failed(wanted, pod)).count() as u64;
        let restarts: u64 = own.iter().map(|pod| pods::restarts(pod)).sum();
        let enough = match wanted.completions {
            Some(completions) => succeeded >= completions,
            None => succeeded > 0 && count(PodClass::Active) == 0 && count(PodClass::Terminating) == 0,
        };
        let condition = if failed > wanted.backoff_limit || restarts > wanted.backoff_limit {
            let message = "Job has reached the specified backoff limit";
            Condition::new(ConditionKind::FailureTarget, true, "BackoffLimitExceeded", message)
        } else if deadline_in(wanted, status).is_some_and(|left| left.is_zero()) {
            let message = "Job was active longer than specified deadline";
            Condition::new(ConditionKind::FailureTarget, true, "DeadlineExceeded", message)
        } else if enough {
            let message = "Reached expected number of succeeded pods";
            Condition::new(ConditionKind::SuccessCriteriaMet, true, "CompletionsReached", message)
        } else {
            return;
        };
        status.set(condition);
    }

    /// Deletes the pods that run; returns whether there were any.
    fn delete_active(&self, job: &Object, own: &[Arc<Object>]) -> bool {
        let mut any = false;
        for pod in own.iter().filter(|pod| PodClass::of(pod) == PodClass::Active) {
            any = true;
            let options = DeleteOptions::default();
            if self.registry.delete(Kind::Pod, Some(pod.namespace()), pod.name(), &options).is_ok() {
                self.tell(
                    job,
                    &Occurrence::normal("SuccessfulDelete", &format!("Deleted pod: {}", pod.name())),
                );
            }
        }
        any
    }

    /// Makes the pods that are missing; returns when to try again if some could not or should not be made now.
    fn create_missing(
        &self,
        job: &Object,
        wanted: &Wanted,
        status: &JobStatus,
        own: &[Arc<Object>],
    ) -> Option<Duration> {
        let occupied = own.iter().filter(|pod| match PodClass::of(pod) {
            PodClass::Active => true,
            PodClass::Terminating => !wanted.replaces_terminating,
            PodClass::Succeeded | PodClass::Failed => false,
        });
        let ended = |class| {
            own.iter().filter(|pod| pods::is_tracked(pod) && PodClass::of(pod) == class).count() as u64
        };
        let succeeded = status.succeeded + ended(PodClass::Succeeded);
        let failed = status.failed + ended(PodClass::Failed);
        let left = wanted.completions.map_or(u64::MAX, |completions| completions.saturating_sub(succeeded));
        // Without a number of completions the first success is the end of new pods.
        let left = if wanted.completions.is_none() && succeeded > 0 { 0 } else { left };
        let missing = wanted.parallelism.min(left).saturating_sub(occupied.count() as u64);
        if missing == 0 {
            return None;
        }
        if let Some(wait) = self.backoff(failed, own) {
            return Some(wait);
        }
        for _ in 0..missing {
            match self.registry.create(Kind::Pod, Some(job.namespace()), pods::from_template(job)) {
                Ok(pod) => {
                    let message = format!("Created pod: {}", pod.name());
                    self.tell(job, &Occurrence::normal("SuccessfulCreate", &message));
                }
                Err(error) => {
                    self.tell(job, &Occurrence::warning("FailedCreate", &format!("Error creating: {error}")));
                    return Some(self.pace.retry);
                }
            }
        }
        None
    }

    /// How long to wait before a failed pod is replaced.
    fn backoff(&self, failed: u64, own: &[Arc<Object>]) -> Option<Duration> {
        let doublings = u32::try_from(failed.checked_sub(1)?).unwrap_or(u32::MAX).min(16);
        let backoff = (self.pace.job_backoff * 2_u32.pow(doublings)).min(MAX_BACKOFF);
        let newest = own.iter().filter_map(|pod| finished_at(pod)).max()?;
        let since = Duration::try_from(time::now().duration_since(newest)).unwrap_or_default();
        backoff.checked_sub(since).filter(|wait| !wait.is_zero())
    }

    /// Brings the counts up to date and notes the pods that have ended as uncounted.
    fn take_stock(wanted: &Wanted, own: &[Arc<Object>], status: &mut JobStatus) {
        let failing = status.holding(ConditionKind::FailureTarget).is_some();
        for pod in own.iter().filter(|pod| pods::is_tracked(pod)) {
            let class = PodClass::of(pod);
            if class == PodClass::Succeeded {
                status.uncounted_succeeded.insert(pod.uid().to_owned());
            } else if counts_as_failed(wanted, pod) || (failing && class != PodClass::Active) {
                status.uncounted_failed.insert(pod.uid().to_owned());
            }
        }
        let count = |class| own.iter().filter(|pod| PodClass::of(pod) == class).count() as u64;
        status.active = count(PodClass::Active);
        status.terminating = count(PodClass::Terminating);
        let active = own.iter().filter(|pod| PodClass::of(pod) == PodClass::Active);
        status.ready = active.filter(|pod| pods::is_ready(pod)).count() as u64;
    }

    /// Sets the last condition once no pod is left.
    fn conclude(own: &[Arc<Object>], status: &mut JobStatus) {
        let Some(target) = status.target() else { return };
        let left =
            own.iter().any(|pod| matches!(PodClass::of(pod), PodClass::Active | PodClass::Terminating));
        if left {
            return;
        }
        let kind = match target.kind {
            ConditionKind::SuccessCriteriaMet => ConditionKind::Complete,
            _ => ConditionKind::Failed,
        };
        let condition = Condition::new(kind, true, &target.reason, &target.message);
        if kind == ConditionKind::Complete {
            status.completion_time = Some(condition.since);
        }
        status.set(condition);
    }

    /// What is left to do for a Job that has ended: to delete it when its time is over.
    fn after_end(&self, job: &Object, wanted: &Wanted, since: Timestamp) -> Option<Duration> {
        let store = self.registry.store();
        for pod in pods::of_job(store, job).iter().filter(|pod| pods::is_tracked(pod)) {
            pods::release(store, pod);
        }
        let left = remaining(since, wanted.ttl?);
        if !left.is_zero() {
            return Some(left);
        }
        let options = DeleteOptions { propagation: Propagation::Foreground, ..DeleteOptions::default() };
        // Somebody may have deleted it already.
        let _ = self.registry.delete(Kind::Job, Some(job.namespace()), job.name(), &options);
        None
    }

    /// The status as this release tells it: older ones keep to themselves how a Job will end, and give no reasons for a
    /// success.
    fn told<'s>(&self, status: &'s JobStatus) -> Cow<'s, JobStatus> {
        if self.release.announces_ends_of_jobs() {
            return Cow::Borrowed(status);
        }
        let mut told = status.clone();
        told.forget_targets();
        Cow::Owned(told)
    }

    fn write(&self, job: &Object, status: &JobStatus) {
        let value = self.told(status).to_value();
        let written = self.registry.store().update(Kind::Job, Some(job.namespace()), job.name(), |current| {
            if current["metadata"]["uid"] == job.uid() {
                current["status"] = value.clone();
            }
            Ok(())
        });
        if let Err(error) = written {
            tracing::debug!(%error, job = job.name(), "a job went away before its status");
        }
    }

    fn tell(&self, job: &Object, occurrence: &Occurrence<'_>) {
        self.recorder.record(job, occurrence);
    }
}

/// The event that goes with a suspension or its end, if this look brought one.
fn resumption(job: &Object, status: &JobStatus) -> Option<(&'static str, &'static str)> {
    let before = JobStatus::read(&job.value()["status"]).holding(ConditionKind::Suspended).is_some();
    match (before, status.holding(ConditionKind::Suspended).is_some()) {
        (false, true) => Some(("Suspended", "Job suspended")),
        (true, false) => Some(("Resumed", "Job resumed")),
        _ => None,
    }
}

/// A pod that is being deleted counts as failed before it has ended, unless a suspension is the cause.
fn counts_as_failed(wanted: &Wanted, pod: &Object) -> bool {
    match PodClass::of(pod) {
        PodClass::Failed => !(wanted.suspended && pod.is_being_deleted()),
        PodClass::Terminating => wanted.replaces_terminating && !wanted.suspended,
        PodClass::Active | PodClass::Succeeded => false,
    }
}

fn finished_at(pod: &Object) -> Option<Timestamp> {
    let statuses = pod.value()["status"]["containerStatuses"].as_array()?;
    let ends = statuses.iter().filter_map(|status| status["state"]["terminated"]["finishedAt"].as_str());
    ends.filter_map(|time| time.parse().ok()).max()
}

fn deadline_in(wanted: &Wanted, status: &JobStatus) -> Option<Duration> {
    Some(remaining(status.start_time?, wanted.active_deadline?))
}

/// What is left of `duration` after `since`; zero when it is over.
fn remaining(since: Timestamp, duration: Duration) -> Duration {
    let passed = Duration::try_from(time::now().duration_since(since)).unwrap_or_default();
    duration.saturating_sub(passed)
}

fn soonest(one: Option<Duration>, other: Option<Duration>) -> Option<Duration> {
    [one, other].into_iter().flatten().min()
}
