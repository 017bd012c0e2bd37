//! Where a job can be reached: its node's name and addresses. Ports are in the job itself.

use std::net::IpAddr;

use launcher_api::Job;
use launcher_api::response::JobNetwork;
use launcher_plugin::BackendError;
use serde::Deserialize;

use crate::client::{ApiClient, ApiFailure, Call, FailureKind, Resource};
use crate::pods;

#[derive(Default, Deserialize)]
#[serde(default)]
struct NodeObject {
    #[serde(deserialize_with = "crate::observed::lenient")]
    status: NodeStatus,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct NodeStatus {
    #[serde(deserialize_with = "crate::observed::lenient")]
    addresses: Vec<NodeAddress>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct NodeAddress {
    #[serde(rename = "type", deserialize_with = "crate::observed::lenient")]
    kind: String,
    #[serde(deserialize_with = "crate::observed::lenient")]
    address: String,
}

/// Where `job` runs, or ran last.
///
/// Nodes may be hidden from the service account: then the address that the pod knows is all.
///
/// # Errors
/// [`BackendError::JobNotRunning`] while it has no node.
pub async fn network(client: &ApiClient, job: &Job) -> Result<JobNetwork, BackendError> {
    let pod = pods::of_job(client, job.id.as_str()).await?;
    let (host, host_ip) = match pod {
        Some(pod) if !pod.spec.node_name.is_empty() => (pod.spec.node_name, pod.status.host_ip),
        _ => (job.host.clone(), String::new()),
    };
    if host.is_empty() {
        return Err(BackendError::JobNotRunning("the job runs on no node yet".to_owned()));
    }
    let node: Result<NodeObject, ApiFailure> = client.read(&Call::get(Resource::Nodes, &host)).await;
    let node = match node {
        Ok(node) => node.status.addresses,
        Err(failure) => match failure.kind {
            FailureKind::Forbidden { .. } | FailureKind::NotFound { .. } => Vec::new(),
            _ if !host_ip.is_empty() => Vec::new(),
            _ => return Err(failure.into()),
        },
    };
    Ok(JobNetwork { host, ip_addresses: addresses(&node, &host_ip) })
}

/// Internal addresses first, then external ones, each once. Loopback and link-local ones only where there is nothing else,
/// as in a cluster on one machine.
fn addresses(node: &[NodeAddress], host_ip: &str) -> Vec<String> {
    let of_kind =
        |kind: &'static str| node.iter().filter(move |a| a.kind == kind).map(|a| a.address.as_str());
    let mut all: Vec<IpAddr> = Vec::new();
    for text in of_kind("InternalIP").chain([host_ip]).chain(of_kind("ExternalIP")) {
        if let Ok(address) = text.parse()
            && !all.contains(&address)
        {
            all.push(address);
        }
    }
    let reachable: Vec<String> = all.iter().filter(|a| is_reachable(a)).map(ToString::to_string).collect();
    if reachable.is_empty() { all.iter().map(ToString::to_string).collect() } else { reachable }
}

fn is_reachable(address: &IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => !v4.is_loopback() && !v4.is_link_local() && !v4.is_unspecified(),
        IpAddr::V6(v6) => !v6.is_loopback() && !v6.is_unicast_link_local() && !v6.is_unspecified(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(node: &[(&str, &str)], host_ip: &str) -> Vec<String> {
        let node: Vec<NodeAddress> = node
            .iter()
            .map(|(kind, address)| NodeAddress { kind: (*kind).to_owned(), address: (*address).to_owned() })
            .collect();
        addresses(&node, host_ip)
    }

    #[test]
    fn internal_addresses_come_before_external_ones() {
        let node = [
            ("ExternalIP", "198.51.100.7"),
            ("Hostname", "node1"),
            ("InternalIP", "10.20.0.13"),
            ("InternalIP", "fd00::1"),
        ];
        assert_eq!(of(&node, "10.20.0.13"), ["10.20.0.13", "fd00::1", "198.51.100.7"]);
    }

    #[test]
    fn without_the_right_to_see_nodes_the_pods_address_is_all() {
        assert_eq!(of(&[], "10.20.0.13"), ["10.20.0.13"]);
        assert!(of(&[], "").is_empty());
    }

    #[test]
    fn loopback_is_told_only_where_there_is_nothing_else() {
        assert_eq!(of(&[("InternalIP", "127.0.0.1"), ("InternalIP", "10.0.0.1")], ""), ["10.0.0.1"]);
        assert_eq!(of(&[("InternalIP", "169.254.0.5"), ("ExternalIP", "10.0.0.1")], ""), ["10.0.0.1"]);
        assert_eq!(of(&[("InternalIP", "127.0.0.1")], "127.0.0.1"), ["127.0.0.1"]);
    }
}
