//! What is kept of a Job and its pod: only what decides the job's state.

use jiff::Timestamp;
use launcher_api::JobTime;

use crate::annotation;
use crate::lifecycle::{End, Intent, Operation};
use crate::observed::{ContainerStatus, EventObject, JobObject, PodObject};
use crate::stdin::{Cut, Delivery};

/// A Job, as far as it decides.
#[derive(Clone, Debug, PartialEq)]
pub struct JobFacts {
    /// Which Job of that name.
    pub uid: String,
    /// Since when the job exists; no state is older.
    pub submitted: JobTime,
    /// Whether the Job is kept from having a pod.
    pub suspended: bool,
    /// How the controller says it ends.
    pub finish: Option<Finish>,
    /// What a user asked for.
    pub intent: Option<Intent>,
    /// How it ended, where that was written down.
    pub end: Option<End>,
    /// Its standard input did not arrive whole.
    pub input: Option<Cut>,
}

/// The Job controller's verdict.
#[derive(Clone, Debug, PartialEq)]
pub enum Finish {
    /// The main container's exit code was 0, as far as the controller counts.
    Complete {
        /// When.
        time: Option<Timestamp>,
    },
    /// It was not, or the pod is lost, or the time is up.
    Failed {
        /// `BackoffLimitExceeded`, `DeadlineExceeded`, …
        reason: String,
        /// When.
        time: Option<Timestamp>,
    },
}

impl JobFacts {
    /// What `object` says. `submitted` is the Launcher's submission time, which the object's own only cuts.
    pub fn of(object: &JobObject, submitted: JobTime) -> Self {
        let meta = &object.metadata;
        Self {
            uid: meta.uid.clone(),
            submitted,
            suspended: object.spec.suspend,
            finish: Finish::of(object),
            intent: meta.annotation(annotation::INTENT).and_then(Intent::read),
            end: meta.annotation(annotation::END).and_then(End::read),
            input: match meta.annotation(annotation::STDIN_DELIVERY).and_then(Delivery::read) {
                Some(Delivery::Cut(cut)) => Some(cut),
                _ => None,
            },
        }
    }
}

impl JobFacts {
    /// Whether a user has canceled the job.
    pub fn is_canceled(&self) -> bool {
        self.intent.as_ref().is_some_and(|intent| intent.operation == Operation::Cancel)
    }
}

impl Finish {
    fn of(object: &JobObject) -> Option<Self> {
        let met = |kind: &str| object.status.conditions.iter().find(|c| c.kind == kind && c.status == "True");
        // The first of each pair says how it will end, the second that no pod is left.
        if let Some(c) = met("Failed").or_else(|| met("FailureTarget")) {
            return Some(Self::Failed { reason: c.reason.clone(), time: c.last_transition_time });
        }
        met("Complete")
            .or_else(|| met("SuccessCriteriaMet"))
            .map(|c| Self::Complete { time: object.status.completion_time.or(c.last_transition_time) })
    }

    /// When the controller said so.
    pub fn time(&self) -> Option<Timestamp> {
        match self {
            Self::Complete { time } | Self::Failed { time, .. } => *time,
        }
    }

    /// Whether the Job's or pod's time limit ended it.
    pub fn is_deadline(&self) -> bool {
        matches!(self, Self::Failed { reason, .. } if reason == "DeadlineExceeded")
    }
}

/// A pod, as far as it decides.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PodFacts {
    /// Its name.
    pub name: String,
    /// Which pod of that name.
    pub uid: String,
    /// When it was made; of two pods of a Job, the younger counts.
    pub created: Option<Timestamp>,
    /// `Pending`, `Running`, `Succeeded`, `Failed`, `Unknown`.
    pub phase: Phase,
    /// Why the pod as a whole is as it is, where the cluster gives a reason.
    pub cause: Option<Cause>,
    /// Where it runs; empty before it has a node.
    pub node: String,
    /// Why no node takes it.
    pub unschedulable: Option<Cause>,
    /// When it got its node.
    pub scheduled: Option<Timestamp>,
    /// Who wants it gone: evictions, lost nodes, preemption.
    pub disruption: Option<Cause>,
    /// Since when the pod is (not) ready.
    pub ready: Readiness,
    /// The container that is the job.
    pub main: Main,
    /// What holds up the init containers, or what one of them died of.
    pub init: Init,
    /// It is being deleted.
    pub deleting: bool,
    /// It is gone; what is known is the last that was seen.
    pub gone: bool,
}

/// A pod's `phase`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Phase {
    /// Not all containers are made.
    #[default]
    Pending,
    /// At least one container runs.
    Running,
    /// All containers ended with 0.
    Succeeded,
    /// All containers ended, at least one not with 0; or it was not admitted.
    Failed,
}

/// A word and a sentence of the cluster.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cause {
    /// The word.
    pub reason: String,
    /// The sentence; may be empty.
    pub message: String,
    /// When.
    pub time: Option<Timestamp>,
}

/// Whether the cluster takes the pod for reachable.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Readiness {
    /// Nothing is said.
    #[default]
    Unknown,
    /// It does, since then.
    Yes(Option<Timestamp>),
    /// It does not, since then.
    No(Option<Timestamp>),
}

/// What the container that is the job does.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Main {
    /// Nothing is known of it.
    #[default]
    Absent,
    /// It does not run yet.
    Waiting {
        /// A word.
        reason: String,
        /// The same in words.
        message: String,
    },
    /// It runs.
    Running {
        /// Since when.
        since: Option<Timestamp>,
    },
    /// It ended.
    Ended {
        /// Its exit code.
        exit_code: i32,
        /// A word.
        reason: String,
        /// The same in words.
        message: String,
        /// Whether its process ever ran.
        started: bool,
        /// When it ended.
        time: Option<Timestamp>,
    },
}

