//! A Job.

use jiff::Timestamp;
use serde::Deserialize;

use super::{Meta, PodTemplate};

/// A `batch/v1` Job.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct JobObject {
    /// Name, labels, annotations.
    pub metadata: Meta,
    /// What was asked for.
    pub spec: JobSpec,
    /// What became of it.
    #[serde(deserialize_with = "super::lenient")]
    pub status: JobStatusPart,
}

/// A Job's `spec`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct JobSpec {
    /// A suspended Job has no pod.
    #[serde(deserialize_with = "super::lenient")]
    pub suspend: bool,
    /// What its pod is made from.
    pub template: PodTemplate,
}

/// A Job's `status`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct JobStatusPart {
    /// Conditions, in the order in which they came.
    #[serde(deserialize_with = "super::lenient")]
    pub conditions: Vec<JobCondition>,
    /// When the controller saw it complete; absent for failed Jobs.
    #[serde(deserialize_with = "super::time")]
    pub completion_time: Option<Timestamp>,
}

/// A condition of a Job.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct JobCondition {
    /// `Complete`, `Failed`, `FailureTarget`, `Suspended`, …
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
