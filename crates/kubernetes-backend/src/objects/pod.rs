//! The pod of a job.

use std::collections::BTreeMap;

use launcher_api::Job;
use launcher_api::job::InitContainer;
use serde_json::{Map, Value, json};

use super::container::{Program, environment, secrets};
use super::metadata::Additions;
use super::mounts::Volumes;
use super::{BuildContext, BuildError, limits, ports};
use crate::{annotation, names};

/// `spec` of the pod template.
pub(super) fn spec(
    job: &Job,
    additions: &Additions<'_>,
    context: &BuildContext<'_>,
) -> Result<Value, BuildError> {
    let mut volumes = Volumes::default();
    let main = main_container(job, &mut volumes, context)?;
    let mut init_containers = Vec::new();
    for (index, init) in job.init_containers.iter().enumerate() {
        init_containers.push(init_container(index, init, &mut volumes)?);
    }
    init_containers.extend(additions.init_containers().iter().cloned());
    let mut spec = json!({
        "restartPolicy": "Never",
        "shareProcessNamespace": context.shared_process_namespace,
        "containers": [main],
    });
    let mut set = |key: &str, value: Value| spec[key] = value;
    if !init_containers.is_empty() {
        set("initContainers", Value::Array(init_containers));
    }
    let volumes = volumes.into_list();
    if !volumes.is_empty() {
        set("volumes", Value::Array(volumes));
    }
    if !job.host.is_empty() {
        set("nodeName", job.host.as_str().into());
    }
    if let Some(selector) = node_selector(job)? {
        set("nodeSelector", json!(selector));
    }
    if let Some(context) = security_context(job) {
        set("securityContext", context);
    }
    Ok(spec)
}

fn main_container(job: &Job, volumes: &mut Volumes, context: &BuildContext<'_>) -> Result<Value, BuildError> {
    let image = job.container.as_ref().map(|c| c.image.as_str()).filter(|image| !image.is_empty());
    let image = image.or(context.default_image).ok_or(BuildError::NoImage)?;
    let mut container = json!({ "name": annotation::MAIN_CONTAINER, "image": image });
    Program { command: &job.command, exe: &job.exe, args: &job.args }.put_into(&mut container);
    if !job.working_directory.is_empty() {
        container["workingDir"] = job.working_directory.as_str().into();
    }
    let mut env = environment(&job.environment);
    env.extend(secrets(job)?);
    if !env.is_empty() {
        container["env"] = Value::Array(env);
    }
    let ports = ports::container_ports(job);
    if !ports.is_empty() {
        container["ports"] = Value::Array(ports);
    }
    if let Some(resources) = limits::resources(job, context)? {
        container["resources"] = resources;
    }
    let mounts = volumes.mount(&job.mounts)?;
    if !mounts.is_empty() {
        container["volumeMounts"] = Value::Array(mounts);
    }
    container["stdin"] = (!job.stdin.is_empty()).into();
    if !job.stdin.is_empty() {
        container["stdinOnce"] = true.into();
    }
    Ok(container)
}

fn init_container(index: usize, init: &InitContainer, volumes: &mut Volumes) -> Result<Value, BuildError> {
    if init.image.is_empty() {
        return Err(BuildError::NoInitImage { name: init.name.clone() });
    }
    let mut container = json!({ "name": names::init_container_name(index, &init.name), "image": init.image });
    Program { command: &init.command, exe: &init.exe, args: &init.args }.put_into(&mut container);
    if !init.environment.is_empty() {
        container["env"] = Value::Array(environment(&init.environment));
    }
    let mounts = volumes.mount(&init.mounts)?;
    if !mounts.is_empty() {
        container["volumeMounts"] = Value::Array(mounts);
    }
    Ok(container)
}

fn node_selector(job: &Job) -> Result<Option<BTreeMap<&str, &str>>, BuildError> {
    let mut selector = BTreeMap::new();
    for constraint in &job.placement_constraints {
        let value = constraint.value.as_deref().unwrap_or_default();
        if selector.insert(constraint.name.as_str(), value).is_some_and(|before| before != value) {
            return Err(BuildError::Placement { name: constraint.name.clone() });
        }
    }
    Ok((!selector.is_empty()).then_some(selector))
}

fn security_context(job: &Job) -> Option<Value> {
    let container = job.container.as_ref()?;
    let mut context = Map::new();
    if let Some(id) = container.run_as_user_id {
        context.insert("runAsUser".to_owned(), id.into());
    }
    if let Some(id) = container.run_as_group_id {
        context.insert("runAsGroup".to_owned(), id.into());
    }
    if !container.supplemental_group_ids.is_empty() {
        context.insert("supplementalGroups".to_owned(), container.supplemental_group_ids.clone().into());
    }
    (!context.is_empty()).then_some(Value::Object(context))
}
