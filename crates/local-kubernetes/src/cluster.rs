//! A running cluster: finding it, asking for its facts, stopping and starting parts of it.

use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use serde::Serialize;

use crate::build::{BARE_IMAGE, BUSYBOX_IMAGE};
use crate::configuration::read;
use crate::daemon::Daemon;
use crate::error::Error;
use crate::kubectl::Kubectl;
use crate::launcher::LauncherAccess;
use crate::name::Name;
use crate::process;
use crate::progress::Silent;
use crate::site::{NODE, Site};
use crate::version::Version;
use crate::wait::{self, Look};
use crate::{down, readiness, up};

/// For metrics-server to have measured the node.
const METRICS_LIMIT: Duration = Duration::from_secs(120);

/// What a cluster is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Several clusters of different names run side by side.
    pub name: Name,
    /// The release of Kubernetes.
    pub version: Version,
    /// As the daemons' `--feature-gates` takes them, like `PodLogsQuerySplitStreams=true`.
    pub feature_gates: Vec<String>,
}

impl Options {
    /// A cluster of that version, named after it (`1.37`), with the default feature gates.
    #[must_use]
    pub fn new(version: Version) -> Self {
        Options { name: Name::of_version(version), version, feature_gates: Vec::new() }
    }
}

/// A cluster of this machine. It outlives the value and the process; only `down` ends it.
#[derive(Clone, Debug)]
pub struct Cluster {
    site: Site,
}

/// A cluster at a glance, for people and programs.
#[derive(Clone, Debug, Serialize)]
pub struct Facts {
    /// The cluster's name.
    pub name: String,
    /// The release of Kubernetes, like `v1.37.2`.
    pub version: String,
    /// The feature gates that were asked for.
    pub feature_gates: Vec<String>,
    /// Every daemon that should run does.
    pub running: bool,
    /// The address of the API server.
    pub api_url: String,
    /// The administrator's kubeconfig.
    pub admin_kubeconfig: PathBuf,
    /// The token of the launcher's service account.
    pub launcher_token: PathBuf,
    /// A kubeconfig with that token.
    pub launcher_kubeconfig: PathBuf,
    /// The certificate of the API server's authority, PEM.
    pub ca_file: PathBuf,
    /// The image with a shell.
    pub image: &'static str,
    /// The image without one.
    pub bare_image: &'static str,
    /// The name of the only node.
    pub node_name: &'static str,
    /// Its address, at which this machine reaches node ports.
    pub node_ip: Ipv4Addr,
    /// For `ip netns exec`.
    pub network_namespace: String,
    /// `metrics.k8s.io` is served.
    pub metrics: bool,
    /// The API server gives stdout and stderr of a pod apart; `null` while it does not answer.
    pub split_log_streams: Option<bool>,
    /// The daemons' logs.
    pub logs: PathBuf,
}

impl Cluster {
    pub(crate) fn of(site: Site) -> Self {
        Cluster { site }
    }

    /// Starts a cluster, builds first what is missing, and waits until its node takes pods and the launcher's account
    /// has a token. Safe to repeat: what runs is left running, what has ended is started again.
    ///
    /// # Errors
    /// Not root, another cluster under that name, a build or a daemon that fails, or no readiness in time.
    pub fn up(options: &Options, progress: &mut dyn crate::Progress) -> Result<Cluster, Error> {
        up::up(options, progress).map(Cluster::of)
    }

    /// The cluster of that name, running or not; none when it was never started or has been taken down.
    ///
    /// # Errors
    /// Its record can't be read (it is root's).
    pub fn find(name: &Name) -> Result<Option<Cluster>, Error> {
        Ok(Site::find(name)?.map(Cluster::of))
    }

    /// Every cluster of this machine, by name.
    ///
    /// # Errors
    /// A record can't be read.
    pub fn all() -> Result<Vec<Cluster>, Error> {
        Ok(Site::all()?.into_iter().map(Cluster::of).collect())
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &Name {
        &self.site.record.name
    }

    /// Its release of Kubernetes.
    #[must_use]
    pub fn version(&self) -> Version {
        self.site.version
    }

    /// The administrator's kubeconfig: certificates inside, usable from this machine.
    #[must_use]
    pub fn admin_kubeconfig(&self) -> PathBuf {
        self.site.path("admin.kubeconfig")
    }

    /// The file with the token of the launcher's service account, without a newline.
    #[must_use]
    pub fn launcher_token(&self) -> PathBuf {
        LauncherAccess::in_folder(&self.site.folder()).token
    }

    /// A kubeconfig with the launcher's token.
    #[must_use]
    pub fn launcher_kubeconfig(&self) -> PathBuf {
        LauncherAccess::in_folder(&self.site.folder()).kubeconfig
    }

    /// `https://` with the node's address.
    #[must_use]
    pub fn api_url(&self) -> String {
        self.site.api_url()
    }

    /// The file with the certificate of the authority that signed the API server's.
    #[must_use]
    pub fn ca_file(&self) -> PathBuf {
        self.site.path("pki/ca.crt")
    }

    /// The contents of `ca_file`.
    ///
    /// # Errors
    /// The file can't be read.
    pub fn ca_pem(&self) -> Result<String, Error> {
        read(&self.ca_file())
    }

    /// The file with the key that the API server signs tokens of service accounts with, PKCS #8 (P-256): for tokens
    /// that expire when a test wants them to.
    #[must_use]
    pub fn service_account_key(&self) -> PathBuf {
        self.site.path("pki/service-accounts.key")
    }

    /// The node's address: node ports are reached there.
    #[must_use]
    pub fn node_ip(&self) -> Ipv4Addr {
        self.site.record.slot.node()
    }

    /// This machine's address at its end of the cable to the node.
    #[must_use]
    pub fn host_ip(&self) -> Ipv4Addr {
        self.site.record.slot.host()
    }

    /// The network device at this machine's end of that cable: for faults.
    #[must_use]
    pub fn host_device(&self) -> String {
        self.site.record.slot.device()
    }

    /// The node's name.
    #[must_use]
    pub fn node_name(&self) -> &'static str {
        NODE
    }