/// What the init containers do.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Init {
    /// Nothing that matters.
    #[default]
    Quiet,
    /// One runs.
    Running {
        /// Which.
        name: String,
    },
    /// One can't be started.
    Waiting {
        /// Which.
        name: String,
        /// Why.
        reason: String,
        /// The same in words.
        message: String,
    },
    /// One ended with an error.
    Failed {
        /// Which.
        name: String,
        /// Its exit code.
        exit_code: i32,
        /// A word.
        reason: String,
        /// The same in words.
        message: String,
    },
}

impl PodFacts {
    /// What `pod` says.
    pub fn of(pod: &PodObject) -> Self {
        let condition = |kind: &str, status: &str| {
            pod.status.conditions.iter().find(|c| c.kind == kind && c.status == status)
        };
        let cause = |kind: &str, status: &str| {
            condition(kind, status).map(|c| Cause {
                reason: c.reason.clone(),
                message: c.message.clone(),
                time: c.last_transition_time,
            })
        };
        Self {
            name: pod.metadata.name.clone(),
            uid: pod.metadata.uid.clone(),
            created: pod.metadata.creation_timestamp,
            phase: Phase::of(&pod.status.phase),
            cause: (!pod.status.reason.is_empty()).then(|| Cause {
                reason: pod.status.reason.clone(),
                message: pod.status.message.clone(),
                time: None,
            }),
            node: pod.spec.node_name.clone(),
            unschedulable: cause("PodScheduled", "False"),
            scheduled: condition("PodScheduled", "True").and_then(|c| c.last_transition_time),
            disruption: cause("DisruptionTarget", "True"),
            ready: pod.status.conditions.iter().find(|c| c.kind == "Ready").map_or(Readiness::Unknown, |c| {
                match c.status.as_str() {
                    "True" => Readiness::Yes(c.last_transition_time),
                    _ => Readiness::No(c.last_transition_time),
                }
            }),
            main: pod.main_status().map_or(Main::Absent, Main::of),
            init: Init::of(pod),
            deleting: pod.metadata.deletion_timestamp.is_some(),
            gone: false,
        }
    }

    /// Takes over what an older sight of the same pod said better: of the two reasons that alternate while an image
    /// can't be pulled, the first has the registry's answer.
    pub fn after(mut self, older: &Self) -> Self {
        if let (
            Main::Waiting { reason, message },
            Main::Waiting { reason: older_reason, message: older_message },
        ) = (&mut self.main, &older.main)
            && self.uid == older.uid
            && is_pull_failure(reason)
            && is_pull_failure(older_reason)
        {
            message.clone_from(older_message);
        }
        self
    }
}

/// Whether a waiting reason is one of the two that alternate while an image can't be pulled.
pub(super) fn is_pull_failure(reason: &str) -> bool {
    matches!(reason, "ErrImagePull" | "ImagePullBackOff")
}

impl Phase {
    fn of(text: &str) -> Self {
        match text {
            "Running" => Self::Running,
            "Succeeded" => Self::Succeeded,
            "Failed" => Self::Failed,
            _ => Self::Pending,
        }
    }
}

impl Main {
    fn of(status: &ContainerStatus) -> Self {
        let state = &status.state;
        if let Some(t) = &state.terminated {
            return Self::Ended {
                exit_code: t.exit_code,
                reason: t.reason.clone(),
                message: t.message.clone(),
                started: t.started_at.is_some(),
                time: t.finished_at,
            };
        }
        if let Some(r) = &state.running {
            return Self::Running { since: r.started_at };
        }
        state
            .waiting
            .as_ref()
            .map_or(Self::Absent, |w| Self::Waiting { reason: w.reason.clone(), message: w.message.clone() })
    }
}

impl Init {
    fn of(pod: &PodObject) -> Self {
        // A native side-car is an init container too; one that runs holds nothing up.
        let statuses = &pod.status.init_container_statuses;
        let failed = statuses.iter().find_map(|s| {
            let t = s.state.terminated.as_ref().filter(|t| t.exit_code != 0)?;
            Some(Self::Failed {
                name: s.name.clone(),
                exit_code: t.exit_code,
                reason: t.reason.clone(),
                message: t.message.clone(),
            })
        });
        failed
            .or_else(|| {
                let unfinished = statuses.iter().find(|s| s.state.terminated.is_none())?;
                if let Some(w) = &unfinished.state.waiting
                    && !matches!(w.reason.as_str(), "" | "PodInitializing" | "ContainerCreating")
                {
                    return Some(Self::Waiting {
                        name: unfinished.name.clone(),
                        reason: w.reason.clone(),
                        message: w.message.clone(),
                    });
                }
                unfinished.state.running.as_ref().map(|_| Self::Running { name: unfinished.name.clone() })
            })
            .unwrap_or_default()
    }
}

/// The last telling event about a job: of its Job or of its pod.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Note {
    /// What it says.
    pub cause: Cause,
    /// Which object of that name it is about.
    pub subject_uid: String,
}

impl Note {
    /// The event as a note, if it is of a kind that says why a job does not run and that nothing else says: why a pod
    /// finds no node is in the pod itself.
    pub fn of(event: &EventObject) -> Option<Self> {
        let telling = matches!(
            event.reason.as_str(),
            "FailedCreate"
                | "FailedMount"
                | "FailedAttachVolume"
                | "FailedCreatePodSandBox"
                | "FailedBinding"
                | "ProvisioningFailed"
                | "NodeNotReady"
        );
        telling.then(|| Self {
            cause: Cause { reason: event.reason.clone(), message: event.message.clone(), time: event.time() },
            subject_uid: event.involved_object.uid.clone(),
        })
    }
}
