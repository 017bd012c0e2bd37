//! The parts of a kubeconfig that a cluster is asked with.

use std::path::{Path, PathBuf};

use api_conformance::Administrator;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::Deserialize;

use crate::failure::Failure;

/// A running cluster and who administers it.
pub(super) struct Administered {
    pub(super) url: String,
    pub(super) authority_pem: Vec<u8>,
    pub(super) administrator: Administrator,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct File {
    clusters: Vec<NamedCluster>,
    users: Vec<NamedUser>,
}

#[derive(Deserialize)]
struct NamedCluster {
    cluster: ClusterEntry,
}

#[derive(Deserialize)]
struct NamedUser {
    user: UserEntry,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct ClusterEntry {
    server: String,
    certificate_authority: Option<PathBuf>,
    certificate_authority_data: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct UserEntry {
    token: Option<String>,
    client_certificate: Option<PathBuf>,
    client_certificate_data: Option<String>,
    client_key: Option<PathBuf>,
    client_key_data: Option<String>,
}

impl Administered {
    /// Reads the first cluster and the first user of a kubeconfig.
    ///
    /// # Errors
    /// A file that can't be read; no authority; neither token nor client certificate.
    pub(super) fn read(kubeconfig: &Path) -> Result<Administered, Failure> {
        let doing = format!("reading {}", kubeconfig.display());
        let text = std::fs::read_to_string(kubeconfig).map_err(|e| Failure::during(&doing, e))?;
        let file: File = serde_saphyr::from_str(&text).map_err(|e| Failure::during(&doing, e))?;
        let missing = |what: &str| Failure::new(format!("{doing}: it has no {what}"));
        let folder = kubeconfig.parent().unwrap_or(Path::new("."));
        let part = |what: &str, file: &Option<PathBuf>, data: &Option<String>| match (file, data) {
            (_, Some(data)) => STANDARD.decode(data.trim()).map_err(|e| Failure::during(&doing, e)),
            (Some(file), None) => std::fs::read(folder.join(file)).map_err(|e| Failure::during(&doing, e)),
            (None, None) => Err(missing(what)),
        };
        let cluster = &file.clusters.first().ok_or_else(|| missing("cluster"))?.cluster;
        let user = &file.users.first().ok_or_else(|| missing("user"))?.user;
        let authority_pem = part(
            "certificate-authority",
            &cluster.certificate_authority,
            &cluster.certificate_authority_data,
        )?;
        let administrator = match &user.token {
            Some(token) => Administrator::Token(token.clone()),
            None => Administrator::Certificate {
                certificate_pem: part(
                    "token and no client-certificate",
                    &user.client_certificate,
                    &user.client_certificate_data,
                )?,
                key_pem: part("client-key", &user.client_key, &user.client_key_data)?,
            },
        };
        let url = cluster.server.trim_end_matches('/').to_owned();
        Ok(Administered { url, authority_pem, administrator })
    }
}
