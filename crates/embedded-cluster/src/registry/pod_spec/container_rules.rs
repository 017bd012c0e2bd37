//! The containers of a pod: what may be wrong with them.

use std::collections::HashSet;

use serde_json::Value;

use super::super::{causes::Causes, names};
use crate::schema::compare_quantities;

/// Checks the containers of the specification at `path`.
pub(super) fn validate(spec: &Value, path: &str, causes: &mut Causes) {
    let volumes: HashSet<&str> = spec["volumes"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|volume| volume["name"].as_str())
        .collect();
    let containers = spec["containers"].as_array().map(Vec::as_slice).unwrap_or_default();
    if containers.is_empty() {
        causes.required(format!("{path}.containers"));
    }
    let mut seen = HashSet::new();
    for list in ["containers", "initContainers"] {
        for (index, container) in spec[list].as_array().into_iter().flatten().enumerate() {
            let place = format!("{path}.{list}[{index}]");
            one(container, &place, &volumes, causes);
            let name = container["name"].as_str().unwrap_or_default();
            if !name.is_empty() && !seen.insert(name) {
                causes.duplicate(format!("{place}.name"), &container["name"]);
            }
        }
    }
}

fn one(container: &Value, path: &str, volumes: &HashSet<&str>, causes: &mut Causes) {
    match container["name"].as_str().unwrap_or_default() {
        "" => causes.required(format!("{path}.name")),
        name => causes.check(format!("{path}.name"), name, names::label(name)),
    }
    if container["image"].as_str().unwrap_or_default().is_empty() {
        causes.required(format!("{path}.image"));
    }
    ports(&container["ports"], path, causes);
    environment(&container["env"], path, causes);
    mounts(&container["volumeMounts"], path, volumes, causes);
    causes.one_of(
        format!("{path}.imagePullPolicy"),
        &container["imagePullPolicy"],
        &["Always", "IfNotPresent", "Never"],
    );
    resources(&container["resources"], path, causes);
}

fn ports(ports: &Value, path: &str, causes: &mut Causes) {
    for (index, port) in ports.as_array().into_iter().flatten().enumerate() {
        let path = format!("{path}.ports[{index}]");
        if let Some(name) = port["name"].as_str().filter(|name| !name.is_empty()) {
            for why in names::port_name(name) {
                causes.invalid(format!("{path}.name"), &port["name"], why);
            }
        }
        if port["containerPort"].as_i64().unwrap_or(0) == 0 {
            causes.required(format!("{path}.containerPort"));
        } else {
            causes.between(format!("{path}.containerPort"), &port["containerPort"], 1, 65_535);
        }
        causes.one_of(format!("{path}.protocol"), &port["protocol"], &["SCTP", "TCP", "UDP"]);
    }
}

fn environment(variables: &Value, path: &str, causes: &mut Causes) {
    for (index, variable) in variables.as_array().into_iter().flatten().enumerate() {
        let path = format!("{path}.env[{index}]");
        match variable["name"].as_str().unwrap_or_default() {
            "" => causes.required(format!("{path}.name")),
            name => causes.check(format!("{path}.name"), name, names::environment_name(name)),
        }
        value_source(variable, &path, causes);
    }
}

fn value_source(variable: &Value, path: &str, causes: &mut Causes) {
    let source = &variable["valueFrom"];
    let Some(fields) = source.as_object() else { return };
    let empty = Value::from("");
    if fields.is_empty() {
        causes.invalid(
            format!("{path}.valueFrom"),
            &empty,
            "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`",
        );
    } else if !variable["value"].as_str().unwrap_or_default().is_empty() {
        causes.invalid(format!("{path}.valueFrom"), &empty, "may not be specified when `value` is not empty");
    } else if fields.len() > 1 {
        causes.invalid(
            format!("{path}.valueFrom"),
            &empty,
            "may not have more than one field specified at a time",
        );
    }
    let field = &source["fieldRef"]["fieldPath"];
    if let Some(name) = field.as_str()
        && !is_pod_field(name)
    {
        let why = format!("error converting fieldPath: field label not supported: {name}");
        causes.invalid(format!("{path}.valueFrom.fieldRef.fieldPath"), field, &why);
    }
}

/// Fields of a pod that a container's environment can be told.
fn is_pod_field(path: &str) -> bool {
    matches!(
        path,
        "metadata.name"
            | "metadata.namespace"
            | "metadata.uid"
            | "spec.nodeName"
            | "spec.serviceAccountName"
            | "status.hostIP"
            | "status.hostIPs"
            | "status.podIP"
            | "status.podIPs"
    ) || path.starts_with("metadata.labels['")
        || path.starts_with("metadata.annotations['")
}

fn mounts(mounts: &Value, path: &str, volumes: &HashSet<&str>, causes: &mut Causes) {
    let mut places = HashSet::new();
    for (index, mount) in mounts.as_array().into_iter().flatten().enumerate() {
        let path = format!("{path}.volumeMounts[{index}]");
        let name = mount["name"].as_str().unwrap_or_default();
        if name.is_empty() {
            causes.required(format!("{path}.name"));
        }
        if !volumes.contains(name) {
            causes.not_found(format!("{path}.name"), &Value::from(name));
        }
        let place = mount["mountPath"].as_str().unwrap_or_default();
        if place.is_empty() {
            causes.required(format!("{path}.mountPath"));
        }
        if !places.insert(place) {
            causes.invalid(format!("{path}.mountPath"), &mount["mountPath"], "must be unique");
        }
    }
}

fn resources(resources: &Value, path: &str, causes: &mut Causes) {
    for list in ["limits", "requests"] {
        for (name, amount) in resources[list].as_object().into_iter().flatten() {
            let text = amount.as_str().unwrap_or_default();
            let place = format!("{path}.resources.{list}[{name}]");
            if text.starts_with('-') {
                causes.invalid(place, amount, "must be greater than or equal to 0");
            } else if list == "requests"
                && let Some(limit) = resources["limits"][name.as_str()].as_str()
                && compare_quantities(text, limit).is_some_and(std::cmp::Ordering::is_gt)
            {
                let why = format!("must be less than or equal to {name} limit of {limit}");
                causes.invalid(format!("{path}.resources.requests"), amount, &why);
            }
        }
    }
}

/// What a client is warned about.
pub(super) fn warnings(spec: &Value, path: &str) -> Vec<String> {
    let mut warnings = Vec::new();
    for list in ["initContainers", "containers"] {
        for (index, container) in spec[list].as_array().into_iter().flatten().enumerate() {
            let mut seen = HashSet::new();
            for (place, variable) in container["env"].as_array().into_iter().flatten().enumerate() {
                let name = variable["name"].as_str().unwrap_or_default();
                if !seen.insert(name) && !name.is_empty() {
                    warnings.push(format!(
                        "{path}.{list}[{index}].env[{place}]: hides previous definition of \"{name}\", which may be dropped when using apply"
                    ));
                }
            }
        }
    }
    warnings
}
