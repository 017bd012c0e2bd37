//! Services: defaults, addresses, node ports, checks.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::{causes::Causes, fill, metadata, names};
use crate::{identifiers, kind::Kind, store::Store};

/// Where node ports are.
pub(super) const FIRST_NODE_PORT: i64 = 30_000;
/// The last one.
pub(super) const LAST_NODE_PORT: i64 = 32_767;

/// Fills in what was left out, but for addresses and ports.
pub(super) fn default(service: &mut Value) {
    if !service["spec"].is_object() {
        service["spec"] = json!({});
    }
    let spec = &mut service["spec"];
    for port in spec["ports"].as_array_mut().into_iter().flatten() {
        fill(port, "protocol", json!("TCP"));
        let unset = port["targetPort"].is_null() || port["targetPort"] == 0 || port["targetPort"] == "";
        if unset {
            port["targetPort"] = port["port"].clone();
        }
        if port["nodePort"] == 0
            && let Some(fields) = port.as_object_mut()
        {
            fields.shift_remove("nodePort");
        }
    }
    if spec["ports"].is_null()
        && let Some(fields) = spec.as_object_mut()
    {
        fields.shift_remove("ports");
    }
    fill(spec, "type", json!("ClusterIP"));
    fill(spec, "sessionAffinity", json!("None"));
    if spec["type"] != "ExternalName" {
        fill(spec, "ipFamilies", json!(["IPv4"]));
        fill(spec, "ipFamilyPolicy", json!("SingleStack"));
        fill(spec, "internalTrafficPolicy", json!("Cluster"));
    }
    if has_node_ports(&service["spec"]) {
        fill(&mut service["spec"], "externalTrafficPolicy", json!("Cluster"));
    }
    fill(service, "status", json!({"loadBalancer": {}}));
}

fn has_node_ports(spec: &Value) -> bool {
    matches!(spec["type"].as_str(), Some("NodePort" | "LoadBalancer"))
}

/// Checks a service, new or changed.
pub(super) fn validate(service: &Value, causes: &mut Causes) {
    let spec = &service["spec"];
    let kind = spec["type"].as_str().unwrap_or_default();
    causes.one_of("spec.type", &spec["type"], &["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"]);
    metadata::labels(&spec["selector"], "spec.selector", causes);
    if kind == "ExternalName" {
        if spec["externalName"].as_str().unwrap_or_default().is_empty() {
            causes.required("spec.externalName");
        }
        return;
    }
    let ports = spec["ports"].as_array().map(Vec::as_slice).unwrap_or_default();
    if ports.is_empty() && spec["clusterIP"] != "None" {
        causes.required("spec.ports");
    }
    let mut seen = HashSet::new();
    for (index, port) in ports.iter().enumerate() {
        let path = format!("spec.ports[{index}]");
        check_port(port, &path, ports.len() > 1, causes);
        if port["nodePort"].is_number() && !has_node_ports(spec) {
            let why = format!("may not be used when `type` is '{kind}'");
            causes.forbidden(format!("{path}.nodePort"), &why);
        }
        if !seen.insert((port["port"].to_string(), port["protocol"].to_string())) {
            causes.duplicate(
                path,
                &json!({"Name": "", "Protocol": port["protocol"], "AppProtocol": null, "Port": port["port"],
                        "TargetPort": 0, "NodePort": 0}),
            );
        }
    }
}

fn check_port(port: &Value, path: &str, named: bool, causes: &mut Causes) {
    match port["name"].as_str().unwrap_or_default() {
        "" if named => causes.required(format!("{path}.name")),
        "" => {}
        name => causes.check(format!("{path}.name"), name, names::label(name)),
    }
    if port["port"].is_null() {
        causes.invalid(format!("{path}.port"), &json!(0), "must be between 1 and 65535, inclusive");
    }
    causes.between(format!("{path}.port"), &port["port"], 1, 65_535);
    causes.one_of(format!("{path}.protocol"), &port["protocol"], &["SCTP", "TCP", "UDP"]);
    match &port["targetPort"] {
        Value::String(name) => {
            for why in names::port_name(name) {
                causes.invalid(format!("{path}.targetPort"), &port["targetPort"], why);
            }
        }
        number => causes.between(format!("{path}.targetPort"), number, 1, 65_535),
    }
}

/// Gives a service its cluster address and node ports, where it has none yet.
pub(super) fn allocate(store: &Store, service: &mut Value, causes: &mut Causes) {
    let uid = service["metadata"]["uid"].clone();
    let spec = &mut service["spec"];
    if spec["type"] == "ExternalName" {
        return;
    }
    if spec["clusterIP"].as_str().unwrap_or_default().is_empty() {
        spec["clusterIP"] = json!(free_address(store));
    }
    let address = spec["clusterIP"].clone();
    fill(spec, "clusterIPs", json!([address]));
    if !has_node_ports(spec) {
        return;
    }
    let mut taken = taken_ports(store, &uid);
    for (index, port) in spec["ports"].as_array_mut().into_iter().flatten().enumerate() {
        let path = format!("spec.ports[{index}].nodePort");
        match port["nodePort"].as_i64() {
            None => match free_port(&taken) {
                Some(free) => {
                    taken.insert(free);
                    port["nodePort"] = json!(free);
                }
                None => causes.invalid(path, &json!(0), "failed to allocate a nodePort: range is full"),
            },
            Some(wanted) if !(FIRST_NODE_PORT..=LAST_NODE_PORT).contains(&wanted) => {
                let why = format!(
                    "provided port is not in the valid range. The range of valid ports is {FIRST_NODE_PORT}-{LAST_NODE_PORT}"
                );
                causes.invalid(path, &json!(wanted), &why);
            }
            Some(wanted) => {
                if !taken.insert(wanted) {
                    causes.invalid(path, &json!(wanted), "provided port is already allocated");
                }
            }
        }
    }
}

/// The node ports of every other service.
fn taken_ports(store: &Store, uid: &Value) -> HashSet<i64> {
    let services = store.list(Kind::Service, None).items;
    services
        .iter()
        .filter(|service| service.value()["metadata"]["uid"] != *uid)
        .filter_map(|service| service.value()["spec"]["ports"].as_array())
        .flatten()
        .filter_map(|port| port["nodePort"].as_i64())
        .collect()
}

/// A random free node port; `None` when all are taken.
fn free_port(taken: &HashSet<i64>) -> Option<i64> {
    let span = LAST_NODE_PORT - FIRST_NODE_PORT + 1;
    let start = i64::from(u16::from_le_bytes(identifiers::random_bytes())) % span;
    (0..span).map(|step| FIRST_NODE_PORT + (start + step) % span).find(|port| !taken.contains(port))
}

/// A random address of 10.96.0.0/16 that no service has.
fn free_address(store: &Store) -> String {
    let services = store.list(Kind::Service, None).items;
    let taken: HashSet<&str> =
        services.iter().filter_map(|service| service.value()["spec"]["clusterIP"].as_str()).collect();
    loop {
        let [third, fourth] = identifiers::random_bytes();
        let address = format!("10.96.{third}.{fourth}");
        if !taken.contains(address.as_str()) && fourth != 0 {
            return address;
        }
    }
}
