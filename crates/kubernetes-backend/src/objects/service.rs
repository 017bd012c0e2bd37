//! The Service that makes a job's ports reachable on the nodes.

use launcher_api::Job;
use serde_json::{Map, Value, json};

use super::metadata::{self, Additions};
use super::ports::{self, service_ports};
use crate::{annotation, names};

/// The Job that a Service belongs to, and goes with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// Its name.
    pub name: String,
    /// Its uid.
    pub uid: String,
}

/// The Service for `job`, if it has ports that need one. Its name follows from the Job's: it can't be made twice.
pub fn service_object(job: &Job, owner: &Owner) -> Option<Value> {
    let ports: Vec<Value> = service_ports(job)
        .enumerate()
        .map(|(number, port)| {
            json!({
                "name": format!("port{number}"),
                "protocol": ports::protocol(port),
                "port": port.target_port,
                "targetPort": port.target_port,
            })
        })
        .collect();
    if ports.is_empty() {
        return None;
    }
    // What is wrong in the metadata was refused when the Job was made.
    let additions = Additions::of(job.metadata.as_ref()).ok();
    let mut labels = metadata::labels(job);
    labels.insert(annotation::JOB_NAME.to_owned(), owner.name.as_str().into());
    let annotations = additions.map(|a| a.merged_annotations("service", &Map::new())).unwrap_or_default();
    let labels = additions.map_or_else(|| labels.clone(), |a| a.merged_labels("service", &labels));
    Some(json!({
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {
            "name": names::service_name(&owner.name),
            "labels": labels,
            "annotations": annotations,
            "ownerReferences": [{
                "apiVersion": "batch/v1",
                "kind": "Job",
                "name": owner.name,
                "uid": owner.uid,
            }],
        },
        "spec": {
            "type": "NodePort",
            "selector": { annotation::JOB_NAME: owner.name },
            "ports": ports,
        },
    }))
}
