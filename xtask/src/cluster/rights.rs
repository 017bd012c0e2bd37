//! The part of the guide's rights that an administrator may leave out: the ClusterRole with which nodes are read.

use serde_json::json;

use super::{Admin, NAMESPACE};
use crate::failure::Failure;

const BINDINGS: &str = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings";
/// The names that the guide's script gives.
const BINDING: &str = "job-launcher-list-clusters";
const ROLE: &str = "job-launcher-clusters";

/// Takes the ClusterRole from the launcher.
///
/// # Errors
/// The API refuses.
pub(crate) async fn hide_nodes(admin: &Admin) -> Result<(), Failure> {
    if is_bound(admin).await? { admin.remove(&format!("{BINDINGS}/{BINDING}")).await } else { Ok(()) }
}

/// Gives the launcher the ClusterRole (again).
///
/// # Errors
/// The API refuses.
pub(crate) async fn show_nodes(admin: &Admin) -> Result<(), Failure> {
    if is_bound(admin).await? {
        return Ok(());
    }
    let group = format!("system:serviceaccounts:{NAMESPACE}");
    let binding = json!({
        "metadata": {"name": BINDING},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": ROLE},
        "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": group}],
    });
    admin.post(BINDINGS, &binding).await.map(|_| ())
}

async fn is_bound(admin: &Admin) -> Result<bool, Failure> {
    let bindings = admin.read(BINDINGS).await?;
    Ok(bindings["items"]
        .as_array()
        .into_iter()
        .flatten()
        .any(|binding| binding["metadata"]["name"].as_str() == Some(BINDING)))
}
