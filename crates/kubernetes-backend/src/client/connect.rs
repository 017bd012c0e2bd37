//! TLS and the connection pool.

use std::time::Duration;

use kube::client::ClientBuilder;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use crate::settings::{CertificateAuthority, KubernetesSettings, SetupError};

/// How long a TCP and TLS handshake may take.
const CONNECT: Duration = Duration::from_secs(10);

/// A client without authorization, which [`super::ApiClient`] adds to each call.
pub(super) fn connect(settings: &KubernetesSettings) -> Result<kube::Client, SetupError> {
    // Whoever installed another provider before keeps it.
    drop(rustls::crypto::ring::default_provider().install_default());
    let url = settings.api_url.trim().trim_end_matches('/');
    let uri: http::Uri = url.parse().map_err(|_| SetupError::Url { url: settings.api_url.clone() })?;
    if !matches!(uri.scheme_str(), Some("http" | "https")) || uri.host().is_none() {
        return Err(SetupError::Url { url: settings.api_url.clone() });
    }
    let mut config = kube::Config::new(uri);
    config.default_namespace.clone_from(&settings.namespace);
    config.root_cert = root_certificates(&settings.certificate_authority)?;
    config.accept_invalid_certs = !settings.verify_certificates;
    config.connect_timeout = Some(CONNECT);
    config.read_timeout = None;
    // Retries are decided where the call is made.
    config.default_retry = false;
    let builder = ClientBuilder::try_from(config)
        .map_err(|error| SetupError::Tls { url: settings.api_url.clone(), reason: error.to_string() })?;
    Ok(builder.build())
}

fn root_certificates(authority: &CertificateAuthority) -> Result<Option<Vec<Vec<u8>>>, SetupError> {
    let CertificateAuthority::Pem(pem) = authority else { return Ok(None) };
    let certificates: Result<Vec<Vec<u8>>, _> =
        CertificateDer::pem_slice_iter(pem).map(|found| found.map(|der| der.to_vec())).collect();
    let certificates = certificates.map_err(|error| SetupError::Certificate { reason: error.to_string() })?;
    if certificates.is_empty() {
        return Err(SetupError::Certificate { reason: "it holds no certificate".to_owned() });
    }
    Ok(Some(certificates))
}
