//! How the API server is reached: what is written, else what Kubernetes tells its pods (product document 3.1.1).

use std::path::PathBuf;

use kubernetes_backend::{CertificateAuthority, Secret};

use super::{ConfigError, ConfigWarning, InClusterAuthorityError, Origin, Reading};
use crate::api_url::ApiUrl;
use crate::certificate;
use crate::option::cluster::{
    API_SERVER, AUTH_TOKEN, AUTH_TOKEN_PATH, CERTIFICATE_AUTHORITY, VERIFY_SSL_CERTS,
};

/// How the API server is reached.
#[derive(Clone, Debug)]
pub struct Connection {
    /// Its address.
    pub api_url: ApiUrl,
    /// What the plugin shows to be let in.
    pub token: Token,
    /// Who may have signed its certificate.
    pub certificate_authority: CertificateAuthority,
    /// Whether its certificate is looked at.
    pub verify_certificates: bool,
}

/// Where the token comes from.
#[derive(Clone, Debug)]
pub enum Token {
    /// A file that the administrator named; it must belong to the server user.
    File {
        /// The file.
        path: PathBuf,
        /// Where it is named.
        origin: Origin,
    },
    /// The configuration itself.
    Inline(Secret),
    /// The service account's file that Kubernetes mounts into the pod; its owner is Kubernetes' choice.
    InCluster(PathBuf),
}

impl Reading<'_> {
    /// The connection, unless something needed for it is missing or wrong (then the errors grew).
    pub(super) fn connection(&mut self) -> Option<Connection> {
        let api_url = self.api_url();
        let token = self.token();
        let certificate_authority = self.certificate_authority();
        let verify_certificates = VERIFY_SSL_CERTS.read(self.written, &mut self.errors);
        if !verify_certificates && let Some(origin) = self.written.origin("verify-ssl-certs") {
            self.warnings.push(ConfigWarning::CertificatesNotVerified { origin: origin.clone() });
        }
        Some(Connection {
            api_url: api_url?,
            token: token?,
            certificate_authority: certificate_authority?,
            verify_certificates,
        })
    }

    fn api_url(&mut self) -> Option<ApiUrl> {
        let mistakes = self.errors.len();
        if let Some(url) = API_SERVER.read(self.written, &mut self.errors) {
            if url.exposes_token()
                && let Some(origin) = self.written.origin("api-url")
            {
                self.warnings.push(ConfigWarning::Unencrypted { origin: origin.clone() });
            }
            return Some(url);
        }
        if self.errors.len() > mistakes {
            return None;
        }
        let Some(host) = self.surroundings.variable("KUBERNETES_SERVICE_HOST") else {
            self.errors.push(ConfigError::NoApiUrl { config_file: self.config_file.clone() });
            return None;
        };
        let port = self.surroundings.variable("KUBERNETES_SERVICE_PORT").unwrap_or("443");
        match ApiUrl::in_cluster(host, port) {
            Ok(url) => Some(url),
            Err(cause) => {
                let (host, port) = (host.to_owned(), port.to_owned());
                self.errors.push(ConfigError::InClusterAddress { host, port, cause });
                None
            }
        }
    }

    fn token(&mut self) -> Option<Token> {
        let mistakes = self.errors.len();
        let path = AUTH_TOKEN_PATH.read(self.written, &mut self.errors);
        let token = AUTH_TOKEN.read(self.written, &mut self.errors);
        let path = path.zip(self.written.origin("auth-token-path").cloned());
        let token = token.zip(self.written.origin("auth-token").cloned());
        if let Some((_, Origin::CommandLine)) = token {
            self.warnings.push(ConfigWarning::TokenOnCommandLine);
        }
        match (path, token) {
            (Some((path, origin)), None) => self.token_file(path, origin),
            (None, Some((token, _))) => Some(Token::Inline(token)),
            // The file is the administrator's word and beats the command line, for the two options together too.
            (Some((path, origin @ Origin::File(_))), Some((_, Origin::CommandLine))) => {
                self.token_file(path, origin)
            }
            (Some((_, Origin::CommandLine)), Some((token, Origin::File(_)))) => Some(Token::Inline(token)),
            (Some((_, path_origin)), Some((_, token_origin))) => {
                self.errors.push(ConfigError::TwoTokens { path_origin, token_origin });
                None
            }
            (None, None) if self.errors.len() > mistakes => None,
            (None, None) => self.in_cluster_token(),
        }
    }

    fn token_file(&mut self, path: PathBuf, origin: Origin) -> Option<Token> {
        if path.try_exists().is_ok_and(|exists| !exists) {
            self.errors.push(ConfigError::TokenFileMissing { origin, path });
            return None;
        }
        Some(Token::File { path, origin })
    }

    fn in_cluster_token(&mut self) -> Option<Token> {
        let path = self.surroundings.service_account().join("token");
        if path.exists() {
            return Some(Token::InCluster(path));
        }
        let in_pod = self.surroundings.variable("KUBERNETES_SERVICE_HOST").is_some();
        self.errors.push(ConfigError::NoToken {
            config_file: self.config_file.clone(),
            tried: in_pod.then_some(path),
        });
        None
    }

    fn certificate_authority(&mut self) -> Option<CertificateAuthority> {
        let mistakes = self.errors.len();
        if let Some(authority) = CERTIFICATE_AUTHORITY.read(self.written, &mut self.errors) {
            return Some(authority);
        }
        if self.errors.len() > mistakes {
            return None;
        }
        let path = self.surroundings.service_account().join("ca.crt");
        if self.written.origin("certificate-authority").is_some() || !path.exists() {
            return Some(CertificateAuthority::System);
        }
        let read = std::fs::read(&path).map_err(InClusterAuthorityError::from);
        match read.and_then(|pem| Ok(certificate::from_pem(pem)?)) {
            Ok(authority) => Some(authority),
            Err(cause) => {
                self.errors.push(ConfigError::InClusterAuthority { path, cause });
                None
            }
        }
    }
}
