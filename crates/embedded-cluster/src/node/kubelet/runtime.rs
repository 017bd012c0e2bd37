//! What runs on the node right now, for those who want to look into it: logs, attach, exec, metrics.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

use crate::node::logs::ContainerLog;
use crate::node::process::spawn::Identity;
use crate::node::process::{Attachments, Leftovers, Programs, StandardInput};

/// The containers of all pods on the node. Clones share them.
#[derive(Clone, Debug, Default)]
pub(in crate::node) struct Runtime {
    containers: Arc<Mutex<HashMap<Key, Entry>>>,
    running: Arc<watch::Sender<usize>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    pod_uid: String,
    container: String,
}

#[derive(Debug, Default)]
struct Entry {
    current: Option<ContainerLog>,
    previous: Option<ContainerLog>,
    live: Option<Arc<LiveContainer>>,
}

/// A container whose main process runs.
#[derive(Debug)]
pub(in crate::node) struct LiveContainer {
    /// 64 hexadecimal digits.
    pub(in crate::node) id: String,
    /// Live output.
    pub(in crate::node) attachments: Attachments,
    /// Its input, if it has one.
    pub(in crate::node) input: Option<StandardInput>,
    /// Its processes.
    pub(in crate::node) leftovers: Arc<Leftovers>,
    /// What can be exec'd.
    pub(in crate::node) programs: Programs,
    /// What an exec'd process starts with.
    pub(in crate::node) environment: Vec<(String, String)>,
    /// Where an exec'd process starts.
    pub(in crate::node) working_directory: PathBuf,
    /// Who an exec'd process runs as.
    pub(in crate::node) identity: Identity,
    /// Becomes `true` when the main process has ended and the rest was killed.
    pub(in crate::node) ended: watch::Receiver<bool>,
}

/// Which of a container's logs is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::node) enum Instance {
    /// The newest run.
    Current,
    /// The run before it.
    Previous,
}

impl Runtime {
    /// A container has started: its log becomes the current one.
    pub(super) fn started(&self, pod_uid: &str, container: &str, log: ContainerLog, live: LiveContainer) {
        self.with(pod_uid, container, |entry| {
            entry.previous = entry.current.replace(log);
            entry.live = Some(Arc::new(live));
        });
        self.running.send_modify(|running| *running += 1);
    }

    /// A container has ended; its log stays.
    pub(super) fn ended(&self, pod_uid: &str, container: &str) {
        self.with(pod_uid, container, |entry| entry.live = None);
        self.running.send_modify(|running| *running = running.saturating_sub(1));
    }

    /// Resolves when any container runs.
    pub(in crate::node) async fn occupied(&self) {
        // The sender lives in `self`.
        let _ = self.running.subscribe().wait_for(|running| *running > 0).await;
    }

    /// A pod is gone, with its logs.
    pub(super) fn forget(&self, pod_uid: &str) {
        self.containers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .retain(|key, _| key.pod_uid != pod_uid);
    }

    /// Forgets everything.
    pub(in crate::node) fn clear(&self) {
        self.containers.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// A container's log; `None` if that run has not begun.
    pub(in crate::node) fn log(
        &self,
        pod_uid: &str,
        container: &str,
        which: Instance,
    ) -> Option<ContainerLog> {
        let containers = self.containers.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = containers.get(&Key::new(pod_uid, container))?;
        match which {
            Instance::Current => entry.current.clone(),
            Instance::Previous => entry.previous.clone(),
        }
    }

    /// A running container.
    pub(in crate::node) fn live(&self, pod_uid: &str, container: &str) -> Option<Arc<LiveContainer>> {
        let containers = self.containers.lock().unwrap_or_else(PoisonError::into_inner);
        containers.get(&Key::new(pod_uid, container))?.live.clone()
    }

    /// The running containers with their pods' uids and their names.
    pub(in crate::node) fn all_live(&self) -> Vec<(String, String, Arc<LiveContainer>)> {
        let containers = self.containers.lock().unwrap_or_else(PoisonError::into_inner);
        containers
            .iter()
            .filter_map(|(key, entry)| {
                Some((key.pod_uid.clone(), key.container.clone(), entry.live.clone()?))
            })
            .collect()
    }

    fn with(&self, pod_uid: &str, container: &str, change: impl FnOnce(&mut Entry)) {
        let mut containers = self.containers.lock().unwrap_or_else(PoisonError::into_inner);
        change(containers.entry(Key::new(pod_uid, container)).or_default());
    }
}

impl Key {
    fn new(pod_uid: &str, container: &str) -> Self {
        Self { pod_uid: pod_uid.to_owned(), container: container.to_owned() }
    }
}
