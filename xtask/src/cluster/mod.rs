//! The cluster that a chore runs on: the embedded one, this project's own real one, or any that a kubeconfig leads to.

mod admin;
mod minter;
mod offers;
mod rights;
mod server_command;
mod token;

use std::path::Path;
use std::time::Duration;

use embedded_cluster::EmbeddedCluster;
use kube::config::{KubeConfigOptions, Kubeconfig};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

pub(crate) use self::admin::{Admin, ObjectKind};
pub(crate) use self::minter::Minter;
pub(crate) use self::offers::{Need, Offers};
pub(crate) use self::rights::{hide_nodes, show_nodes};
pub(crate) use self::server_command::ServerCommand;
pub(crate) use self::token::{LauncherToken, ReplacedToken, write_private};
use crate::failure::Failure;

/// The namespace of the launcher's jobs.
pub(crate) const NAMESPACE: &str = "rstudio";

/// How often a node's news about its pods' use comes, where that can be chosen.
const METRICS_INTERVAL: Duration = Duration::from_secs(5);

/// A cluster, and what a test must know of it.
pub(crate) struct Cluster {
    pub api_url: String,
    pub certificate_authority_pem: String,
    pub launcher_token: LauncherToken,
    /// An image with a shell and the usual small programs.
    pub image: String,
    /// An image with one program, `/bare`, and no shell.
    pub bare_image: String,
    /// An image that can't be pulled.
    pub missing_image: String,
    /// A command that answers HTTP on the port given to it with `hello from the job`.
    pub server: ServerCommand,
    pub offers: Offers,
    pub admin: Admin,
    keeper: Keeper,
}

/// Who runs a cluster.
enum Keeper {
    /// This process.
    Embedded(EmbeddedCluster),
    /// This project: a real one on this machine, which outlives the process.
    Own(local_kubernetes::Cluster),
    /// Somebody else.
    Other,
}

/// Whether an embedded cluster measures what pods use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Metrics {
    /// With a metrics-server.
    #[default]
    Measured,
    /// Without one.
    Absent,
}

/// The images of a cluster that is not the embedded one.
pub(crate) struct Images {
    /// Has BusyBox's programs.
    pub busybox: String,
    /// Has `/bare` only.
    pub bare: String,
}

impl Cluster {
    /// Starts an embedded cluster, in this process.
    ///
    /// # Errors
    /// It can't be started, or its own kubeconfig does not work.
    pub(crate) async fn embedded(metrics: Metrics) -> Result<Self, Failure> {
        let mut builder = EmbeddedCluster::builder().split_log_streams().metrics_interval(METRICS_INTERVAL);
        if metrics == Metrics::Absent {
            builder = builder.without_metrics_server();
        }
        let cluster =
            builder.start().await.map_err(|e| Failure::during("starting the embedded cluster", e))?;
        Ok(Cluster {
            api_url: cluster.url(),
            certificate_authority_pem: cluster.certificate_authority_pem().to_owned(),
            launcher_token: LauncherToken::Lasting(cluster.launcher_token()),
            image: "embedded:any".into(),
            bare_image: "embedded:bare".into(),
            missing_image: "embedded:missing".into(),
            server: ServerCommand::ThisProgram,
            offers: Offers::embedded(metrics),
            admin: Admin::connect(&cluster.admin_kubeconfig()).await?,
            keeper: Keeper::Embedded(cluster),
        })
    }

    /// Uses a running cluster. Its namespace `rstudio` and the launcher's service account must be there.
    ///
    /// # Errors
    /// A file that can't be read, or a kubeconfig without a server and an authority.
    pub(crate) async fn existing(
        kubeconfig: &Path,
        launcher_token: String,
        images: Images,
    ) -> Result<Self, Failure> {
        let doing = || format!("reading {}", kubeconfig.display());
        let text = std::fs::read_to_string(kubeconfig).map_err(|e| Failure::during(doing(), e))?;
        let parsed = Kubeconfig::read_from(kubeconfig).map_err(|e| Failure::during(doing(), e))?;
        let config = kube::Config::from_custom_kubeconfig(parsed, &KubeConfigOptions::default())
            .await
            .map_err(|e| Failure::during(doing(), e))?;
        let authority = config.root_cert.unwrap_or_default().iter().map(|der| pem(der)).collect::<String>();
        let admin = Admin::connect(&text).await?;
        Ok(Cluster {
            api_url: config.cluster_url.to_string().trim_end_matches('/').to_owned(),
            certificate_authority_pem: authority,
            launcher_token: LauncherToken::Lasting(launcher_token),
            image: images.busybox,
            bare_image: images.bare,
            missing_image: "registry.invalid/nothing:here".into(),
            server: ServerCommand::BusyBox,
            offers: Offers::default(),
            admin,
            keeper: Keeper::Other,
        })
    }

