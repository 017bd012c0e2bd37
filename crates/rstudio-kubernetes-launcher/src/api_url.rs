//! The address of a Kubernetes API server, as administrators write it.

use std::fmt;
use std::str::FromStr;

use http::Uri;
use http::uri::Scheme;

/// An HTTP or HTTPS address without `/api`, without a slash at its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiUrl {
    text: String,
    encrypted: bool,
    host: String,
}

impl ApiUrl {
    /// The address of the API server that Kubernetes tells its pods (product document 3.1.1).
    ///
    /// # Errors
    /// When host or port are not what an address may hold.
    pub fn in_cluster(host: &str, port: &str) -> Result<Self, ApiUrlError> {
        let bracketed = host.contains(':') && !host.starts_with('[');
        if bracketed { format!("https://[{host}]:{port}") } else { format!("https://{host}:{port}") }.parse()
    }

    /// The address as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether the token would cross a network readable by anyone: plain HTTP to another machine.
    #[must_use]
    pub fn exposes_token(&self) -> bool {
        let here = self.host == "localhost"
            || self.host.trim_matches(['[', ']']).parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback());
        !self.encrypted && !here
    }
}

impl fmt::Display for ApiUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Why a text is not the address of an API server.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ApiUrlError {
    /// No `http://` or `https://` in front.
    #[error("an address begins with https:// or http://, as in 'https://{rest}'")]
    Scheme {
        /// What was written, without another scheme.
        rest: String,
    },
    /// Ends in `/api`, or holds it.
    #[error("leave out '/api' and what follows")]
    ApiPath,
    /// User, query or fragment.
    #[error("an address may hold neither '@', '?' nor '#'")]
    Extra,
    /// Not an address at all.
    #[error("not an address, use one such as 'https://192.168.99.100:8443'")]
    Malformed,
}

impl FromStr for ApiUrl {
    type Err = ApiUrlError;

    fn from_str(text: &str) -> Result<Self, ApiUrlError> {
        let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
        let lower = text.to_ascii_lowercase();
        if !lower.starts_with("https://") && !lower.starts_with("http://") {
            return Err(ApiUrlError::Scheme { rest: rest.to_owned() });
        }
        if text.contains(['?', '#', '@']) {
            return Err(ApiUrlError::Extra);
        }
        let uri: Uri = text.parse().map_err(|_| ApiUrlError::Malformed)?;
        let authority = uri.authority().ok_or(ApiUrlError::Malformed)?;
        let port_is_a_number = match authority.as_str().strip_prefix(authority.host()) {
            Some("") => true,
            Some(port) => {
                port.strip_prefix(':').is_some_and(|digits| digits.parse::<u16>().is_ok_and(|n| n > 0))
            }
            None => false,
        };
        if authority.host().is_empty() || !port_is_a_number {
            return Err(ApiUrlError::Malformed);
        }
        let path = uri.path().trim_end_matches('/');
        if path.ends_with("/api")
            || path.ends_with("/apis")
            || path.contains("/api/")
            || path.contains("/apis/")
        {
            return Err(ApiUrlError::ApiPath);
        }
        Ok(Self {
            text: format!("{}://{authority}{path}", uri.scheme_str().unwrap_or("https")),
            encrypted: uri.scheme() == Some(&Scheme::HTTPS),
            host: authority.host().to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_with_port_path_and_ipv6() {
        for (written, meant) in [
            ("https://192.168.99.100:8443", "https://192.168.99.100:8443"),
            ("https://kubernetes.default.svc/", "https://kubernetes.default.svc"),
            ("http://localhost:8001", "http://localhost:8001"),
            ("HTTPS://[fd00::1]:6443", "https://[fd00::1]:6443"),
            ("https://rancher.example/k8s/clusters/c-1/", "https://rancher.example/k8s/clusters/c-1"),
        ] {
            assert_eq!(written.parse::<ApiUrl>().unwrap().as_str(), meant);
        }
    }

    #[test]
    fn what_is_not_an_address_is_refused_with_its_reason() {
        let scheme = |rest: &str| ApiUrlError::Scheme { rest: rest.to_owned() };
        for (written, why) in [
            ("192.168.99.100:8443", scheme("192.168.99.100:8443")),
            ("ftp://host", scheme("host")),
            ("https://", ApiUrlError::Malformed),
            ("https://host:port", ApiUrlError::Malformed),
            ("https://host:0", ApiUrlError::Malformed),
            ("https://host:", ApiUrlError::Malformed),
            ("https://a b", ApiUrlError::Malformed),
            ("https://host:6443/api", ApiUrlError::ApiPath),
            ("https://host/api/v1/", ApiUrlError::ApiPath),
            ("https://user@host", ApiUrlError::Extra),
            ("https://host?x=1", ApiUrlError::Extra),
        ] {
            assert_eq!(written.parse::<ApiUrl>().unwrap_err(), why, "{written}");
        }
    }

    #[test]
    fn an_ipv6_service_address_gets_its_brackets() {
        assert_eq!(
            ApiUrl::in_cluster("fd00:10:96::1", "443").unwrap().as_str(),
            "https://[fd00:10:96::1]:443"
        );
        assert_eq!(ApiUrl::in_cluster("10.96.0.1", "443").unwrap().as_str(), "https://10.96.0.1:443");
    }

    #[test]
    fn only_plain_http_to_another_machine_exposes_the_token() {
        for (url, exposes) in [
            ("http://10.0.0.1:8080", true),
            ("http://localhost:8001", false),
            ("http://[::1]:8001", false),
            ("http://127.0.0.1", false),
            ("https://10.0.0.1", false),
        ] {
            assert_eq!(url.parse::<ApiUrl>().unwrap().exposes_token(), exposes, "{url}");
        }
    }
}
