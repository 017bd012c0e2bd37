//! Where the suite runs: which cluster, and how one gets at it.

use std::path::PathBuf;

use crate::cluster::{Cluster, Images, Metrics, Minter, Need};
use crate::failure::Failure;

/// A cluster that can be opened, as often as there are passes.
pub(crate) enum Place {
    /// Started in this process, anew for each pass.
    Embedded,
    /// Someone's, by an administrator's kubeconfig.
    Existing { kubeconfig: PathBuf, launcher_token: PathBuf, image: String, bare_image: String },
}

impl Place {
    /// The cluster, with the guide's rights.
    ///
    /// # Errors
    /// It can't be started or reached.
    pub(crate) async fn open(&self, metrics: Metrics) -> Result<Cluster, Failure> {
        match self {
            Place::Embedded => Cluster::embedded(metrics).await,
            Place::Existing { kubeconfig, launcher_token, image, bare_image } => {
                let token = std::fs::read_to_string(launcher_token)
                    .map_err(|e| Failure::during(format!("reading {}", launcher_token.display()), e))?;
                let images = Images { busybox: image.clone(), bare: bare_image.clone() };
                let mut cluster = Cluster::existing(kubeconfig, token.trim().to_owned(), images).await?;
                cluster.look_around().await?;
                if metrics == Metrics::Absent && cluster.offers.meet(Need::MetricsServer) {
                    return Err(Failure::new(
                        "this cluster's metrics-server cannot be taken away by the suite",
                    ));
                }
                Ok(cluster)
            }
        }
    }

    /// What makes tokens that expire soon.
    ///
    /// # Errors
    /// The cluster gives none.
    pub(crate) fn minter(&self, cluster: &Cluster) -> Result<Minter, Failure> {
        match self {
            Place::Embedded => Err(Failure::new("the embedded cluster gives no short-lived tokens")),
            Place::Existing { .. } => Ok(Minter::Requested(cluster.admin.clone())),
        }
    }

    /// What its column is called.
    pub(crate) fn name(&self) -> &str {
        match self {
            Place::Embedded => "embedded",
            Place::Existing { .. } => "existing",
        }
    }
}
