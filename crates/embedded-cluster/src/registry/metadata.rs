//! `metadata`: names, labels, annotations, owners, finalizers.

use serde_json::Value;

use super::{causes::Causes, job, names};
use crate::kind::Kind;

/// All annotations of an object, keys and values, in bytes.
const MAX_ANNOTATIONS: usize = 256 * 1024;

/// Checks the metadata of an object, new or changed.
pub(super) fn validate(kind: Kind, object: &Value, causes: &mut Causes) {
    let metadata = &object["metadata"];
    let name = metadata["name"].as_str().unwrap_or_default();
    let prefix = metadata["generateName"].as_str().unwrap_or_default();
    if !prefix.is_empty() {
        // The prefix may end in what a name may not end in.
        let whole = format!("{prefix}a");
        causes.check("metadata.generateName", prefix, name_rule(kind, &whole));
    }
    if name.is_empty() {
        causes.required_because("metadata.name", "name or generateName is required");
    } else {
        causes.check("metadata.name", name, name_rule(kind, name));
    }
    if kind == Kind::Job {
        // What the controller is known by is checked in the template.
        labels(&job::own_labels(object), "metadata.labels", causes);
    } else {
        labels(&metadata["labels"], "metadata.labels", causes);
    }
    annotations(&metadata["annotations"], "metadata.annotations", causes);
    owners(&metadata["ownerReferences"], causes);
    finalizers(&metadata["finalizers"], causes);
}

fn name_rule(kind: Kind, name: &str) -> Option<&'static str> {
    match kind {
        Kind::Service | Kind::Namespace => names::label(name),
        Kind::Role | Kind::RoleBinding | Kind::ClusterRole | Kind::ClusterRoleBinding => {
            names::path_segment(name)
        }
        _ => names::subdomain(name),
    }
}

/// Checks the labels of an object or of a template.
pub(super) fn labels(labels: &Value, field: &str, causes: &mut Causes) {
    for (key, value) in labels.as_object().into_iter().flatten() {
        causes.check(field, key, names::qualified_key(key));
        let value = value.as_str().unwrap_or_default();
        causes.check(field, value, names::label_value(value));
    }
}

/// Checks annotations: their keys, and the size of all of them.
pub(super) fn annotations(annotations: &Value, field: &str, causes: &mut Causes) {
    let mut size = 0;
    for (key, value) in annotations.as_object().into_iter().flatten() {
        causes.check(field, key, names::qualified_key(&key.to_lowercase()));
        size += key.len() + value.as_str().unwrap_or_default().len();
    }
    if size > MAX_ANNOTATIONS {
        causes.too_long(field, MAX_ANNOTATIONS);
    }
}

fn owners(owners: &Value, causes: &mut Causes) {
    for (index, owner) in owners.as_array().into_iter().flatten().enumerate() {
        for field in ["apiVersion", "kind", "name", "uid"] {
            if owner[field].as_str().unwrap_or_default().is_empty() {
                let path = format!("metadata.ownerReferences[{index}].{field}");
                causes.required_because(path, "must not be empty");
            }
        }
    }
}

fn finalizers(finalizers: &Value, causes: &mut Causes) {
    for (index, finalizer) in finalizers.as_array().into_iter().flatten().enumerate() {
        let name = finalizer.as_str().unwrap_or_default();
        let field = format!("metadata.finalizers[{index}]");
        let known = matches!(name, "orphan" | "foregroundDeletion" | "kubernetes");
        if let Some(why) = names::qualified_key(name) {
            causes.invalid(field, finalizer, why);
        } else if !known && !name.contains('/') {
            causes.invalid(
                field,
                finalizer,
                "name is neither a standard finalizer name nor is it fully qualified",
            );
        }
    }
}
