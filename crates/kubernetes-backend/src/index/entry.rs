//! One job in the index.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use launcher_api::job::ExposedPort;
use launcher_api::{Job, JobId, JobStatus, JobTime};
use launcher_plugin::{JobState, JobUpdate};

use super::Effect;
use super::debt::{Debt, Plugin};
use super::input::Input;
use crate::annotation;
use crate::lifecycle::{End, Intent, Operation};
use crate::observed::JobObject;
use crate::readback;
use crate::status::{self, Derived, JobFacts, Main, Note, PodFacts};
use crate::stdin::{Conclusion, Cut, IfMissing};

/// How long the end of a job waits for the word about its standard input, which comes when the container ends.
const LAST_WORD: Duration = Duration::from_secs(3);

/// Whoever submitted a job makes its Service right away: only after this is it looked after.
const SERVICE_DELAY: Duration = Duration::from_secs(3);

/// Something to be done in the cluster. All of it may be done twice.
#[derive(Clone, Debug, PartialEq)]
pub enum Deed {
    /// Writes to the Job how it ended.
    WriteEnd {
        /// Which.
        job: String,
        /// How.
        end: End,
        /// The job was given up: see to it that it never starts.
        for_good: bool,
    },
    /// Makes the Service if it is missing, and writes its ports to the Job.
    MakeService {
        /// Which.
        job: String,
    },
    /// Writes the job's standard input.
    DeliverStdin {
        /// Which.
        job: String,
        /// Into this pod's main container.
        pod: String,
        /// What to do if this plugin does not have it.
        if_missing: IfMissing,
    },
    /// Carries out what was asked for before a restart.
    CarryOut {
        /// On which job.
        job: String,
        /// What.
        intent: Intent,
    },
    /// Looks for the job's pod, which the watch of pods has not shown though the job is over.
    FindPod {
        /// Which.
        job: String,
    },
    /// Forgets a standard input in the scratch path.
    DropStdin {
        /// Whose.
        job: String,
        /// Under which key.
        key: String,
    },
}

impl Deed {
    /// Whose deed it is.
    pub fn job(&self) -> &str {
        match self {
            Self::WriteEnd { job, .. }
            | Self::MakeService { job }
            | Self::DeliverStdin { job, .. }
            | Self::CarryOut { job, .. }
            | Self::FindPod { job }
            | Self::DropStdin { job, .. } => job,
        }
    }
}

/// What is known of a job: its facts while it lives, and only its end afterwards.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) job: JobFacts,
    pub(super) pod: Option<PodFacts>,
    pub(super) sight: u64,
    pub(super) stdin_key: Option<String>,
    note: Option<Note>,
    /// The job as it was read, until it has been told.
    untold: Option<Box<Job>>,
    told: Option<JobState>,
    input: Input,
    /// What this plugin found when it delivered the standard input.
    cut: Option<Cut>,
    /// Since when the end waits for the word about the standard input.
    held_since: Option<Timestamp>,
    debt: Debt,
    service: Service,
    /// Since when a Service is wanted.
    wanted_since: Option<Timestamp>,
    end_asked: bool,
    absence: Absence,
    /// The annotation that was last read.
    ports: Option<String>,
    exposed: Vec<ExposedPort>,
}

/// Whether a job without a pod really has none. The watches of Jobs and pods are not ordered: a Job may be seen to be over
/// before its pod is seen at all, and then the pod knows better how it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Absence {
    /// Nobody has looked.
    Unknown,
    /// Someone is looking.
    Asked,
    /// There is none.
    Certain,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Service {
    /// None is needed, or it is there and its ports are known.
    Settled,
    /// It may be missing.
    Wanted,
    /// This plugin is looking after it.
    Asked,
}

impl Entry {
    pub(super) fn new(object: JobObject, cluster: &str, sight: u64) -> Self {
        let created = object.metadata.creation_timestamp.map(JobTime::from);
        let facts = JobFacts::of(&object, created.unwrap_or_else(|| Timestamp::UNIX_EPOCH.into()));
        let template = &object.spec.template.metadata;
        let stdin_key = template.annotation(annotation::STDIN_FILE).map(ToOwned::to_owned);
        let has_stdin = stdin_key.is_some() || !readback::stdin_text(&object).is_empty();
        let input = if has_stdin { Input::of(&object) } else { Input::Settled };
        let ports = object.metadata.annotation(annotation::PORTS).map(ToOwned::to_owned);
        let job = readback::job_of(object, cluster);
        let unpublished = job.exposed_ports.iter().any(|port| port.published_port.is_none());
        Self {
            job: JobFacts { submitted: job.submission_time.unwrap_or(facts.submitted), ..facts },
            pod: None,
            sight,
            stdin_key,
            note: None,
            exposed: job.exposed_ports.clone(),
            untold: Some(Box::new(job)),
            told: None,
            input,
            cut: None,
            held_since: None,
            debt: Debt::default(),
            service: if unpublished { Service::Wanted } else { Service::Settled },
            wanted_since: None,
            end_asked: false,
            absence: Absence::Unknown,
            ports,
        }
    }

