//! Everything that is known of the cluster's jobs, in one place with one owner.
//!
//! [`Index`] is pure: what the watches see goes in, what the job table is told and what has to be done comes out. Only
//! [`task::run`] owns one, so nothing is locked and nothing is seen half done.
//!
//! Jobs and pods come by watches of their own, in any order: a pod may be seen before its Job, a Job may end after its pod
//! is gone. The index keeps what came early and waits.

mod debt;
mod entry;
mod input;
mod notes;
mod task;

pub use entry::Deed;
pub use task::{Observation, Watched, run};

use std::collections::{HashMap, HashSet};

use std::time::Duration;

use jiff::Timestamp;
use launcher_api::JobId;
use launcher_plugin::JobUpdate;

use crate::annotation;
use crate::observed::{EventObject, JobObject, PodObject};
use crate::status::{Note, PodFacts};
use crate::stdin::Conclusion;
use crate::watch::Change;
use debt::Plugin;
use entry::Entry;
use notes::EarlyNotes;

/// How long the events that there are may take after everything else has been seen.
const EVENTS_PATIENCE: Duration = Duration::from_secs(2);

/// What comes of an observation.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// The job table is told.
    Tell(JobUpdate),
    /// The job table is told of a job whose standard input is in the scratch path, under this key.
    TellWithStdin(JobUpdate, String),
    /// Something has to be done in the cluster.
    Do(Deed),
    /// Every job that exists has been told.
    Synced,
}

/// The jobs of a namespace.
#[derive(Debug)]
pub struct Index {
    cluster: String,
    plugin: String,
    since: Timestamp,
    entries: HashMap<String, Entry>,
    /// The job of each pod that was seen.
    pods: HashMap<String, PodOf>,
    /// The youngest pod of each job that has not been seen yet.
    early_pods: HashMap<String, PodFacts>,
    early_notes: EarlyNotes,
    jobs_sight: Sight,
    pods_sight: Sight,
    events_complete: bool,
    events_awaited: Option<Timestamp>,
    /// Pods and events have been read: a job that is seen can be told, and is.
    tells: bool,
    synced_told: bool,
}

/// What came of a deed, where the index has to know.
#[derive(Clone, Debug, PartialEq)]
pub enum Report {
    /// Nothing, however often it was tried.
    Undone(Deed),
    /// A pod that was looked for.
    PodFound(Box<PodObject>),
    /// A pod that was looked for is not there.
    NoPod {
        /// Whose.
        job: String,
    },
    /// A delivery of standard input has come to its end.
    Delivered {
        /// Whose.
        job: String,
        /// What became of it.
        conclusion: Conclusion,
    },
    /// A standard input is kept by another plugin.
    KeptElsewhere {
        /// Whose.
        job: String,
    },
}

#[derive(Debug)]
struct PodOf {
    job: String,
    uid: String,
    sight: u64,
}

/// How often everything has been read, and whether that ever came to its end.
#[derive(Debug, Default)]
struct Sight {
    number: u64,
    complete: bool,
}

impl Index {
    /// An empty index of the plugin that has the lasting name `plugin` and began at `since`.
    pub fn new(cluster: impl Into<String>, plugin: impl Into<String>, since: Timestamp) -> Self {
        Self {
            cluster: cluster.into(),
            plugin: plugin.into(),
            since,
            entries: HashMap::new(),
            pods: HashMap::new(),
            early_pods: HashMap::new(),
            early_notes: EarlyNotes::default(),
            jobs_sight: Sight::default(),
            pods_sight: Sight::default(),
            events_complete: false,
            events_awaited: None,
            tells: false,
            synced_told: false,
        }
    }

    /// How many jobs there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The keys of the standard inputs in the scratch path that jobs still need.
    pub fn stdin_keys(&self) -> HashSet<String> {
        self.entries.values().filter_map(|entry| entry.stdin_key.clone()).collect()
    }

    /// Takes in what the watch of Jobs sees.
    pub fn jobs(&mut self, change: Change<JobObject>, now: Timestamp, effects: &mut Vec<Effect>) {
        match change {
            Change::Begin => self.jobs_sight.number += 1,
            Change::Seen(object) => self.job_seen(object, now, effects),
            Change::Gone(object) => self.job_gone(&object.metadata.name, effects),
            Change::Complete => {
                let sight = self.jobs_sight.number;
                let vanished: Vec<String> =
                    self.entries.iter().filter(|(_, e)| e.sight < sight).map(|(id, _)| id.clone()).collect();
                for id in vanished {
                    self.job_gone(&id, effects);
                }
                self.jobs_sight.complete = true;
                self.sync(now, effects);
            }
        }
    }

