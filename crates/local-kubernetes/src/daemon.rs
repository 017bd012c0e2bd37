//! The daemons of a cluster by name.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

/// A daemon of the cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Daemon {
    /// The API server's store.
    Etcd,
    /// `kube-apiserver`.
    ApiServer,
    /// `kube-controller-manager`.
    ControllerManager,
    /// `kube-scheduler`.
    Scheduler,
    /// The container runtime.
    Containerd,
    /// The node's agent.
    Kubelet,
    /// `kube-proxy`: Services and node ports.
    Proxy,
    /// The source of `metrics.k8s.io`; runs only where it was asked for.
    MetricsServer,
}

/// A text that names no daemon.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no daemon '{given}'; it is one of {}", Daemon::ALL.map(Daemon::name).join(", "))]
pub struct UnknownDaemon {
    /// What was given.
    pub given: String,
}

impl Daemon {
    /// All of them, in the order in which they start.
    pub const ALL: [Daemon; 8] = [
        Daemon::Etcd,
        Daemon::Containerd,
        Daemon::ApiServer,
        Daemon::ControllerManager,
        Daemon::Scheduler,
        Daemon::Kubelet,
        Daemon::Proxy,
        Daemon::MetricsServer,
    ];

    /// Its name in commands and log files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Daemon::Etcd => "etcd",
            Daemon::ApiServer => "apiserver",
            Daemon::ControllerManager => "controller-manager",
            Daemon::Scheduler => "scheduler",
            Daemon::Containerd => "containerd",
            Daemon::Kubelet => "kubelet",
            Daemon::Proxy => "proxy",
            Daemon::MetricsServer => "metrics-server",
        }
    }
}

impl fmt::Display for Daemon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl Serialize for Daemon {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl FromStr for Daemon {
    type Err = UnknownDaemon;

    fn from_str(given: &str) -> Result<Self, Self::Err> {
        let known = Daemon::ALL.into_iter().find(|daemon| daemon.name() == given);
        known.ok_or_else(|| UnknownDaemon { given: given.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_daemon_is_found_by_its_name() {
        for daemon in Daemon::ALL {
            assert_eq!(daemon.name().parse(), Ok(daemon));
        }
        insta::assert_snapshot!(
            "dockerd".parse::<Daemon>().unwrap_err(),
            @"there is no daemon 'dockerd'; it is one of etcd, containerd, apiserver, controller-manager, scheduler, kubelet, proxy, metrics-server"
        );
    }
}
