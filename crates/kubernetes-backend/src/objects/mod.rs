//! A Launcher's job as Kubernetes objects: pure functions from the job to JSON.
//!
//! [`JobObjects::build`] is the only door. Objects are JSON values and not typed structs, so that whatever is put into
//! them reaches the cluster as it is. Nothing here talks to anyone.

mod annotations;
mod container;
mod error;
pub mod expansion;
mod limits;
mod metadata;
mod mounts;
mod pod;
mod ports;
mod service;

pub use error::BuildError;
pub use limits::Ratio;
pub use mounts::VOLUME_SOURCES;
pub use ports::{service_ports, service_ports_json};
pub use service::{Owner, service_object};

use launcher_api::Job;
use serde_json::{Value, json};

use crate::names;
use crate::readback;

/// What the objects depend on besides the job.
#[derive(Clone, Debug)]
pub struct BuildContext<'a> {
    /// The cluster's name, as jobs tell it.
    pub cluster: &'a str,
    /// Whether the containers of a pod see each other's processes.
    pub shared_process_namespace: bool,
    /// The image of a job that names none.
    pub default_image: Option<&'a str>,
    /// How much of the CPU limit is reserved.
    pub cpu_request_ratio: Ratio,
    /// How much of the memory limit is reserved.
    pub memory_request_ratio: Ratio,
    /// The plugin that delivers the job's standard input.
    pub deliverer: &'a str,
    /// Under which key a standard input that is too long for an annotation is kept; never used twice.
    pub stdin_key: &'a str,
}

/// Where a job's standard input is kept until it is delivered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StdinPlace {
    /// There is none.
    Nowhere,
    /// In the pod template's annotation.
    Annotation,
    /// In the scratch path, for it is too long for an annotation.
    File,
}

/// What has to be made for a job.
#[derive(Clone, Debug, PartialEq)]
pub struct JobObjects {
    /// The Job, to be posted. Its Service, if it needs one, is made by [`service_object`] once the Job has a name.
    pub job: Value,
    /// Where the standard input has to be.
    pub stdin: StdinPlace,
}

impl JobObjects {
    /// The objects for `job`.
    ///
    /// # Errors
    /// [`BuildError`] when the job asks for something that can't be made here; its text is for the user.
    pub fn build(job: &Job, context: &BuildContext<'_>) -> Result<Self, BuildError> {
        ports::check(job)?;
        let additions = metadata::Additions::of(job.metadata.as_ref())?;
        let (template_annotations, stdin) = annotations::for_pod(job, &additions, context)?;
        let labels = metadata::labels(job);
        let mut object = json!({
            "apiVersion": "batch/v1",
            "kind": "Job",
            "metadata": {
                "generateName": names::generate_name(job.user.as_str(), &job.name),
                "labels": additions.merged_labels("job", &labels),
                "annotations": {},
            },
            "spec": {
                "backoffLimit": 0,
                "template": {
                    "metadata": {
                        "labels": additions.merged_labels("pod", &labels),
                        "annotations": template_annotations,
                    },
                    "spec": pod::spec(job, &additions, context)?,
                },
            },
        });
        let record = readback::Record::of(job, &object, context.cluster);
        object["metadata"]["annotations"] = annotations::for_job(&record, &stdin, &additions, context)?;
        Ok(Self { job: object, stdin })
    }
}

#[cfg(test)]
mod tests;