    /// Takes in what the watch of pods sees.
    pub fn pods(&mut self, change: Change<PodObject>, now: Timestamp, effects: &mut Vec<Effect>) {
        match change {
            Change::Begin => self.pods_sight.number += 1,
            Change::Seen(pod) => self.pod_seen(&pod, false, now, effects),
            Change::Gone(pod) => self.pod_seen(&pod, true, now, effects),
            Change::Complete => {
                let sight = self.pods_sight.number;
                let vanished: Vec<String> =
                    self.pods.iter().filter(|(_, p)| p.sight < sight).map(|(name, _)| name.clone()).collect();
                for name in vanished {
                    self.pod_gone(&name, now, effects);
                }
                self.pods_sight.complete = true;
                self.sync(now, effects);
            }
        }
    }

    /// Takes in what the watch of events sees.
    pub fn events(&mut self, change: Change<EventObject>, now: Timestamp, effects: &mut Vec<Effect>) {
        let event = match change {
            Change::Seen(event) => event,
            Change::Complete => {
                self.events_complete = true;
                self.sync(now, effects);
                return;
            }
            Change::Begin | Change::Gone(_) => return,
        };
        let Some(note) = Note::of(&event) else { return };
        let subject = event.involved_object;
        let job = match subject.kind.as_str() {
            "Job" => Some(subject.name.clone()),
            "Pod" => self.pods.get(&subject.name).map(|pod| pod.job.clone()),
            _ => return,
        };
        match job.filter(|job| self.entries.contains_key(job)) {
            Some(job) => {
                if self.entries.get_mut(&job).is_some_and(|entry| entry.noted(note)) {
                    self.judge(&job, now, effects);
                }
            }
            None => self.early_notes.keep(note),
        }
    }

    /// Time has passed: what waits too long is given up, what was not done is done again.
    pub fn tick(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        // Events say only why a job waits: without the right to see them all else goes on.
        if self.jobs_sight.complete && self.pods_sight.complete && !self.events_complete {
            let since = *self.events_awaited.get_or_insert(now);
            if now.duration_since(since).unsigned_abs() >= EVENTS_PATIENCE {
                self.events_complete = true;
                self.sync(now, effects);
            }
        }
        let open: Vec<String> =
            self.entries.iter().filter(|(_, e)| !e.is_settled()).map(|(id, _)| id.clone()).collect();
        for id in open {
            self.judge(&id, now, effects);
        }
    }

    /// Takes in what came of a deed.
    pub fn report(&mut self, report: Report, now: Timestamp, effects: &mut Vec<Effect>) {
        match report {
            // The next tick asks for it again.
            Report::Undone(deed) => {
                if let Some(entry) = self.entries.get_mut(deed.job()) {
                    entry.undone(&deed);
                }
            }
            Report::PodFound(pod) => self.pod_seen(&pod, false, now, effects),
            Report::NoPod { job } => {
                if let Some(entry) = self.entries.get_mut(&job) {
                    entry.no_pod();
                    self.judge(&job, now, effects);
                }
            }
            Report::Delivered { job, conclusion } => {
                if let Some(entry) = self.entries.get_mut(&job) {
                    entry.delivered(conclusion);
                    self.judge(&job, now, effects);
                }
            }
            Report::KeptElsewhere { job } => {
                if let Some(entry) = self.entries.get_mut(&job) {
                    entry.kept_elsewhere();
                }
            }
        }
        self.tell_synced(effects);
    }

    fn job_seen(&mut self, object: JobObject, now: Timestamp, effects: &mut Vec<Effect>) {
        let id = object.metadata.name.clone();
        let sight = self.jobs_sight.number;
        match self.entries.get_mut(&id) {
            Some(entry) if entry.job.uid == object.metadata.uid => {
                entry.sight = sight;
                if let Some(ports) = entry.seen_again(&object)
                    && entry.was_told()
                {
                    effects.push(Effect::Tell(JobUpdate::Ports { id: JobId::from(id.as_str()), ports }));
                }
            }
            known => {
                if known.is_some() {
                    // Another Job of the same name: the old one is gone.
                    self.job_gone(&id, effects);
                }
                let entry = self.first_sight(&id, object, sight);
                self.entries.insert(id.clone(), entry);
            }
        }
        self.judge(&id, now, effects);
    }

