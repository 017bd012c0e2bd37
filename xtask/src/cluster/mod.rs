//! The cluster that a chore runs on: the embedded one, or any that a kubeconfig leads to.

mod admin;

use std::path::Path;

use embedded_cluster::EmbeddedCluster;
use kube::config::{KubeConfigOptions, Kubeconfig};

pub(crate) use self::admin::{Admin, ObjectKind};
use crate::failure::Failure;

/// The namespace of the launcher's jobs.
pub(crate) const NAMESPACE: &str = "rstudio";

/// A cluster, and what a test must know of it.
pub(crate) struct Cluster {
    pub api_url: String,
    pub certificate_authority_pem: String,
    pub launcher_token: String,
    /// An image with a shell and the usual small programs.
    pub image: String,
    /// An image that can't be pulled.
    pub missing_image: String,
    /// A command that answers HTTP on the port given to it with `hello from the job`.
    pub server: ServerCommand,
    /// Pod logs tell stdout from stderr.
    pub split_streams: bool,
    pub admin: Admin,
    embedded: Option<EmbeddedCluster>,
}

/// How a job serves one line over HTTP: on the embedded cluster it is a process of this machine.
#[derive(Clone, Copy)]
pub(crate) enum ServerCommand {
    /// This program's own `serve-text`.
    ThisProgram,
    /// BusyBox's `nc`.
    BusyBox,
}

impl ServerCommand {
    pub(crate) fn on_port(self, port: u16) -> String {
        match self {
            ServerCommand::ThisProgram => {
                let program = std::env::current_exe().unwrap_or_default();
                format!("'{}' serve-text {port} 'hello from the job'", program.display())
            }
            ServerCommand::BusyBox => format!(
                "while :; do printf 'HTTP/1.0 200 OK\\r\\n\\r\\nhello from the job' | nc -l -p {port}; done"
            ),
        }
    }
}

impl Cluster {
    /// Starts an embedded cluster, in this process.
    ///
    /// # Errors
    /// It can't be started, or its own kubeconfig does not work.
    pub(crate) async fn embedded() -> Result<Self, Failure> {
        let cluster = EmbeddedCluster::builder()
            .split_log_streams()
            .start()
            .await
            .map_err(|e| Failure::during("starting the embedded cluster", e))?;
        Ok(Cluster {
            api_url: cluster.url(),
            certificate_authority_pem: cluster.certificate_authority_pem().to_owned(),
            launcher_token: cluster.launcher_token(),
            image: "embedded:any".into(),
            missing_image: "embedded:missing".into(),
            server: ServerCommand::ThisProgram,
            split_streams: true,
            admin: Admin::connect(&cluster.admin_kubeconfig()).await?,
            embedded: Some(cluster),
        })
    }

    /// Uses a running cluster. Its namespace `rstudio` and the launcher's service account must be there.
    ///
    /// # Errors
    /// A file that can't be read, or a kubeconfig without a server and an authority.
    pub(crate) async fn existing(
        kubeconfig: &Path,
        launcher_token: &Path,
        image: &str,
    ) -> Result<Self, Failure> {
        let read = |path: &Path| {
            std::fs::read_to_string(path)
                .map_err(|e| Failure::during(format!("reading {}", path.display()), e))
        };
        let text = read(kubeconfig)?;
        let parsed = Kubeconfig::read_from(kubeconfig)
            .map_err(|e| Failure::during(format!("reading {}", kubeconfig.display()), e))?;
        let config = kube::Config::from_custom_kubeconfig(parsed, &KubeConfigOptions::default())
            .await
            .map_err(|e| Failure::during(format!("reading {}", kubeconfig.display()), e))?;
        let authority = config.root_cert.unwrap_or_default().iter().map(|der| pem(der)).collect::<String>();
        Ok(Cluster {
            api_url: config.cluster_url.to_string().trim_end_matches('/').to_owned(),
            certificate_authority_pem: authority,
            launcher_token: read(launcher_token)?.trim().to_owned(),
            image: image.to_owned(),
            missing_image: "registry.invalid/nothing:here".into(),
            server: ServerCommand::BusyBox,
            split_streams: false,
            admin: Admin::connect(&text).await?,
            embedded: None,
        })
    }

    /// The administrator's kubeconfig of an embedded cluster.
    pub(crate) fn embedded_handle(&self) -> Option<&EmbeddedCluster> {
        self.embedded.as_ref()
    }

    /// Ends an embedded cluster with all its processes; leaves any other alone.
    pub(crate) async fn shutdown(self) {
        if let Some(cluster) = self.embedded {
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
