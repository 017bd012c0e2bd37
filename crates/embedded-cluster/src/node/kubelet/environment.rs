//! A container's environment.
//!
//! It begins with what an image would bring (`PATH` and `HOME`, here the host's) and `HOSTNAME`, the pod's name;
//! then come `envFrom` and `env`. The last two entries belong to the kubelet: `CONTAINER_ID` and `CONTAINER_NAME`
//! (see [`crate::node::exec`] for what they are good for). Nothing else of the host's environment gets in.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::Value;

use super::expansion::expand;
use crate::kind::Kind;
use crate::node::pod_spec::{
    ContainerSpec, EnvSource, EnvVar, FieldReference, KeyReference, ResourceFieldReference,
};
use crate::node::process::leftovers::CONTAINER_ID;
use crate::node::quantity::Quantity;
use crate::store::{Object, Store};

/// The variable that only a container's own process and its children have, not what is exec'd beside them.
pub(in crate::node) const CONTAINER_NAME: &str = "CONTAINER_NAME";

/// Something the environment refers to is missing: `CreateContainerConfigError`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum EnvironmentError {
    /// No such Secret.
    #[error("secret \"{name}\" not found")]
    Secret {
        /// Its name.
        name: String,
    },
    /// No such ConfigMap.
    #[error("configmap \"{name}\" not found")]
    ConfigMap {
        /// Its name.
        name: String,
    },
    /// The object is there, the key is not.
    #[error("couldn't find key {key} in {kind} {namespace}/{name}")]
    Key {
        /// The key.
        key: String,
        /// `Secret` or `ConfigMap`.
        kind: &'static str,
        /// The object's namespace.
        namespace: String,
        /// The object's name.
        name: String,
    },
    /// A `fieldRef` to what cannot be had.
    #[error("field label not supported: {path}")]
    Field {
        /// The path.
        path: String,
    },
}

/// What an environment may refer to.
#[derive(Debug)]
pub(super) struct Surroundings<'a> {
    pub(super) store: &'a Store,
    pub(super) pod: &'a Object,
    pub(super) host_ip: String,
    pub(super) pod_ip: String,
    /// What the node has, for limits that a container does not set.
    pub(super) allocatable: &'a Value,
}

/// Builds the environment of a container with that id.
pub(super) fn build(
    surroundings: &Surroundings<'_>,
    container: &ContainerSpec,
    id: &str,
) -> Result<Vec<(String, String)>, EnvironmentError> {
    let mut variables = Variables::default();
    let path = std::env::var("PATH").unwrap_or_else(|_| "/usr/local/bin:/usr/bin:/bin".to_owned());
    variables.set("PATH", path);
    variables.set("HOME", std::env::var("HOME").unwrap_or_else(|_| "/".to_owned()));
    variables.set("HOSTNAME", surroundings.pod.name().to_owned());
    for source in &container.env_from {
        if let Some(reference) = &source.secret_ref {
            let data = surroundings.object(Kind::Secret, &reference.name, reference.optional)?;
            variables.set_all(&source.prefix, data.as_deref(), decoded);
        }
        if let Some(reference) = &source.config_map_ref {
            let data = surroundings.object(Kind::ConfigMap, &reference.name, reference.optional)?;
            variables.set_all(&source.prefix, data.as_deref(), plain);
        }
    }
    for variable in &container.env {
        if let Some(value) = surroundings.value(container, variable, &variables)? {
            variables.set(&variable.name, value);
        }
    }
    variables.set(CONTAINER_ID, id.to_owned());
    variables.set(CONTAINER_NAME, container.name.clone());
    Ok(variables.entries)
}

/// Looks a variable up in a finished environment.
pub(super) fn lookup<'a>(environment: &'a [(String, String)], name: &str) -> Option<&'a str> {
    environment.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

#[derive(Debug, Default)]
struct Variables {
    entries: Vec<(String, String)>,
}

impl Variables {
    fn set(&mut self, name: &str, value: String) {
        match self.entries.iter_mut().find(|(known, _)| known == name) {
            Some((_, old)) => *old = value,
            None => self.entries.push((name.to_owned(), value)),
        }
    }

