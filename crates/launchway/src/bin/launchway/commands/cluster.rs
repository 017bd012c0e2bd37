//! `launchway cluster`: a trial cluster in the foreground.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use embedded_cluster::EmbeddedCluster;
use serde_json::json;
use tempfile::NamedTempFile;

use crate::context::Context;
use crate::exit::{self, Ended};
use crate::failure::Failure;
use crate::interrupts::Interrupts;
use crate::printer::Format;

/// Run a trial cluster in this process until Ctrl-C
///
/// It speaks enough of the Kubernetes API for a plugin, and runs pods as processes of this machine, without containers and
/// without isolation: for trial and tests only, on loopback only. Its pod logs tell stdout from stderr. The files appear when it serves, readable by this
/// user alone, and go away with it. With --json one line tells where it serves.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example, in two terminals:
  launchway cluster --kubeconfig admin.yaml --launcher-token token
  kubectl --kubeconfig admin.yaml get pods --watch

  # The API's address stands in admin.yaml; the namespace is `rstudio`, the service account `job-launcher`.")]
pub(crate) struct Cluster {
    /// Where to write a kubeconfig of the administrator
    #[arg(long, value_name = "FILE")]
    kubeconfig: PathBuf,
    /// Where to write the token of the service account `job-launcher`
    #[arg(long, value_name = "FILE")]
    launcher_token: PathBuf,
    /// Where to write the certificate authority of the API (PEM); the kubeconfig holds it too
    #[arg(long, value_name = "FILE")]
    certificate_authority: Option<PathBuf>,
    /// Where the API listens; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    listen: SocketAddr,
}

impl Cluster {
    pub(crate) async fn execute(self, context: &Context) -> Result<Ended, Failure> {
        let printer = &context.printer;
        // From here on a signal ends the cluster, so that its files do not outlive it.
        let mut interrupts = Interrupts::listen()?;
        printer.progress("starting the cluster");
        let cluster = EmbeddedCluster::builder().listen(self.listen).split_log_streams().start().await?;
        let mut files = vec![
            LastingFile::write(&self.kubeconfig, &cluster.admin_kubeconfig())?,
            LastingFile::write(&self.launcher_token, &cluster.launcher_token())?,
        ];
        if let Some(path) = &self.certificate_authority {
            files.push(LastingFile::write(path, cluster.certificate_authority_pem())?);
        }
        printer.end_progress();
        match printer.format() {
            Format::Json => printer.json_line(&json!({
                "url": cluster.url(),
                "nodeAddress": cluster.node_address(),
                "kubeconfig": self.kubeconfig,
                "launcherToken": self.launcher_token,
            }))?,
            Format::Human => printer.note(&format!(
                "the cluster serves at {}; kubeconfig in {}, token of job-launcher in {}; Ctrl-C ends it",
                cluster.url(),
                self.kubeconfig.display(),
                self.launcher_token.display(),
            )),
        }
        interrupts.next().await;
        printer.progress("ending the cluster and its pods");
        drop(files);
        cluster.shutdown().await;
        Ok(Ended(exit::DONE))
    }
}

/// A file that is there for as long as this value lives.
#[derive(Debug)]
struct LastingFile(PathBuf);

impl LastingFile {
    /// Writes the file in one step, readable and writable by its owner alone (mode 0600).
    fn write(path: &Path, text: &str) -> Result<Self, Failure> {
        let failed = |source: io::Error| Failure::WriteFile { path: path.to_owned(), source };
        let directory = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        // A temporary file has the mode 0600 from its beginning.
        let mut file = NamedTempFile::new_in(directory).map_err(failed)?;
        file.write_all(text.as_bytes()).map_err(failed)?;
        file.as_file().sync_all().map_err(failed)?;
        file.persist(path).map_err(|error| failed(error.error))?;
        Ok(Self(path.to_owned()))
    }
}

impl Drop for LastingFile {
    fn drop(&mut self) {
        // Somebody may have removed it already.
        let _removed_already = std::fs::remove_file(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_file_is_private_replaces_an_older_one_and_goes_away_with_its_value() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("token");
        std::fs::write(&path, "old").unwrap();
        let file = LastingFile::write(&path, "new").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        drop(file);
        assert!(!path.exists());
        assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 0, "nothing else is left behind");
    }

    #[test]
    fn a_file_that_cannot_be_written_is_named() {
        let error = LastingFile::write(Path::new("/does/not/exist/token"), "x").unwrap_err();
        assert_eq!(error.to_string(), "cannot write '/does/not/exist/token'");
    }
}
