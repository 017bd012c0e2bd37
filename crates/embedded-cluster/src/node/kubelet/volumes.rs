//! A pod's volumes, as far as they can be had without mounting.
//!
//! Processes see the host's file system, and nothing is mounted into it. What is done instead:
//!
//! - `hostPath` is checked (and made, for `DirectoryOrCreate` and `FileOrCreate`) as a kubelet does it. Mounted at
//!   its own path, as `/home` at `/home`, it is simply there.
//! - `emptyDir`, `secret` and `configMap` become directories in the pod's own directory.
//! - Every mount of one of these becomes a symbolic link in the container's own directory, its working directory
//!   unless it names another: a mount at `/scratch/x` is found at `./scratch/x`.
//! - A service account's token (`projected`, added to every pod) is not there: nothing is linked, nothing is said.
//! - Any other source (`nfs`, `cephfs`, `persistentVolumeClaim`, …) is accepted and leads nowhere.

use std::fs;
use std::os::unix::fs::{FileTypeExt, symlink};
use std::path::{Component, Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use crate::kind::Kind;
use crate::node::pod_spec::{ContainerSpec, HostPath, PodSpec, Volume};
use crate::store::{Object, Store};

/// Why a volume cannot be had (yet): the message of `FailedMount`.
#[derive(Debug, thiserror::Error)]
#[error("MountVolume.SetUp failed for volume \"{volume}\" : {reason}")]
pub(super) struct MountError {
    /// The volume's name.
    pub(super) volume: String,
    /// What is wrong.
    pub(super) reason: String,
}

/// Prepares all volumes of a pod under `directory`. May be called again after a failure.
pub(super) fn set_up(
    store: &Store,
    pod: &Object,
    spec: &PodSpec,
    directory: &Path,
) -> Result<(), MountError> {
    for volume in &spec.volumes {
        let own = own_directory(directory, &volume.name);
        let done = if let Some(host) = &volume.host_path {
            check_host_path(host)
        } else if let Some(secret) = &volume.secret {
            let write = |value: &str| BASE64.decode(value).unwrap_or_default();
            write_keys(store, pod, Kind::Secret, (&secret.secret_name, secret.optional), &own, write)
        } else if let Some(map) = &volume.config_map {
            let write = |value: &str| value.as_bytes().to_vec();
            write_keys(store, pod, Kind::ConfigMap, (&map.name, map.optional), &own, write)
        } else if volume.empty_dir.is_some() {
            fs::create_dir_all(&own).map_err(|error| error.to_string())
        } else {
            Ok(())
        };
        done.map_err(|reason| MountError { volume: volume.name.clone(), reason })?;
    }
    Ok(())
}

/// Links a container's mounts into its own directory. Returns those that the container will not find at their
/// `mountPath`.
pub(super) fn link_mounts(spec: &PodSpec, container: &ContainerSpec, pod: &Path, own: &Path) -> Vec<String> {
    let mut unmapped = Vec::new();
    for mount in &container.volume_mounts {
        let volume = spec.volumes.iter().find(|volume| volume.name == mount.name);
        if volume.is_some_and(Volume::is_token) {
            continue;
        }
        let source =
            volume.and_then(|volume| source_of(volume, pod)).map(|path| match mount.sub_path.as_str() {
                "" => path,
                sub_path => path.join(sub_path),
            });
        if source.as_deref().is_some_and(|source| source == Path::new(&mount.mount_path)) {
            continue;
        }
        unmapped.push(mount.mount_path.clone());
        let Some(source) = source else { continue };
        let relative: PathBuf = Path::new(&mount.mount_path)
            .components()
            .filter(|part| matches!(part, Component::Normal(_)))
            .collect();
        let link = own.join(relative);
        let made = link.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| symlink(&source, &link));
        if let Err(error) = made {
            tracing::debug!(%error, link = %link.display(), "a mount was not linked");
        }
    }
    unmapped
}

fn own_directory(pod: &Path, volume: &str) -> PathBuf {
    pod.join("volumes").join(volume)
}

fn source_of(volume: &Volume, pod: &Path) -> Option<PathBuf> {
    match &volume.host_path {
        Some(host) => Some(PathBuf::from(&host.path)),
        None if volume.empty_dir.is_some() || volume.secret.is_some() || volume.config_map.is_some() => {
            Some(own_directory(pod, &volume.name))
        }
        None => None,
    }
}

fn check_host_path(host: &HostPath) -> Result<(), String> {
    let path = Path::new(&host.path);
    let create = |made: std::io::Result<()>| made.map_err(|error| error.to_string());
    match host.check.as_str() {
        "DirectoryOrCreate" if !path.exists() => create(fs::create_dir_all(path)),
        "FileOrCreate" if !path.exists() => create(fs::File::create_new(path).map(drop)),
        "DirectoryOrCreate" | "Directory" => check_type(path, "a directory", fs::FileType::is_dir),
        "FileOrCreate" | "File" => check_type(path, "a file", fs::FileType::is_file),
        "Socket" => check_type(path, "a socket file", FileTypeExt::is_socket),
        "CharDevice" => check_type(path, "a character device", FileTypeExt::is_char_device),
        "BlockDevice" => check_type(path, "a block device", FileTypeExt::is_block_device),
        // Without a type nothing is checked: the runtime makes a missing directory.
        _ => Ok(()),
    }
}

fn check_type(path: &Path, what: &str, is: impl Fn(&fs::FileType) -> bool) -> Result<(), String> {
    let shown = path.display();
    match fs::metadata(path) {
        Ok(metadata) if is(&metadata.file_type()) => Ok(()),
        Ok(_) => Err(format!("hostPath type check failed, {shown} is not {what}")),
        Err(_) => Err(format!(
            "hostPath type check failed, {shown} is not {what}, unable to determine its type: path \"{shown}\" does not exist"
        )),
    }
}

fn write_keys(
    store: &Store,
    pod: &Object,
    kind: Kind,
    (name, optional): (&str, bool),
    directory: &Path,
    decode: impl Fn(&str) -> Vec<u8>,
) -> Result<(), String> {
    let object = match store.get(kind, Some(pod.namespace()), name) {
        Ok(object) => Some(object),
        Err(_) if optional => None,
        Err(_) => return Err(format!("{} \"{name}\" not found", kind.info().singular)),
    };
    fs::create_dir_all(directory).map_err(|error| error.to_string())?;
    let data = object.as_ref().and_then(|object| object.value()["data"].as_object());
    for (key, value) in data.into_iter().flatten() {
        let bytes = decode(value.as_str().unwrap_or_default());
        fs::write(directory.join(key), bytes).map_err(|error| error.to_string())?;
    }
    Ok(())
}