    fn set_all(&mut self, prefix: &str, object: Option<&Object>, read: fn(&Value) -> Option<String>) {
        let data = object.and_then(|object| object.value()["data"].as_object());
        for (key, value) in data.into_iter().flatten() {
            if let Some(value) = read(value) {
                self.set(&format!("{prefix}{key}"), value);
            }
        }
    }
}

fn plain(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

fn decoded(value: &Value) -> Option<String> {
    let bytes = BASE64.decode(value.as_str()?).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

impl Surroundings<'_> {
    fn object(
        &self,
        kind: Kind,
        name: &str,
        optional: bool,
    ) -> Result<Option<std::sync::Arc<Object>>, EnvironmentError> {
        match self.store.get(kind, Some(self.pod.namespace()), name) {
            Ok(object) => Ok(Some(object)),
            Err(_) if optional => Ok(None),
            Err(_) if kind == Kind::Secret => Err(EnvironmentError::Secret { name: name.to_owned() }),
            Err(_) => Err(EnvironmentError::ConfigMap { name: name.to_owned() }),
        }
    }

    fn value(
        &self,
        container: &ContainerSpec,
        variable: &EnvVar,
        known: &Variables,
    ) -> Result<Option<String>, EnvironmentError> {
        match &variable.value_from {
            None => Ok(Some(expand(&variable.value, |name| lookup(&known.entries, name)))),
            Some(EnvSource { secret_key_ref: Some(reference), .. }) => {
                self.key(Kind::Secret, "Secret", reference, decoded)
            }
            Some(EnvSource { config_map_key_ref: Some(reference), .. }) => {
                self.key(Kind::ConfigMap, "ConfigMap", reference, plain)
            }
            Some(EnvSource { field_ref: Some(reference), .. }) => self.field(reference).map(Some),
            Some(EnvSource { resource_field_ref: Some(reference), .. }) => {
                Ok(Some(self.resource(container, reference)))
            }
            Some(_) => Ok(Some(String::new())),
        }
    }

    fn key(
        &self,
        kind: Kind,
        kind_name: &'static str,
        reference: &KeyReference,
        read: fn(&Value) -> Option<String>,
    ) -> Result<Option<String>, EnvironmentError> {
        let Some(object) = self.object(kind, &reference.name, reference.optional)? else { return Ok(None) };
        match read(&object.value()["data"][reference.key.as_str()]) {
            Some(value) => Ok(Some(value)),
            None if reference.optional => Ok(None),
            None => Err(EnvironmentError::Key {
                key: reference.key.clone(),
                kind: kind_name,
                namespace: self.pod.namespace().to_owned(),
                name: reference.name.clone(),
            }),
        }
    }

    fn field(&self, reference: &FieldReference) -> Result<String, EnvironmentError> {
        let path = reference.field_path.as_str();
        let metadata = &self.pod.value()["metadata"];
        let spec = &self.pod.value()["spec"];
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let entry = |map: &str| {
            let key = path.strip_prefix(map)?.strip_prefix("['")?.strip_suffix("']")?;
            Some(text(&metadata[map.trim_start_matches("metadata.")][key]))
        };
        Ok(match path {
            "metadata.name" => text(&metadata["name"]),
            "metadata.namespace" => text(&metadata["namespace"]),
            "metadata.uid" => text(&metadata["uid"]),
            "spec.nodeName" => text(&spec["nodeName"]),
            "spec.serviceAccountName" => text(&spec["serviceAccountName"]),
            "status.hostIP" | "status.hostIPs" => self.host_ip.clone(),
            "status.podIP" | "status.podIPs" => self.pod_ip.clone(),
            _ => entry("metadata.labels")
                .or_else(|| entry("metadata.annotations"))
                .ok_or_else(|| EnvironmentError::Field { path: path.to_owned() })?,
        })
    }

    fn resource(&self, container: &ContainerSpec, reference: &ResourceFieldReference) -> String {
        let (list, name) = match reference.resource.split_once('.') {
            Some(("limits", name)) => (&container.resources.limits, name),
            Some((_, name)) => (&container.resources.requests, name),
            None => return String::new(),
        };
        let value = list.get(name).unwrap_or(&self.allocatable[name]);
        Quantity::of(value).round_up().to_string()
    }
}
