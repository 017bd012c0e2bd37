//! What is built once and kept: programs and images, outside the tree.

use std::fs::File;
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::version::{CONTAINERD, ETCD, METRICS_SERVER, Version};

/// The folder outside the tree where heavy builds are kept: `$XDG_CACHE_HOME/launchway`, or `~/.cache/launchway`.
#[must_use]
pub fn cache_folder() -> PathBuf {
    let base = std::env::var_os("XDG_CACHE_HOME")
        .filter(|value| !value.is_empty())
        .map(PathBuf::from)
        .or_else(|| std::env::home_dir().map(|home| home.join(".cache")))
        .unwrap_or_else(std::env::temp_dir);
    base.join("launchway")
}

/// The cache, with a folder for each thing that is built: whole, or not there at all.
#[derive(Clone, Debug)]
pub(crate) struct Cache {
    root: PathBuf,
}

impl Cache {
    pub(crate) fn of_user() -> Self {
        Cache { root: cache_folder() }
    }

    #[cfg(test)]
    pub(crate) fn at(root: &Path) -> Self {
        Cache { root: root.to_owned() }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The six programs of one Kubernetes.
    pub(crate) fn kubernetes(&self, version: Version) -> PathBuf {
        self.root.join(format!("kubernetes-{version}"))
    }

    pub(crate) fn etcd(&self) -> PathBuf {
        self.root.join(format!("etcd-{ETCD}"))
    }

    pub(crate) fn containerd(&self) -> PathBuf {
        self.root.join(format!("containerd-{CONTAINERD}"))
    }

    pub(crate) fn metrics_server(&self) -> PathBuf {
        self.root.join(format!("metrics-server-{METRICS_SERVER}"))
    }

    /// A build's log.
    pub(crate) fn log(&self, name: &str) -> PathBuf {
        self.root.join("logs").join(format!("{name}.log"))
    }

    /// Fills `folder` unless it is there: in a folder beside it, which takes the name once it is whole.
    ///
    /// What an interrupted build left is removed by the next one. Two builds of the same at once: the second waits
    /// for the first and then finds its work done.
    ///
    /// # Errors
    /// The filling's own, or the cache can't be written.
    pub(crate) fn once(
        &self,
        folder: &Path,
        fill: impl FnOnce(&Path) -> Result<(), Error>,
    ) -> Result<(), Error> {
        if folder.is_dir() {
            return Ok(());
        }
        let name = folder.file_name().unwrap_or_default();
        let building = self.root.join("building");
        std::fs::create_dir_all(&building).map_err(Error::file("make", &building))?;
        let mut lock_name = name.to_owned();
        lock_name.push(".lock");
        let lock_path = building.join(lock_name);
        let lock = File::create(&lock_path).map_err(Error::file("write", &lock_path))?;
        lock.lock().map_err(Error::file("lock", &lock_path))?;
        if folder.is_dir() {
            return Ok(());
        }
        let beside = building.join(name);
        remove(&beside)?;
        std::fs::create_dir_all(&beside).map_err(Error::file("make", &beside))?;
        let filled = fill(&beside)
            .and_then(|()| std::fs::rename(&beside, folder).map_err(Error::file("make", folder)));
        if filled.is_err() {
            // The first error is the one to tell.
            let _ = remove(&beside);
        }
        filled
    }
}

/// Removes a folder with all in it; one that is not there is fine.
pub(crate) fn remove(folder: &Path) -> Result<(), Error> {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Error::File { doing: "remove", path: folder.to_owned(), source: error })
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_filled_once() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::at(folder.path());
        let target = cache.etcd();
        for text in ["first", "second"] {
            cache
                .once(&target, |new| {
                    std::fs::write(new.join("file"), text).map_err(Error::file("write", new.join("file")))
                })
                .unwrap();
        }
        assert_eq!(std::fs::read_to_string(target.join("file")).unwrap(), "first");
    }

    #[test]
    fn a_build_that_fails_or_was_interrupted_leaves_nothing_half() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::at(folder.path());
        let target = cache.containerd();
        let half = folder.path().join("building").join(target.file_name().unwrap());
        std::fs::create_dir_all(&half).unwrap();
        std::fs::write(half.join("half"), "").unwrap();
        let failed = cache.once(&target, |new| {
            assert!(!new.join("half").exists(), "what was interrupted is gone");
            Err(Error::NotRoot { doing: "the test" })
        });
        assert!(failed.is_err());
        assert!(!target.exists() && !half.exists());
    }
}
