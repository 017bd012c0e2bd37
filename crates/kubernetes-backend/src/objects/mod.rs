//! A Launcher's job as Kubernetes objects: from the job to JSON.
//!
//! [`JobObjects::build`] is the only door: the job is checked and taken apart (`parts`), a template makes the object, and
//! what the plugin needs is added (`completion`). Objects are JSON values and not typed structs, so that whatever a
//! template puts into them reaches the cluster as it is. Nothing here talks to the cluster.

mod completion;
mod error;
pub mod expansion;
mod limits;
mod metadata;
mod mounts;
mod parts;
pub(crate) mod ports;
mod secrets;
mod service;

pub use error::BuildError;
pub use limits::Ratio;
pub(crate) use limits::{CPU_REQUEST, MEMORY_REQUEST};
pub use mounts::VOLUME_SOURCES;
pub(crate) use parts::{InitParts, JobParts};
pub use ports::{service_ports, service_ports_json};
pub(crate) use service::complete as complete_service;
pub use service::{Owner, service_object};

use std::sync::Arc;

use launcher_api::Job;
use serde_json::Value;

use crate::profiles::Override;
use crate::templates::{self, ObjectKind, ObjectTemplates, ProfileData};

/// What the objects depend on besides the job.
#[derive(Clone, Debug)]
pub struct BuildContext {
    /// What makes the objects.
    pub templates: ObjectTemplates,
    /// The cluster's name, as jobs tell it.
    pub cluster: Arc<str>,
    /// Whether the containers of a pod see each other's processes.
    pub shared_process_namespace: bool,
    /// The image of a job that names none.
    pub default_image: Option<String>,
    /// How much of the CPU limit is reserved.
    pub cpu_request_ratio: Ratio,
    /// How much of the memory limit is reserved.
    pub memory_request_ratio: Ratio,
    /// The plugin that delivers the job's standard input.
    pub deliverer: Arc<str>,
    /// Under which key a standard input that is too long for an annotation is kept; never used twice.
    pub stdin_key: String,
    /// What administrators change of the Job.
    pub overrides: Arc<[Override]>,
    /// What the profile gives to templates.
    pub profile_data: ProfileData,
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
    pub fn build(job: &Job, context: &BuildContext) -> Result<Self, BuildError> {
        let mut parts = JobParts::of(job, context)?;
        let place = if job.stdin.is_empty() { StdinPlace::Nowhere } else { StdinPlace::Annotation };
        match finished(job, &parts, place, context) {
            // It may be the standard input that does not fit: then it is kept elsewhere.
            Err(BuildError::TooLarge { .. }) if !job.stdin.is_empty() => {
                completion::STDIN_MARK.clone_into(&mut parts.stdin);
                finished(job, &parts, StdinPlace::File, context)
            }
            result => result,
        }
    }
}

fn finished(
    job: &Job,
    parts: &JobParts,
    stdin: StdinPlace,
    context: &BuildContext,
) -> Result<JobObjects, BuildError> {
    let mut object = context.templates.render(ObjectKind::Job, &templates::for_job(job, parts))?;
    complete(&mut object, job, &stdin, context)?;
    Ok(JobObjects { job: object, stdin })
}

/// Adds to what a template has rendered what the plugin and administrators add to every Job.
///
/// # Errors
/// [`BuildError`] when that can't be added.
pub(crate) fn complete(
    object: &mut Value,
    job: &Job,
    stdin: &StdinPlace,
    context: &BuildContext,
) -> Result<(), BuildError> {
    for change in context.overrides.iter() {
        change.apply(object)?;
    }
    completion::label(object)?;
    completion::keep_stdin(object, stdin, context)?;
    completion::describe(object, job, stdin, context)
}

#[cfg(test)]
mod tests;
