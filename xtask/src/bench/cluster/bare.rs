//! The least that a client of the API can be: one connection, kept alive, and the bytes that come.

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::cluster::{Cluster, LauncherToken};
use crate::failure::Failure;

/// Where the API is, and as whom to ask: the launcher's service account.
#[derive(Clone)]
pub(super) struct Address {
    host: String,
    port: u16,
    token: String,
    tls: TlsConnector,
}

impl Address {
    /// # Errors
    /// An address or a certificate that can't be read.
    pub(super) fn of(cluster: &Cluster) -> Result<Self, Failure> {
        let uri: http::Uri =
            cluster.api_url.parse().map_err(|e| Failure::during("reading the cluster's address", e))?;
        let token = match &cluster.launcher_token {
            LauncherToken::Lasting(token) => token.clone(),
            LauncherToken::Replaced(_) => {
                return Err(Failure::new("the bare client needs a token that lasts"));
            }
        };
        let mut roots = rustls::RootCertStore::empty();
        for der in cluster.authorities()? {
            roots.add(der).map_err(|e| Failure::during("reading the cluster's certificate authority", e))?;
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|e| Failure::during("preparing TLS", e))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Address {
            host: uri.host().unwrap_or_default().trim_matches(['[', ']']).to_owned(),
            port: uri.port_u16().unwrap_or(443),
            token,
            tls: TlsConnector::from(Arc::new(config)),
        })
    }

    /// A TLS connection without any HTTP yet.
    ///
    /// # Errors
    /// Nobody answers, or not with the right certificate.
    pub(super) async fn dial(&self) -> Result<TlsStream<TcpStream>, Failure> {
        let doing = "connecting to the API server";
        let stream =
            TcpStream::connect((&*self.host, self.port)).await.map_err(|e| Failure::during(doing, e))?;
        stream.set_nodelay(true).map_err(|e| Failure::during(doing, e))?;
        let name = ServerName::try_from(self.host.clone()).map_err(|e| Failure::during(doing, e))?;
        self.tls.connect(name, stream).await.map_err(|e| Failure::during(doing, e))
    }

    /// # Errors
    /// As [`dial`](Self::dial).
    pub(super) async fn connect(&self) -> Result<Bare, Failure> {
        let stream = TokioIo::new(self.dial().await?);
        let (sender, connection) =
            http1::handshake(stream).await.map_err(|e| Failure::during("beginning HTTP", e))?;
        tokio::spawn(async move {
            // What breaks it, breaks the request that waits for it.
            drop(connection.await);
        });
        Ok(Bare { sender, host: self.host.clone(), token: self.token.clone() })
    }
}

/// One connection. Requests follow each other on it.
pub(super) struct Bare {
    sender: SendRequest<Full<Bytes>>,
    host: String,
    token: String,
}

/// One request.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) method: Method,
    /// With its query.
    pub(super) path: String,
    pub(super) content_type: Option<String>,
    pub(super) body: Bytes,
    /// Whether a compressed answer is welcome.
    pub(super) gzip: bool,
}

impl Call {
    pub(super) fn get(path: impl Into<String>) -> Self {
        Call { method: Method::GET, path: path.into(), content_type: None, body: Bytes::new(), gzip: false }
    }

    pub(super) fn delete(path: impl Into<String>) -> Self {
        Call { method: Method::DELETE, ..Call::get(path) }
    }

    pub(super) fn with_gzip(self) -> Self {
        Call { gzip: true, ..self }
    }
}

/// An answer whose body is still to come.
pub(super) struct Answer {
    pub(super) headers: HeaderMap,
    body: Incoming,
}

impl Answer {
    /// The next bytes; none at the end.
    ///
    /// # Errors
    /// The connection breaks.
    pub(super) async fn chunk(&mut self) -> Result<Option<Bytes>, Failure> {
        loop {
            let Some(frame) = self.body.frame().await else { return Ok(None) };
            let frame = frame.map_err(|e| Failure::during("reading an answer", e))?;
            if let Ok(bytes) = frame.into_data() {
                return Ok(Some(bytes));
            }
        }
    }
}

impl Bare {
    /// Sends a request and reads the beginning of its answer.
    ///
    /// # Errors
    /// The connection breaks, or the server refuses.
    pub(super) async fn open(&mut self, call: &Call) -> Result<Answer, Failure> {
        let doing = || format!("{} {}", call.method, call.path);
        let mut request = Request::builder()
            .method(&call.method)
            .uri(&call.path)
            .header("host", &self.host)
            .header("accept", "*/*")
            .header("authorization", format!("Bearer {}", self.token));
        if let Some(kind) = &call.content_type {
            request = request.header("content-type", kind);
        }
        if call.gzip {
            request = request.header("accept-encoding", "gzip");
        }
        let request = request.body(Full::new(call.body.clone())).map_err(|e| Failure::during(doing(), e))?;
        self.sender.ready().await.map_err(|e| Failure::during(doing(), e))?;
        let response = self.sender.send_request(request).await.map_err(|e| Failure::during(doing(), e))?;
        let (parts, body) = response.into_parts();
        if parts.status.is_success() {
            return Ok(Answer { headers: parts.headers, body });
        }
        Err(refused(&doing(), parts.status, body).await)
    }

    /// Sends a request and reads its whole answer.
    ///
    /// # Errors
    /// The connection breaks, or the server refuses.
    pub(super) async fn call(&mut self, call: &Call) -> Result<Bytes, Failure> {
        let answer = self.open(call).await?;
        let collected = answer.body.collect().await;
        Ok(collected.map_err(|e| Failure::during(format!("reading {}", call.path), e))?.to_bytes())
    }
}

async fn refused(doing: &str, status: StatusCode, body: Incoming) -> Failure {
    let text = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    Failure::new(format!("{doing}: {status}: {}", String::from_utf8_lossy(&text)))
}
