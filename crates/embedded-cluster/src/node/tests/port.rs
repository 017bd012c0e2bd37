//! Node ports and host ports.

use std::net::TcpListener;
use std::time::Duration;

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::harness::Cluster;
use crate::kind::Kind;

/// A port that is free now.
fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("an address").port()
}

/// A free port of the range for node ports.
fn free_node_port() -> u16 {
    (30_000..32_768).rev().find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok()).expect("a free port")
}

/// Answers every connection to the port with a greeting. Perl is part of every Debian system, git needs it elsewhere.
fn server(port: u16) -> String {
    format!(
        "exec perl -MIO::Socket::INET -e '$s = IO::Socket::INET->new(LocalAddr => q(127.0.0.1), LocalPort => {port}, Listen => 5, ReuseAddr => 1) or die; \
         while ($c = $s->accept) {{ print $c q(hello from the pod); close $c }}'"
    )
}

async fn greeting(port: u16) -> String {
    let reached = async {
        loop {
            if let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)).await {
                let mut text = String::new();
                let _ = stream.write_all(b"x").await;
                if stream.read_to_string(&mut text).await.is_ok() && !text.is_empty() {
                    return text;
                }
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), reached).await.expect("the process is reached")
}

#[tokio::test]
async fn a_node_port_leads_to_the_process_of_the_pod_that_the_selector_means() {
    let cluster = Cluster::start();
    let (target, node_port) = (free_port(), free_node_port());
    cluster.object(
        Kind::Service,
        json!({
            "metadata": {"name": "web"},
            "spec": {
                "type": "NodePort", "selector": {"job-name": "web"},
                "ports": [{"name": "port0", "protocol": "TCP", "port": target, "targetPort": target, "nodePort": node_port}],
            },
        }),
    );
    cluster.job("web", &server(target));
    cluster.running("web").await;
    assert_eq!(greeting(node_port).await, "hello from the pod");
    cluster.node.shutdown().await;
}

#[tokio::test]
async fn a_host_port_leads_to_the_containers_port() {
    let cluster = Cluster::start();
    let (target, host_port) = (free_port(), free_port());
    cluster.pod_with("direct", &server(target), |spec| {
        spec["containers"][0]["ports"] = json!([{"containerPort": target, "hostPort": host_port}]);
    });
    cluster.running("direct").await;
    assert_eq!(greeting(host_port).await, "hello from the pod");
    cluster.node.shutdown().await;
}
