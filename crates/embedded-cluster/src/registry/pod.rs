//! Pods: admission, defaults, and what may change.

use serde_json::{Value, json};

use super::{causes::Causes, fill, pod_account, pod_spec};
use crate::{status_error::StatusError, store::Store};

/// How long a pod stays on a node that is not ready or silent, in seconds.
const NODE_TOLERATION: i64 = 300;

/// What admission adds to a new pod.
///
/// # Errors
/// 403 when its service account does not exist.
pub(super) fn admit(store: &Store, namespace: &str, pod: &mut Value) -> Result<(), StatusError> {
    let name = pod["metadata"]["name"].as_str().unwrap_or_default().to_owned();
    if !pod["spec"].is_object() {
        pod["spec"] = json!({});
    }
    let spec = &mut pod["spec"];
    pod_account::admit(store, namespace, &name, spec)?;
    tolerate(spec);
    Ok(())
}

fn tolerate(spec: &mut Value) {
    let mut tolerations = spec["tolerations"].as_array().cloned().unwrap_or_default();
    for key in ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"] {
        if !tolerations.iter().any(|toleration| toleration["key"] == key || toleration["key"].is_null()) {
            tolerations.push(json!({
                "key": key, "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": NODE_TOLERATION
            }));
        }
    }
    spec["tolerations"] = json!(tolerations);
}

/// Fills in what was left out.
pub(super) fn default(pod: &mut Value) {
    pod_spec::default(&mut pod["spec"]);
    let spec = &mut pod["spec"];
    pod_spec::request_what_is_limited(spec);
    fill(spec, "restartPolicy", json!("Always"));
    fill(spec, "priority", json!(0));
    fill(spec, "enableServiceLinks", json!(true));
    fill(spec, "preemptionPolicy", json!("PreemptLowerPriority"));
    let class = quality_of_service(&pod["spec"]);
    if !pod["status"].is_object() {
        pod["status"] = json!({});
    }
    fill(&mut pod["status"], "phase", json!("Pending"));
    fill(&mut pod["status"], "qosClass", json!(class));
}

/// `Guaranteed` when every container's processors and memory are limited and fully requested, `BestEffort` when
/// nothing is asked for, `Burstable` otherwise.
fn quality_of_service(spec: &Value) -> &'static str {
    let containers: Vec<&Value> =
        ["initContainers", "containers"].iter().flat_map(|list| spec[*list].as_array()).flatten().collect();
    let asks = |resources: &Value| {
        ["limits", "requests"]
            .iter()
            .any(|list| resources[*list].as_object().is_some_and(|map| !map.is_empty()))
    };
    let guaranteed = |resources: &Value| {
        ["cpu", "memory"].iter().all(|name| {
            let limit = &resources["limits"][*name];
            !limit.is_null() && resources["requests"][*name] == *limit
        })
    };
    if !containers.iter().any(|container| asks(&container["resources"])) {
        "BestEffort"
    } else if containers.iter().all(|container| guaranteed(&container["resources"])) {
        "Guaranteed"
    } else {
        "Burstable"
    }
}

/// Checks a pod, new or changed.
pub(super) fn validate(pod: &Value, causes: &mut Causes) {
    pod_spec::validate(&pod["spec"], "spec", causes);
}

const CHANGEABLE: &str = "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

/// Checks a change: little of a pod can be changed.
pub(super) fn validate_update(old: &Value, new: &Value, causes: &mut Causes) {
    let mut allowed = old["spec"].clone();
    for list in ["containers", "initContainers"] {
        let images = new["spec"][list].as_array().map(Vec::as_slice).unwrap_or_default();
        let containers = allowed.get_mut(list).and_then(Value::as_array_mut);
        for (container, changed) in containers.into_iter().flatten().zip(images) {
            container["image"] = changed["image"].clone();
        }
    }
    if let Some(fields) = allowed.as_object_mut() {
        for field in ["activeDeadlineSeconds", "tolerations"] {
            match new["spec"].get(field) {
                Some(value) => fields.insert(field.to_owned(), value.clone()),
                None => fields.shift_remove(field),
            };
        }
    }
    if allowed != new["spec"] {
        causes.forbidden("spec", CHANGEABLE);
    }
}
