//! Services and what is behind them.

use serde_json::{Value, json};

use super::column::{Column, age, items, or_none, selector, text};

pub(super) const SERVICE: &[Column] = &[
    Column::NAME,
    Column::text("Type"),
    Column::text("Cluster-IP"),
    Column::text("External-IP"),
    Column::text("Port(s)"),
    Column::text("Age"),
    Column::wide("Selector"),
];

pub(super) fn service(service: &Value) -> Vec<Value> {
    let ports: Vec<String> = items(service, "/spec/ports").map(port).collect();
    vec![
        json!(text(service, "/metadata/name")),
        json!(text(service, "/spec/type")),
        or_none(text(service, "/spec/clusterIP")),
        json!("<none>"),
        or_none(&ports.join(",")),
        age(service),
        selector(&service["spec"]["selector"]),
    ]
}

fn port(port: &Value) -> String {
    let protocol = port["protocol"].as_str().unwrap_or("TCP");
    match port["nodePort"].as_i64() {
        Some(node_port) => format!("{}:{node_port}/{protocol}", port["port"]),
        None => format!("{}/{protocol}", port["port"]),
    }
}

pub(super) const ENDPOINTS: &[Column] = &[Column::NAME, Column::text("Endpoints"), Column::text("Age")];

pub(super) fn endpoints(endpoints: &Value) -> Vec<Value> {
    let mut all = Vec::new();
    for subset in items(endpoints, "/subsets") {
        for address in items(subset, "/addresses") {
            for port in items(subset, "/ports") {
                all.push(format!("{}:{}", text(address, "/ip"), port["port"]));
            }
        }
    }
    vec![json!(text(endpoints, "/metadata/name")), or_none(&all.join(",")), age(endpoints)]
}

pub(super) const SLICE: &[Column] = &[
    Column::NAME,
    Column::text("AddressType"),
    Column::text("Ports"),
    Column::text("Endpoints"),
    Column::text("Age"),
];

pub(super) fn slice(slice: &Value) -> Vec<Value> {
    let ports: Vec<String> = items(slice, "/ports").map(|port| port["port"].to_string()).collect();
    let addresses: Vec<&str> = items(slice, "/endpoints")
        .flat_map(|endpoint| items(endpoint, "/addresses"))
        .filter_map(Value::as_str)
        .collect();
    let or_unset = |text: String| json!(if text.is_empty() { "<unset>".to_owned() } else { text });
    vec![
        json!(text(slice, "/metadata/name")),
        json!(text(slice, "/addressType")),
        or_unset(ports.join(",")),
        or_unset(addresses.join(",")),
        age(slice),
    ]
}
