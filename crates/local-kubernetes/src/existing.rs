//! A cluster that somebody else runs: the one that `KUBECONFIG` leads to.

use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::Value;

use crate::cache::{Cache, cache_folder};
use crate::error::Error;
use crate::kubectl::Kubectl;
use crate::launcher::{self, LauncherAccess};
use crate::site::{CLUSTERS, make_private};
use crate::version::Version;
use crate::{program, readiness};

/// The cluster that the environment's `KUBECONFIG` leads to. Nothing of it is started, stopped or removed.
#[derive(Clone, Debug)]
pub struct ExistingCluster {
    kubectl: Kubectl,
    server: String,
}

/// An existing cluster at a glance.
#[derive(Clone, Debug, Serialize)]
pub struct ExistingFacts {
    /// The address of the API server.
    pub api_url: String,
    /// Its release of Kubernetes.
    pub version: String,
    /// Its nodes.
    pub nodes: Vec<ExistingNode>,
    /// `metrics.k8s.io` is served.
    pub metrics: bool,
    /// The API server gives stdout and stderr of a pod apart; `null` when it does not tell.
    pub split_log_streams: Option<bool>,
    /// Where the launcher's token is written by `set_up_launcher`.
    pub launcher_token: PathBuf,
    /// And a kubeconfig with it.
    pub launcher_kubeconfig: PathBuf,
}

/// A node of an existing cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ExistingNode {
    /// Its name.
    pub name: String,
    /// Its condition `Ready`: `True`, `False` or `Unknown`.
    pub ready: String,
}

impl ExistingCluster {
    /// The cluster, if `KUBECONFIG` is set and leads to another one than those of this crate.
    ///
    /// # Errors
    /// There is no `kubectl`, neither on the `PATH` nor in the cache, or it can't read the kubeconfig.
    pub fn from_environment() -> Result<Option<Self>, Error> {
        let set = std::env::var_os("KUBECONFIG").unwrap_or_default();
        if set.is_empty() || Path::new(&set).starts_with(CLUSTERS) {
            return Ok(None);
        }
        let kubectl = Kubectl::of_environment(program()?, &cache_folder());
        let server = kubectl.server()?;
        Ok(Some(ExistingCluster { kubectl, server }))
    }

    /// Makes the namespace `rstudio`, the launcher's account and its rights, as far as they are not there, and writes
    /// its token.
    ///
    /// # Errors
    /// The user of the kubeconfig may not, or a file can't be written.
    pub fn set_up_launcher(&self) -> Result<LauncherAccess, Error> {
        let folder = self.folder();
        make_private(&folder)?;
        launcher::set_up(&self.kubectl, &folder)
    }

    /// What there is to know.
    ///
    /// # Errors
    /// The API server does not answer, or the user may not list nodes.
    pub fn facts(&self) -> Result<ExistingFacts, Error> {
        let doing = "ask the existing cluster";
        let version = self.kubectl.ask(doing, &["version", "-o", "json"])?;
        let version: Value = serde_json::from_str(&version).unwrap_or_default();
        let line = "jsonpath={range .items[*]}{.metadata.name} {.status.conditions[?(@.type==\"Ready\")].status}{\"\\n\"}{end}";
        let nodes = self.kubectl.ask(doing, &["get", "nodes", "-o", line])?;
        let metrics = self.kubectl.attempt(&["get", "--raw", "/apis/metrics.k8s.io/v1beta1"])?.is_ok();
        let access = LauncherAccess::in_folder(&self.folder());
        Ok(ExistingFacts {
            api_url: self.server.clone(),
            version: version["serverVersion"]["gitVersion"].as_str().unwrap_or("unknown").to_owned(),
            nodes: nodes
                .lines()
                .filter_map(|line| line.split_once(' '))
                .map(|(name, ready)| ExistingNode { name: name.to_owned(), ready: ready.to_owned() })
                .collect(),
            metrics,
            split_log_streams: readiness::has_split_log_streams(&self.kubectl)?,
            launcher_token: access.token,
            launcher_kubeconfig: access.kubeconfig,
        })
    }

    /// One for each API server.
    fn folder(&self) -> PathBuf {
        let plain = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-') { c } else { '_' };
        let name: String = self.server.trim_start_matches("https://").chars().map(plain).collect();
        cache_folder().join("existing-clusters").join(name)
    }
}

/// The user's own `kubectl`, or the newest that has been built.
fn program() -> Result<PathBuf, Error> {
    let built = |version: &Version| Some(Cache::of_user().kubernetes(*version).join("kubectl"));
    program::find("kubectl")
        .or_else(|| Version::known().iter().filter_map(built).find(|file| file.is_file()))
        .ok_or_else(|| Error::MissingPrograms {
            doing: "ask the cluster that KUBECONFIG leads to",
            programs: vec!["kubectl"],
            packages: vec!["kubernetes-client"],
        })
}
