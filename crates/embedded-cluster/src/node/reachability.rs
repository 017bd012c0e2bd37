//! What the cluster does about a node that is silent.
//!
//! After a while its `Ready` becomes `Unknown`, it is tainted, and its pods are not ready; later they are deleted (and,
//! as nobody confirms it, stay under deletion until the node is back). A node that is back in time changes nothing.

use serde_json::json;

use super::connectivity::Connectivity;
use super::events::{Component, Occurrence, Recorder};
use super::options::NodeOptions;
use super::registration::{Reachability, tell};
use crate::kind::Kind;
use crate::registry::Registry;
use crate::store::{DeleteOptions, Object};
use crate::time;

/// Runs until dropped.
pub(super) async fn watch(registry: Registry, options: &NodeOptions, connectivity: &Connectivity) {
    let recorder = Recorder::new(registry.clone(), Component::NodeController);
    loop {
        connectivity.cut().await;
        tokio::select! {
            () = give_up(&registry, &recorder, options) => {}
            () = connectivity.mended() => {}
        }
        connectivity.mended().await;
        tell(&registry, &options.name, Reachability::Reachable);
    }
}

async fn give_up(registry: &Registry, recorder: &Recorder, options: &NodeOptions) {
    tokio::time::sleep(options.pace.node_grace).await;
    tell(registry, &options.name, Reachability::Unreachable);
    for pod in pods(registry, &options.name) {
        not_ready(registry, &pod);
        recorder.record(&pod, &Occurrence::warning("NodeNotReady", "Node is not ready"));
    }
    tokio::time::sleep(options.pace.node_eviction).await;
    for pod in pods(registry, &options.name) {
        let message = format!("Marking for deletion Pod {}/{}", pod.namespace(), pod.name());
        recorder.record(&pod, &Occurrence::normal("TaintManagerEviction", &message));
        let options = DeleteOptions::default();
        // It may have gone meanwhile.
        let _ = registry.delete(Kind::Pod, Some(pod.namespace()), pod.name(), &options);
    }
}

fn pods(registry: &Registry, node: &str) -> Vec<std::sync::Arc<Object>> {
    let all = registry.store().list(Kind::Pod, None).items.into_iter();
    all.filter(|pod| pod.value()["spec"]["nodeName"] == node)
        .filter(|pod| !matches!(pod.value()["status"]["phase"].as_str(), Some("Succeeded" | "Failed")))
        .collect()
}

fn not_ready(registry: &Registry, pod: &Object) {
    let written = registry.store().update(Kind::Pod, Some(pod.namespace()), pod.name(), |value| {
        let conditions = value["status"]["conditions"].as_array_mut();
        for condition in conditions.into_iter().flatten() {
            if condition["type"] == "Ready" && condition["status"] == "True" {
                condition["status"] = json!("False");
                condition["lastTransitionTime"] = json!(time::now_seconds());
            }
        }
        Ok(())
    });
    if let Err(error) = written {
        tracing::debug!(%error, pod = pod.name(), "a pod of a lost node went away");
    }
}
