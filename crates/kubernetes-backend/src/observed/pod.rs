//! A pod.

use jiff::Timestamp;
use serde::Deserialize;

use super::{Meta, PodSpec};

/// A pod.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct PodObject {
    /// Name, labels, annotations.
    pub metadata: Meta,
    /// What was asked for.
    pub spec: PodSpec,
    /// What became of it.
    #[serde(deserialize_with = "super::lenient")]
    pub status: PodStatus,
}

impl PodObject {
    /// The state of the container that is the job.
    pub fn main_status(&self) -> Option<&ContainerStatus> {
        self.status.container_statuses.iter().find(|c| c.name == crate::annotation::MAIN_CONTAINER)
    }
}

/// A pod's `status`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PodStatus {
    /// `Pending`, `Running`, `Succeeded`, `Failed`, `Unknown`.
    #[serde(deserialize_with = "super::lenient")]
    pub phase: String,
    /// A word for why it is so.
    #[serde(deserialize_with = "super::lenient")]
    pub reason: String,
    /// The same in words.
    #[serde(deserialize_with = "super::lenient")]
    pub message: String,
    /// The node's address.
    #[serde(rename = "hostIP", deserialize_with = "super::lenient")]
    pub host_ip: String,
    /// Conditions.
    #[serde(deserialize_with = "super::lenient")]
    pub conditions: Vec<PodCondition>,
    /// Containers, sorted by name.
    #[serde(deserialize_with = "super::lenient")]
    pub container_statuses: Vec<ContainerStatus>,
    /// Init containers, in order.
    #[serde(deserialize_with = "super::lenient")]
    pub init_container_statuses: Vec<ContainerStatus>,
}

/// A condition of a pod.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PodCondition {
    /// `PodScheduled`, `Ready`, `DisruptionTarget`, …
    #[serde(rename = "type", deserialize_with = "super::lenient")]
    pub kind: String,
    /// `True`, `False` or `Unknown`.
    #[serde(deserialize_with = "super::lenient")]
    pub status: String,
    /// A word for the cause.
    #[serde(deserialize_with = "super::lenient")]
    pub reason: String,
    /// The cause in words.
    #[serde(deserialize_with = "super::lenient")]
    pub message: String,
    /// Since when.
    #[serde(deserialize_with = "super::time")]
    pub last_transition_time: Option<Timestamp>,
}

/// What became of a container.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct ContainerStatus {
    /// Which.
    #[serde(deserialize_with = "super::lenient")]
    pub name: String,
    /// Its image, as the runtime names it.
    #[serde(deserialize_with = "super::lenient")]
    pub image: String,
    /// What it does now.
    #[serde(deserialize_with = "super::lenient")]
    pub state: ContainerState,
}

/// What a container does: at most one of the three.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct ContainerState {
    /// Not yet.
    pub waiting: Option<Waiting>,
    /// Now.
    pub running: Option<Running>,
    /// No more.
    pub terminated: Option<Terminated>,
}

/// Why a container does not run yet.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Waiting {
    /// A word: `ContainerCreating`, `ImagePullBackOff`, …
    #[serde(deserialize_with = "super::lenient")]
    pub reason: String,
    /// The same in words.
    #[serde(deserialize_with = "super::lenient")]
    pub message: String,
}

/// Since when a container runs.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Running {
    /// Since when.
    #[serde(deserialize_with = "super::time")]
    pub started_at: Option<Timestamp>,
}

/// How a container ended.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Terminated {
    /// The exit code; 128 and a number for a signal.
    pub exit_code: i32,
    /// `Completed`, `Error`, `OOMKilled`, `StartError`, …
    #[serde(deserialize_with = "super::lenient")]
    pub reason: String,
    /// The same in words.
    #[serde(deserialize_with = "super::lenient")]
    pub message: String,
    /// When it began; none if it never did.
    #[serde(deserialize_with = "super::time")]
    pub started_at: Option<Timestamp>,
    /// When it ended.
    #[serde(deserialize_with = "super::time")]
    pub finished_at: Option<Timestamp>,
}
