//! Where the suite runs: which cluster, and how one gets at it.

use std::path::PathBuf;

use local_kubernetes::{Cluster as RealCluster, ExistingCluster, Options};

use crate::cluster::{Cluster, Images, Metrics, Minter, Need};
use crate::failure::Failure;
use crate::local_cluster::{self, Terminal};

/// A cluster that can be opened, as often as there are passes.
pub(crate) enum Place {
    /// Started in this process, anew for each pass.
    Embedded,
    /// This project's own real one, started if it does not run.
    Own(Options),
    /// Somebody's: the one that `KUBECONFIG` leads to.
    Existing { kubeconfig: PathBuf, image: String, bare_image: String },
}

/// What an administrator needs of a real cluster.
pub(crate) struct Administered {
    pub(crate) kubeconfig: PathBuf,
    /// An image there with BusyBox's programs.
    pub(crate) image: String,
}

impl Place {
    /// The cluster, with the guide's rights.
    ///
    /// # Errors
    /// It can't be started or reached.
    pub(crate) async fn open(&self, metrics: Metrics) -> Result<Cluster, Failure> {
        match self {
            Place::Embedded => Cluster::embedded(metrics).await,
            Place::Own(options) => Cluster::own(up(options.clone(), metrics).await?).await,
            Place::Existing { kubeconfig, image, bare_image } => {
                let images = Images { busybox: image.clone(), bare: bare_image.clone() };
                let mut cluster = Cluster::existing(kubeconfig, existing_token().await?, images).await?;
                cluster.look_around().await?;
                if metrics == Metrics::Absent && cluster.offers.meet(Need::MetricsServer) {
                    return Err(Failure::new(
                        "this cluster's metrics-server is not taken away: leave out the pass `without-metrics`",
                    ));
                }
                Ok(cluster)
            }
        }
    }

    /// An administrator's way to a real cluster, started if it does not run, its metrics-server on.
    ///
    /// # Errors
    /// It can't be started; or it is the embedded one.
    pub(crate) async fn administered(&self) -> Result<Administered, Failure> {
        match self {
            Place::Embedded => Err(Failure::new("the embedded cluster is compared with a real one")),
            Place::Own(options) => {
                let cluster = up(options.clone(), Metrics::Measured).await?;
                Ok(Administered { kubeconfig: cluster.admin_kubeconfig(), image: cluster.image().to_owned() })
            }
            Place::Existing { kubeconfig, image, .. } => {
                Ok(Administered { kubeconfig: kubeconfig.clone(), image: image.clone() })
            }
        }
    }

    /// What makes tokens that expire soon.
    pub(crate) fn minter(cluster: &Cluster) -> Minter {
        match (cluster.embedded_handle(), cluster.own_handle()) {
            (Some(embedded), _) => Minter::embedded(embedded),
            (_, Some(own)) => Minter::Signed { admin: cluster.admin.clone(), key: own.service_account_key() },
            (None, None) => Minter::Requested(cluster.admin.clone()),
        }
    }

    /// The same, with logs that tell stdout from stderr.
    ///
    /// # Errors
    /// Only a cluster of this project can be had so.
    pub(crate) fn with_split_streams(&self) -> Result<Place, Failure> {
        let Place::Own(options) = self else {
            return Err(Failure::new("only a cluster of this project gets a feature gate from here"));
        };
        let mut options = options.clone();
        let name = format!("{}-split", options.name);
        options.name = name.parse().map_err(|e| Failure::during("naming a second cluster", e))?;
        options.feature_gates.push("PodLogsQuerySplitStreams=true".to_owned());
        Ok(Place::Own(options))
    }

    /// What its column is called.
    pub(crate) fn name(&self) -> String {
        match self {
            Place::Embedded => "embedded".to_owned(),
            Place::Own(options) => options.version.without_patch(),
            Place::Existing { .. } => "existing".to_owned(),
        }
    }
}

/// This project's own cluster, running, with or without its metrics-server.
async fn up(options: Options, metrics: Metrics) -> Result<RealCluster, Failure> {
    let cluster = blocking("starting the cluster", move || {
        let cluster = RealCluster::up(&options, &mut Terminal::new())?;
        cluster.set_metrics(metrics == Metrics::Measured)?;
        Ok(cluster)
    });
    cluster.await
}

/// Ends one of this project's clusters.
///
/// # Errors
/// Something of it stays.
pub(super) async fn take_down(cluster: RealCluster) -> Result<(), Failure> {
    blocking("taking the cluster down", move || cluster.down()).await
}

/// Sets up the launcher's account where it is not there yet.
async fn existing_token() -> Result<String, Failure> {
    let doing = "setting up the launcher's account";
    let access = blocking(doing, || match ExistingCluster::from_environment()? {
        Some(cluster) => cluster.set_up_launcher().map(Some),
        None => Ok(None),
    });
    let access = access.await?.ok_or_else(|| Failure::new("KUBECONFIG is not set"))?;
    let token = std::fs::read_to_string(&access.token).map_err(|e| Failure::during(doing, e))?;
    Ok(token.trim().to_owned())
}

async fn blocking<T: Send + 'static>(
    doing: &str,
    work: impl FnOnce() -> Result<T, local_kubernetes::Error> + Send + 'static,
) -> Result<T, Failure> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done.map_err(|e| Failure::during(doing, local_cluster::told(&e))),
        Err(e) => Err(Failure::during(doing, e)),
    }
}
