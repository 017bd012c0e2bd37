//! A small HTTPS client, so that tests speak to the cluster as strangers do.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use embedded_cluster::{Builder, EmbeddedCluster};
use http::{Request, StatusCode, Uri};
use http_body_util::{BodyExt, Full};
use hyper::{HeaderMap, body::Incoming, client::conn::http1};
use hyper_util::rt::TokioIo;
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio_rustls::{TlsConnector, client::TlsStream};

/// Where a cluster is, and how to be somebody there.
#[derive(Clone)]
pub(crate) struct Server {
    pub(crate) url: Uri,
    tls: Arc<ClientConfig>,
    pub(crate) admin_token: String,
    pub(crate) launcher_token: String,
}

/// A whole answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// The body was cut before its end.
    pub(crate) cut: bool,
}

impl Answer {
    /// The body as JSON; `null` when it is none.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

impl Server {
    pub(crate) fn new(
        url: &str,
        authority_pem: &[u8],
        admin_token: String,
        launcher_token: String,
    ) -> Server {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(authority_pem).unwrap()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        Server { url: url.parse().unwrap(), tls: Arc::new(tls), admin_token, launcher_token }
    }

    /// The client of an embedded cluster.
    pub(crate) fn of(cluster: &EmbeddedCluster) -> Server {
        let authority = cluster.certificate_authority_pem().as_bytes();
        Server::new(&cluster.url(), authority, cluster.admin_token(), cluster.launcher_token())
    }

    /// A TLS connection.
    pub(crate) async fn connect(&self) -> std::io::Result<TlsStream<TcpStream>> {
        let host = self.url.host().unwrap().to_owned();
        let stream = TcpStream::connect((host.as_str(), self.url.port_u16().unwrap())).await?;
        let name = ServerName::try_from(host).unwrap();
        TlsConnector::from(Arc::clone(&self.tls)).connect(name, stream).await
    }

    /// One connection for many requests.
    pub(crate) async fn session(&self) -> Session {
        let stream = self.connect().await.expect("the cluster accepts connections");
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);
        Session { sender }
    }

    /// Sends a request and returns its answer's head, the body to be read.
    pub(crate) async fn open(
        &self,
        request: Request<Full<Bytes>>,
    ) -> hyper::Result<http::Response<Incoming>> {
        let stream = self.connect().await.expect("the cluster accepts connections");
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        sender.send_request(request).await
    }

    /// Sends a request and reads the whole answer, for at most 20 seconds.
    pub(crate) async fn send(&self, request: Request<Full<Bytes>>) -> Answer {
        let work = async {
            let response = self.open(request).await.expect("an answer");
            let (head, mut incoming) = response.into_parts();
            let mut body = Vec::new();
            let mut cut = false;
            while let Some(frame) = incoming.frame().await {
                match frame {
                    Ok(frame) => body.extend_from_slice(&frame.into_data().unwrap_or_default()),
                    Err(_) => cut = true,
                }
            }
            Answer { status: head.status, headers: head.headers, body: body.into(), cut }
        };
        tokio::time::timeout(Duration::from_secs(20), work).await.expect("an answer in time")
    }

    /// `GET` as the launcher.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(self.request("GET", path, &self.launcher_token).body(Full::default()).unwrap()).await
    }

    /// `POST` of JSON as the launcher.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        let request =
            self.request("POST", path, &self.launcher_token).header("content-type", "application/json");
        self.send(request.body(Full::from(body.to_string())).unwrap()).await
    }

    /// A request to be completed.
    pub(crate) fn request(&self, method: &str, path: &str, token: &str) -> http::request::Builder {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", self.url.authority().unwrap().as_str())
            .header("user-agent", "conformance");
        if token.is_empty() { request } else { request.header("authorization", format!("Bearer {token}")) }
    }
}

/// A connection that is kept.
pub(crate) struct Session {
    sender: http1::SendRequest<Full<Bytes>>,
}

impl Session {
    /// Sends a request, reads its answer and returns its status.
    pub(crate) async fn send(&mut self, request: Request<Full<Bytes>>) -> StatusCode {
        self.sender.ready().await.unwrap();
        let response = self.sender.send_request(request).await.unwrap();
        let status = response.status();
        response.into_body().collect().await.unwrap();
        status
    }
}

/// A cluster and a client of it.
pub(crate) async fn start(builder: Builder) -> (EmbeddedCluster, Server) {
    let cluster = builder.start().await.unwrap();
    let server = Server::of(&cluster);
    (cluster, server)
}

/// A cluster with the usual settings, and a client of it.
pub(crate) async fn cluster() -> (EmbeddedCluster, Server) {
    start(EmbeddedCluster::builder()).await
}
