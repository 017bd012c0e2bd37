//! Pods.

use serde_json::{Value, json};

use super::column::{Column, age, items, or_none, since, text};

pub(super) const COLUMNS: &[Column] = &[
    Column::NAME,
    Column::text("Ready"),
    Column::text("Status"),
    Column::text("Restarts"),
    Column::text("Age"),
    Column::wide("IP"),
    Column::wide("Node"),
    Column::wide("Nominated Node"),
    Column::wide("Readiness Gates"),
];

pub(super) fn cells(pod: &Value) -> Vec<Value> {
    let total = items(pod, "/spec/containers").count();
    let ready =
        items(pod, "/status/containerStatuses").filter(|container| container["ready"] == true).count();
    vec![
        json!(text(pod, "/metadata/name")),
        json!(format!("{ready}/{total}")),
        json!(status(pod)),
        json!(restarts(pod)),
        age(pod),
        or_none(text(pod, "/status/podIP")),
        or_none(text(pod, "/spec/nodeName")),
        or_none(text(pod, "/status/nominatedNodeName")),
        json!("<none>"),
    ]
}

/// The word that tells best what the pod is doing: a container's trouble rather than the phase.
fn status(pod: &Value) -> String {
    let mut word = text(pod, "/status/phase").to_owned();
    if let Some(reason) = Some(text(pod, "/status/reason")).filter(|reason| !reason.is_empty()) {
        reason.clone_into(&mut word);
    }
    let initializing = initializing(pod);
    if let Some(initializing) = &initializing {
        initializing.clone_into(&mut word);
    } else {
        let mut running = false;
        for container in items(pod, "/status/containerStatuses").collect::<Vec<_>>().into_iter().rev() {
            if let Some(trouble) = trouble(container) {
                word = trouble;
            } else if container["ready"] == true && container["state"]["running"].is_object() {
                running = true;
            }
        }
        if word == "Completed" && running {
            "Running".clone_into(&mut word);
        }
    }
    if text(pod, "/metadata/deletionTimestamp").is_empty() {
        return word;
    }
    match text(pod, "/status/phase") {
        _ if text(pod, "/status/reason") == "NodeLost" => "Unknown".to_owned(),
        "Succeeded" | "Failed" => word,
        _ => "Terminating".to_owned(),
    }
}

/// Why a container does not run: its waiting or its end.
fn trouble(container: &Value) -> Option<String> {
    let state = &container["state"];
    if let Some(reason) = state["waiting"]["reason"].as_str() {
        return Some(reason.to_owned());
    }
    state["terminated"].is_object().then(|| ending(&state["terminated"]))
}

fn ending(terminated: &Value) -> String {
    match (terminated["reason"].as_str(), terminated["signal"].as_i64().unwrap_or(0)) {
        (Some(reason), _) if !reason.is_empty() => reason.to_owned(),
        (_, 0) => format!("ExitCode:{}", terminated["exitCode"].as_i64().unwrap_or(0)),
        (_, signal) => format!("Signal:{signal}"),
    }
}

/// `Init:…` while an init container has not done its work.
fn initializing(pod: &Value) -> Option<String> {
    let total = items(pod, "/spec/initContainers").count();
    for (index, container) in items(pod, "/status/initContainerStatuses").enumerate() {
        let state = &container["state"];
        let sidecar = items(pod, "/spec/initContainers")
            .any(|spec| spec["name"] == container["name"] && spec["restartPolicy"] == "Always");
        if state["terminated"]["exitCode"] == 0 || (sidecar && container["started"] == true) {
            continue;
        }
        if state["terminated"].is_object() {
            return Some(format!("Init:{}", ending(&state["terminated"])));
        }
        return Some(match state["waiting"]["reason"].as_str() {
            Some(reason) if !reason.is_empty() && reason != "PodInitializing" => format!("Init:{reason}"),
            _ => format!("Init:{index}/{total}"),
        });
    }
    None
}

fn restarts(pod: &Value) -> String {
    let count: i64 = items(pod, "/status/containerStatuses")
        .filter_map(|container| container["restartCount"].as_i64())
        .sum();
    let last = items(pod, "/status/containerStatuses")
        .map(|container| text(container, "/lastState/terminated/finishedAt"))
        .max()
        .unwrap_or_default();
    match since(last).as_str() {
        Some(ago) if count > 0 && !last.is_empty() => format!("{count} ({ago} ago)"),
        _ => count.to_string(),
    }
}
