//! Standard inputs that are too long for an annotation: files that only the service user can read.

use std::collections::HashSet;
use std::fs::TryLockError;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::fs::{self, OpenOptions};
use tokio::io::AsyncWriteExt;

use crate::chance;

/// The folder with them, inside the scratch path.
#[derive(Clone, Debug)]
pub struct Scratch {
    folder: PathBuf,
}

/// Files of this folder can't be used.
#[derive(Debug, thiserror::Error)]
#[error("cannot {what} '{}'", path.display())]
pub struct ScratchError {
    what: &'static str,
    path: PathBuf,
    #[source]
    source: io::Error,
}

/// The name under which a plugin delivers, its own as long as this value lives.
#[derive(Debug)]
pub struct DelivererName {
    name: Arc<str>,
    /// Of the file with the name; none where files can't be locked.
    _lock: Option<std::fs::File>,
}

impl DelivererName {
    /// The name.
    pub fn name(&self) -> &Arc<str> {
        &self.name
    }
}

/// Whose a name is.
enum Lock {
    Ours(Option<std::fs::File>),
    Anothers,
}

fn lock(path: &Path) -> Lock {
    let Ok(file) = std::fs::File::open(path) else { return Lock::Ours(None) };
    match file.try_lock() {
        Ok(()) => Lock::Ours(Some(file)),
        Err(TryLockError::WouldBlock) => Lock::Anothers,
        Err(TryLockError::Error(error)) => {
            tracing::debug!("'{}' cannot be locked: {error}", path.display());
            Lock::Ours(None)
        }
    }
}

impl Scratch {
    /// The folder `stdin` in `scratch_path`; made when it is needed.
    pub fn new(scratch_path: &Path) -> Self {
        Self { folder: scratch_path.join("stdin") }
    }

    /// A plugin's lasting name: the same after a restart, another one on another machine.
    ///
    /// Without a usable folder, and beside another plugin that uses the folder now, it is new each time; then a delivery that
    /// a restart interrupts is taken over some seconds later, as another plugin's would be.
    pub async fn deliverer(&self) -> DelivererName {
        let path = self.folder.join("deliverer");
        if let Ok(text) = fs::read_to_string(&path).await
            && is_key(text.trim())
        {
            return match lock(&path) {
                Lock::Ours(lock) => DelivererName { name: text.trim().into(), _lock: lock },
                Lock::Anothers => DelivererName { name: chance::name().into(), _lock: None },
            };
        }
        let name = chance::name();
        if let Err(error) = self.write_new(&path, name.as_bytes()).await {
            tracing::warn!("{error}: {}; check scratch-path", error.source);
        }
        let lock = match lock(&path) {
            Lock::Ours(lock) => lock,
            Lock::Anothers => None,
        };
        DelivererName { name: name.into(), _lock: lock }
    }

    /// Keeps `text` under `key`.
    ///
    /// # Errors
    /// [`ScratchError`] naming the file.
    pub async fn write(&self, key: &str, text: &str) -> Result<(), ScratchError> {
        self.write_new(&self.path(key), text.as_bytes()).await
    }

    /// What is kept under `key`; none if this plugin does not have it.
    ///
    /// # Errors
    /// [`ScratchError`] naming the file.
    pub async fn read(&self, key: &str) -> Result<Option<String>, ScratchError> {
        if !is_key(key) {
            return Ok(None);
        }
        let path = self.path(key);
        match fs::read_to_string(&path).await {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(ScratchError { what: "read", path, source }),
        }
    }

    /// Forgets what is kept under `key`. Nothing there is success.
    pub async fn remove(&self, key: &str) {
        if is_key(key) {
            remove(&self.path(key)).await;
        }
    }

    /// Removes what belongs to no job in `kept` and is older than `age`: its job was removed while this plugin was away.
    pub async fn sweep(&self, kept: &HashSet<String>, age: Duration) {
        let Ok(mut entries) = fs::read_dir(&self.folder).await else { return };
        while let Ok(Some(entry)) = entries.next_entry().await {
            let name = entry.file_name().to_string_lossy().into_owned();
            let key = name.strip_suffix(".txt").filter(|key| is_key(key));
            let ours = key.map_or(name.ends_with(".part"), |key| !kept.contains(key));
            let old = entry.metadata().await.and_then(|m| m.modified()).is_ok_and(|modified| {
                SystemTime::now().duration_since(modified).is_ok_and(|since| since >= age)
            });
            if ours && old {
                remove(&entry.path()).await;
            }
        }
    }

