//! The job controller: makes a Job's pods, counts them, and says how the Job ended.
//!
//! Imitated: `parallelism`, `completions` (not `Indexed`), `backoffLimit`, `activeDeadlineSeconds`, `suspend`,
//! `ttlSecondsAfterFinished`, `podReplacementPolicy`, the tracking finalizer, conditions in the order of Kubernetes
//! 1.37. Absent: `completionMode: Indexed`, `successPolicy`, `podFailurePolicy`, `managedBy`.

mod pods;
mod status;
mod sync;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use self::sync::Surroundings;
use super::events::{Component, Recorder};
use super::follower::{Follower, Seen};
use super::options::NodeOptions;
use super::timer;
use crate::kind::Kind;
use crate::registry::Registry;
use crate::store::{Object, ObjectKey};

/// A look that is due by the clock is never closer than this: the clock in the objects and the timer may differ.
const SHORTEST_WAIT: Duration = Duration::from_millis(10);

/// Runs until dropped.
pub(super) async fn run(registry: Registry, options: Arc<NodeOptions>) {
    let pace = &options.pace;
    let mut jobs = Follower::new(registry.store(), Kind::Job);
    let mut pods = Follower::new(registry.store(), Kind::Pod);
    let recorder = Recorder::new(registry.clone(), Component::JobController);
    let surroundings =
        Surroundings { registry: &registry, recorder: &recorder, pace, release: options.release };
    let mut agenda = Agenda::default();
    loop {
        tokio::select! {
            seen = jobs.next() => match seen {
                Seen::Present(job) => agenda.look_at(job.key(), Instant::now()),
                Seen::Gone(job) => {
                    agenda.forget(&job.key());
                    for pod in pods::of_job(registry.store(), &job).iter().filter(|pod| pods::is_tracked(pod)) {
                        pods::release(registry.store(), pod);
                    }
                }
            },
            seen = pods.next() => {
                let pod = seen.object();
                match job_of(&registry, pod) {
                    Some(job) => agenda.look_at(job, Instant::now() + pace.job_lag),
                    // Its Job is gone: nobody will count it.
                    None if pods::is_tracked(pod) && matches!(seen, Seen::Present(_)) => {
                        pods::release(registry.store(), pod);
                    }
                    None => {}
                }
            }
            () = timer::until(agenda.next_due()) => {
                let Some(key) = agenda.take_due() else { continue };
                let Ok(job) = registry.store().get(Kind::Job, Some(&key.namespace), &key.name) else { continue };
                if let Some(wait) = surroundings.sync(&job) {
                    agenda.look_at(key, Instant::now() + wait.max(SHORTEST_WAIT));
                }
            }
        }
    }
}

/// The living Job that controls a pod.
fn job_of(registry: &Registry, pod: &Object) -> Option<ObjectKey> {
    let (name, uid) = pods::controller(pod)?;
    let job = registry.store().get(Kind::Job, Some(pod.namespace()), name).ok()?;
    (job.uid() == uid).then(|| job.key())
}

/// Which Job is to be looked at when. A Job is on it once, at the earliest time asked for.
#[derive(Debug, Default)]
struct Agenda {
    due: BTreeSet<(Instant, ObjectKey)>,
    times: BTreeMap<ObjectKey, Instant>,
}

impl Agenda {
    fn look_at(&mut self, key: ObjectKey, at: Instant) {
        match self.times.get(&key) {
            Some(known) if *known <= at => {}
            known => {
                if let Some(known) = known {
                    self.due.remove(&(*known, key.clone()));
                }
                self.due.insert((at, key.clone()));
                self.times.insert(key, at);
            }
        }
    }

    fn forget(&mut self, key: &ObjectKey) {
        if let Some(at) = self.times.remove(key) {
            self.due.remove(&(at, key.clone()));
        }
    }

    fn next_due(&self) -> Option<Instant> {
        self.due.first().map(|(at, _)| *at)
    }

    fn take_due(&mut self) -> Option<ObjectKey> {
        let (_, key) = self.due.pop_first()?;
        self.times.remove(&key);
        Some(key)
    }
}
