//! Plain HTTP in front of a cluster. What is asked is written down.

use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use embedded_cluster::EmbeddedCluster;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsConnector;

pub(crate) struct Door {
    address: SocketAddr,
    asked: Arc<Mutex<String>>,
    accepting: JoinHandle<()>,
}

impl Door {
    pub(crate) async fn before(cluster: &EmbeddedCluster) -> io::Result<Self> {
        let mut roots = rustls::RootCertStore::empty();
        let pem = cluster.certificate_authority_pem().as_bytes();
        roots.add(CertificateDer::from_pem_slice(pem).unwrap()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let connector = TlsConnector::from(Arc::new(config));
        let server = cluster.url().trim_start_matches("https://").to_owned();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let asked = Arc::new(Mutex::default());
        let accepting = tokio::spawn({
            let asked = Arc::clone(&asked);
            async move {
                while let Ok((client, _)) = listener.accept().await {
                    let (connector, server, asked) = (connector.clone(), server.clone(), Arc::clone(&asked));
                    // A connection that breaks is the client's to notice.
                    tokio::spawn(async move { drop(pass(client, &connector, &server, &asked).await) });
                }
            }
        });
        Ok(Self { address, asked, accepting })
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// All that was sent to the cluster.
    pub(crate) fn asked(&self) -> String {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The targets of all requests with that method.
    pub(crate) fn targets(&self, method: &str) -> Vec<String> {
        let asked = self.asked();
        let lines = asked.lines().filter_map(|line| line.strip_suffix(" HTTP/1.1"));
        lines
            .filter_map(|line| line.rsplit_once(&format!("{method} ")))
            .map(|(_, to)| to.to_owned())
            .collect()
    }

    /// Asks the cluster with a token of one's own.
    pub(crate) fn ask(&self, method: &str, path: &str, token: &str, body: Option<&Value>) -> (u16, Value) {
        let body = body.map(Value::to_string).unwrap_or_default();
        let mut stream = std::net::TcpStream::connect(self.address).unwrap();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {token}\r\nconnection: close\r\n\
             accept: application/json\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            self.address,
            body.len()
        )
        .unwrap();
        let mut answer = Vec::new();
        // The end of the connection without a goodbye of TLS is an end all the same.
        let _ = stream.read_to_end(&mut answer);
        let answer = String::from_utf8_lossy(&answer);
        let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default();
        let object = answer.find('{').zip(answer.rfind('}')).map(|(from, to)| &answer[from..=to]);
        (status, serde_json::from_str(object.unwrap_or("null")).unwrap_or_default())
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn pass(
    client: TcpStream,
    connector: &TlsConnector,
    server: &str,
    asked: &Mutex<String>,
) -> io::Result<()> {
    let name = ServerName::IpAddress(Ipv4Addr::LOCALHOST.into());
    let server = connector.connect(name, TcpStream::connect(server).await?).await?;
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = tokio::io::split(server);
    let there = async {
        let mut buffer = vec![0; 16 * 1024];
        while let count @ 1.. = from_client.read(&mut buffer).await? {
            let text = String::from_utf8_lossy(&buffer[..count]);
            asked.lock().unwrap_or_else(PoisonError::into_inner).push_str(&text);
            to_server.write_all(&buffer[..count]).await?;
            to_server.flush().await?;
        }
        to_server.shutdown().await
    };
    let back = async {
        tokio::io::copy(&mut from_server, &mut to_client).await?;
        to_client.shutdown().await
    };
    tokio::try_join!(there, back).map(|_| ())
}