    fn path(&self, key: &str) -> PathBuf {
        self.folder.join(format!("{key}.txt"))
    }

    /// Written beside and moved into place: a reader sees all of it or none.
    async fn write_new(&self, path: &Path, bytes: &[u8]) -> Result<(), ScratchError> {
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&self.folder)
            .await
            .map_err(failed("make", &self.folder))?;
        let beside = path.with_extension(format!("{}.part", chance::name()));
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&beside)
            .await
            .map_err(failed("make", &beside))?;
        file.write_all(bytes).await.map_err(failed("write", &beside))?;
        file.flush().await.map_err(failed("write", &beside))?;
        fs::rename(&beside, path).await.map_err(failed("write", path))
    }
}

fn failed(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> ScratchError {
    let path = path.to_owned();
    move |source| ScratchError { what, path, source }
}

async fn remove(path: &Path) {
    match fs::remove_file(path).await {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => tracing::warn!("cannot remove '{}': {error}", path.display()),
    }
}

/// Keys come back from the cluster, where anyone may have changed them: one that is no name of ours names no file.
fn is_key(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[tokio::test]
    async fn what_is_kept_is_read_again_by_the_service_user_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let scratch = Scratch::new(folder.path());
        let key = chance::name();
        scratch.write(&key, "text\n").await.expect("written");
        assert_eq!(scratch.read(&key).await.expect("read"), Some("text\n".to_owned()));
        let mode = |path: &Path| std::fs::metadata(path).expect("there").permissions().mode() & 0o777;
        assert_eq!(mode(&scratch.path(&key)), 0o600);
        assert_eq!(mode(&scratch.folder), 0o700);
        scratch.remove(&key).await;
        assert_eq!(scratch.read(&key).await.expect("read"), None);
    }

    #[tokio::test]
    async fn a_key_from_the_cluster_cannot_name_another_file() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("secret.txt"), "hush").expect("written");
        let scratch = Scratch::new(folder.path());
        assert_eq!(scratch.read("../secret").await.expect("read"), None);
    }

    #[tokio::test]
    async fn a_plugin_keeps_its_name_over_restarts() {
        let folder = tempfile::tempdir().expect("a folder");
        let name = name_in(folder.path()).await;
        assert_eq!(name_in(folder.path()).await, name);
        let other = tempfile::tempdir().expect("a folder");
        assert_ne!(name_in(other.path()).await, name);
    }

    #[tokio::test]
    async fn two_plugins_on_one_folder_have_two_names() {
        let folder = tempfile::tempdir().expect("a folder");
        let first = Scratch::new(folder.path()).deliverer().await;
        let second = name_in(folder.path()).await;
        assert_ne!(first.name(), &second, "what the first has begun is not the second's");
        let name = first.name().clone();
        drop(first);
        assert_eq!(name_in(folder.path()).await, name);
    }

    /// The name of a plugin that ends at once.
    async fn name_in(folder: &Path) -> Arc<str> {
        Scratch::new(folder).deliverer().await.name().clone()
    }

    #[tokio::test]
    async fn only_what_is_old_and_nobodys_is_swept() {
        let folder = tempfile::tempdir().expect("a folder");
        let scratch = Scratch::new(folder.path());
        let (key, kept) = (chance::name(), chance::name());
        let name = name_in(folder.path()).await;
        scratch.write(&key, "text").await.expect("written");
        scratch.write(&kept, "text").await.expect("written");
        let jobs = HashSet::from([kept.clone()]);
        scratch.sweep(&jobs, Duration::from_secs(3600)).await;
        assert!(scratch.read(&key).await.expect("read").is_some());
        scratch.sweep(&jobs, Duration::ZERO).await;
        assert!(scratch.read(&key).await.expect("read").is_none());
        assert!(scratch.read(&kept).await.expect("read").is_some());
        assert_eq!(name_in(folder.path()).await, name);
    }
}
