//! A pod's service account: it must be there, and its token is mounted into every container.

use serde_json::{Value, json};

use crate::{identifiers, kind::Kind, status_error::StatusError, store::Store};

/// Where clients in a container look for the token.
const MOUNT_PATH: &str = "/var/run/secrets/kubernetes.io/serviceaccount";
/// The volumes that this makes are named so, and by five characters more.
const VOLUME_PREFIX: &str = "kube-api-access-";

/// Gives a new pod its account and the account's token.
///
/// # Errors
/// 403 when the account does not exist.
pub(super) fn admit(store: &Store, namespace: &str, pod: &str, spec: &mut Value) -> Result<(), StatusError> {
    let name = match spec["serviceAccountName"].as_str() {
        Some(account) if !account.is_empty() => account.to_owned(),
        _ => "default".to_owned(),
    };
    let Ok(account) = store.get(Kind::ServiceAccount, Some(namespace), &name) else {
        let why = format!(
            "error looking up service account {namespace}/{name}: serviceaccount \"{name}\" not found"
        );
        return Err(StatusError::forbidden(Kind::Pod, pod, &why));
    };
    spec["serviceAccountName"] = json!(name);
    let wanted = spec["automountServiceAccountToken"]
        .as_bool()
        .or_else(|| account.value()["automountServiceAccountToken"].as_bool());
    if wanted != Some(false) {
        mount_token(spec);
    }
    Ok(())
}

fn mount_token(spec: &mut Value) {
    let volume = identifiers::generated_name(VOLUME_PREFIX);
    let mut mounted = false;
    for list in ["initContainers", "containers"] {
        for container in spec.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten() {
            let mut mounts = container["volumeMounts"].as_array().cloned().unwrap_or_default();
            if mounts.iter().any(|mount| mount["mountPath"] == MOUNT_PATH) {
                continue;
            }
            mounts.push(json!({"name": volume, "readOnly": true, "mountPath": MOUNT_PATH}));
            container["volumeMounts"] = json!(mounts);
            mounted = true;
        }
    }
    if mounted {
        let mut volumes = spec["volumes"].as_array().cloned().unwrap_or_default();
        volumes.push(token_volume(&volume));
        spec["volumes"] = json!(volumes);
    }
}

fn token_volume(name: &str) -> Value {
    let namespace = json!({"apiVersion": "v1", "fieldPath": "metadata.namespace"});
    json!({"name": name, "projected": {
        "sources": [
            {"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}},
            {"configMap": {"name": "kube-root-ca.crt", "items": [{"key": "ca.crt", "path": "ca.crt"}]}},
            {"downwardAPI": {"items": [{"path": "namespace", "fieldRef": namespace}]}},
        ],
        "defaultMode": 420,
    }})
}
