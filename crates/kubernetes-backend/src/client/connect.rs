//! TLS, sockets and the connection pool.
//!
//! HTTP/1.1 throughout, so that every stream has a connection of its own. Over HTTP/2 all of them would share one: servers
//! allow some 100 streams on it, so that the 101st reader of a log would keep a submission waiting; what breaks it breaks all;
//! and WebSockets need HTTP/1.1 anyway. What HTTP/2 would bring, pings, is made up for: kernels probe idle connections,
//! WebSockets ping, watches have bookmarks, and quiet logs are replaced.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use hyper_util::client::legacy::Client as HttpClient;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use kube::client::{Body, ConfigExt};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use tower::Layer;
use tower::timeout::Timeout;
use tower::util::MapFuture;

use super::Patience;
use crate::settings::{CertificateAuthority, KubernetesSettings, SetupError};

/// How long a connection is idle before the kernel asks whether the other end is there.
const PROBE_AFTER: Duration = Duration::from_secs(10);
/// How often the kernel asks again.
const PROBE_EVERY: Duration = Duration::from_secs(5);
/// How many of these may go unanswered: a dead connection breaks after 25 s.
const PROBES: u32 = 3;

/// Two ways to the API server. Neither authorizes: [`super::ApiClient`] adds the token to each call.
pub(super) struct Connections {
    /// For calls with one answer: connections are kept for the next.
    pub(super) kept: kube::Client,
    /// For streams, and for calls that a kept connection did not answer: each has a new connection.
    pub(super) fresh: kube::Client,
    /// Whether kept connections may be dead.
    pub(super) doubt: Doubt,
}

/// Where one kept connection was dead, others that were kept at that time may be too. They are left alone until they have
/// gone of themselves.
#[derive(Debug, Default)]
pub(super) struct Doubt {
    since: Mutex<Option<Instant>>,
}

impl Doubt {
    /// A kept connection did not answer.
    pub(super) fn arise(&self) {
        *self.since.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    /// Whether one of them was found dead less than `kept` ago.
    pub(super) fn holds(&self, kept: Duration) -> bool {
        let since = self.since.lock().unwrap_or_else(PoisonError::into_inner);
        since.is_some_and(|since| since.elapsed() < kept)
    }
}

impl Connections {
    /// Reads the settings; connects to nothing yet.
    pub(super) fn new(settings: &KubernetesSettings, patience: &Patience) -> Result<Self, SetupError> {
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
        let build = |use_of| {
            client(&config, patience, use_of)
                .map_err(|error| SetupError::Tls { url: settings.api_url.clone(), reason: error.to_string() })
        };
        Ok(Self { kept: build(Use::Calls)?, fresh: build(Use::Streams)?, doubt: Doubt::default() })
    }
}

/// What a client's connections are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Use {
    Calls,
    Streams,
}

fn client(config: &kube::Config, patience: &Patience, use_of: Use) -> kube::Result<kube::Client> {
    let mut sockets = HttpConnector::new();
    sockets.enforce_http(false);
    sockets.set_nodelay(true);
    sockets.set_keepalive(Some(PROBE_AFTER));
    sockets.set_keepalive_interval(Some(PROBE_EVERY));
    sockets.set_keepalive_retries(Some(PROBES));
    let mut builder = HttpClient::builder(TokioExecutor::new());
    match use_of {
        Use::Calls => {
            // While something that was sent is unconfirmed, the kernel does not probe but sends again, for a quarter of an
            // hour. A call has no time for that.
            sockets.set_tcp_user_timeout(Some(patience.first_answer));
            builder.pool_timer(TokioTimer::new()).pool_idle_timeout(patience.kept);
        }
        // No such limit for streams: it would also break the connection to a container that does not read its standard
        // input for a while.
        Use::Streams => {
            builder.pool_max_idle_per_host(0);
        }
    }
    let connector = Timeout::new(config.rustls_https_connector_with_connector(sockets)?, patience.connection);
    let client: HttpClient<_, Body> = builder.build(MapFuture::new(connector, Box::pin));
    Ok(kube::Client::new(config.base_uri_layer().layer(client), config.default_namespace.as_str()))
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
