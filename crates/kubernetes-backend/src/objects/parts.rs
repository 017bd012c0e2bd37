//! What a job's objects are made of: everything checked, and what templates should not have to work out.

use launcher_api::Job;
use serde_json::Value;

use super::limits::{self, Limit};
use super::metadata::Additions;
use super::mounts::Volumes;
use super::{BuildContext, BuildError, Ratio, ports, secrets};
use crate::names;
use crate::templates::ProfileData;

/// The parts of a job that templates are given besides the job itself.
#[derive(Clone, Debug)]
pub(crate) struct JobParts {
    /// The Launcher's instance id, as a label may hold it; empty if there is none.
    pub instance_id: String,
    pub image: String,
    /// One for each init container of the job.
    pub init_containers: Vec<InitParts>,
    /// Its text, or a mark if it is kept elsewhere; empty if there is none.
    pub stdin: String,
    /// The ports that a Service makes reachable, as a JSON list.
    pub service_ports: String,
    pub volumes: Vec<Value>,
    pub volume_mounts: Vec<Value>,
    pub limits: Vec<Limit>,
    /// With all its parts, and without what the templates write themselves.
    pub metadata: Value,
    /// As JSON, as the user gave it; empty if there is none.
    pub user_metadata: String,
    pub shared_process_namespace: bool,
    pub cpu_request_ratio: Ratio,
    pub memory_request_ratio: Ratio,
    /// What the user's profile gives to templates.
    pub profile_data: ProfileData,
}

/// The parts of an init container.
#[derive(Clone, Debug)]
pub(crate) struct InitParts {
    pub name: String,
    pub volume_mounts: Vec<Value>,
}

impl JobParts {
    /// The parts of `job`.
    ///
    /// # Errors
    /// It asks for something that can't be made here.
    pub(crate) fn of(job: &Job, context: &BuildContext) -> Result<Self, BuildError> {
        ports::check(job)?;
        secrets::check(job)?;
        check_placement(job)?;
        let additions = Additions::of(job.metadata.as_ref())?;
        let image = job.container.as_ref().map(|c| c.image.as_str()).filter(|image| !image.is_empty());
        let image = image.or(context.default_image.as_deref()).ok_or(BuildError::NoImage)?;
        let mut volumes = Volumes::default();
        let volume_mounts = volumes.mount(&job.mounts)?;
        let mut init_containers = Vec::new();
        for (index, init) in job.init_containers.iter().enumerate() {
            if init.image.is_empty() {
                return Err(BuildError::NoInitImage { name: init.name.clone() });
            }
            init_containers.push(InitParts {
                name: names::init_container_name(index, &init.name),
                volume_mounts: volumes.mount(&init.mounts)?,
            });
        }
        let instance_id =
            if job.instance_id.is_empty() { String::new() } else { names::label_value(&job.instance_id) };
        let user_metadata = job.metadata.as_ref().map(|map| Value::Object(map.clone()).to_string());
        Ok(Self {
            instance_id,
            image: image.to_owned(),
            init_containers,
            stdin: job.stdin.clone(),
            service_ports: ports::service_ports_json(job),
            volumes: volumes.into_list(),
            volume_mounts,
            limits: limits::of(job)?,
            metadata: additions.for_templates(),
            user_metadata: user_metadata.unwrap_or_default(),
            shared_process_namespace: context.shared_process_namespace,
            cpu_request_ratio: context.cpu_request_ratio,
            memory_request_ratio: context.memory_request_ratio,
            profile_data: context.profile_data.clone(),
        })
    }
}

/// No node has two values of one label.
fn check_placement(job: &Job) -> Result<(), BuildError> {
    let constraints = &job.placement_constraints;
    let value = |index: usize| constraints[index].value.as_deref().unwrap_or_default();
    for (index, constraint) in constraints.iter().enumerate() {
        let first = constraints.iter().position(|other| other.name == constraint.name).unwrap_or(index);
        if value(first) != value(index) {
            return Err(BuildError::Placement { name: constraint.name.clone() });
        }
    }
    Ok(())
}
