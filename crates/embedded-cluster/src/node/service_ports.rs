//! Node ports and host ports: listeners on the node's addresses that lead to the pods' processes.
//!
//! Every TCP port of a `NodePort` service is listened on at the node's addresses and at 127.0.0.1. A connection goes to
//! one of the running pods that the selector means, at 127.0.0.1 and the target port; with no such pod it is closed.
//! A `hostPort` that differs from its `containerPort` is served the same way. Cluster IPs lead nowhere, and UDP is not
//! served. Pods share the host's ports: two that listen on the same one exclude each other.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::follower::{Follower, Seen};
use super::options::NodeOptions;
use super::pod_spec::{ContainerSpec, PodSpec};
use crate::kind::Kind;
use crate::registry::Registry;
use crate::store::{Object, ObjectKey};

/// Before a port that is taken, or a connection that could not be accepted, is tried again.
const RETRY: Duration = Duration::from_millis(100);

/// Where a listener leads: the target ports of the pods behind it, at the moment.
type Targets = Arc<Mutex<Vec<u16>>>;

/// What a listener is there for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Origin {
    Service(ObjectKey),
    Pod(ObjectKey),
}

#[derive(Debug)]
struct Open {
    targets: Targets,
    /// Dropped to stop listening; connections end with it.
    _tasks: JoinSet<()>,
}

/// Runs until dropped.
pub(super) async fn run(registry: Registry, options: Arc<NodeOptions>) {
    let mut services = Follower::new(registry.store(), Kind::Service);
    let mut pods = Follower::new(registry.store(), Kind::Pod);
    let mut ports = Ports { addresses: addresses(&options), open: BTreeMap::new() };
    loop {
        tokio::select! {
            seen = services.next() => match seen {
                Seen::Present(service) => ports.serve(&service, &pods),
                Seen::Gone(service) => ports.close(&Origin::Service(service.key())),
            },
            seen = pods.next() => {
                let pod = seen.object();
                match &seen {
                    Seen::Present(pod) if is_running(pod) => ports.open_host_ports(pod),
                    _ => ports.close(&Origin::Pod(pod.key())),
                }
                let concerned = services.objects().values().filter(|service| {
                    service.namespace() == pod.namespace() && selects(service, pod)
                });
                for service in concerned {
                    ports.serve(service, &pods);
                }
            }
        }
    }
}

fn addresses(options: &NodeOptions) -> BTreeSet<IpAddr> {
    let own = [Some(options.internal_ip), options.external_ip, Some(IpAddr::V4(Ipv4Addr::LOCALHOST))];
    own.into_iter().flatten().filter(IpAddr::is_loopback).collect()
}

#[derive(Debug)]
struct Ports {
    addresses: BTreeSet<IpAddr>,
    open: BTreeMap<(Origin, u16), Open>,
}

impl Ports {
    /// Brings the listeners of a service, and where they lead, up to date.
    fn serve(&mut self, service: &Object, pods: &Follower) {
        let spec = &service.value()["spec"];
        let origin = Origin::Service(service.key());
        let mut wanted = BTreeSet::new();
        let kind = spec["type"].as_str();
        let list = spec["ports"].as_array().filter(|_| matches!(kind, Some("NodePort" | "LoadBalancer")));
        for port in list.into_iter().flatten() {
            let tcp = port["protocol"].as_str().is_none_or(|protocol| protocol == "TCP");
            let Some(node_port) = number(&port["nodePort"]).filter(|_| tcp) else { continue };
            let behind = pods.objects().values().filter(|pod| {
                pod.namespace() == service.namespace() && is_running(pod) && selects(service, pod)
            });
            let targets = behind.filter_map(|pod| target(port, pod)).collect();
            wanted.insert(node_port);
            self.lead(origin.clone(), node_port, targets);
        }
        self.open.retain(|(known, port), _| *known != origin || wanted.contains(port));
    }

