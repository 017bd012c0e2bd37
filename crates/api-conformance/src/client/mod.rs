//! A small HTTPS client that sends exactly what a row says.

mod connection;
mod socket;

use std::{sync::Arc, time::Duration};

use http::Uri;
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, PrivateKeyDer, ServerName, pem::PemObject},
};

pub(crate) use self::connection::Outgoing;
use crate::{ConformanceError, row::Who};

/// An answer that takes longer is a fault; the longest that a row waits for on purpose are some seconds.
const PATIENCE: Duration = Duration::from_secs(20);

/// How an administrator shows who he is.
#[derive(Clone)]
pub enum Administrator {
    /// A bearer token.
    Token(String),
    /// A client certificate, both parts in PEM.
    Certificate {
        /// The certificate.
        certificate_pem: Vec<u8>,
        /// Its key.
        key_pem: Vec<u8>,
    },
}

/// Where a cluster is, and how to be somebody there.
#[derive(Clone)]
pub struct Cluster {
    url: Uri,
    host: ServerName<'static>,
    /// Without a client certificate.
    plain: Arc<ClientConfig>,
    /// As the administrator.
    admin: Arc<ClientConfig>,
    admin_token: Option<String>,
    launcher_token: Option<String>,
}

impl std::fmt::Debug for Cluster {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cluster").field("url", &self.url).finish_non_exhaustive()
    }
}

impl Cluster {
    /// A cluster at `https://HOST:PORT`, whose certificate `authority_pem` signed.
    ///
    /// # Errors
    /// [`ConformanceError::Address`] when one of them is not what it should be.
    pub fn new(
        url: &str,
        authority_pem: &[u8],
        administrator: Administrator,
    ) -> Result<Cluster, ConformanceError> {
        let wrong = |what: String| ConformanceError::Address { url: url.to_owned(), what };
        let uri: Uri = url.parse().map_err(|error| wrong(format!("no URL: {error}")))?;
        let host = uri.host().ok_or_else(|| wrong("no host".to_owned()))?.to_owned();
        let host = ServerName::try_from(host).map_err(|error| wrong(error.to_string()))?;
        let mut roots = RootCertStore::empty();
        for certificate in CertificateDer::pem_slice_iter(authority_pem) {
            let certificate = certificate.map_err(|error| wrong(format!("its authority: {error}")))?;
            roots.add(certificate).map_err(|error| wrong(format!("its authority: {error}")))?;
        }
        let roots = Arc::new(roots);
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = || {
            ClientConfig::builder_with_provider(Arc::clone(&provider))
                .with_safe_default_protocol_versions()
                .map(|builder| builder.with_root_certificates(Arc::clone(&roots)))
                .map_err(|error| wrong(error.to_string()))
        };
        let plain = Arc::new(builder()?.with_no_client_auth());
        let (admin, admin_token) = match administrator {
            Administrator::Token(token) => (Arc::clone(&plain), Some(token)),
            Administrator::Certificate { certificate_pem, key_pem } => {
                let bad = |error| wrong(format!("the administrator's certificate: {error}"));
                let chain = CertificateDer::pem_slice_iter(&certificate_pem)
                    .collect::<Result<Vec<_>, _>>()
                    .map_err(|error| bad(error.to_string()))?;
                let key = PrivateKeyDer::from_pem_slice(&key_pem).map_err(|error| bad(error.to_string()))?;
                let config = builder()?.with_client_auth_cert(chain, key);
                (Arc::new(config.map_err(|error| bad(error.to_string()))?), None)
            }
        };
        Ok(Cluster { url: uri, host, plain, admin, admin_token, launcher_token: None })
    }

    /// With the token of the account that rows are asked as.
    pub(crate) fn with_launcher_token(mut self, token: String) -> Cluster {
        self.launcher_token = Some(token);
        self
    }

    fn tls(&self, who: Who) -> &Arc<ClientConfig> {
        match who {
            Who::Admin => &self.admin,
            Who::JobLauncher | Who::Nobody | Who::Stranger => &self.plain,
        }
    }

    fn token(&self, who: Who) -> Option<&str> {
        match who {
            Who::Admin => self.admin_token.as_deref(),
            Who::JobLauncher => self.launcher_token.as_deref(),
            Who::Nobody => None,
            Who::Stranger => Some("not-a-token"),
        }
    }
}
