//! The running node.

use std::sync::Arc;

use tempfile::TempDir;
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::connectivity::Connectivity;
use super::events::{self, Component, Recorder};
use super::kubelet::runtime::Runtime;
use super::kubelet::{Eviction, Kubelet, KubeletContext};
use super::metrics::{self, Metrics};
use super::options::NodeOptions;
use super::{jobs, reachability, registration, scheduler, service_ports};
use crate::registry::Registry;
use crate::status_error::StatusError;
use crate::store::ObjectKey;

/// Evictions that may wait for the kubelet.
const WAITING_EVICTIONS: usize = 8;

/// Why a node did not start.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NodeError {
    /// No place for the pods' files.
    #[error("cannot make a directory for the embedded cluster's pods")]
    Directory(#[source] std::io::Error),
    /// The node's object was refused.
    #[error("cannot register the embedded cluster's node")]
    Register(#[source] StatusError),
}

/// A node and the controllers around it. Dropping it ends every process of every pod, as [`Node::shutdown`] does, but
/// does not wait for its tasks.
#[derive(Debug)]
pub(crate) struct Node {
    pub(super) options: Arc<NodeOptions>,
    pub(super) runtime: Runtime,
    pub(super) connectivity: Connectivity,
    pub(super) metrics: Metrics,
    pub(super) tasks: TaskTracker,
    evictions: mpsc::Sender<Eviction>,
    stop: CancellationToken,
    /// Removed with the node.
    _directory: TempDir,
}

impl Node {
    /// Registers the node and starts its controllers.
    ///
    /// # Errors
    /// [`NodeError`]: there is no room for its files, or the cluster has a node of that name.
    pub(crate) fn start(registry: Registry, options: NodeOptions) -> Result<Self, NodeError> {
        let directory =
            tempfile::Builder::new().prefix("embedded-cluster-").tempdir().map_err(NodeError::Directory)?;
        open_to_all(directory.path()).map_err(NodeError::Directory)?;
        registration::register(&registry, &options).map_err(NodeError::Register)?;
        let options = Arc::new(options);
        let runtime = Runtime::default();
        let connectivity = Connectivity::default();
        let metrics = Metrics::default();
        let stop = CancellationToken::new();
        let tasks = TaskTracker::new();
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
        tasks.spawn(until_stopped(stop.clone(), kubelet.run(waiting)));
        tasks.spawn(until_stopped(stop.clone(), scheduler::run(registry.clone())));
        tasks.spawn(until_stopped(stop.clone(), jobs::run(registry.clone(), options.pace.clone())));
        tasks.spawn(until_stopped(stop.clone(), service_ports::run(registry.clone(), options.clone())));
        tasks.spawn(until_stopped(stop.clone(), events::expire(registry.clone(), options.event_lifetime)));
        tasks.spawn(until_stopped(
            stop.clone(),
            metrics::sample(runtime.clone(), metrics.clone(), options.pace.metrics),
        ));
        let (watched, link) = (options.clone(), connectivity.clone());
        tasks.spawn(until_stopped(stop.clone(), async move {
            reachability::watch(registry, &watched, &link).await
        }));
        Ok(Self { options, runtime, connectivity, metrics, tasks, evictions, stop, _directory: directory })
    }

    /// Cuts the node off, or connects it again: see [`reachability`](super::reachability).
    pub(crate) fn set_connected(&self, connected: bool) {
        self.connectivity.set(connected);
    }

    /// Ends a pod as a node does that is short of memory: it fails with the reason `Evicted`. Returns whether it was
    /// there.
    pub(crate) async fn evict(&self, namespace: &str, pod: &str) -> bool {
        let (done, answer) = oneshot::channel();
        let pod = ObjectKey::new(Some(namespace), pod);
        if self.evictions.send(Eviction { pod, done }).await.is_err() {
            return false;
        }
        answer.await.unwrap_or(false)
    }

    /// Ends every process of every pod and returns when all is gone.
    pub(crate) async fn shutdown(&self) {
        self.stop.cancel();
        self.kill_all();
        self.tasks.close();
        self.tasks.wait().await;
        // What was started while the tasks were stopping.
        self.kill_all();
    }

    fn kill_all(&self) {
        for (_, _, container) in self.runtime.all_live() {
            container.leftovers.kill();
        }
        // Whoever reads a log or is attached finds its end.
        self.runtime.clear();
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.stop.cancel();
        self.kill_all();
    }
}

async fn until_stopped(stop: CancellationToken, work: impl Future<Output = ()>) {
    tokio::select! {
        () = stop.cancelled() => {}
        () = work => {}
    }
}

/// Containers may run as other users, who must be able to reach their own directories below.
fn open_to_all(directory: &std::path::Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(directory, std::fs::Permissions::from_mode(0o711))
}
