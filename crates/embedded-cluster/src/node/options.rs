//! How a node behaves.

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use super::logs::Rotation;
use crate::release::Release;

/// How old a log file is before it may be put aside: a kubelet's `containerLogMonitorInterval`.
pub(super) const LOG_AGE: Duration = Duration::from_secs(10);

/// What may differ from one embedded node to another.
#[derive(Clone, Debug)]
pub(crate) struct NodeOptions {
    /// The release that the node says it has.
    pub(crate) release: Release,
    /// The node's name.
    pub(crate) name: String,
    /// Its `InternalIP`; node ports are bound to it and to 127.0.0.1.
    pub(crate) internal_ip: IpAddr,
    /// Its `ExternalIP`, if it has one; node ports are bound to it too.
    pub(crate) external_ip: Option<IpAddr>,
    /// More labels than the usual ones.
    pub(crate) labels: Vec<(String, String)>,
    /// What pods may ask for in all.
    pub(crate) capacity: Capacity,
    /// How long things take.
    pub(crate) pace: Pace,
    /// When a container's log file is put aside.
    pub(crate) log_rotation: Rotation,
    /// How long an event is kept after its last repeat.
    pub(crate) event_lifetime: Duration,
}

/// What a node has to offer. It is counted, not enforced: a process may use more than its pod asked for.
#[derive(Clone, Debug)]
pub(crate) struct Capacity {
    /// Cores, as a quantity.
    pub(crate) cpu: String,
    /// Bytes, as a quantity.
    pub(crate) memory: String,
    /// How many pods may be there at a time.
    pub(crate) pods: u32,
    /// Other resources by name, such as `nvidia.com/gpu`.
    pub(crate) others: Vec<(String, String)>,
}

/// Delays. A real cluster takes seconds for what takes milliseconds here; the order of things is the same.
#[derive(Clone, Debug)]
pub(crate) struct Pace {
    /// Between a container's end in the status and the pod's phase that follows from it (1.1 s on a real cluster).
    pub(crate) phase_lag: Duration,
    /// Between a change of a pod and the job's status that follows from it (1 s on a real cluster).
    pub(crate) job_lag: Duration,
    /// Between an image's failed pull, `ImagePullBackOff` and the next try (some 12 s on a real cluster), and
    /// between tries to make a container whose configuration is at fault.
    pub(crate) retry: Duration,
    /// Before a failed mount is tried again; doubled each time, up to two minutes.
    pub(crate) mount_retry: Duration,
    /// Before an ended container is started again; doubled each time, up to five minutes.
    pub(crate) restart_backoff: Duration,
    /// Before a failed pod of a job is replaced; doubled each time, up to ten minutes.
    pub(crate) job_backoff: Duration,
    /// How long the silence of a node lasts before its `Ready` becomes `Unknown` (40 s on a real cluster).
    pub(crate) node_grace: Duration,
    /// How long after that its pods are deleted (300 s on a real cluster).
    pub(crate) node_eviction: Duration,
    /// How long a kubelet that is back does not know its pods (1 s on a real cluster).
    pub(crate) unaware: Duration,
    /// The time between two samples of resource use (15 s on a real cluster).
    pub(crate) metrics: Duration,
}

impl Default for NodeOptions {
    fn default() -> Self {
        Self {
            release: Release::default(),
            name: "node1".to_owned(),
            internal_ip: IpAddr::V4(Ipv4Addr::LOCALHOST),
            external_ip: None,
            labels: Vec::new(),
            capacity: Capacity::default(),
            pace: Pace::default(),
            log_rotation: Rotation::At { bytes: 10 * 1024 * 1024, age: LOG_AGE },
            event_lifetime: Duration::from_secs(60 * 60),
        }
    }
}

impl Default for Capacity {
    fn default() -> Self {
        Self { cpu: "16".to_owned(), memory: "64Gi".to_owned(), pods: 1000, others: Vec::new() }
    }
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            phase_lag: Duration::from_millis(40),
            job_lag: Duration::from_millis(20),
            retry: Duration::from_secs(2),
            mount_retry: Duration::from_millis(500),
            restart_backoff: Duration::from_secs(10),
            job_backoff: Duration::from_secs(10),
            node_grace: Duration::from_secs(40),
            node_eviction: Duration::from_secs(300),
            unaware: Duration::from_millis(600),
            metrics: Duration::from_secs(1),
        }
    }
}
