//! What the node reads of a pod's specification. Everything else is kept by the store and ignored here.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::store::Object;

/// `spec` of a pod.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct PodSpec {
    pub(super) node_name: String,
    pub(super) restart_policy: RestartPolicy,
    pub(super) termination_grace_period_seconds: Option<u64>,
    pub(super) active_deadline_seconds: Option<u64>,
    pub(super) init_containers: Vec<ContainerSpec>,
    pub(super) containers: Vec<ContainerSpec>,
    pub(super) volumes: Vec<Volume>,
    pub(super) security_context: SecurityContext,
    pub(super) service_account_name: String,
}

/// When an ended container is started again. `restartPolicy` of a pod; of an init container only `Always`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub(super) enum RestartPolicy {
    #[default]
    Always,
    OnFailure,
    Never,
}

/// One container, init container or sidecar.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct ContainerSpec {
    pub(super) name: String,
    pub(super) image: String,
    pub(super) image_pull_policy: Option<PullPolicy>,
    pub(super) command: Vec<String>,
    pub(super) args: Vec<String>,
    pub(super) working_dir: String,
    pub(super) env: Vec<EnvVar>,
    pub(super) env_from: Vec<EnvFrom>,
    pub(super) ports: Vec<ContainerPort>,
    pub(super) resources: Resources,
    pub(super) volume_mounts: Vec<VolumeMount>,
    pub(super) stdin: bool,
    pub(super) stdin_once: bool,
    /// `Always` makes an init container a sidecar.
    pub(super) restart_policy: Option<RestartPolicy>,
    pub(super) security_context: SecurityContext,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(super) enum PullPolicy {
    Always,
    IfNotPresent,
    Never,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct EnvVar {
    pub(super) name: String,
    pub(super) value: String,
    pub(super) value_from: Option<EnvSource>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct EnvSource {
    pub(super) secret_key_ref: Option<KeyReference>,
    pub(super) config_map_key_ref: Option<KeyReference>,
    pub(super) field_ref: Option<FieldReference>,
    pub(super) resource_field_ref: Option<ResourceFieldReference>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct KeyReference {
    pub(super) name: String,
    pub(super) key: String,
    pub(super) optional: bool,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct FieldReference {
    pub(super) field_path: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct ResourceFieldReference {
    pub(super) resource: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct EnvFrom {
    pub(super) prefix: String,
    pub(super) secret_ref: Option<ObjectReference>,
    pub(super) config_map_ref: Option<ObjectReference>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ObjectReference {
    pub(super) name: String,
    pub(super) optional: bool,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct ContainerPort {
    pub(super) name: String,
    pub(super) container_port: u16,
    pub(super) host_port: Option<u16>,
    pub(super) protocol: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Resources {
    pub(super) limits: Map<String, Value>,
    pub(super) requests: Map<String, Value>,
}

impl Resources {
    /// As they are written: without what is empty.
    pub(super) fn to_value(&self) -> Value {
        let mut value = json!({});
        for (name, amounts) in [("limits", &self.limits), ("requests", &self.requests)] {
            if !amounts.is_empty() {
                value[name] = json!(amounts);
            }
        }
        value
    }
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct VolumeMount {
    pub(super) name: String,
    pub(super) mount_path: String,
    pub(super) sub_path: String,
    pub(super) read_only: bool,
}

impl VolumeMount {
    /// Its entry in a container's status.
    pub(super) fn to_status(&self) -> Value {
        let mut status = json!({"name": self.name, "mountPath": self.mount_path});
        if self.read_only {
            status["readOnly"] = json!(true);
            status["recursiveReadOnly"] = json!("Disabled");
        }
        status
    }
}

/// Who a process runs as; of a pod or of a container, where the container's fields win.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct SecurityContext {
    pub(super) run_as_user: Option<u32>,
    pub(super) run_as_group: Option<u32>,
    pub(super) run_as_non_root: Option<bool>,
}

/// A volume: its name and whatever source it has.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Volume {
    pub(super) name: String,
    pub(super) empty_dir: Option<Value>,
    pub(super) host_path: Option<HostPath>,
    pub(super) secret: Option<SecretVolume>,
    pub(super) config_map: Option<ConfigMapVolume>,
    pub(super) projected: Option<Value>,
}

impl Volume {
    /// Whether the API added it for the service account's token.
    pub(super) fn is_token(&self) -> bool {
        self.projected.is_some() && self.name.starts_with("kube-api-access-")
    }
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct HostPath {
    pub(super) path: String,
    #[serde(rename = "type")]
    pub(super) check: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct SecretVolume {
    pub(super) secret_name: String,
    pub(super) optional: bool,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ConfigMapVolume {
    pub(super) name: String,
    pub(super) optional: bool,
}

impl PodSpec {
    /// The specification of a pod object. The API checks its types before; one that cannot be read all the same
    /// is taken for empty.
    pub(super) fn of(pod: &Object) -> Self {
        let mut spec = pod.value()["spec"].clone();
        remove_nulls(&mut spec);
        serde_json::from_value(spec).unwrap_or_else(|error| {
            tracing::warn!(%error, pod = pod.name(), "cannot read a pod's specification");
            Self::default()
        })
    }

    /// The seconds between SIGTERM and SIGKILL.
    pub(super) fn grace_period(&self) -> u64 {
        self.termination_grace_period_seconds.unwrap_or(30)
    }
}

impl ContainerSpec {
    /// Whether it is an init container that goes on beside the others.
    pub(super) fn is_sidecar(&self) -> bool {
        self.restart_policy == Some(RestartPolicy::Always)
    }

    /// The pull policy, or what Kubernetes makes of none.
    pub(super) fn pull_policy(&self) -> PullPolicy {
        self.image_pull_policy.unwrap_or_else(|| {
            let tag = self.image.rsplit('/').next().and_then(|name| name.split_once(':')).map(|(_, tag)| tag);
            match tag {
                None | Some("latest") => PullPolicy::Always,
                Some(_) => PullPolicy::IfNotPresent,
            }
        })
    }
}

/// In the API, a field that is null is a field that is absent.
fn remove_nulls(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|_, field| !field.is_null());
            fields.values_mut().for_each(remove_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(remove_nulls),
        _ => {}
    }
}
