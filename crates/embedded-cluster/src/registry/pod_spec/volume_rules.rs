//! The volumes of a pod: what may be wrong with them.

use std::collections::HashSet;

use serde_json::Value;

use super::super::{causes::Causes, names};

/// Checks the volumes of the specification at `path`.
pub(super) fn validate(volumes: &Value, path: &str, causes: &mut Causes) {
    let mut seen = HashSet::new();
    for (index, volume) in volumes.as_array().into_iter().flatten().enumerate() {
        let path = format!("{path}.volumes[{index}]");
        match volume["name"].as_str().unwrap_or_default() {
            "" => causes.required(format!("{path}.name")),
            name => {
                causes.check(format!("{path}.name"), name, names::label(name));
                if !seen.insert(name) {
                    causes.duplicate(format!("{path}.name"), &volume["name"]);
                }
            }
        }
        let sources = volume.as_object().into_iter().flatten().filter(|(key, _)| *key != "name");
        for (place, (kind, source)) in sources.enumerate() {
            if place > 0 {
                causes.forbidden(format!("{path}.{kind}"), "may not specify more than 1 volume type");
            } else {
                check_source(kind, source, &format!("{path}.{kind}"), causes);
            }
        }
    }
}

fn check_source(kind: &str, source: &Value, path: &str, causes: &mut Causes) {
    let required: &[&str] = match kind {
        "hostPath" => &["path"],
        "nfs" => &["server", "path"],
        "secret" => &["secretName"],
        "configMap" => &["name"],
        "persistentVolumeClaim" => &["claimName"],
        "azureFile" => &["secretName", "shareName"],
        "glusterfs" => &["endpoints", "path"],
        "cephfs" => &["monitors"],
        _ => &[],
    };
    for field in required {
        let value = &source[*field];
        let absent = value.as_str().is_none_or(str::is_empty) && value.as_array().is_none_or(Vec::is_empty);
        if absent {
            causes.required(format!("{path}.{field}"));
        }
    }
    if kind == "nfs"
        && let Some(place) = source["path"].as_str().filter(|place| !place.is_empty())
        && !place.starts_with('/')
    {
        causes.invalid(format!("{path}.path"), &source["path"], "must be an absolute path");
    }
}
