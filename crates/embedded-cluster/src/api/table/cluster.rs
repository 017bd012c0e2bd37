//! Nodes, namespaces, events, and kinds with little to show.

use serde_json::{Map, Value, json};

use super::column::{Column, age, items, or_none, since, text};

pub(super) const PLAIN: &[Column] = &[Column::NAME, Column::text("Age")];

pub(super) fn plain(object: &Value) -> Vec<Value> {
    vec![json!(text(object, "/metadata/name")), age(object)]
}

pub(super) const NAMESPACE: &[Column] = &[Column::NAME, Column::text("Status"), Column::text("Age")];

pub(super) fn namespace(namespace: &Value) -> Vec<Value> {
    vec![json!(text(namespace, "/metadata/name")), json!(text(namespace, "/status/phase")), age(namespace)]
}

pub(super) const SECRET: &[Column] =
    &[Column::NAME, Column::text("Type"), Column::text("Data"), Column::text("Age")];

pub(super) fn secret(secret: &Value) -> Vec<Value> {
    let count = secret["data"].as_object().map_or(0, Map::len);
    vec![json!(text(secret, "/metadata/name")), json!(text(secret, "/type")), json!(count), age(secret)]
}

pub(super) const CONFIG_MAP: &[Column] = &[Column::NAME, Column::text("Data"), Column::text("Age")];

pub(super) fn config_map(map: &Value) -> Vec<Value> {
    let count: usize =
        ["data", "binaryData"].iter().map(|field| map[*field].as_object().map_or(0, Map::len)).sum();
    vec![json!(text(map, "/metadata/name")), json!(count), age(map)]
}

pub(super) const CLAIM: &[Column] = &[
    Column::NAME,
    Column::text("Status"),
    Column::text("Volume"),
    Column::text("Capacity"),
    Column::text("Access Modes"),
    Column::text("StorageClass"),
    Column::text("VolumeAttributesClass"),
    Column::text("Age"),
    Column::wide("VolumeMode"),
];

pub(super) fn claim(claim: &Value) -> Vec<Value> {
    let unset = |pointer| match text(claim, pointer) {
        "" => json!("<unset>"),
        text => json!(text),
    };
    vec![
        json!(text(claim, "/metadata/name")),
        json!(text(claim, "/status/phase")),
        json!(text(claim, "/spec/volumeName")),
        json!(text(claim, "/status/capacity/storage")),
        json!(""),
        json!(text(claim, "/spec/storageClassName")),
        unset("/spec/volumeAttributesClassName"),
        age(claim),
        unset("/spec/volumeMode"),
    ]
}

pub(super) const NODE: &[Column] = &[
    Column::NAME,
    Column::text("Status"),
    Column::text("Roles"),
    Column::text("Age"),
    Column::text("Version"),
    Column::wide("Internal-IP"),
    Column::wide("External-IP"),
    Column::wide("OS-Image"),
    Column::wide("Kernel-Version"),
    Column::wide("Container-Runtime"),
];

pub(super) fn node(node: &Value) -> Vec<Value> {
    let address = |kind: &str| {
        let found = items(node, "/status/addresses").find(|address| address["type"] == kind);
        or_none(found.map_or("", |address| text(address, "/address")))
    };
    let known = |field: &str| match text(node, &format!("/status/nodeInfo/{field}")) {
        "" => json!("<unknown>"),
        text => json!(text),
    };
    let ready = items(node, "/status/conditions").find(|condition| condition["type"] == "Ready");
    let mut status = match ready.map(|condition| text(condition, "/status")) {
        Some("True") => "Ready",
        Some(_) => "NotReady",
        None => "Unknown",
    }
    .to_owned();
    if node["spec"]["unschedulable"] == true {
        status.push_str(",SchedulingDisabled");
    }
    vec![
        json!(text(node, "/metadata/name")),
        json!(status),
        or_none(&roles(node)),
        age(node),
        json!(text(node, "/status/nodeInfo/kubeletVersion")),
        address("InternalIP"),
        address("ExternalIP"),
        known("osImage"),
        known("kernelVersion"),
        known("containerRuntimeVersion"),
    ]
}

fn roles(node: &Value) -> String {
    let labels = node["metadata"]["labels"].as_object();
    let roles: Vec<&str> = labels
        .into_iter()
        .flatten()
        .filter_map(|(key, _)| key.strip_prefix("node-role.kubernetes.io/"))
        .filter(|role| !role.is_empty())
        .collect();
    roles.join(",")
}

pub(super) const EVENT: &[Column] = &[
    Column::text("Last Seen"),
    Column::text("Type"),
    Column::text("Reason"),
    Column::text("Object"),
    Column::wide("Subobject"),
    Column::wide("Source"),
    Column::text("Message"),
    Column::wide("First Seen"),
    Column::wide("Count"),
    Column::WIDE_NAME,
];

pub(super) fn event(event: &Value) -> Vec<Value> {
    let or = |first: &'static str, second: &'static str| match text(event, first) {
        "" => text(event, second),
        text => text,
    };
    let kind = text(event, "/involvedObject/kind").to_lowercase();
    let object = match text(event, "/involvedObject/name") {
        "" => kind,
        name => format!("{kind}/{name}"),
    };
    let source: Vec<&str> =
        [or("/source/component", "/reportingComponent"), or("/source/host", "/reportingInstance")]
            .into_iter()
            .filter(|text| !text.is_empty())
            .collect();
    vec![
        since(or("/lastTimestamp", "/eventTime")),
        json!(text(event, "/type")),
        json!(text(event, "/reason")),
        json!(object),
        json!(text(event, "/involvedObject/fieldPath")),
        json!(source.join(", ")),
        json!(text(event, "/message").trim()),
        since(or("/firstTimestamp", "/eventTime")),
        json!(event["count"].as_i64().unwrap_or(1)),
        json!(text(event, "/metadata/name")),
    ]
}
