//! Starting a cluster.

use std::{io, net::SocketAddr, time::Duration};

use crate::{
    EmbeddedCluster, cluster,
    node::{NodeError, NodeOptions},
    pki::PkiError,
    release::Release,
    store,
};

/// How a cluster is to be; [`EmbeddedCluster::builder`] begins one.
#[derive(Clone, Debug)]
pub struct Builder {
    pub(crate) listen: SocketAddr,
    pub(crate) server_version: String,
    pub(crate) watch_window: usize,
    pub(crate) bookmark_interval: Duration,
    pub(crate) split_log_streams: SplitLogStreams,
    pub(crate) metrics_server: MetricsServer,
    pub(crate) node: NodeOptions,
}

/// Whether `metrics.k8s.io` is served.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum MetricsServer {
    #[default]
    Installed,
    Absent,
}

/// The feature gate `PodLogsQuerySplitStreams`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum SplitLogStreams {
    /// As in Kubernetes 1.37 by default: a log's `stream` parameter is refused.
    #[default]
    Off,
    On,
}

impl Default for Builder {
    fn default() -> Self {
        Builder {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            server_version: Release::default().to_string(),
            watch_window: store::DEFAULT_WINDOW,
            bookmark_interval: Duration::from_secs(60),
            split_log_streams: SplitLogStreams::Off,
            metrics_server: MetricsServer::Installed,
            node: NodeOptions::default(),
        }
    }
}

impl Builder {
    /// The address of the API. Default: 127.0.0.1 and a free port. Only loopback addresses are accepted.
    #[must_use]
    pub fn listen(mut self, address: SocketAddr) -> Self {
        self.listen = address;
        self
    }

    /// The release of Kubernetes that the cluster says it is, such as `1.30.0`. It then also behaves as that release in
    /// what its clients must know of older ones: watch lists (1.32, and again since 1.34), the right that a websocket
    /// needs (since 1.35), the `stream` of a log (known since 1.32), the conditions of jobs that end (since 1.31), the
    /// words of a container's events. In all else it is as 1.37. Default: 1.37.2.
    #[must_use]
    pub fn server_version(mut self, version: &str) -> Self {
        version.clone_into(&mut self.server_version);
        self
    }

    /// How many changes of each kind are held for watches before the oldest are forgotten. Default: 20,000.
    #[must_use]
    pub fn watch_window(mut self, changes: usize) -> Self {
        self.watch_window = changes;
        self
    }

    /// The time between the bookmarks of a watch that asked for them. Default: one minute.
    #[must_use]
    pub fn bookmark_interval(mut self, interval: Duration) -> Self {
        self.bookmark_interval = interval;
        self
    }

    /// Switches the feature gate `PodLogsQuerySplitStreams` on: a log may be asked for one of its two streams.
    /// Default: off, as in Kubernetes 1.37.
    #[must_use]
    pub fn split_log_streams(mut self) -> Self {
        self.split_log_streams = SplitLogStreams::On;
        self
    }

    /// Leaves the metrics API out: its paths are answered with a plain 404, as where no metrics-server is
    /// installed.
    #[must_use]
    pub fn without_metrics_server(mut self) -> Self {
        self.metrics_server = MetricsServer::Absent;
        self
    }

    /// Starts the cluster. It runs until [`EmbeddedCluster::shutdown`], or until the handle is dropped.
    ///
    /// # Errors
    /// [`StartError`]: the address is not loopback, or cannot be listened on; certificates cannot be made.
    pub async fn start(self) -> Result<EmbeddedCluster, StartError> {
        cluster::start(self).await
    }
}

/// Why a cluster did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// Asked to listen on an address that other machines can reach.
    #[error(
        "cannot start the embedded cluster on {0}: it isolates nothing, so it only listens on loopback addresses (127.0.0.1 or ::1)"
    )]
    NotLoopback(SocketAddr),
    /// The version is none.
    #[error("cannot start the embedded cluster as another release")]
    ServerVersion(#[from] ParseReleaseError),
    /// The address is taken, or not this machine's.
    #[error("cannot listen on {address} for the embedded cluster's API")]
    Listen {
        /// The address asked for.
        address: SocketAddr,
        /// The system's answer.
        source: io::Error,
    },
    /// The cluster's own certificates could not be made.
    #[error("cannot make the embedded cluster's certificates")]
    Certificates(#[from] PkiError),
    /// The node could not be set up.
    #[error("cannot start the embedded cluster's node")]
    Node(#[from] NodeError),
}

/// A text that is no release of Kubernetes 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no release of Kubernetes such as 1.30.0")]
pub struct ParseReleaseError(pub(crate) String);
