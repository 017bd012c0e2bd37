//! The part of [`Builder`] that is about the node.

use std::net::IpAddr;
use std::time::Duration;

use super::Rotation;
use super::options::LOG_AGE;
use crate::Builder;

impl Builder {
    /// The node's name. Default: `node1`.
    #[must_use]
    pub fn node_name(mut self, name: &str) -> Self {
        name.clone_into(&mut self.node.name);
        self
    }

    /// The node's `InternalIP`, on which node ports are listened on (besides 127.0.0.1). Only a loopback address is
    /// ever listened on. Default: 127.0.0.1.
    #[must_use]
    pub fn node_internal_address(mut self, address: IpAddr) -> Self {
        self.node.internal_ip = address;
        self
    }

    /// Gives the node an `ExternalIP`; node ports are listened on there too, if it is a loopback address such as
    /// 127.0.0.2. Default: none.
    #[must_use]
    pub fn node_external_address(mut self, address: IpAddr) -> Self {
        self.node.external_ip = Some(address);
        self
    }

    /// Gives the node one more label.
    #[must_use]
    pub fn node_label(mut self, name: &str, value: &str) -> Self {
        self.node.labels.push((name.to_owned(), value.to_owned()));
        self
    }

    /// How much of a resource (`cpu`, `memory`, `nvidia.com/gpu`, …) pods may ask for in all, as a Kubernetes quantity
    /// such as `500m` or `64Gi`. It is counted by the scheduler and not enforced on processes. Default: 16 cores,
    /// 64Gi of memory, no devices.
    #[must_use]
    pub fn node_capacity(mut self, resource: &str, quantity: &str) -> Self {
        let capacity = &mut self.node.capacity;
        match resource {
            "cpu" => quantity.clone_into(&mut capacity.cpu),
            "memory" => quantity.clone_into(&mut capacity.memory),
            _ => {
                capacity.others.retain(|(name, _)| name != resource);
                capacity.others.push((resource.to_owned(), quantity.to_owned()));
            }
        }
        self
    }

    /// How many pods may be on the node at a time. Default: 1000.
    #[must_use]
    pub fn node_pods(mut self, pods: u32) -> Self {
        self.node.capacity.pods = pods;
        self
    }

    /// The time between two samples of resource use; a pod has metrics after the second. Default: one second (a real
    /// metrics-server: 15 s).
    #[must_use]
    pub fn metrics_interval(mut self, interval: Duration) -> Self {
        self.node.pace.metrics = interval.max(Duration::from_millis(1));
        self
    }

    /// At how many bytes a container's log file is put aside once it is ten seconds old, so that a later read sees only
    /// what came after; `None`: never. Default: 10 MiB.
    #[must_use]
    pub fn log_rotation(mut self, bytes: Option<u64>) -> Self {
        self.node.log_rotation = bytes.map_or(Rotation::Off, |bytes| Rotation::At { bytes, age: LOG_AGE });
        self
    }

    /// How long the node waits between an image's failed pull, `ImagePullBackOff` and the next try, and before it
    /// tries again to make a container whose configuration is at fault. Default: two seconds (a real kubelet: some
    /// twelve).
    #[must_use]
    pub fn retry_interval(mut self, interval: Duration) -> Self {
        self.node.pace.retry = interval;
        self
    }

    /// How long a container that ended waits before it is started again, and a failed pod of a job before it is
    /// replaced; doubled each time. Default: ten seconds, as in Kubernetes.
    #[must_use]
    pub fn restart_backoff(mut self, backoff: Duration) -> Self {
        self.node.pace.restart_backoff = backoff;
        self.node.pace.job_backoff = backoff;
        self
    }

    /// How long each of two things lags behind what it follows from: a pod's phase behind its container's end, and,
    /// half as long, a job's status behind its pod. Default: 40 ms (a real cluster: about one second each).
    #[must_use]
    pub fn status_lag(mut self, lag: Duration) -> Self {
        self.node.pace.phase_lag = lag;
        self.node.pace.job_lag = lag / 2;
        self
    }

    /// How long the node may be silent before its `Ready` is `Unknown`, and how long after that its pods are deleted.
    /// Default: 40 s and five minutes, as in Kubernetes.
    #[must_use]
    pub fn node_loss(mut self, unknown_after: Duration, deleted_after: Duration) -> Self {
        self.node.pace.node_grace = unknown_after;
        self.node.pace.node_eviction = deleted_after;
        self
    }

    /// How long an event is kept after its last repeat. Default: one hour.
    #[must_use]
    pub fn event_lifetime(mut self, lifetime: Duration) -> Self {
        self.node.event_lifetime = lifetime;
        self
    }
}
