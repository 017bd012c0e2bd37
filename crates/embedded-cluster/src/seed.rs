//! What is in the cluster from the start: namespaces, the launcher's service account and its rights.

use serde_json::{Value, json};

use crate::{
    auth::{Lifetime, Tokens},
    kind::Kind,
    store::Store,
};

/// The namespace of the launcher's jobs.
pub(crate) const LAUNCHER_NAMESPACE: &str = "rstudio";
/// The launcher's service account.
pub(crate) const LAUNCHER_ACCOUNT: &str = "job-launcher";

/// The credentials that the seeded objects are for.
#[derive(Debug)]
pub(crate) struct Seeded {
    pub(crate) admin_token: String,
    pub(crate) launcher_token: String,
    /// The uid of the launcher's service account.
    pub(crate) launcher_uid: String,
}

/// Fills an empty store.
pub(crate) fn plant(store: &Store, tokens: &Tokens) -> Seeded {
    for name in ["default", "kube-node-lease", "kube-public", "kube-system", LAUNCHER_NAMESPACE] {
        add(store, Kind::Namespace, None, namespace(name));
        let account = json!({"metadata": {"name": "default"}});
        add(store, Kind::ServiceAccount, Some(name), account);
    }
    for (name, rules) in built_in_roles() {
        add(store, Kind::ClusterRole, None, json!({"metadata": {"name": name}, "rules": rules}));
        let groups: &[&str] = match name {
            "system:public-info-viewer" => &["system:authenticated", "system:unauthenticated"],
            "cluster-admin" => &["system:masters"],
            "system:cluster-trust-bundle-discovery" => &["system:serviceaccounts"],
            _ => &["system:authenticated"],
        };
        let subjects: Vec<Value> = groups.iter().map(|group| group_subject(group)).collect();
        add(store, Kind::ClusterRoleBinding, None, binding(name, "ClusterRole", name, &json!(subjects)));
    }
    let uid = plant_launcher(store);
    Seeded {
        admin_token: tokens.issue_admin(),
        launcher_token: tokens.issue(LAUNCHER_NAMESPACE, LAUNCHER_ACCOUNT, &uid, Lifetime::Unlimited),
        launcher_uid: uid,
    }
}

/// The service account with the rights that the product's guide gives it; returns its uid.
fn plant_launcher(store: &Store) -> String {
    let namespace = Some(LAUNCHER_NAMESPACE);
    add(store, Kind::ServiceAccount, namespace, json!({"metadata": {"name": LAUNCHER_ACCOUNT}}));
    let all = ["get", "create", "update", "patch", "watch", "list", "delete"];
    let rules = json!([
        {"apiGroups": [""], "resources": ["pods", "pods/log", "pods/attach", "pods/exec"], "verbs": all},
        {"apiGroups": [""], "resources": ["events"], "verbs": ["watch"]},
        {"apiGroups": [""], "resources": ["services"], "verbs": ["create", "get", "watch", "list", "delete"]},
        {"apiGroups": ["batch"], "resources": ["jobs"],
         "verbs": ["create", "update", "patch", "get", "watch", "list", "delete"]},
        {"apiGroups": ["metrics.k8s.io"], "resources": ["pods"], "verbs": ["get"]},
    ]);
    add(store, Kind::Role, namespace, json!({"metadata": {"name": "job-launcher-role"}, "rules": rules}));
    let account = json!([
        {"kind": "ServiceAccount", "name": LAUNCHER_ACCOUNT, "namespace": LAUNCHER_NAMESPACE}
    ]);
    let role_binding = binding("job-launcher-role-binding", "Role", "job-launcher-role", &account);
    add(store, Kind::RoleBinding, namespace, role_binding);
    let nodes = json!([{"apiGroups": [""], "resources": ["nodes"], "verbs": ["get", "watch", "list"]}]);
    add(
        store,
        Kind::ClusterRole,
        None,
        json!({"metadata": {"name": "job-launcher-clusters"}, "rules": nodes}),
    );
    let accounts = json!([group_subject("system:serviceaccounts:rstudio")]);
    let cluster_binding =
        binding("job-launcher-list-clusters", "ClusterRole", "job-launcher-clusters", &accounts);
    add(store, Kind::ClusterRoleBinding, None, cluster_binding);
    store
        .get(Kind::ServiceAccount, namespace, LAUNCHER_ACCOUNT)
        .map(|account| account.uid().to_owned())
        .unwrap_or_default()
}

/// What every Kubernetes lets everybody do, and the administrator's role.
fn built_in_roles() -> [(&'static str, Value); 5] {
    let open = ["/healthz", "/livez", "/readyz", "/version", "/version/"];
    [
        (
            "cluster-admin",
            json!([
                {"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]},
                {"nonResourceURLs": ["*"], "verbs": ["*"]},
            ]),
        ),
        (
            "system:basic-user",
            json!([
                {"apiGroups": ["authorization.k8s.io"],
                 "resources": ["selfsubjectaccessreviews", "selfsubjectrulesreviews"], "verbs": ["create"]},
                {"apiGroups": ["authentication.k8s.io"], "resources": ["selfsubjectreviews"],
                 "verbs": ["create"]},
            ]),
        ),
        (
            "system:cluster-trust-bundle-discovery",
            json!([{"apiGroups": ["certificates.k8s.io"], "resources": ["clustertrustbundles"],
                    "verbs": ["get", "list", "watch"]}]),
        ),
        (
            "system:discovery",
            json!([{"nonResourceURLs": ["/api", "/api/*", "/apis", "/apis/*", "/healthz", "/livez",
                    "/openapi", "/openapi/*", "/readyz", "/version", "/version/"], "verbs": ["get"]}]),
        ),
        ("system:public-info-viewer", json!([{"nonResourceURLs": open, "verbs": ["get"]}])),
    ]
}

fn namespace(name: &str) -> Value {
    json!({
        "metadata": {"name": name, "labels": {"kubernetes.io/metadata.name": name}},
        "spec": {"finalizers": ["kubernetes"]},
        "status": {"phase": "Active"},
    })
}

fn group_subject(group: &str) -> Value {
    json!({"kind": "Group", "apiGroup": "rbac.authorization.k8s.io", "name": group})
}

fn binding(name: &str, role_kind: &str, role: &str, subjects: &Value) -> Value {
    json!({
        "metadata": {"name": name},
        "subjects": subjects,
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": role_kind, "name": role},
    })
}

fn add(store: &Store, kind: Kind, namespace: Option<&str>, object: Value) {
    if let Err(error) = store.create(kind, namespace, object) {
        tracing::warn!(%kind, %error, "an object of the seed is not there");
    }
}
