//! What is known of one container, and how a pod's status shows it.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::image;
use crate::node::pod_spec::{Resources, VolumeMount};
use crate::node::process::spawn::Identity;
use crate::time;

/// What a container is to its pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::node) enum Role {
    /// Runs before the others, to its end.
    Init,
    /// Starts in the row of the init containers and goes on beside the main ones.
    Sidecar,
    /// What the pod is there for.
    Main,
}

/// Where a container is in its life.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::node) enum ContainerState {
    /// Not started, or not started again.
    Waiting {
        /// One word.
        reason: &'static str,
        /// More of it.
        message: Option<String>,
    },
    /// Its main process runs.
    Running {
        /// Since when.
        since: Timestamp,
    },
    /// It has ended.
    Terminated(Termination),
}

/// How a container ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::node) struct Termination {
    pub(in crate::node) exit_code: i32,
    /// `Completed`, `Error`, `OOMKilled`, `StartError`.
    pub(in crate::node) reason: &'static str,
    pub(in crate::node) message: Option<String>,
    /// The epoch for a container that never started.
    pub(in crate::node) started: Timestamp,
    pub(in crate::node) finished: Timestamp,
}

/// One container of a pod.
#[derive(Clone, Debug)]
pub(in crate::node) struct ContainerRecord {
    pub(in crate::node) name: String,
    pub(in crate::node) image: String,
    pub(in crate::node) role: Role,
    pub(in crate::node) state: ContainerState,
    /// The run before this one.
    pub(in crate::node) last: Option<(String, Termination)>,
    pub(in crate::node) restarts: u32,
    /// 64 hexadecimal digits, once it was made.
    pub(in crate::node) id: Option<String>,
    /// What it asks for.
    pub(in crate::node) resources: Resources,
    /// Where volumes are to be.
    pub(in crate::node) mounts: Vec<VolumeMount>,
    /// Who its process is.
    pub(in crate::node) identity: Identity,
}

impl ContainerRecord {
    /// Whether its main process runs.
    pub(in crate::node) fn is_running(&self) -> bool {
        matches!(self.state, ContainerState::Running { .. })
    }

    /// Whether it is past its very first state: the pod's address is told with the first container that is.
    pub(in crate::node) fn has_moved(&self) -> bool {
        let first = matches!(&self.state, ContainerState::Waiting { reason, .. }
            if matches!(*reason, "ContainerCreating" | "PodInitializing"));
        !first || self.last.is_some()
    }

    /// How it ended, if it has.
    pub(in crate::node) fn termination(&self) -> Option<&Termination> {
        match &self.state {
            ContainerState::Terminated(termination) => Some(termination),
            _ => None,
        }
    }

    /// Its entry in `containerStatuses` or `initContainerStatuses`.
    pub(super) fn to_value(&self) -> Value {
        let running = self.is_running();
        // An init container is ready once it has succeeded.
        let ready = match self.role {
            Role::Init => self.termination().is_some_and(|termination| termination.exit_code == 0),
            Role::Sidecar | Role::Main => running,
        };
        let mut status = json!({});
        if let Some(id) = &self.id {
            status["containerID"] = json!(container_id(id));
        }
        let made = self.id.is_some();
        status["image"] = json!(if made { image::whole_name(&self.image) } else { self.image.clone() });
        status["imageID"] = json!(if made { image::digest(&self.image) } else { String::new() });
        status["lastState"] = match &self.last {
            Some((id, termination)) => json!({"terminated": termination.to_value(Some(id))}),
            None => json!({}),
        };
        status["name"] = json!(self.name);
        status["ready"] = json!(ready);
        status["restartCount"] = json!(self.restarts);
        status["started"] = json!(running);
        status["state"] = match &self.state {
            ContainerState::Waiting { reason, message: None } => json!({"waiting": {"reason": reason}}),
            ContainerState::Waiting { reason, message: Some(message) } => {
                json!({"waiting": {"message": message, "reason": reason}})
            }
            ContainerState::Running { since } => json!({"running": {"startedAt": time::seconds(*since)}}),
            ContainerState::Terminated(termination) => {
                json!({"terminated": termination.to_value(self.id.as_deref())})
            }
        };
        if made {
            status["resources"] = self.resources.to_value();
        }
        if !self.mounts.is_empty() {
            status["volumeMounts"] = self.mounts.iter().map(VolumeMount::to_status).collect();
        }
        if made {
            let user = self.identity.user.unwrap_or_else(|| nix::unistd::geteuid().as_raw());
            let group = self.identity.group.unwrap_or_else(|| nix::unistd::getegid().as_raw());
            status["user"] = json!({"linux": {"uid": user, "gid": group, "supplementalGroups": [group]}});
        }
        status
    }
}

impl Termination {
    fn to_value(&self, id: Option<&str>) -> Value {
        let mut value = json!({});
        if let Some(id) = id {
            value["containerID"] = json!(container_id(id));
        }
        value["exitCode"] = json!(self.exit_code);
        value["finishedAt"] = json!(time::seconds(self.finished));
        if let Some(message) = &self.message {
            value["message"] = json!(message);
        }
        value["reason"] = json!(self.reason);
        value["startedAt"] = json!(time::seconds(self.started));
        value
    }
}

/// The id as a status shows it, with the runtime's name.
fn container_id(id: &str) -> String {
    format!("embedded://{id}")
}