    fn first_sight(&mut self, id: &str, object: JobObject, sight: u64) -> Entry {
        let note = self.early_notes.take(&object.metadata.uid);
        let mut entry = Entry::new(object, &self.cluster, sight);
        if let Some(note) = note {
            entry.noted(note);
        }
        if let Some(facts) = self.early_pods.remove(id) {
            let note = self.early_notes.take(&facts.uid);
            entry.pod_seen(facts);
            if let Some(note) = note {
                entry.noted(note);
            }
        }
        entry
    }

    fn job_gone(&mut self, id: &str, effects: &mut Vec<Effect>) {
        let Some(entry) = self.entries.remove(id) else { return };
        if entry.was_told() {
            effects.push(Effect::Tell(JobUpdate::Removed(JobId::from(id))));
        }
        if let Some(key) = entry.stdin_key {
            effects.push(Effect::Do(Deed::DropStdin { job: id.to_owned(), key }));
        }
    }

    fn pod_seen(&mut self, pod: &PodObject, gone: bool, now: Timestamp, effects: &mut Vec<Effect>) {
        let labels = &pod.metadata.labels;
        let job = labels.get(annotation::JOB_NAME).or_else(|| labels.get(annotation::BATCH_JOB_NAME));
        let Some(job) = job.cloned() else { return };
        let mut facts = PodFacts::of(pod);
        facts.gone = gone;
        let name = facts.name.clone();
        let known = PodOf { job: job.clone(), uid: facts.uid.clone(), sight: self.pods_sight.number };
        match self.entries.get_mut(&job) {
            Some(entry) => {
                let note = self.early_notes.take(&facts.uid);
                entry.pod_seen(facts);
                if let Some(note) = note {
                    entry.noted(note);
                }
                self.judge(&job, now, effects);
            }
            None if gone => self.forget_early(&job, &facts.uid),
            None => {
                let younger = self.early_pods.get(&job).is_none_or(|early| early.created <= facts.created);
                if younger {
                    self.early_pods.insert(job, facts);
                }
            }
        }
        if gone {
            self.pods.remove(&name);
        } else {
            self.pods.insert(name, known);
        }
    }

    fn forget_early(&mut self, job: &str, uid: &str) {
        if self.early_pods.get(job).is_some_and(|early| early.uid == uid) {
            self.early_pods.remove(job);
        }
    }

    fn pod_gone(&mut self, name: &str, now: Timestamp, effects: &mut Vec<Effect>) {
        let Some(pod) = self.pods.remove(name) else { return };
        self.forget_early(&pod.job, &pod.uid);
        if let Some(entry) = self.entries.get_mut(&pod.job) {
            entry.pod_gone(&pod.uid);
            self.judge(&pod.job, now, effects);
        }
    }

    /// Once pods and events have been read every job is told as soon as it is seen: its state is as exact as it can be. So
    /// the job table takes in one page of Jobs while the next one is on its way.
    fn sync(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        if !self.pods_sight.complete || !self.events_complete {
            return;
        }
        if !self.tells {
            self.tells = true;
            let mut all: Vec<String> = self.entries.keys().cloned().collect();
            all.sort_unstable();
            for id in all {
                self.judge(&id, now, effects);
            }
        }
        self.tell_synced(effects);
    }

    /// Every job that exists has been told, once all have been read and none is open any more.
    fn tell_synced(&mut self, effects: &mut Vec<Effect>) {
        let all_read = self.tells && self.jobs_sight.complete;
        if all_read && !self.synced_told && !self.entries.values().any(Entry::is_open) {
            self.synced_told = true;
            effects.push(Effect::Synced);
        }
    }

    fn judge(&mut self, id: &str, now: Timestamp, effects: &mut Vec<Effect>) {
        if self.tells
            && let Some(entry) = self.entries.get_mut(id)
        {
            let plugin = Plugin { name: &self.plugin, since: self.since };
            entry.judge(id, plugin, now, effects);
        }
    }
}

#[cfg(test)]
mod tests;
