//! Volumes of a pod as a job's mounts.

use launcher_api::job::{Mount, MountSource};
use serde_json::{Map, Value};

use crate::objects::VOLUME_SOURCES;
use crate::observed::{ContainerSpec, PodSpec};

/// The mounts of a container whose volumes are in the pod.
pub(super) fn of_container(container: &ContainerSpec, pod: &PodSpec) -> Vec<Mount> {
    container
        .volume_mounts
        .iter()
        .filter_map(|entry| {
            let volume =
                pod.volumes.iter().find(|v| v.get("name").and_then(Value::as_str) == Some(&entry.name))?;
            let mut mount = Mount::new(entry.mount_path.clone(), source(volume)?);
            mount.read_only = entry.read_only;
            Some(mount)
        })
        .collect()
}

fn source(volume: &Map<String, Value>) -> Option<MountSource> {
    let (key, value) = volume.iter().find(|(key, _)| VOLUME_SOURCES.contains(&key.as_str()))?;
    let value = value.as_object().cloned().unwrap_or_default();
    let text = |name: &str| value.get(name).and_then(Value::as_str).map(ToOwned::to_owned);
    let needed = |name: &str| text(name).unwrap_or_default();
    Some(match key.as_str() {
        "hostPath" => MountSource::Host { path: needed("path") },
        "nfs" => MountSource::Nfs { host: needed("server"), path: needed("path") },
        "cephfs" => MountSource::CephFs {
            monitors: value
                .get("monitors")
                .and_then(Value::as_array)
                .map(|list| list.iter().filter_map(Value::as_str).map(ToOwned::to_owned).collect())
                .unwrap_or_default(),
            path: text("path"),
            user: text("user"),
            secret_file: text("secretFile"),
            secret_ref: value
                .get("secretRef")
                .and_then(|s| s.get("name"))
                .and_then(Value::as_str)
                .map(ToOwned::to_owned),
        },
        "glusterfs" => MountSource::GlusterFs { endpoints: needed("endpoints"), path: needed("path") },
        "azureFile" => {
            MountSource::AzureFile { secret_name: needed("secretName"), share_name: needed("shareName") }
        }
        _ => MountSource::Other {
            kind: "passthrough".to_owned(),
            source: Map::from_iter([(key.clone(), Value::Object(value))]),
        },
    })
}
