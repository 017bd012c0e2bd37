//! A configuration folder as an administrator would write it, and the plugin's folders beside it.

use std::path::{Path, PathBuf};

use base64::Engine as _;

use crate::cluster::{Cluster, LauncherToken, NAMESPACE, write_private};
use crate::failure::Failure;

/// The folder of one plugin: `etc/`, `scratch/`, `log/`. It goes away with this value.
pub(crate) struct Site {
    folder: tempfile::TempDir,
}

impl Site {
    /// Writes `launcher.kubernetes.conf`, the token and the profiles for a cluster.
    ///
    /// # Errors
    /// A file that can't be written.
    pub(crate) fn for_cluster(cluster: &Cluster) -> Result<Self, Failure> {
        Self::by_way_of(&cluster.api_url, cluster)
    }

    /// The same, for a plugin that reaches the API by another URL.
    ///
    /// # Errors
    /// A file that can't be written.
    pub(crate) fn by_way_of(api_url: &str, cluster: &Cluster) -> Result<Self, Failure> {
        let doing = "writing a configuration folder";
        let folder =
            tempfile::Builder::new().prefix("launchway-").tempdir().map_err(|e| Failure::during(doing, e))?;
        let site = Site { folder };
        for part in ["etc", "scratch", "log"] {
            std::fs::create_dir(site.folder.path().join(part)).map_err(|e| Failure::during(doing, e))?;
        }
        let authority = base64::engine::general_purpose::STANDARD.encode(&cluster.certificate_authority_pem);
        let token = match &cluster.launcher_token {
            LauncherToken::Lasting(token) => {
                let file = site.folder.path().join("etc/kubernetes.launcher.token");
                write_private(&file, token).map_err(|e| Failure::during(doing, e))?;
                file
            }
            LauncherToken::Replaced(token) => token.file().to_owned(),
        };
        let configuration = format!(
            "api-url={api_url}\nauth-token-path={}\nkubernetes-namespace={NAMESPACE}\ncertificate-authority={authority}\n\
             scratch-path={}\nlogging-dir={}\nprofile-config={}\n",
            token.display(),
            site.scratch().display(),
            site.logs().display(),
            site.profiles().display(),
        );
        site.write(&site.configuration(), &configuration)?;
        site.write_profiles(&format!("[*]\ndefault-container-image={}\n", cluster.image))?;
        Ok(site)
    }

    /// `etc/launcher.kubernetes.conf`.
    pub(crate) fn configuration(&self) -> PathBuf {
        self.folder.path().join("etc/launcher.kubernetes.conf")
    }

    /// Adds a line to the configuration.
    ///
    /// # Errors
    /// The file can't be read or written.
    pub(crate) fn add_option(&self, line: &str) -> Result<(), Failure> {
        let path = self.configuration();
        let text = std::fs::read_to_string(&path)
            .map_err(|e| Failure::during(format!("reading {}", path.display()), e))?;
        self.write(&path, &format!("{text}{line}\n"))
    }

    fn profiles(&self) -> PathBuf {
        self.folder.path().join("etc/launcher.kubernetes.profiles.conf")
    }

    pub(crate) fn logs(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    /// Where the plugin keeps files: templates, among others.
    pub(crate) fn scratch(&self) -> PathBuf {
        self.folder.path().join("scratch")
    }

    /// The folder itself.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Replaces the profiles.
    ///
    /// # Errors
    /// The file can't be written.
    pub(crate) fn write_profiles(&self, text: &str) -> Result<(), Failure> {
        self.write(&self.profiles(), text)
    }

    /// The flags that make a plugin use this folder.
    pub(crate) fn quiet_flags(&self) -> Vec<String> {
        vec!["--unprivileged=1".into(), format!("--config-file={}", self.configuration().display())]
    }

    /// The same, with debug logging.
    pub(crate) fn flags(&self) -> Vec<String> {
        let mut flags = self.quiet_flags();
        flags.push("--enable-debug-logging=1".into());
        flags
    }

    fn write(&self, path: &Path, text: &str) -> Result<(), Failure> {
        std::fs::write(path, text).map_err(|e| Failure::during(format!("writing {}", path.display()), e))
    }
}
