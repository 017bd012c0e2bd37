//! What Kubernetes puts into every namespace: the service account `default` and the cluster's certificate.

use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::{
    kind::Kind,
    registry::Registry,
    store::{Object, ObjectKey},
};

const CERTIFICATE: &str = "kube-root-ca.crt";

/// Furnishes namespaces until `stop`.
pub(crate) async fn furnish(registry: Registry, authority_pem: String, stop: CancellationToken) {
    let store = registry.store().clone();
    stop.run_until_cancelled(async {
        loop {
            let snapshot = store.list(Kind::Namespace, None);
            for namespace in &snapshot.items {
                furnish_one(&registry, &authority_pem, namespace);
            }
            let mut watch = store.watch(Kind::Namespace, snapshot.revision);
            // Fallen behind: all namespaces are looked at again.
            while let Ok(change) = watch.next().await {
                furnish_one(&registry, &authority_pem, &change.object);
            }
        }
    })
    .await;
}

fn furnish_one(registry: &Registry, authority_pem: &str, namespace: &Object) {
    let ObjectKey { name, .. } = namespace.key();
    if namespace.is_being_deleted() || registry.store().get(Kind::Namespace, None, &name).is_err() {
        return;
    }
    let description = "Contains a CA bundle that can be used to verify the kube-apiserver when using internal \
                       endpoints such as the internal service IP or kubernetes.default.svc. No other usage is \
                       guaranteed across distributions of Kubernetes clusters.";
    let certificate = json!({
        "metadata": {"name": CERTIFICATE, "annotations": {"kubernetes.io/description": description}},
        "data": {"ca.crt": authority_pem},
    });
    let account = json!({"metadata": {"name": "default"}});
    for (kind, object) in [(Kind::ServiceAccount, account), (Kind::ConfigMap, certificate)] {
        add(registry, kind, &name, object);
    }
}

fn add(registry: &Registry, kind: Kind, namespace: &str, object: Value) {
    let known = object["metadata"]["name"].as_str().unwrap_or_default();
    if registry.store().get(kind, Some(namespace), known).is_ok() {
        return;
    }
    if let Err(error) = registry.create(kind, Some(namespace), object) {
        tracing::debug!(%kind, namespace, %error, "a namespace was not furnished");
    }
}
