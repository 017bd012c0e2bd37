//! What is special about each kind when it is made or changed.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use super::{causes::Causes, fill, job, metadata, names, pod, pod_spec, service};
use crate::{kind::Kind, status_error::StatusError, store::Store};

/// Makes a new object complete: admission, then defaults. Its name, namespace and uid are set.
///
/// # Errors
/// 403 where admission refuses.
pub(super) fn complete(store: &Store, kind: Kind, object: &mut Value) -> Result<(), StatusError> {
    match kind {
        Kind::Job => job::default(object),
        Kind::Pod => {
            let namespace = object["metadata"]["namespace"].as_str().unwrap_or_default().to_owned();
            pod::admit(store, &namespace, object)?;
            pod::default(object);
        }
        Kind::Service => service::default(object),
        Kind::Namespace => {
            let name = object["metadata"]["name"].clone();
            if object["metadata"]["labels"].is_null() {
                object["metadata"]["labels"] = json!({});
            }
            object["metadata"]["labels"]["kubernetes.io/metadata.name"] = name;
            object["spec"] = json!({"finalizers": ["kubernetes"]});
            object["status"] = json!({"phase": "Active"});
        }
        Kind::Secret => complete_secret(object),
        Kind::RoleBinding | Kind::ClusterRoleBinding => complete_binding(object),
        Kind::PersistentVolumeClaim => {
            fill(object, "status", json!({"phase": "Pending"}));
        }
        _ => {}
    }
    Ok(())
}

/// Makes a changed object complete again.
pub(super) fn complete_update(kind: Kind, object: &mut Value) {
    match kind {
        Kind::Job if object["spec"]["template"]["spec"].is_object() => {
            pod_spec::default(&mut object["spec"]["template"]["spec"]);
        }
        Kind::Service => service::default(object),
        Kind::Secret => complete_secret(object),
        _ => {}
    }
}

fn complete_secret(secret: &mut Value) {
    let plain = secret.as_object_mut().and_then(|fields| fields.shift_remove("stringData"));
    for (key, value) in plain.as_ref().and_then(Value::as_object).into_iter().flatten() {
        if secret["data"].is_null() {
            secret["data"] = json!({});
        }
        secret["data"][key.as_str()] = json!(STANDARD.encode(value.as_str().unwrap_or_default()));
    }
    fill(secret, "type", json!("Opaque"));
}

fn complete_binding(binding: &mut Value) {
    const GROUP: &str = "rbac.authorization.k8s.io";
    for subject in binding.get_mut("subjects").and_then(Value::as_array_mut).into_iter().flatten() {
        if matches!(subject["kind"].as_str(), Some("User" | "Group")) {
            fill(subject, "apiGroup", json!(GROUP));
        }
    }
    if let Some(role) = binding.get_mut("roleRef") {
        fill(role, "apiGroup", json!(GROUP));
    }
}

/// What is wrong with an object, new or changed.
pub(super) fn validate(kind: Kind, object: &Value, causes: &mut Causes) {
    metadata::validate(kind, object, causes);
    match kind {
        Kind::Job => job::validate(object, causes),
        Kind::Pod => pod::validate(object, causes),
        Kind::Service => service::validate(object, causes),
        Kind::Secret | Kind::ConfigMap => {
            for (key, _) in object["data"].as_object().into_iter().flatten() {
                causes.check(format!("data[{key}]"), key, names::config_key(key));
            }
        }
        Kind::RoleBinding | Kind::ClusterRoleBinding => {
            let role = &object["roleRef"];
            let kinds: &[&str] =
                if kind == Kind::RoleBinding { &["Role", "ClusterRole"] } else { &["ClusterRole"] };
            causes.one_of("roleRef.kind", &json!(role["kind"].as_str().unwrap_or_default()), kinds);
            if role["name"].as_str().unwrap_or_default().is_empty() {
                causes.required("roleRef.name");
            }
        }
        Kind::Role | Kind::ClusterRole => validate_rules(&object["rules"], causes),
        _ => {}
    }
}

fn validate_rules(rules: &Value, causes: &mut Causes) {
    for (index, rule) in rules.as_array().into_iter().flatten().enumerate() {
        let absent = |field: &str| rule[field].as_array().is_none_or(Vec::is_empty);
        if absent("nonResourceURLs") {
            if absent("apiGroups") {
                let why = "resource rules must supply at least one api group";
                causes.required_because(format!("rules[{index}].apiGroups"), why);
            }
            if absent("resources") {
                let why = "resource rules must supply at least one resource";
                causes.required_because(format!("rules[{index}].resources"), why);
            }
        }
        if absent("verbs") {
            causes.required(format!("rules[{index}].verbs"));
        }
    }
}

/// What may not be changed.
pub(super) fn validate_update(kind: Kind, old: &Value, new: &Value, causes: &mut Causes) {
    match kind {
        Kind::Job => job::validate_update(old, new, causes),
        Kind::Pod => pod::validate_update(old, new, causes),
        Kind::RoleBinding | Kind::ClusterRoleBinding if old["roleRef"] != new["roleRef"] => {
            causes.invalid("roleRef", &new["roleRef"], "cannot change roleRef");
        }
        Kind::Secret if old["type"] != new["type"] => {
            causes.invalid("type", &new["type"], "field is immutable");
        }
        _ => {}
    }
}

/// What a client is warned about.
pub(super) fn warnings(kind: Kind, object: &Value) -> Vec<String> {
    match kind {
        Kind::Job => job::warnings(object),
        Kind::Pod => pod_spec::warnings(&object["spec"], "spec"),
        _ => Vec::new(),
    }
}
