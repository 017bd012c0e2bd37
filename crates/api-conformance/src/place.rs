//! A namespace of its own for the questions, with the launcher's account and rights.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use crate::{
    Administrator, Answer, Cluster, ConformanceError, Content, Version, client::Outgoing, names::Names,
    row::Who,
};

/// How long a new namespace may take to get its default service account.
const READY: Duration = Duration::from_secs(30);

/// Where questions are asked: a namespace that was made for them, and is to be [cleared](Place::clear) away.
#[derive(Debug)]
pub struct Place {
    pub(crate) cluster: Cluster,
    pub(crate) names: Names,
    release: String,
    version: Version,
    namespace: String,
}

impl Place {
    /// Makes a namespace, the account `job-launcher` in it, and gives that the rights of the product's guide.
    ///
    /// `image` is the name of an image with BusyBox's programs that is present on the cluster's node.
    ///
    /// # Errors
    /// The cluster cannot be reached, or refuses one of these.
    pub async fn prepare(
        url: &str,
        authority_pem: &[u8],
        administrator: Administrator,
        image: &str,
    ) -> Result<Place, ConformanceError> {
        let cluster = Cluster::new(url, authority_pem, administrator)?;
        let version = must(&cluster, "GET", "/version", &Value::Null).await?;
        let release = text(&version, "/gitVersion");
        let version = release.parse().unwrap_or(Version::of_minor(0));
        let nodes = must(&cluster, "GET", "/api/v1/nodes", &Value::Null).await?;
        let node = text(&nodes, "/items/0/metadata/name");
        let made = json!({"metadata": {"generateName": "conformance-"}});
        let made = must(&cluster, "POST", "/api/v1/namespaces", &made).await?;
        let namespace = text(&made, "/metadata/name");
        await_account(&cluster, &namespace).await?;
        for (path, object) in launcher(&namespace) {
            must(&cluster, "POST", &path, &object).await?;
        }
        let path = format!("/api/v1/namespaces/{namespace}/serviceaccounts/job-launcher/token");
        let token = must(&cluster, "POST", &path, &json!({"spec": {"expirationSeconds": 7200}})).await?;
        let mut names = Names::default();
        names.set("namespace", namespace.clone());
        names.set("image", image.to_owned());
        names.set("node", node);
        names.set("encoded_namespace", STANDARD.encode(&namespace));
        let cluster = cluster.with_launcher_token(text(&token, "/status/token"));
        Ok(Place { cluster, names, release, version, namespace })
    }

    /// The cluster's version.
    #[must_use]
    pub fn version(&self) -> Version {
        self.version
    }

    /// The cluster's whole version, such as `v1.37.2`.
    #[must_use]
    pub fn release(&self) -> &str {
        &self.release
    }

    /// Deletes the namespace with all that is in it, without waiting for its end.
    ///
    /// # Errors
    /// The cluster cannot be reached, or refuses it.
    pub async fn clear(self) -> Result<(), ConformanceError> {
        let name = &self.namespace;
        for kind in ["clusterrolebindings", "clusterroles"] {
            let path = format!("/apis/rbac.authorization.k8s.io/v1/{kind}/{name}");
            must(&self.cluster, "DELETE", &path, &Value::Null).await?;
        }
        must(&self.cluster, "DELETE", &format!("/api/v1/namespaces/{name}"), &Value::Null).await.map(|_| ())
    }
}

async fn await_account(cluster: &Cluster, namespace: &str) -> Result<(), ConformanceError> {
    let path = format!("/api/v1/namespaces/{namespace}/serviceaccounts/default");
    let request = Outgoing::new(Who::Admin, "GET", &path, "");
    let deadline = tokio::time::Instant::now() + READY;
    while cluster.ask(&request).await?.status != 200 {
        if tokio::time::Instant::now() > deadline {
            return Err(ConformanceError::Late { request: format!("GET {path}"), seconds: READY.as_secs() });
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}

/// The account and its rights: section 3.2 of the product's guide.
fn launcher(namespace: &str) -> Vec<(String, Value)> {
    let core = format!("/api/v1/namespaces/{namespace}");
    let rbac = "/apis/rbac.authorization.k8s.io/v1";
    let group = "rbac.authorization.k8s.io";
    let rules = json!([
        {"apiGroups": [""], "resources": ["pods", "pods/log", "pods/attach", "pods/exec"],
         "verbs": ["get", "create", "update", "patch", "watch", "list", "delete"]},
        {"apiGroups": [""], "resources": ["events"], "verbs": ["watch"]},
        {"apiGroups": [""], "resources": ["services"], "verbs": ["create", "get", "watch", "list", "delete"]},
        {"apiGroups": ["batch"], "resources": ["jobs"],
         "verbs": ["create", "update", "patch", "get", "watch", "list", "delete"]},
        {"apiGroups": ["metrics.k8s.io"], "resources": ["pods"], "verbs": ["get"]},
    ]);
    let account = json!([{"kind": "ServiceAccount", "name": "job-launcher", "namespace": namespace}]);
    let accounts = json!([
        {"kind": "Group", "apiGroup": group, "name": format!("system:serviceaccounts:{namespace}")}
    ]);
    let binding = |name: &str, kind: &str, role: &str, subjects: Value| {
        json!({"metadata": {"name": name}, "subjects": subjects,
               "roleRef": {"apiGroup": group, "kind": kind, "name": role}})
    };
    let nodes = json!([{"apiGroups": [""], "resources": ["nodes"], "verbs": ["get", "watch", "list"]}]);
    vec![
        (format!("{core}/serviceaccounts"), json!({"metadata": {"name": "job-launcher"}})),
        (
            format!("{rbac}/namespaces/{namespace}/roles"),
            json!({"metadata": {"name": "job-launcher-role"}, "rules": rules}),
        ),
        (
            format!("{rbac}/namespaces/{namespace}/rolebindings"),
            binding("job-launcher-role-binding", "Role", "job-launcher-role", account),
        ),
        (format!("{rbac}/clusterroles"), json!({"metadata": {"name": namespace}, "rules": nodes})),
        (format!("{rbac}/clusterrolebindings"), binding(namespace, "ClusterRole", namespace, accounts)),
    ]
}

/// An administrator's request that must succeed.
async fn must(cluster: &Cluster, method: &str, path: &str, body: &Value) -> Result<Value, ConformanceError> {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let answer: Answer = cluster.ask(&Outgoing::new(Who::Admin, method, path, &body)).await?;
    match answer.content {
        Content::Json(document) if answer.status < 300 => Ok(document),
        content => Err(ConformanceError::Preparation {
            request: format!("{method} {path}"),
            status: answer.status,
            body: content.excerpt(),
        }),
    }
}

fn text(document: &Value, pointer: &str) -> String {
    document.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
}
