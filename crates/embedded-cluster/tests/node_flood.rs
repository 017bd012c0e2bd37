//! Much output, little memory. Alone in its program, since it looks at the memory of the whole process.

use std::sync::Arc;
use std::time::Duration;

use embedded_cluster::EmbeddedCluster;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

const SIZE: usize = 200 * 1024 * 1024;
const NAMESPACE: &str = "rstudio";

/// Sends one HTTP/1.1 request on a connection of its own.
async fn request(cluster: &EmbeddedCluster, method: &str, path: &str, body: &str) -> TlsStream<TcpStream> {
    let mut roots = rustls::RootCertStore::empty();
    let authority = CertificateDer::from_pem_slice(cluster.certificate_authority_pem().as_bytes());
    roots.add(authority.expect("a certificate")).expect("a certificate authority");
    let config = rustls::ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    let url = cluster.url();
    let host = url.strip_prefix("https://").expect("an https URL");
    let stream = TcpStream::connect(host).await.expect("the API listens");
    let name = ServerName::try_from("127.0.0.1").expect("a name");
    let mut stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await.expect("TLS");
    let token = cluster.launcher_token();
    let length = body.len();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    );
    stream.write_all(head.as_bytes()).await.expect("the API reads");
    stream
}

/// A whole answer, head and all.
async fn answer(cluster: &EmbeddedCluster, method: &str, path: &str, body: &str) -> String {
    let mut bytes = Vec::new();
    // An API that closes without a TLS goodbye has still answered.
    let _ = request(cluster, method, path, body).await.read_to_end(&mut bytes).await;
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The resident set of this process, in bytes.
fn memory() -> usize {
    let statm = std::fs::read_to_string("/proc/self/statm").expect("Linux");
    let pages: usize = statm.split(' ').nth(1).and_then(|pages| pages.parse().ok()).expect("a number");
    pages * 4096
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_megabytes_flow_from_a_process_to_a_client_with_little_memory() {
    let cluster = EmbeddedCluster::builder().start().await.expect("a cluster");
    let line = "0123456789".repeat(8);
    let script = format!("yes {line} | head -c {SIZE}");
    let job = format!(
        r#"{{"apiVersion":"batch/v1","kind":"Job","metadata":{{"name":"flood"}},"spec":{{"backoffLimit":0,"template":{{"spec":
        {{"restartPolicy":"Never","containers":[{{"name":"main","image":"any","command":["sh","-c","{script}"]}}]}}}}}}}}"#
    );
    let jobs = format!("/apis/batch/v1/namespaces/{NAMESPACE}/jobs");
    let made = answer(&cluster, "POST", &jobs, &job).await;
    assert!(made.starts_with("HTTP/1.1 201 "), "{made}");
    let running = async {
        loop {
            let pods = answer(&cluster, "GET", &format!("/api/v1/namespaces/{NAMESPACE}/pods"), "").await;
            let name = pods
                .split("\"name\":\"")
                .find_map(|rest| rest.split('"').next().filter(|name| name.starts_with("flood-")));
            if let Some(name) = name.filter(|_| pods.contains("\"startedAt\"")) {
                return name.to_owned();
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let pod = tokio::time::timeout(Duration::from_secs(30), running).await.expect("the pod runs");
    let before = memory();
    let path = format!("/api/v1/namespaces/{NAMESPACE}/pods/{pod}/log?container=main&follow=true");
    let mut log = request(&cluster, "GET", &path, "").await;
    let mut chunk = vec![0; 256 * 1024];
    let (mut total, mut most) = (0, 0);
    loop {
        let read = log.read(&mut chunk).await.unwrap_or_default();
        if read == 0 {
            break;
        }
        total += read;
        most = most.max(memory());
    }
    assert!((SIZE..SIZE + SIZE / 10).contains(&total), "{total} bytes with the head and the chunks' sizes");
    let growth = most.saturating_sub(before);
    assert!(growth < 64 * 1024 * 1024, "grew by {growth} bytes");
    cluster.shutdown().await;
}
