//! Job Network.

use std::net::IpAddr;

use launcher_api::request::JobNetworkRequest;
use launcher_api::response::{JobNetwork, JobNetworkResponse};
use launcher_api::{ErrorCode, JobStatus, RequestId, Response};
use tokio::time::Instant;

use crate::backend::Backend;
use crate::calls::call;
use crate::context::Context;
use crate::in_flight::Answer;
use crate::refusal::Refusal;

/// Where the job runs, or ran last.
pub(crate) async fn network<B: Backend>(
    cx: Context<B>,
    request: RequestId,
    asked: JobNetworkRequest,
    deadline: Instant,
) -> Answer {
    let job = cx.jobs.find(asked.who.username, asked.job).await?;
    if job.status == JobStatus::Pending && job.host.is_empty() {
        let message = format!("job '{}' is Pending: it has no place in the network yet", job.id);
        return Err(Refusal::new(ErrorCode::JobNotRunning, message));
    }
    let network = call("looking where the job runs", deadline, cx.backend.network(job)).await??;
    let network = reachable(network);
    Ok(Some(Response::JobNetwork(JobNetworkResponse { request_id: request, network })))
}

/// Leaves out addresses that mean something only on the machine itself or its cable. If the only address is the loopback,
/// the cluster is this machine and the address is of use here.
fn reachable(mut network: JobNetwork) -> JobNetwork {
    let scope = |address: &String| address.parse().map_or(Scope::Network, scope_of);
    let widest = network.ip_addresses.iter().map(scope).max();
    let kept = if widest == Some(Scope::Machine) { Scope::Machine } else { Scope::Network };
    network.ip_addresses.retain(|address| scope(address) == kept);
    network
}

/// How far an address reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Scope {
    Link,
    Machine,
    Network,
}

fn scope_of(address: IpAddr) -> Scope {
    let is_link_local = match address {
        IpAddr::V4(address) => address.is_link_local(),
        IpAddr::V6(address) => address.is_unicast_link_local(),
    };
    match (is_link_local, address.is_loopback()) {
        (true, _) => Scope::Link,
        (_, true) => Scope::Machine,
        _ => Scope::Network,
    }
}

#[cfg(test)]
mod tests {
    use launcher_api::response::JobNetwork;

    use super::reachable;

    #[test]
    fn only_addresses_that_others_can_reach_are_told() {
        let cases: [(&[&str], &[&str]); 5] = [
            (&["127.0.0.1", "10.20.0.13", "169.254.3.4", "198.51.100.7"], &["10.20.0.13", "198.51.100.7"]),
            (&["::1", "fe80::1", "2001:db8::5"], &["2001:db8::5"]),
            (&["127.0.0.1"], &["127.0.0.1"]),
            (&["169.254.3.4"], &[]),
            (&[], &[]),
        ];
        for (from, to) in cases {
            let ip_addresses = from.iter().map(ToString::to_string).collect();
            let network = reachable(JobNetwork { host: "node-3".into(), ip_addresses });
            assert_eq!(network.ip_addresses, to);
        }
    }
}