    /// Uses this project's own real cluster.
    ///
    /// # Errors
    /// Its files can't be read, or its API does not answer.
    pub(crate) async fn own(own: local_kubernetes::Cluster) -> Result<Self, Failure> {
        let token = own.launcher_token();
        let token = std::fs::read_to_string(&token)
            .map_err(|e| Failure::during(format!("reading {}", token.display()), e))?;
        let images = Images { busybox: own.image().to_owned(), bare: own.bare_image().to_owned() };
        let mut cluster = Cluster::existing(&own.admin_kubeconfig(), token.trim().to_owned(), images).await?;
        cluster.look_around().await?;
        cluster.offers.add(Need::NodeControl);
        cluster.offers.add(Need::DaemonControl);
        cluster.keeper = Keeper::Own(own);
        Ok(cluster)
    }

    /// Finds out what a running cluster offers; until then, nothing.
    ///
    /// # Errors
    /// Its API does not answer.
    pub(crate) async fn look_around(&mut self) -> Result<(), Failure> {
        self.offers = offers::probe(&self.admin).await?;
        Ok(())
    }

    /// The certificates that vouch for the API server.
    ///
    /// # Errors
    /// The text holds something else.
    pub(crate) fn authorities(&self) -> Result<Vec<CertificateDer<'static>>, Failure> {
        CertificateDer::pem_slice_iter(self.certificate_authority_pem.as_bytes())
            .collect::<Result<_, _>>()
            .map_err(|e| Failure::during("reading the cluster's certificate authority", e))
    }

    /// Whether the API knows nobody by this token.
    ///
    /// # Errors
    /// The API answers neither yes nor no.
    pub(crate) async fn refuses(&self, token: &str) -> Result<bool, Failure> {
        let doing = "asking the API who a token is";
        let url = self.api_url.parse().map_err(|e| Failure::during(doing, e))?;
        let mut config = kube::Config::new(url);
        config.root_cert = Some(self.authorities()?.iter().map(|one| one.to_vec()).collect());
        config.auth_info.token = Some(token.to_owned().into());
        let client = kube::Client::try_from(config).map_err(|e| Failure::during(doing, e))?;
        match client.apiserver_version().await {
            Ok(_) => Ok(false),
            Err(kube::Error::Api(status)) if status.code == 401 => Ok(true),
            Err(e) => Err(Failure::during(doing, e)),
        }
    }

    /// The embedded cluster, when it is one.
    pub(crate) fn embedded_handle(&self) -> Option<&EmbeddedCluster> {
        match &self.keeper {
            Keeper::Embedded(cluster) => Some(cluster),
            Keeper::Own(_) | Keeper::Other => None,
        }
    }

    /// This project's own real cluster, when it is one.
    pub(crate) fn own_handle(&self) -> Option<&local_kubernetes::Cluster> {
        match &self.keeper {
            Keeper::Own(cluster) => Some(cluster),
            Keeper::Embedded(_) | Keeper::Other => None,
        }
    }

    /// Ends an embedded cluster with all its processes; leaves any other alone.
    pub(crate) async fn shutdown(self) {
        if let Keeper::Embedded(cluster) = self.keeper {
            cluster.shutdown().await;
        }
    }
}

fn pem(der: &[u8]) -> String {
    use base64::Engine as _;
    let text = base64::engine::general_purpose::STANDARD.encode(der);
    let lines: Vec<&str> =
        text.as_bytes().chunks(64).filter_map(|line| std::str::from_utf8(line).ok()).collect();
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"))
}
