//! The specification of a pod, in a pod or in a job's template: defaults.

mod container_rules;
mod rules;
mod volume_rules;

use serde_json::{Value, json};

pub(super) use self::rules::{validate, warnings};
use super::fill;

/// Fills in what was left out, as the API server does before it stores a pod or a template.
pub(super) fn default(spec: &mut Value) {
    for list in ["initContainers", "containers"] {
        for container in spec[list].as_array_mut().into_iter().flatten() {
            default_container(container);
        }
        if spec[list].is_null()
            && let Some(fields) = spec.as_object_mut()
        {
            fields.shift_remove(list);
        }
    }
    for volume in spec["volumes"].as_array_mut().into_iter().flatten() {
        default_volume(volume);
    }
    if spec["volumes"].is_null()
        && let Some(fields) = spec.as_object_mut()
    {
        fields.shift_remove("volumes");
    }
    fill(spec, "terminationGracePeriodSeconds", json!(30));
    fill(spec, "dnsPolicy", json!("ClusterFirst"));
    // The older name of the field, kept equal.
    if let Some(account) = spec["serviceAccountName"].as_str().or_else(|| spec["serviceAccount"].as_str()) {
        let account = json!(account);
        spec["serviceAccountName"] = account.clone();
        spec["serviceAccount"] = account;
    } else if let Some(fields) = spec.as_object_mut() {
        fields.shift_remove("serviceAccountName");
        fields.shift_remove("serviceAccount");
    }
    fill(spec, "securityContext", json!({}));
    fill(spec, "schedulerName", json!("default-scheduler"));
}

fn default_container(container: &mut Value) {
    if !container.is_object() {
        return;
    }
    for port in container["ports"].as_array_mut().into_iter().flatten() {
        fill(port, "protocol", json!("TCP"));
    }
    for variable in container["env"].as_array_mut().into_iter().flatten() {
        if variable["valueFrom"]["fieldRef"].is_object() {
            fill(&mut variable["valueFrom"]["fieldRef"], "apiVersion", json!("v1"));
        } else if variable["valueFrom"].is_null()
            && let Some(fields) = variable.as_object_mut()
        {
            fields.shift_remove("valueFrom");
        }
    }
    for list in ["ports", "env"] {
        if container[list].is_null()
            && let Some(fields) = container.as_object_mut()
        {
            fields.shift_remove(list);
        }
    }
    fill(container, "resources", json!({}));
    for probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
        if container.get(probe).is_some_and(Value::is_object) {
            default_probe(&mut container[probe]);
        }
    }
    fill(container, "terminationMessagePath", json!("/dev/termination-log"));
    fill(container, "terminationMessagePolicy", json!("File"));
    let image = container["image"].as_str().unwrap_or_default();
    let policy = if is_latest(image) { "Always" } else { "IfNotPresent" };
    fill(container, "imagePullPolicy", json!(policy));
}

/// In a pod, what is limited but not requested is requested. Templates are left as they are written.
pub(super) fn request_what_is_limited(spec: &mut Value) {
    for list in ["initContainers", "containers"] {
        let containers = spec.get_mut(list).and_then(Value::as_array_mut);
        for resources in
            containers.into_iter().flatten().filter_map(|container| container.get_mut("resources"))
        {
            let Some(limits) = resources.get("limits").and_then(Value::as_object).cloned() else { continue };
            for (name, amount) in limits {
                if resources["requests"].is_null() {
                    resources["requests"] = json!({});
                }
                fill(&mut resources["requests"], &name, amount);
            }
        }
    }
}

fn default_probe(probe: &mut Value) {
    if probe.get("httpGet").is_some_and(Value::is_object) {
        fill(&mut probe["httpGet"], "path", json!("/"));
        fill(&mut probe["httpGet"], "scheme", json!("HTTP"));
    }
    for (field, value) in
        [("timeoutSeconds", 1), ("periodSeconds", 10), ("successThreshold", 1), ("failureThreshold", 3)]
    {
        fill(probe, field, json!(value));
    }
}

/// Whether an image has no tag or `latest`, and no digest.
fn is_latest(image: &str) -> bool {
    if image.contains('@') {
        return false;
    }
    match image.rsplit('/').next().and_then(|last| last.split_once(':')) {
        Some((_, tag)) => tag == "latest",
        None => true,
    }
}

fn default_volume(volume: &mut Value) {
    let Some(fields) = volume.as_object_mut() else { return };
    if fields.keys().all(|key| key == "name") {
        fields.insert("emptyDir".to_owned(), json!({}));
    }
    for source in ["secret", "configMap", "projected", "downwardAPI"] {
        if let Some(source) = fields.get_mut(source) {
            fill(source, "defaultMode", json!(420));
        }
    }
    if let Some(path) = fields.get_mut("hostPath") {
        fill(path, "type", json!(""));
    }
    let sources = fields.get_mut("projected").and_then(|projected| projected["sources"].as_array_mut());
    for source in sources.into_iter().flatten() {
        if source.get("serviceAccountToken").is_some_and(Value::is_object) {
            fill(&mut source["serviceAccountToken"], "expirationSeconds", json!(3600));
        }
    }
}