    fn open_host_ports(&mut self, pod: &Object) {
        let spec = PodSpec::of(pod);
        let containers = spec.init_containers.iter().filter(|container| container.is_sidecar());
        for port in containers.chain(&spec.containers).flat_map(|container| &container.ports) {
            let tcp = port.protocol.is_empty() || port.protocol == "TCP";
            if let Some(host_port) = port.host_port.filter(|host| tcp && *host != port.container_port) {
                self.lead(Origin::Pod(pod.key()), host_port, vec![port.container_port]);
            }
        }
    }

    fn lead(&mut self, origin: Origin, port: u16, targets: Vec<u16>) {
        let addresses = &self.addresses;
        let open = self.open.entry((origin, port)).or_insert_with(|| Open::new(addresses, port));
        *open.targets.lock().unwrap_or_else(PoisonError::into_inner) = targets;
    }

    fn close(&mut self, origin: &Origin) {
        self.open.retain(|(known, _), _| known != origin);
    }
}

impl Open {
    fn new(addresses: &BTreeSet<IpAddr>, port: u16) -> Self {
        let targets = Targets::default();
        let mut tasks = JoinSet::new();
        for address in addresses {
            tasks.spawn(listen(SocketAddr::new(*address, port), targets.clone()));
        }
        Self { targets, _tasks: tasks }
    }
}

async fn listen(address: SocketAddr, targets: Targets) {
    let listener = bind(address).await;
    let mut connections = JoinSet::new();
    let mut turn = 0_usize;
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let client = match accepted {
                    Ok((client, _)) => client,
                    Err(error) => {
                        tracing::warn!(%error, %address, "cannot accept a connection to a node port");
                        tokio::time::sleep(RETRY).await;
                        continue;
                    }
                };
                let target = {
                    let targets = targets.lock().unwrap_or_else(PoisonError::into_inner);
                    targets.get(turn % targets.len().max(1)).copied()
                };
                turn = turn.wrapping_add(1);
                if let Some(target) = target {
                    connections.spawn(join(client, target));
                }
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

/// Waits for the port: the listener of a service that was deleted just now may still hold it, or another program.
async fn bind(address: SocketAddr) -> TcpListener {
    let mut told = false;
    loop {
        match TcpListener::bind(address).await {
            Ok(listener) => return listener,
            Err(error) if !told => {
                tracing::warn!(%error, %address, "cannot listen on a node port; trying again");
                told = true;
            }
            Err(_) => {}
        }
        tokio::time::sleep(RETRY).await;
    }
}

async fn join(mut client: TcpStream, target: u16) {
    let Ok(mut process) = TcpStream::connect((Ipv4Addr::LOCALHOST, target)).await else { return };
    // However it ends, both sides are closed.
    let _ = copy_bidirectional(&mut client, &mut process).await;
}

fn is_running(pod: &Object) -> bool {
    pod.value()["status"]["phase"] == "Running" && !pod.is_being_deleted()
}

/// Whether a service's selector means a pod; an empty one means none.
fn selects(service: &Object, pod: &Object) -> bool {
    let selector = service.value()["spec"]["selector"].as_object();
    selector.is_some_and(|selector| {
        let labels = pod.labels();
        let has = |name: &str, value: &Value| labels.and_then(|labels| labels.get(name)) == Some(value);
        !selector.is_empty() && selector.iter().all(|(name, value)| has(name, value))
    })
}

/// The port of a pod's process that a service's port leads to.
fn target(port: &Value, pod: &Object) -> Option<u16> {
    match &port["targetPort"] {
        Value::String(name) => {
            let spec = PodSpec::of(pod);
            let ports = |container: &ContainerSpec| {
                container.ports.iter().find(|port| port.name == *name).map(|port| port.container_port)
            };
            spec.containers.iter().chain(&spec.init_containers).find_map(ports)
        }
        Value::Null => number(&port["port"]),
        target => number(target),
    }
}

fn number(value: &Value) -> Option<u16> {
    value.as_u64().and_then(|number| u16::try_from(number).ok()).filter(|number| *number > 0)
}
