//! The pod template of a Job, as far as a Launcher's job can be read back from it.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::Meta;

/// `spec.template` of a Job.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct PodTemplate {
    /// Labels and annotations that the pod gets.
    pub metadata: Meta,
    /// What runs.
    pub spec: PodSpec,
}

/// A pod's `spec`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PodSpec {
    /// The main container and whatever a template put beside it.
    #[serde(deserialize_with = "super::lenient")]
    pub containers: Vec<ContainerSpec>,
    /// Containers that run before.
    #[serde(deserialize_with = "super::lenient")]
    pub init_containers: Vec<ContainerSpec>,
    /// Volumes, each a name and one source.
    #[serde(deserialize_with = "super::lenient")]
    pub volumes: Vec<Map<String, Value>>,
    /// The node, once there is one, or the one that was asked for.
    #[serde(deserialize_with = "super::lenient")]
    pub node_name: String,
    /// Labels that the node must have.
    #[serde(deserialize_with = "super::lenient")]
    pub node_selector: BTreeMap<String, String>,
    /// Who the processes run as.
    #[serde(deserialize_with = "super::lenient")]
    pub security_context: PodSecurityContext,
    /// Whether the containers see each other's processes.
    #[serde(deserialize_with = "super::lenient")]
    pub share_process_namespace: bool,
}

impl PodSpec {
    /// Takes out the container that is the job; in an object that names none so, the first.
    pub fn take_main_container(&mut self) -> Option<ContainerSpec> {
        let named = self.containers.iter().position(|c| c.name == crate::annotation::MAIN_CONTAINER);
        let at = named.or_else(|| (!self.containers.is_empty()).then_some(0))?;
        Some(self.containers.swap_remove(at))
    }
}

/// A pod's `securityContext`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PodSecurityContext {
    /// User id.
    pub run_as_user: Option<i64>,
    /// Group id.
    pub run_as_group: Option<i64>,
    /// Further group ids.
    #[serde(deserialize_with = "super::lenient")]
    pub supplemental_groups: Vec<i64>,
}

/// A container of a pod template.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ContainerSpec {
    /// Its name in the pod.
    #[serde(deserialize_with = "super::lenient")]
    pub name: String,
    /// Its image.
    #[serde(deserialize_with = "super::lenient")]
    pub image: String,
    /// The program, in place of the image's.
    #[serde(deserialize_with = "super::lenient")]
    pub command: Vec<String>,
    /// The program's arguments.
    #[serde(deserialize_with = "super::lenient")]
    pub args: Vec<String>,
    /// Where it starts.
    #[serde(deserialize_with = "super::lenient")]
    pub working_dir: String,
    /// Environment, in order.
    #[serde(deserialize_with = "super::lenient")]
    pub env: Vec<EnvEntry>,
    /// Ports.
    #[serde(deserialize_with = "super::lenient")]
    pub ports: Vec<ContainerPort>,
    /// Limits and requests.
    #[serde(deserialize_with = "super::lenient")]
    pub resources: Resources,
    /// Where volumes appear.
    #[serde(deserialize_with = "super::lenient")]
    pub volume_mounts: Vec<VolumeMount>,
    /// Whether standard input can be written.
    #[serde(deserialize_with = "super::lenient")]
    pub stdin: bool,
}

/// An entry of `env`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct EnvEntry {
    /// The variable.
    #[serde(deserialize_with = "super::lenient")]
    pub name: String,
    /// Its value, where it is written here.
    #[serde(deserialize_with = "super::lenient")]
    pub value: String,
    /// Where the value comes from, otherwise.
    pub value_from: Option<EnvSource>,
}

/// `valueFrom` of a variable.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct EnvSource {
    /// A key of a Secret.
    pub secret_key_ref: Option<SecretKeyRef>,
}

/// A key of a Secret.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct SecretKeyRef {
    /// The Secret.
    #[serde(deserialize_with = "super::lenient")]
    pub name: String,
    /// The key in it.
    #[serde(deserialize_with = "super::lenient")]
    pub key: String,
}

/// A port of a container.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ContainerPort {
    /// Inside the container.
    pub container_port: u16,
    /// On the node.
    pub host_port: Option<u16>,
    /// `TCP`, `UDP` or `SCTP`.
    #[serde(deserialize_with = "super::lenient")]
    pub protocol: String,
}

/// `resources` of a container. Quantities may be numbers or strings.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Resources {
    /// The most it may use.
    #[serde(deserialize_with = "super::lenient")]
    pub limits: BTreeMap<String, Value>,
}

/// Where a volume appears in a container.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct VolumeMount {
    /// The volume.
    #[serde(deserialize_with = "super::lenient")]
    pub name: String,
    /// The path in the container.
    #[serde(deserialize_with = "super::lenient")]
    pub mount_path: String,
    /// Whether it can't be written.
    #[serde(deserialize_with = "super::lenient")]
    pub read_only: bool,
}
