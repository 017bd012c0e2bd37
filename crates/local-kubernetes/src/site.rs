//! The fixed facts of one cluster: what it was asked to be, and where everything of it is.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::addresses::Slot;
use crate::build::Images;
use crate::cache::Cache;
use crate::daemon::Daemon;
use crate::error::Error;
use crate::name::Name;
use crate::version::Version;

/// Where the clusters' folders are. On a disk, not on `/run`: the store of a busy cluster is large. Short, because
/// socket paths are limited to 107 bytes.
pub(crate) const CLUSTERS: &str = "/var/lib/launchway";

/// The node's name in every cluster.
pub(crate) const NODE: &str = "node1";

/// What is written down about a cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Record {
    pub(crate) name: Name,
    pub(crate) version: String,
    pub(crate) feature_gates: Vec<String>,
    pub(crate) slot: Slot,
    /// After a reboot nothing of a cluster runs, whatever its folder says.
    pub(crate) boot: String,
}

/// A cluster's record, with the paths and names that follow from it.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    pub(crate) record: Record,
    pub(crate) version: Version,
    pub(crate) cache: Cache,
}

impl Site {
    pub(crate) fn new(record: Record) -> Result<Site, Error> {
        let version = record.version.parse().map_err(|error| Error::Damaged {
            path: Self::folder_of(&record.name).join("cluster.json"),
            why: format!("{error}"),
            help: "take the cluster down",
        })?;
        Ok(Site { record, version, cache: Cache::of_user() })
    }

    /// The cluster of that name, if it has a folder.
    ///
    /// # Errors
    /// Its record can't be read.
    pub(crate) fn find(name: &Name) -> Result<Option<Site>, Error> {
        let path = Self::folder_of(name).join("cluster.json");
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(Error::File { doing: "read", path, source }),
        };
        let record = serde_json::from_str(&text).map_err(|error| Error::Damaged {
            path,
            why: error.to_string(),
            help: "remove it, and restart the machine if processes of the cluster are left",
        })?;
        Site::new(record).map(Some)
    }

    /// Every cluster of this machine, by name.
    ///
    /// # Errors
    /// A folder or record can't be read.
    pub(crate) fn all() -> Result<Vec<Site>, Error> {
        let folders = match std::fs::read_dir(CLUSTERS) {
            Ok(folders) => folders,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(source) => return Err(Error::File { doing: "read", path: CLUSTERS.into(), source }),
        };
        let mut names: Vec<Name> =
            folders.filter_map(|entry| entry.ok()?.file_name().into_string().ok()?.try_into().ok()).collect();
        names.sort();
        let sites: Result<Vec<Option<Site>>, Error> = names.iter().map(Site::find).collect();
        Ok(sites?.into_iter().flatten().collect())
    }

    /// Writes the record: the first thing that exists of a cluster, so that all that follows can be found again.
    ///
    /// # Errors
    /// The folder or file can't be written.
    pub(crate) fn save(&self) -> Result<(), Error> {
        let folder = self.folder();
        make_private(Path::new(CLUSTERS))?;
        make_private(&folder)?;
        let text = serde_json::to_string_pretty(&self.record).map_err(|error| Error::Damaged {
            path: folder.join("cluster.json"),
            why: error.to_string(),
            help: "choose another name",
        })?;
        write(&folder.join("cluster.json"), &text)
    }

    fn folder_of(name: &Name) -> PathBuf {
        Path::new(CLUSTERS).join(name.as_str())
    }

    /// Everything that the cluster writes is in here.
    pub(crate) fn folder(&self) -> PathBuf {
        Self::folder_of(&self.record.name)
    }

    pub(crate) fn path(&self, below: &str) -> PathBuf {
        self.folder().join(below)
    }

    /// The same as text, for command lines and configuration files.
    pub(crate) fn text(&self, below: &str) -> String {
        self.path(below).display().to_string()
    }

    pub(crate) fn logs(&self) -> PathBuf {
        self.path("logs")
    }

    pub(crate) fn log(&self, daemon: Daemon) -> PathBuf {
        self.logs().join(format!("{daemon}.log"))
    }

    /// As `ip netns` knows it.
    pub(crate) fn network_namespace(&self) -> String {
        format!("launchway-{}", self.record.name)
    }

    /// The file that keeps the cluster's mount namespace.
    pub(crate) fn mount_namespace(&self) -> PathBuf {
        self.path("namespaces/mount")
    }

    /// Below the root of every cgroup hierarchy.
    pub(crate) fn cgroup(&self) -> String {
        format!("/launchway/{}", self.record.name)
    }

    pub(crate) fn api_url(&self) -> String {
        format!("https://{}:6443", self.record.slot.node())
    }

    pub(crate) fn kubernetes_program(&self, name: &str) -> PathBuf {
        self.cache.kubernetes(self.version).join(name)
    }

    pub(crate) fn images(&self) -> Images {
        Images::of(&self.cache)
    }
}

/// Makes a folder that only its owner may enter.
pub(crate) fn make_private(folder: &Path) -> Result<(), Error> {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(Error::file("make", folder))
}

/// Writes a file that only its owner may read, whole or not at all.
pub(crate) fn write(path: &Path, text: &str) -> Result<(), Error> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let beside = PathBuf::from(beside);
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600);
    options
        .open(&beside)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .and_then(|()| std::fs::rename(&beside, path))
        .map_err(Error::file("write", path))
}

/// What the kernel calls its current run.
///
/// # Errors
/// `/proc` can't be read.
pub(crate) fn this_boot() -> Result<String, Error> {
    let path = "/proc/sys/kernel/random/boot_id";
    let text = std::fs::read_to_string(path).map_err(Error::file("read", path))?;
    Ok(text.trim().to_owned())
}
