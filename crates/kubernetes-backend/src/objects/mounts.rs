//! A job's mounts as volumes and volume mounts.

use launcher_api::job::{Mount, MountSource};
use serde_json::{Map, Value, json};

use super::BuildError;

/// The kinds of volume that Kubernetes knows, as keys of a volume (fields of the `Volume` reference).
pub const VOLUME_SOURCES: [&str; 30] = [
    "awsElasticBlockStore",
    "azureDisk",
    "azureFile",
    "cephfs",
    "cinder",
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "fc",
    "flexVolume",
    "flocker",
    "gcePersistentDisk",
    "gitRepo",
    "glusterfs",
    "hostPath",
    "image",
    "iscsi",
    "nfs",
    "persistentVolumeClaim",
    "photonPersistentDisk",
    "portworxVolume",
    "projected",
    "quobyte",
    "rbd",
    "scaleIO",
    "secret",
    "storageos",
    "vsphereVolume",
];

/// Collects the volumes of a pod; each mount gets one of its own, named by its place.
#[derive(Debug, Default)]
pub(super) struct Volumes {
    volumes: Vec<Value>,
}

impl Volumes {
    /// `volumeMounts` of a container with these mounts, whose volumes are taken in.
    pub(super) fn mount(&mut self, mounts: &[Mount]) -> Result<Vec<Value>, BuildError> {
        mounts
            .iter()
            .map(|mount| {
                let name = format!("mount{}", self.volumes.len());
                let mut volume = Map::new();
                volume.insert("name".to_owned(), name.as_str().into());
                for (key, value) in volume_source(mount)? {
                    volume.entry(key).or_insert(value);
                }
                self.volumes.push(Value::Object(volume));
                // Also where it is false: templates may ask for it.
                Ok(json!({ "name": name, "mountPath": mount.mount_path, "readOnly": mount.read_only }))
            })
            .collect()
    }

    /// `volumes` of the pod.
    pub(super) fn into_list(self) -> Vec<Value> {
        self.volumes
    }
}

fn volume_source(mount: &Mount) -> Result<Map<String, Value>, BuildError> {
    let (key, source) = match &mount.source {
        MountSource::Host { path } => ("hostPath", json!({ "path": path })),
        MountSource::Nfs { host, path } => ("nfs", json!({ "server": host, "path": path })),
        MountSource::CephFs { monitors, path, user, secret_file, secret_ref } => {
            let mut source = json!({ "monitors": monitors });
            let optional = [("path", path), ("user", user), ("secretFile", secret_file)];
            for (key, value) in optional {
                if let Some(value) = value {
                    source[key] = value.as_str().into();
                }
            }
            if let Some(name) = secret_ref {
                source["secretRef"] = json!({ "name": name });
            }
            ("cephfs", source)
        }
        MountSource::GlusterFs { endpoints, path } => {
            ("glusterfs", json!({ "endpoints": endpoints, "path": path }))
        }
        MountSource::AzureFile { secret_name, share_name } => {
            ("azureFile", json!({ "secretName": secret_name, "shareName": share_name }))
        }
        MountSource::Other { kind, source } if kind == "passthrough" => return Ok(source.clone()),
        MountSource::Other { kind, source } => {
            let key = VOLUME_SOURCES.iter().find(|known| *known == kind);
            let key = key.ok_or_else(|| BuildError::UnsupportedMount { kind: kind.clone() })?;
            (*key, Value::Object(source.clone()))
        }
    };
    Ok(Map::from_iter([(key.to_owned(), source)]))
}