    /// The network namespace that everything of the cluster runs in, as `ip netns exec` takes it.
    #[must_use]
    pub fn network_namespace(&self) -> String {
        self.site.network_namespace()
    }

    /// An image with BusyBox: a shell and the usual small programs.
    #[must_use]
    pub fn image(&self) -> &'static str {
        BUSYBOX_IMAGE
    }

    /// An image with one program, `/bare`, and nothing else; the crate's README tells what it does.
    #[must_use]
    pub fn bare_image(&self) -> &'static str {
        BARE_IMAGE
    }

    /// The daemon's log.
    #[must_use]
    pub fn log(&self, daemon: Daemon) -> PathBuf {
        self.site.log(daemon)
    }

    /// The daemon's process id while it runs.
    #[must_use]
    pub fn pid(&self, daemon: Daemon) -> Option<u32> {
        process::pid(&self.site, daemon)
    }

    /// `kubectl` of the cluster's version, with the administrator's rights; add the arguments and run it.
    #[must_use]
    pub fn kubectl(&self) -> Command {
        self.kubectl_for_us().command()
    }

    fn kubectl_for_us(&self) -> Kubectl {
        readiness::kubectl(&self.site)
    }

    /// Ends a daemon, if it runs: SIGTERM, and SIGKILL after five seconds. Pods go on running, whichever it is.
    ///
    /// # Errors
    /// Not root, or the process does not end.
    pub fn stop(&self, daemon: Daemon) -> Result<(), Error> {
        up::need_root("stopping a daemon")?;
        process::stop(&self.site, daemon)
    }

    /// Starts a daemon unless it runs, and waits until it takes calls; the API server until it is ready, for which it
    /// needs etcd.
    ///
    /// # Errors
    /// Not root, or the daemon ends at once or is not ready in time.
    pub fn start(&self, daemon: Daemon) -> Result<(), Error> {
        up::need_root("starting a daemon")?;
        process::start(&self.site, daemon)?;
        readiness::takes_calls(&self.site, daemon)?;
        match daemon {
            Daemon::ApiServer => readiness::api_server(&self.site, &[daemon], &mut Silent),
            _ => Ok(()),
        }
    }

    /// Starts metrics-server and waits until the node has been measured (some 20 s), or stops it and removes its API.
    ///
    /// # Errors
    /// Not root, the API server refuses, or no measurement in time.
    pub fn set_metrics(&self, on: bool) -> Result<(), Error> {
        up::need_root("switching metrics")?;
        let objects = self.site.text("config/metrics.yaml");
        let kubectl = self.kubectl_for_us();
        if !on {
            kubectl.ask("remove the metrics API", &["delete", "--ignore-not-found", "-f", &objects])?;
            return process::stop(&self.site, Daemon::MetricsServer);
        }
        process::start(&self.site, Daemon::MetricsServer)?;
        kubectl.ask("add the metrics API", &["apply", "-f", &objects])?;
        let path = format!("/apis/metrics.k8s.io/v1beta1/nodes/{NODE}");
        let measured = wait::until(METRICS_LIMIT, || {
            process::none_has_ended(&self.site, &[Daemon::MetricsServer])?;
            Ok::<_, Error>(match kubectl.attempt(&["get", "--raw", &path])? {
                Ok(_) => Look::Done(()),
                Err(why) => Look::NotYet(why),
            })
        })?;
        measured.map_err(|gave_up| readiness::timed_out(&self.site, "metrics", METRICS_LIMIT, gave_up))
    }

    /// Ends everything of the cluster and leaves nothing of it but the cache.
    ///
    /// # Errors
    /// Not root, or something can't be ended or removed; what could be is gone, and repeating goes on from there.
    pub fn down(self) -> Result<(), Error> {
        up::need_root("taking a cluster down")?;
        let _lock = up::lock()?;
        down::remove(&self.site)?;
        down::leave_machine()
    }

    /// What there is to know; asks the API server one question.
    ///
    /// # Errors
    /// `kubectl` can't be started.
    pub fn facts(&self) -> Result<Facts, Error> {
        let running = process::pid(&self.site, Daemon::ApiServer).is_some()
            && process::none_has_ended(&self.site, &Daemon::ALL).is_ok();
        let split_log_streams =
            if running { readiness::has_split_log_streams(&self.kubectl_for_us())? } else { None };
        Ok(Facts {
            name: self.name().to_string(),
            version: self.version().to_string(),
            feature_gates: self.site.record.feature_gates.clone(),
            running,
            api_url: self.api_url(),
            admin_kubeconfig: self.admin_kubeconfig(),
            launcher_token: self.launcher_token(),
            launcher_kubeconfig: self.launcher_kubeconfig(),
            ca_file: self.ca_file(),
            image: self.image(),
            bare_image: self.bare_image(),
            node_name: self.node_name(),
            node_ip: self.node_ip(),
            network_namespace: self.network_namespace(),
            metrics: self.pid(Daemon::MetricsServer).is_some(),
            split_log_streams,
            logs: self.site.logs(),
        })
    }
}
