//! What can be typed after `cargo xtask cluster`.

use clap::{Args, Subcommand, ValueEnum};
use local_kubernetes::{Daemon, Name, Options, Version};

use crate::failure::Failure;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Build what is not in the cache yet: some ten minutes on two cores, once per version.
    Build(Which),
    /// Start a cluster, with the launcher's account set up in it. Safe to repeat.
    Up(Up),
    /// Take a cluster down and leave nothing but the cache.
    Down(Which),
    /// Tell what runs, and where its files are.
    Status(Status),
    /// Stop a daemon: etcd, containerd, apiserver, controller-manager, scheduler, kubelet, proxy, metrics-server.
    Stop(OneDaemon),
    /// Start a daemon that was stopped or has ended.
    Start(OneDaemon),
    /// Stop a daemon and start it again.
    Restart(OneDaemon),
    /// Run metrics-server, or stop it and remove its API.
    Metrics(Metrics),
    /// Run the cluster's own kubectl as administrator: `cargo xtask cluster kubectl -- get pods -A`.
    Kubectl(Kubectl),
}

#[derive(Debug, Args)]
pub(crate) struct Which {
    /// The cluster's name [default: the version without its patch].
    #[arg(long)]
    name: Option<Name>,
    /// The release of Kubernetes: 1.37, 1.30, or a whole version [default: $KUBERNETES_VERSION, or 1.37].
    #[arg(long, value_name = "VERSION")]
    kubernetes: Option<Version>,
}

#[derive(Debug, Args)]
pub(crate) struct Up {
    #[command(flatten)]
    pub(crate) which: Which,
    /// As Kubernetes takes them: `PodLogsQuerySplitStreams=true`; several with commas.
    #[arg(long, value_name = "GATES", value_delimiter = ',')]
    pub(crate) feature_gates: Vec<String>,
    /// Print one JSON object on stdout; progress goes to stderr.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Status {
    #[command(flatten)]
    pub(crate) which: Which,
    /// Print one JSON object.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct OneDaemon {
    pub(crate) daemon: Daemon,
    #[command(flatten)]
    pub(crate) which: Which,
}

#[derive(Debug, Args)]
pub(crate) struct Metrics {
    pub(crate) switch: Switch,
    #[command(flatten)]
    pub(crate) which: Which,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Switch {
    On,
    Off,
}

#[derive(Debug, Args)]
pub(crate) struct Kubectl {
    #[command(flatten)]
    pub(crate) which: Which,
    /// kubectl's own arguments, after `--`.
    #[arg(last = true)]
    pub(crate) arguments: Vec<String>,
}

impl Which {
    /// # Errors
    /// `KUBERNETES_VERSION` names no version.
    pub(crate) fn version(&self) -> Result<Version, Failure> {
        if let Some(version) = self.kubernetes {
            return Ok(version);
        }
        match std::env::var("KUBERNETES_VERSION") {
            Ok(text) if !text.is_empty() => {
                text.parse().map_err(|error| Failure::during("reading KUBERNETES_VERSION", error))
            }
            _ => Ok(Version::default()),
        }
    }

    /// # Errors
    /// As `version`.
    pub(crate) fn options(&self, feature_gates: &[String]) -> Result<Options, Failure> {
        let mut options = Options::new(self.version()?);
        options.feature_gates = feature_gates.to_vec();
        if let Some(name) = &self.name {
            options.name = name.clone();
        }
        Ok(options)
    }
}