    /// The Job has changed. Returns its ports if they have.
    pub(super) fn seen_again(&mut self, object: &JobObject) -> Option<Vec<ExposedPort>> {
        self.job = JobFacts::of(object, self.job.submitted);
        self.input.seen_again(object);
        let ports = object.metadata.annotation(annotation::PORTS)?;
        if self.ports.as_deref() == Some(ports) {
            return None;
        }
        self.ports = Some(ports.to_owned());
        readback::publish(&mut self.exposed, &readback::read_ports(ports)?);
        self.service = Service::Settled;
        if let Some(untold) = &mut self.untold {
            untold.exposed_ports.clone_from(&self.exposed);
        }
        Some(self.exposed.clone())
    }

    /// A pod of the job was seen. A younger one takes the place of an older one.
    pub(super) fn pod_seen(&mut self, facts: PodFacts) {
        self.pod = Some(match self.pod.take() {
            Some(known) if known.uid == facts.uid => facts.after(&known),
            Some(known) if known.created > facts.created && !known.gone => known,
            _ => facts,
        });
    }

    /// The pod is gone, which was not seen.
    pub(super) fn pod_gone(&mut self, uid: &str) {
        if let Some(pod) = self.pod.as_mut().filter(|pod| pod.uid == uid) {
            pod.gone = true;
        }
    }

    /// Takes in a note. Returns whether it is news.
    pub(super) fn noted(&mut self, note: Note) -> bool {
        let older = self.note.as_ref().is_some_and(|known| known.cause.time > note.cause.time);
        if older || self.is_settled() {
            return false;
        }
        self.note = Some(note);
        true
    }

    /// The job is over, and that is written down: nothing about it changes any more.
    pub(super) fn is_settled(&self) -> bool {
        self.job.end.is_some() && self.untold.is_none()
    }

    pub(super) fn was_told(&self) -> bool {
        self.untold.is_none()
    }

    pub(super) fn undone(&mut self, deed: &Deed) {
        match deed {
            Deed::WriteEnd { .. } => self.end_asked = false,
            Deed::MakeService { .. } if self.service == Service::Asked => self.service = Service::Wanted,
            Deed::FindPod { .. } if self.absence == Absence::Asked => self.absence = Absence::Unknown,
            Deed::DeliverStdin { .. } if self.input == Input::Asked => {
                self.input = Input::Waiting { by: None };
            }
            Deed::CarryOut { .. } => self.debt.undone(),
            _ => {}
        }
    }

    /// A delivery of the standard input has come to its end.
    pub(super) fn delivered(&mut self, conclusion: Conclusion) {
        self.input = Input::Settled;
        if let Conclusion::Cut(cut) = conclusion {
            self.cut = Some(cut);
        }
    }

    /// Another plugin keeps the standard input.
    pub(super) fn kept_elsewhere(&mut self) {
        self.input = Input::Elsewhere;
    }

    /// There is no pod.
    pub(super) fn no_pod(&mut self) {
        self.absence = Absence::Certain;
    }

    /// Whether the job can't be judged before its pod has been looked for.
    pub(super) fn is_open(&self) -> bool {
        self.pod.is_none()
            && self.job.finish.is_some()
            && self.job.end.is_none()
            && !self.job.is_canceled()
            && self.absence != Absence::Certain
    }

    /// What follows from all that is known now.
    pub(super) fn judge(&mut self, id: &str, plugin: Plugin<'_>, now: Timestamp, effects: &mut Vec<Effect>) {
        if self.is_open() {
            if self.absence == Absence::Unknown {
                self.absence = Absence::Asked;
                effects.push(Effect::Do(Deed::FindPod { job: id.to_owned() }));
            }
            return;
        }
        if let Some(cut) = self.input.cut_by_restart_of(plugin.name) {
            self.cut = Some(cut);
        }
        self.job.input = self.job.input.or(self.cut);
        let Derived { mut state, given_up } = self.derive(now);
        if let Some(told) = &self.told
            && told.status.is_terminal()
            && self.job.end.is_none()
        {
            // What was told to have ended stays so, whatever comes late.
            state = told.clone();
        }
        if let Some(told) = &self.told
            && state.status.is_terminal()
            && self.job.end.is_none()
        {
            // A kubelet's conditions may be a second ahead of a container's end. A time that was told does not go back, and
            // is the same after a restart.
            state.time = state.time.max(told.time);
        }
        if state.status.is_terminal() && self.waits_for_the_word_about_its_input(plugin.name, now) {
            return;
        }
        if state.status.is_terminal()
            && let Some(resumed) = self.resumed_unseen()
        {
            self.tell(id, &resumed, effects);
        }
        self.tell(id, &state, effects);
        if state.status.is_terminal() {
            self.end(id, &state, given_up, effects);
        } else {
            self.care(id, plugin, now, effects);
        }
    }

