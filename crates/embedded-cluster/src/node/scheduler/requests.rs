//! What a pod asks of its node.

use std::collections::BTreeMap;

use crate::node::pod_spec::{ContainerSpec, PodSpec};
use crate::node::quantity::Quantity;
use crate::store::Object;

/// The sum over a pod's containers, by resource name; and its host ports.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Requests {
    pub(super) amounts: BTreeMap<String, Quantity>,
    pub(super) host_ports: Vec<(u16, String)>,
}

impl Requests {
    /// Main containers and sidecars run together; an init container runs beside the sidecars before it.
    pub(super) fn of(pod: &Object) -> Self {
        let spec = PodSpec::of(pod);
        let mut amounts = BTreeMap::new();
        let mut at_start = BTreeMap::new();
        for container in &spec.init_containers {
            let own = requested(container);
            if container.is_sidecar() {
                add(&mut amounts, &own);
                raise(&mut at_start, &amounts);
            } else {
                let mut together = amounts.clone();
                add(&mut together, &own);
                raise(&mut at_start, &together);
            }
        }
        for container in &spec.containers {
            add(&mut amounts, &requested(container));
        }
        raise(&mut amounts, &at_start);
        let containers = spec.init_containers.iter().chain(&spec.containers);
        let host_ports = containers
            .flat_map(|container| &container.ports)
            .filter_map(|port| Some((port.host_port?, protocol(&port.protocol))))
            .collect();
        Self { amounts, host_ports }
    }
}

fn protocol(name: &str) -> String {
    if name.is_empty() { "TCP".to_owned() } else { name.to_owned() }
}

/// The requests; for what is only limited, the limit.
fn requested(container: &ContainerSpec) -> BTreeMap<String, Quantity> {
    let limits = container.resources.limits.iter();
    let all = limits.chain(&container.resources.requests);
    all.map(|(name, amount)| (name.clone(), Quantity::of(amount))).collect()
}

fn add(sum: &mut BTreeMap<String, Quantity>, more: &BTreeMap<String, Quantity>) {
    for (name, amount) in more {
        let total = sum.entry(name.clone()).or_default();
        *total = *total + *amount;
    }
}

fn raise(highest: &mut BTreeMap<String, Quantity>, other: &BTreeMap<String, Quantity>) {
    for (name, amount) in other {
        let known = highest.entry(name.clone()).or_default();
        *known = (*known).max(*amount);
    }
}
