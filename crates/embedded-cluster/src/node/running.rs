//! The running node.

use std::io;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use tempfile::TempDir;
use tokio::sync::{mpsc, oneshot};

use super::connectivity::Connectivity;
use super::events::{self, Component, Recorder};
use super::kubelet::runtime::Runtime;
use super::kubelet::{Eviction, Kubelet, KubeletContext};
use super::metrics::{self, Metrics};
use super::options::NodeOptions;
use super::process::leftovers::kill_together;
use super::tasks::Tasks;
use super::{jobs, reachability, registration, scheduler, service_ports};
use crate::registry::Registry;
use crate::store::ObjectKey;

/// Evictions that may wait for the kubelet.
const WAITING_EVICTIONS: usize = 8;

/// Why a node did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NodeError {
    /// There is no place for the pods' files.
    #[error("cannot make a directory for the pods' files in {}", path.display())]
    Directory {
        /// Where temporary files go.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
    /// The node's object was refused.
    #[error("cannot register node \"{name}\": {reason}")]
    Register {
        /// The node's name.
        name: String,
        /// The API's answer.
        reason: String,
    },
}

/// The cluster's only node, with the scheduler, the job controller and the kubelet that belong to it.
///
/// Dropping it ends every process of every pod, as a shutdown of the cluster does, but does not wait for its tasks. What
/// a pod's process starts ends with its container, wherever it went; only the end of this program by SIGKILL leaves
/// processes behind.
///
/// # What a pod is here
///
/// Each container is a process of this machine, the leader of a session of its own. It sees the machine's files,
/// network and processes: nothing is isolated, so run only what you would run yourself.
///
/// | of a pod | here |
/// | --- | --- |
/// | image | a name: each contains the machine's files and has no entrypoint. A tag `missing` or a registry under `.invalid` cannot be pulled |
/// | no `workingDir` | an empty directory of the container's own |
/// | environment | `PATH`, `HOME`, `HOSTNAME`, `CONTAINER_ID`, `CONTAINER_NAME`, and what the specification says |
/// | `hostPath` mounted at its own path | simply there |
/// | other mounts | a link in the container's own directory: `/scratch` is at `./scratch`. Network volumes are accepted and lead nowhere |
/// | `runAsUser`, `runAsGroup` | done where this program runs as root; else an event says who it is |
/// | requests and limits | counted by the scheduler, not enforced |
/// | ports | the machine's: two pods that listen on the same one exclude each other. TCP node ports and host ports lead to the process |
/// | probes, hooks, ttys, tokens | ignored |
///
/// Two annotations of a pod play what cannot happen otherwise: `embedded-cluster/oom-after` (seconds, such as `"0.5"`)
/// kills its main containers as the memory limit would, and `embedded-cluster/oom-exit-code` is the exit code then
/// (137, or 0 as a shell gives whose child was the victim).
#[derive(Debug)]
pub struct Node {
    pub(super) options: Arc<NodeOptions>,
    pub(super) runtime: Runtime,
    pub(super) connectivity: Connectivity,
    pub(super) metrics: Metrics,
    pub(super) tasks: Tasks,
    evictions: mpsc::Sender<Eviction>,
    /// The pods' files; `None` once they were removed.
    directory: Mutex<Option<TempDir>>,
}

impl Node {
    /// Registers the node and starts its controllers.
    ///
    /// # Errors
    /// [`NodeError`]: there is no room for its files, or the cluster has a node of that name.
    pub(crate) fn start(registry: Registry, options: NodeOptions) -> Result<Self, NodeError> {
        let directory = tempfile::Builder::new()
            .prefix("embedded-cluster-")
            .tempdir()
            .and_then(|directory| open_to_all(directory.path()).map(|()| directory))
            .map_err(|source| NodeError::Directory { path: std::env::temp_dir(), source })?;
        registration::register(&registry, &options)
            .map_err(|error| NodeError::Register { name: options.name.clone(), reason: error.to_string() })?;
        let options = Arc::new(options);
        let runtime = Runtime::default();
        let connectivity = Connectivity::default();
        let metrics = Metrics::default();
        let tasks = Tasks::default();
        let component = Component::Kubelet { host: options.name.clone() };
        let kubelet = Kubelet::new(KubeletContext {
            recorder: Recorder::new(registry.clone(), component),
            registry: registry.clone(),
            runtime: runtime.clone(),
            options: options.clone(),
            connectivity: connectivity.clone(),
            directory: directory.path().to_owned(),
        });
        let (evictions, waiting) = mpsc::channel(WAITING_EVICTIONS);
        tasks.spawn(kubelet.run(waiting));
        tasks.spawn(scheduler::run(registry.clone()));
        tasks.spawn(jobs::run(registry.clone(), options.clone()));
        tasks.spawn(service_ports::run(registry.clone(), options.clone()));
        tasks.spawn(events::expire(registry.clone(), options.event_lifetime));
        tasks.spawn(metrics::sample(runtime.clone(), metrics.clone(), options.pace.metrics));
        let (watched, link) = (options.clone(), connectivity.clone());
        tasks.spawn(async move { reachability::watch(registry, &watched, &link).await });
        Ok(Self {
            options,
            runtime,
            connectivity,
            metrics,
            tasks,
            evictions,
            directory: Mutex::new(Some(directory)),
        })
    }

    /// Its `InternalIP`.
    pub(crate) fn address(&self) -> IpAddr {
        self.options.internal_ip
    }

    /// Cuts the node off from the rest of the cluster. Its pods go on, but nothing of them is told any more; logs,
    /// attach and exec fail, and those that are open end. After a while ([`Builder::node_loss`](crate::Builder::node_loss)) its
    /// `Ready` is `Unknown`, later its pods are deleted.
    pub fn disconnect(&self) {
        self.connectivity.cut_off();
    }

    /// Connects the node again: what happened meanwhile is told. For a moment its kubelet does not know its pods, and answers
    /// 404 to who wants a log, attach or exec.
    pub fn reconnect(&self) {
        self.connectivity.mend();
    }

    /// Ends a pod as a node does that is short of memory: it fails with the reason `Evicted`. Returns whether it was
    /// there.
    pub async fn evict(&self, namespace: &str, pod: &str) -> bool {
        let (done, answer) = oneshot::channel();
        let pod = ObjectKey::new(Some(namespace), pod);
        if self.evictions.send(Eviction { pod, done }).await.is_err() {
            return false;
        }
        answer.await.unwrap_or(false)
    }

    /// Ends every process of every pod and returns when all is gone.
    pub(crate) async fn shutdown(&self) {
        self.tasks.stop();
        self.kill_all();
        self.tasks.ended().await;
        // What was started while the tasks were stopping.
        self.stop();
    }

    /// Ends every process of every pod and removes their files without waiting for anything else.
    pub(crate) fn stop(&self) {
        self.tasks.stop();
        self.kill_all();
        let directory = self.directory.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(Err(error)) = directory.map(TempDir::close) {
            tracing::warn!(%error, "cannot remove the files of the embedded cluster's pods");
        }
    }

    fn kill_all(&self) {
        let live = self.runtime.all_live();
        let leftovers: Vec<_> = live.iter().map(|(_, _, container)| container.leftovers.as_ref()).collect();
        if !leftovers.is_empty() {
            kill_together(&leftovers);
        }
        // Whoever reads a log or is attached finds its end.
        self.runtime.clear();
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Containers may run as other users, who must be able to reach their own directories below.
fn open_to_all(directory: &std::path::Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(directory, std::fs::Permissions::from_mode(0o711))
}
