//! What the backend has to be told.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use launcher_api::ClusterName;
use launcher_api::response::ReloadError;

use crate::profiles::Profiles;
use crate::templates::TemplateFolder;

/// Text that must not be shown: prints as dots.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Keeps `text` from being printed.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text, for the one place that needs it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("••••")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("••••")
    }
}

/// Where the service account's token comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenSource {
    /// A file, read again whenever it changes: the cluster renews tokens long before they expire.
    File(PathBuf),
    /// The token itself.
    Inline(Secret),
}

/// Which authorities may sign the API server's certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CertificateAuthority {
    /// Those that the machine trusts.
    System,
    /// These, as PEM; any number.
    Pem(Vec<u8>),
}

/// Reads the profiles again; may block on files.
pub type ProfileLoader = Arc<dyn Fn() -> Result<Profiles, ReloadError> + Send + Sync>;

/// Where the templates of objects come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TemplateSource {
    /// They are those of the plugin.
    BuiltIn,
    /// They are an administrator's.
    Folder(TemplateFolder),
}

/// Everything that the backend is told at its start.
#[derive(Clone)]
pub struct KubernetesSettings {
    /// The API server: `https://host:port`, without `/api`.
    pub api_url: String,
    /// The service account's token.
    pub token: TokenSource,
    /// Where jobs are made.
    pub namespace: String,
    /// Who signs the API server's certificate.
    pub certificate_authority: CertificateAuthority,
    /// Off accepts any certificate; not for production.
    pub verify_certificates: bool,
    /// How long one watch request lasts before it is renewed (180 s by default).
    pub watch_timeout: Duration,
    /// How many objects one page of a list holds at most (500 by default).
    pub fetch_limit: u32,
    /// Whether the containers of a pod see each other's processes (on by default).
    pub shared_process_namespace: bool,
    /// The cluster's name, as jobs tell it.
    pub cluster_name: ClusterName,
    /// Where standard inputs are kept that are too long for an annotation; readable by the service user alone.
    pub scratch_path: PathBuf,
    /// What makes objects.
    pub templates: TemplateSource,
    /// The profiles to begin with.
    pub profiles: Profiles,
    /// How to read the profiles again; without one, reloading changes nothing.
    pub profile_loader: Option<ProfileLoader>,
    /// How long ended jobs are kept. Standard inputs in the scratch path that are older than this and belong to no job
    /// are removed.
    pub job_expiry: Duration,
}

impl fmt::Debug for KubernetesSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KubernetesSettings")
            .field("api_url", &self.api_url)
            .field("token", &self.token)
            .field("namespace", &self.namespace)
            .field("verify_certificates", &self.verify_certificates)
            .field("watch_timeout", &self.watch_timeout)
            .field("fetch_limit", &self.fetch_limit)
            .field("shared_process_namespace", &self.shared_process_namespace)
            .field("cluster_name", &self.cluster_name)
            .field("scratch_path", &self.scratch_path)
            .field("job_expiry", &self.job_expiry)
            .finish_non_exhaustive()
    }
}

/// Why a backend can't be made from its settings.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// `api-url` is no URL.
    #[error("the API server's URL '{url}' is not valid: expected something like https://10.0.0.1:6443")]
    Url {
        /// What was given.
        url: String,
    },
    /// The certificate authority can't be read.
    #[error(
        "the certificate authority is not valid: {reason}. It must be the PEM certificate that signs the API server's"
    )]
    Certificate {
        /// Why not.
        reason: String,
    },
    /// The namespace can't be part of a URL.
    #[error("the namespace '{namespace}' is not valid: lower case letters, digits and hyphens are")]
    Namespace {
        /// What was given.
        namespace: String,
    },
    /// TLS can't be set up.
    #[error("cannot prepare TLS for {url}: {reason}")]
    Tls {
        /// The API server.
        url: String,
        /// Why not.
        reason: String,
    },
}
