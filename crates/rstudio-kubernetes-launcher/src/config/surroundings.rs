//! What the process finds around it: environment variables, files that Kubernetes mounts, its user.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use kubernetes_backend::profiles::{Directory, SystemDirectory};

/// The surroundings in which configuration is read; tests make their own.
#[derive(Clone, Debug)]
pub struct Surroundings {
    variables: BTreeMap<String, String>,
    service_account: PathBuf,
    root: bool,
    cpus: usize,
    directory: Arc<dyn Directory>,
}

impl Surroundings {
    /// The process's own. Variables that are not UTF-8 are left out.
    #[must_use]
    pub fn of_process() -> Self {
        let text = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        };
        Self {
            variables: std::env::vars_os().filter_map(text).collect(),
            service_account: PathBuf::from("/var/run/secrets/kubernetes.io/serviceaccount"),
            root: nix::unistd::geteuid().is_root(),
            cpus: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
            directory: Arc::new(SystemDirectory),
        }
    }

    /// Only these variables, no service account, an ordinary user, four CPUs.
    #[must_use]
    pub fn of<'a>(variables: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        Self {
            variables: variables
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
            service_account: PathBuf::from("/nonexistent"),
            root: false,
            cpus: 4,
            directory: Arc::new(SystemDirectory),
        }
    }

    /// The same, with the folder where Kubernetes mounts a service account.
    #[must_use]
    pub fn with_service_account(self, folder: impl Into<PathBuf>) -> Self {
        Self { service_account: folder.into(), ..self }
    }

    /// The same, with other users and groups than the machine's.
    #[must_use]
    pub fn with_directory(self, directory: Arc<dyn Directory>) -> Self {
        Self { directory, ..self }
    }

    /// The same, as root.
    #[must_use]
    pub fn as_root(self) -> Self {
        Self { root: true, ..self }
    }

    /// An environment variable that is set and not empty.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// The folder where Kubernetes mounts the pod's service account: `token`, `ca.crt`.
    #[must_use]
    pub fn service_account(&self) -> &Path {
        &self.service_account
    }

    /// Where users and groups are looked up.
    #[must_use]
    pub fn directory(&self) -> &Arc<dyn Directory> {
        &self.directory
    }

    /// Whether the process was started as root.
    #[must_use]
    pub fn is_root(&self) -> bool {
        self.root
    }

    /// CPUs that the process may use.
    #[must_use]
    pub fn cpus(&self) -> usize {
        self.cpus
    }
}