    fn derive(&mut self, now: Timestamp) -> Derived {
        let derived = status::derive(&self.job, self.pod.as_ref(), self.note.as_ref(), now);
        match self.input.cut_by_restart() {
            Some(cut) if derived.state.status.is_terminal() && self.job.input.is_none() => {
                self.job.input = Some(cut);
                status::derive(&self.job, self.pod.as_ref(), self.note.as_ref(), now)
            }
            _ => derived,
        }
    }

    /// The state in between of a job that was told to be suspended, and ended before it was seen to have been resumed.
    fn resumed_unseen(&self) -> Option<JobState> {
        let told = self.told.as_ref().filter(|told| told.status == JobStatus::Suspended)?;
        let intent = self.job.intent.as_ref().filter(|intent| intent.operation == Operation::Resume)?;
        Some(JobState {
            status: JobStatus::Running,
            status_message: String::new(),
            status_code: "Running".to_owned(),
            time: told.time.max(intent.time),
            ..told.clone()
        })
    }

    /// The delivery ends with the container. What became of it belongs to the end that is told. One that is over when it
    /// is seen for the first time waits for nothing.
    fn waits_for_the_word_about_its_input(&mut self, deliverer: &str, now: Timestamp) -> bool {
        if self.untold.is_some() || self.job.end.is_some() || !self.input.is_under_way(deliverer) {
            return false;
        }
        let since = *self.held_since.get_or_insert(now);
        now.duration_since(since).unsigned_abs() < LAST_WORD
    }

    fn tell(&mut self, id: &str, state: &JobState, effects: &mut Vec<Effect>) {
        if let Some(mut job) = self.untold.take() {
            job.status = state.status;
            job.status_message.clone_from(&state.status_message);
            job.status_code.clone_from(&state.status_code);
            job.exit_code = state.exit_code;
            job.last_update_time = Some(state.time);
            if !state.host.is_empty() {
                job.host.clone_from(&state.host);
            }
            let update = JobUpdate::Known(job);
            effects.push(match &self.stdin_key {
                Some(key) => Effect::TellWithStdin(update, key.clone()),
                None => Effect::Tell(update),
            });
        } else if self.told.as_ref() != Some(state) {
            let update = JobUpdate::State { id: JobId::from(id), state: state.clone() };
            effects.push(Effect::Tell(update));
        }
        if self.told.as_ref() != Some(state) {
            self.told = Some(state.clone());
        }
    }

    fn end(&mut self, id: &str, state: &JobState, given_up: bool, effects: &mut Vec<Effect>) {
        if self.job.end.is_some() {
            // Of what is over, only the end is kept.
            self.pod = None;
            self.note = None;
            self.exposed = Vec::new();
            if let Some(key) = self.stdin_key.take() {
                effects.push(Effect::Do(Deed::DropStdin { job: id.to_owned(), key }));
            }
        } else if !self.end_asked {
            self.end_asked = true;
            effects.push(Effect::Do(Deed::WriteEnd {
                job: id.to_owned(),
                end: End::of(state),
                for_good: given_up,
            }));
        }
    }

    /// What a living job needs.
    fn care(&mut self, id: &str, plugin: Plugin<'_>, now: Timestamp, effects: &mut Vec<Effect>) {
        if self.service == Service::Wanted && self.service_is_late(now) {
            self.service = Service::Asked;
            effects.push(Effect::Do(Deed::MakeService { job: id.to_owned() }));
        }
        let Some(pod) = self.pod.as_ref().filter(|pod| !pod.gone && !pod.deleting) else { return };
        let Main::Running { since } = pod.main else { return };
        if let Some(intent) = &self.job.intent
            && self.debt.is_due(intent, plugin, now)
        {
            let deed = Deed::CarryOut { job: id.to_owned(), intent: intent.clone() };
            effects.push(Effect::Do(deed));
        }
        let running_for = since.filter(|since| now > *since).map(|since| now.duration_since(since));
        let running_for = running_for.map_or(Duration::ZERO, SignedDuration::unsigned_abs);
        if let Some(if_missing) = self.input.is_due(plugin.name, running_for) {
            let deed = Deed::DeliverStdin { job: id.to_owned(), pod: pod.name.clone(), if_missing };
            self.input = Input::Asked;
            effects.push(Effect::Do(deed));
        }
    }

    /// Whether whoever submitted the job has had time to make its Service.
    fn service_is_late(&mut self, now: Timestamp) -> bool {
        let since = *self.wanted_since.get_or_insert(now);
        now.duration_since(since).unsigned_abs() >= SERVICE_DELAY
    }
}
