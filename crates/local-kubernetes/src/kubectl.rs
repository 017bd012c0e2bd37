//! Asking an API server, through `kubectl`.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::Error;
use crate::program;

/// `kubectl` with an administrator's kubeconfig.
#[derive(Clone, Debug)]
pub(crate) struct Kubectl {
    program: PathBuf,
    /// None: whatever the environment says.
    kubeconfig: Option<PathBuf>,
    /// What it learns of the server's API, away from the user's own.
    cache: PathBuf,
}

impl Kubectl {
    /// For one kubeconfig; `folder` is for its cache.
    pub(crate) fn new(program: PathBuf, kubeconfig: PathBuf, folder: &Path) -> Self {
        Kubectl { program, kubeconfig: Some(kubeconfig), cache: folder.join("kubectl-cache") }
    }

    /// For the environment's `KUBECONFIG`, which may be a list.
    pub(crate) fn of_environment(program: PathBuf, folder: &Path) -> Self {
        Kubectl { program, kubeconfig: None, cache: folder.join("kubectl-cache") }
    }

    /// `kubectl` with the connection's arguments.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        if let Some(kubeconfig) = &self.kubeconfig {
            command.arg("--kubeconfig").arg(kubeconfig);
        }
        command.arg("--cache-dir").arg(&self.cache);
        command
    }

    /// What it writes to stdout.
    ///
    /// # Errors
    /// It fails, with what it wrote to stderr.
    pub(crate) fn ask(&self, doing: &str, arguments: &[&str]) -> Result<String, Error> {
        program::output(doing, self.command().args(arguments))
    }

    /// What it writes to stdout, or to stderr when it fails.
    ///
    /// # Errors
    /// It can't be started.
    pub(crate) fn attempt(&self, arguments: &[&str]) -> Result<Result<String, String>, Error> {
        let done = program::finish(self.command().args(arguments))?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
        Ok(if done.status.success() { Ok(text(&done.stdout)) } else { Err(text(&done.stderr)) })
    }

    /// The address of the API server in the kubeconfig's current context.
    ///
    /// # Errors
    /// The kubeconfig can't be read.
    pub(crate) fn server(&self) -> Result<String, Error> {
        let field = "jsonpath={.clusters[0].cluster.server}";
        let server = self.ask("read the kubeconfig", &["config", "view", "--minify", "-o", field])?;
        Ok(server.trim().to_owned())
    }
}
