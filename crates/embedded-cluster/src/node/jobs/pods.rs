//! The pods of a Job: how they are made, and what they count for.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::kind::Kind;
use crate::store::{Object, Store};

/// The finalizer that keeps an ended pod until the controller has counted it.
pub(super) const TRACKING: &str = "batch.kubernetes.io/job-tracking";

/// The longest part of a Job's name in a pod's name: with `-` and five characters, 63.
const NAME_PART: usize = 57;

/// What a pod counts for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PodClass {
    /// It runs, or will.
    Active,
    /// It is being deleted and has not ended.
    Terminating,
    Succeeded,
    Failed,
}

impl PodClass {
    /// The class of a pod object.
    pub(super) fn of(pod: &Object) -> Self {
        match pod.value()["status"]["phase"].as_str() {
            Some("Succeeded") => Self::Succeeded,
            Some("Failed") => Self::Failed,
            _ if pod.is_being_deleted() => Self::Terminating,
            _ => Self::Active,
        }
    }
}

/// Whether a pod waits to be counted.
pub(super) fn is_tracked(pod: &Object) -> bool {
    pod.value()["metadata"]["finalizers"]
        .as_array()
        .is_some_and(|finalizers| finalizers.iter().any(|finalizer| finalizer == TRACKING))
}

/// Whether a pod's `Ready` condition holds.
pub(super) fn is_ready(pod: &Object) -> bool {
    pod.value()["status"]["conditions"]
        .as_array()
        .is_some_and(|list| list.iter().any(|one| one["type"] == "Ready" && one["status"] == "True"))
}

/// How often the containers of a pod were started again.
pub(super) fn restarts(pod: &Object) -> u64 {
    let statuses = ["containerStatuses", "initContainerStatuses"];
    let lists = statuses.iter().filter_map(|name| pod.value()["status"][name].as_array());
    lists.flatten().filter_map(|status| status["restartCount"].as_u64()).sum()
}

/// The Job that controls a pod, by name and uid.
pub(super) fn controller(pod: &Object) -> Option<(&str, &str)> {
    let references = pod.value()["metadata"]["ownerReferences"].as_array()?;
    let job =
        references.iter().find(|reference| reference["controller"] == true && reference["kind"] == "Job")?;
    Some((job["name"].as_str()?, job["uid"].as_str()?))
}

/// All pods that a Job controls.
pub(super) fn of_job(store: &Store, job: &Object) -> Vec<Arc<Object>> {
    let dependents = store.dependents(job.uid()).into_iter().filter(|(kind, _)| *kind == Kind::Pod);
    let pods = dependents.filter_map(|(kind, key)| store.get(kind, Some(&key.namespace), &key.name).ok());
    pods.filter(|pod| controller(pod).is_some_and(|(_, uid)| uid == job.uid())).collect()
}

/// Takes the finalizer off a pod.
pub(super) fn release(store: &Store, pod: &Object) {
    let released = store.update(Kind::Pod, Some(pod.namespace()), pod.name(), |value| {
        if value["metadata"]["uid"] == pod.uid()
            && let Some(finalizers) = value["metadata"]["finalizers"].as_array_mut()
        {
            finalizers.retain(|finalizer| finalizer != TRACKING);
        }
        Ok(())
    });
    if let Err(error) = released {
        tracing::debug!(%error, pod = pod.name(), "a pod went away before its finalizer");
    }
}

/// A new pod from the Job's template, without a name yet.
pub(super) fn from_template(job: &Object) -> Value {
    let template = &job.value()["spec"]["template"];
    let mut labels = template["metadata"]["labels"].as_object().cloned().unwrap_or_default();
    for (name, value) in [
        ("batch.kubernetes.io/controller-uid", job.uid()),
        ("batch.kubernetes.io/job-name", job.name()),
        ("controller-uid", job.uid()),
        ("job-name", job.name()),
    ] {
        labels.insert(name.to_owned(), json!(value));
    }
    let name: String = job.name().chars().take(NAME_PART).collect();
    let mut metadata = Map::new();
    metadata.insert("generateName".to_owned(), json!(format!("{name}-")));
    metadata.insert("labels".to_owned(), Value::Object(labels));
    let mut finalizers = template["metadata"]["finalizers"].as_array().cloned().unwrap_or_default();
    finalizers.push(json!(TRACKING));
    metadata.insert("finalizers".to_owned(), Value::Array(finalizers));
    if template["metadata"]["annotations"].is_object() {
        metadata.insert("annotations".to_owned(), template["metadata"]["annotations"].clone());
    }
    let owner = json!({
        "apiVersion": "batch/v1", "kind": "Job", "name": job.name(), "uid": job.uid(),
        "controller": true, "blockOwnerDeletion": true,
    });
    metadata.insert("ownerReferences".to_owned(), json!([owner]));
    json!({"metadata": metadata, "spec": template["spec"]})
}
