//! One run of the suite with a cluster set up in one way.

use std::fmt;

use local_kubernetes::Version;

use super::behaviour::Behaviour;
use super::place::{self, Place};
use crate::cluster::{Cluster, LauncherToken, Metrics, Need, ReplacedToken, hide_nodes, show_nodes};
use crate::failure::Failure;

/// How the cluster is set up, and what the launcher may do in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Pass {
    /// As the guide sets it up.
    Whole,
    /// The launcher's group is not bound to the ClusterRole: nodes are hidden from it.
    WithoutClusterRole,
    /// The launcher's token expires again and again, and is replaced in its file.
    ReplacedToken,
    /// The cluster has no metrics-server.
    WithoutMetrics,
    /// A second cluster, whose logs tell stdout from stderr (an alpha feature since 1.32): what is said of output.
    SplitStreams,
}

impl fmt::Display for Pass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Pass::Whole => "with the guide's rights",
            Pass::WithoutClusterRole => "without the ClusterRole",
            Pass::ReplacedToken => "with a token that expires and is replaced",
            Pass::WithoutMetrics => "without metrics-server",
            Pass::SplitStreams => "with logs that tell stdout from stderr",
        })
    }
}

impl Pass {
    /// Every pass, in the order in which they run.
    pub(crate) const ALL: [Pass; 5] = [
        Pass::Whole,
        Pass::WithoutClusterRole,
        Pass::ReplacedToken,
        Pass::WithoutMetrics,
        Pass::SplitStreams,
    ];

    /// What is shown in it: what runs alone only with the guide's rights, since it takes long and asks no right of its own.
    pub(crate) fn covers(self, behaviour: &Behaviour) -> bool {
        match self {
            Pass::Whole => true,
            Pass::WithoutClusterRole | Pass::ReplacedToken | Pass::WithoutMetrics => !behaviour.runs_alone(),
            Pass::SplitStreams => behaviour.topic == "output",
        }
    }

    /// Whether a release of Kubernetes can be set up so.
    pub(crate) fn is_known_to(self, version: Version) -> bool {
        self != Pass::SplitStreams || version.minor() >= 32
    }

    /// A short name for a column and a file.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Pass::Whole => "whole",
            Pass::WithoutClusterRole => "without-cluster-role",
            Pass::ReplacedToken => "replaced-token",
            Pass::WithoutMetrics => "without-metrics",
            Pass::SplitStreams => "split-streams",
        }
    }

    /// The cluster, set up for this pass.
    ///
    /// # Errors
    /// It does not answer, or can't be set up so.
    pub(crate) async fn open(self, place: &Place) -> Result<Cluster, Failure> {
        let metrics = if self == Pass::WithoutMetrics { Metrics::Absent } else { Metrics::Measured };
        let mut cluster = match self {
            Pass::SplitStreams => place.with_split_streams()?.open(metrics).await?,
            _ => place.open(metrics).await?,
        };
        match self {
            Pass::WithoutClusterRole => {
                hide_nodes(&cluster.admin).await?;
                cluster.offers.swap(Need::NodesReadable, Need::NodesHidden);
            }
            Pass::Whole | Pass::ReplacedToken | Pass::WithoutMetrics | Pass::SplitStreams => {
                show_nodes(&cluster.admin).await?;
            }
        }
        if self == Pass::ReplacedToken {
            let minter = Place::minter(&cluster);
            cluster.launcher_token = LauncherToken::Replaced(ReplacedToken::start(minter).await?);
            cluster.offers.add(Need::ReplacedToken);
        }
        Ok(cluster)
    }

    /// Undoes the set-up.
    ///
    /// # Errors
    /// The cluster does not take it back.
    pub(crate) async fn close(self, cluster: Cluster) -> Result<(), Failure> {
        if self == Pass::WithoutClusterRole {
            show_nodes(&cluster.admin).await?;
        }
        if self == Pass::SplitStreams
            && let Some(second) = cluster.own_handle().cloned()
        {
            return place::take_down(second).await;
        }
        cluster.shutdown().await;
        Ok(())
    }
}
