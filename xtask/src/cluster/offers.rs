//! What a cluster, as it is set up now, offers: behaviours that need something else are skipped, and say so.

use std::fmt;

use serde::Deserialize;

use super::{Admin, Metrics};
use crate::failure::Failure;

/// Something that not every cluster offers, or not in every pass.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Need {
    /// Logs that tell stdout from stderr (feature gate `PodLogsQuerySplitStreams`).
    SplitStreams,
    /// Logs that don't.
    MixedStreams,
    /// The service account may read nodes (the guide's ClusterRole).
    NodesReadable,
    /// It may not.
    NodesHidden,
    /// A metrics-server.
    MetricsServer,
    /// None.
    NoMetricsServer,
    /// The launcher's token is good for seconds, and replaced in its file again and again.
    ReplacedToken,
    /// Containers, with processes, memory and images of their own.
    Containers,
    /// The node can be cut off, and come back.
    NodeControl,
    /// The programs that a cluster consists of can be stopped and started by the suite.
    DaemonControl,
}

impl fmt::Display for Need {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Need::SplitStreams => "the cluster does not split the streams of pod logs",
            Need::MixedStreams => "the cluster splits the streams of pod logs",
            Need::NodesReadable => "the launcher may not read nodes in this pass",
            Need::NodesHidden => "the launcher may read nodes in this pass",
            Need::MetricsServer => "the cluster has no metrics-server in this pass",
            Need::NoMetricsServer => "the cluster has a metrics-server in this pass",
            Need::ReplacedToken => "the launcher's token lasts in this pass",
            Need::Containers => "pods are processes of this machine",
            Need::NodeControl => "the cluster's node cannot be cut off from here",
            Need::DaemonControl => "the cluster's own programs cannot be stopped from here",
        })
    }
}

/// What there is.
#[derive(Clone, Debug, Default)]
pub(crate) struct Offers(Vec<Need>);

impl Offers {
    pub(super) fn embedded(metrics: Metrics) -> Self {
        let mut offers = Offers(vec![Need::SplitStreams, Need::NodesReadable, Need::NodeControl]);
        offers.either(metrics == Metrics::Measured, Need::MetricsServer, Need::NoMetricsServer);
        offers
    }

    pub(crate) fn meet(&self, need: Need) -> bool {
        self.0.contains(&need)
    }

    /// Adds what this pass or cluster has.
    pub(crate) fn add(&mut self, offer: Need) {
        self.0.push(offer);
    }

    /// Takes away what this pass has not, and adds what holds without it.
    pub(crate) fn swap(&mut self, gone: Need, instead: Need) {
        self.0.retain(|offer| *offer != gone);
        self.0.push(instead);
    }

    fn either(&mut self, there: bool, with: Need, without: Need) {
        self.0.push(if there { with } else { without });
    }
}

/// Looks at a running cluster, in which the launcher has the guide's rights.
///
/// # Errors
/// Its API does not answer.
pub(super) async fn probe(admin: &Admin) -> Result<Offers, Failure> {
    // The API server counts its feature gates among its metrics.
    let metrics = admin.text("/metrics").await?;
    let gate = r#"kubernetes_feature_enabled{name="PodLogsQuerySplitStreams""#;
    let split_streams = metrics.lines().any(|line| line.starts_with(gate) && line.ends_with(" 1"));
    let metrics_server = admin.text("/apis/metrics.k8s.io/v1beta1/nodes").await.is_ok();
    let mut offers = Offers(vec![Need::NodesReadable, Need::Containers]);
    offers.either(split_streams, Need::SplitStreams, Need::MixedStreams);
    offers.either(metrics_server, Need::MetricsServer, Need::NoMetricsServer);
    Ok(offers)
}
