//! The parts of a kubeconfig that a cluster is asked with.

use std::path::Path;

use api_conformance::Administrator;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use kube::config::Kubeconfig;
use secrecy::ExposeSecret;

use crate::failure::Failure;

/// A running cluster and who administers it.
pub(super) struct Administered {
    pub(super) url: String,
    pub(super) authority_pem: Vec<u8>,
    pub(super) administrator: Administrator,
}

impl Administered {
    /// Reads what the current context of a kubeconfig names.
    ///
    /// # Errors
    /// A file that can't be read; a context, a cluster or a user that is not there; no authority; neither token nor
    /// client certificate.
    pub(super) fn read(kubeconfig: &Path) -> Result<Administered, Failure> {
        let doing = format!("reading {}", kubeconfig.display());
        let file = Kubeconfig::read_from(kubeconfig).map_err(|e| Failure::during(&doing, e))?;
        let missing = |what: &str| Failure::new(format!("{doing}: it has no {what}"));
        // Paths are absolute by now.
        let part = |what: &str, file: &Option<String>, data: Option<&str>| match (file, data) {
            (_, Some(data)) => STANDARD.decode(data.trim()).map_err(|e| Failure::during(&doing, e)),
            (Some(file), None) => std::fs::read(file).map_err(|e| Failure::during(&doing, e)),
            (None, None) => Err(missing(what)),
        };
        let context = file.contexts.iter().find(|one| Some(&one.name) == file.current_context.as_ref());
        let context =
            context.and_then(|one| one.context.as_ref()).ok_or_else(|| missing("current context"))?;
        let cluster = file.clusters.iter().find(|one| one.name == context.cluster);
        let cluster = cluster.and_then(|one| one.cluster.as_ref()).ok_or_else(|| missing("such cluster"))?;
        let user = file.auth_infos.iter().find(|one| Some(&one.name) == context.user.as_ref());
        let user = user.and_then(|one| one.auth_info.as_ref()).ok_or_else(|| missing("such user"))?;
        let authority_pem = part(
            "certificate-authority",
            &cluster.certificate_authority,
            cluster.certificate_authority_data.as_deref(),
        )?;
        let administrator = match &user.token {
            Some(token) => Administrator::Token(token.expose_secret().to_owned()),
            None => Administrator::Certificate {
                certificate_pem: part(
                    "token and no client-certificate",
                    &user.client_certificate,
                    user.client_certificate_data.as_deref(),
                )?,
                key_pem: part(
                    "client-key",
                    &user.client_key,
                    user.client_key_data.as_ref().map(ExposeSecret::expose_secret),
                )?,
            },
        };
        let server = cluster.server.as_deref().ok_or_else(|| missing("server"))?;
        Ok(Administered { url: server.trim_end_matches('/').to_owned(), authority_pem, administrator })
    }
}
