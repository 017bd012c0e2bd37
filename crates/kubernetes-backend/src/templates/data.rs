//! What templates see: `.Job`, as the product's document lists it, and what newer templates read besides; and `.Profile`, the
//! data that the user's profile names.

use helm_template::Value;
use launcher_api::Job;
use launcher_api::job::{EnvVar, ExposedPort, InitContainer, Mount, MountSource};
use serde_json::{Value as Json, json};

use super::json::to_value;
use crate::names;
use crate::objects::{InitParts, JobParts, Owner, ports};

/// What a template is given for a Job: a map with the keys `Job` and `Profile`.
pub(crate) fn for_job(job: &Job, parts: &JobParts) -> Value {
    root(fields(job, parts, "", ""), parts)
}

/// What a template is given for the Service of a Job that has its name.
pub(crate) fn for_service(job: &Job, parts: &JobParts, owner: &Owner) -> Value {
    root(fields(job, parts, &owner.name, &names::service_name(&owner.name)), parts)
}

type Fields = Vec<(&'static str, Value)>;

fn root(fields: Fields, parts: &JobParts) -> Value {
    Value::map([("Job", Value::map(fields)), ("Profile", parts.profile_data.to_value())])
}

/// `id` and `service_name` are empty until the Job has its name.
fn fields(job: &Job, parts: &JobParts, id: &str, service_name: &str) -> Fields {
    vec![
        ("id", id.into()),
        ("serviceName", service_name.into()),
        ("cluster", job.cluster.as_str().into()),
        ("generateName", names::generate_name(job.user.as_str(), &job.name).into()),
        ("name", job.name.as_str().into()),
        ("user", job.user.as_str().into()),
        ("instanceId", parts.instance_id.as_str().into()),
        ("serviceAccountName", "".into()),
        ("workingDirectory", job.working_directory.as_str().into()),
        ("container", container(job, parts)),
        (
            "initContainers",
            Value::list(
                job.init_containers
                    .iter()
                    .zip(&parts.init_containers)
                    .map(|(init, parts)| init_container(init, parts)),
            ),
        ),
        ("host", job.host.as_str().into()),
        ("command", job.command.as_str().into()),
        ("shellCommand", shell_command(&job.command, &job.args).into()),
        ("exe", job.exe.as_str().into()),
        ("args", texts(&job.args)),
        ("stdin", parts.stdin.as_str().into()),
        ("environment", environment(&job.environment)),
        (
            "placementConstraints",
            Value::list(
                job.placement_constraints.iter().map(|constraint| {
                    named(&constraint.name, constraint.value.as_deref().unwrap_or_default())
                }),
            ),
        ),
        ("exposedPorts", Value::list(job.exposed_ports.iter().map(exposed_port))),
        ("servicePortsJson", parts.service_ports.as_str().into()),
        ("mounts", Value::list(job.mounts.iter().map(mount))),
        ("volumes", json_list(&parts.volumes)),
        ("volumeMounts", json_list(&parts.volume_mounts)),
        (
            "config",
            Value::list(
                job.config
                    .iter()
                    .map(|config| named(&config.name, config.value.as_deref().unwrap_or_default())),
            ),
        ),
        (
            "resourceLimits",
            Value::list(
                parts.limits.iter().map(|limit| {
                    Value::map([("type", limit.kind.as_str()), ("value", limit.value.as_str())])
                }),
            ),
        ),
        ("tags", texts(&job.tags)),
        ("metadata", to_value(&parts.metadata)),
        ("userMetadataJson", parts.user_metadata.as_str().into()),
        ("shareProcessNamespace", parts.shared_process_namespace.into()),
        ("cpuRequestRatio", parts.cpu_request_ratio.get().into()),
        ("memoryRequestRatio", parts.memory_request_ratio.get().into()),
    ]
}

fn container(job: &Job, parts: &JobParts) -> Value {
    let container = job.container.as_ref();
    let user: Value = container.and_then(|c| c.run_as_user_id).map_or(Value::Nil, Value::from);
    let group: Value = container.and_then(|c| c.run_as_group_id).map_or(Value::Nil, Value::from);
    let groups = container.map(|c| c.supplemental_group_ids.as_slice()).unwrap_or_default();
    Value::map([
        ("image", parts.image.as_str().into()),
        ("runAsUser", user.clone()),
        ("runAsGroup", group.clone()),
        ("runAsUserId", user),
        ("runAsGroupId", group),
        ("supplementalGroupIds", Value::list(groups.iter().copied())),
        ("capabilitiesAdd", Value::list::<Value>([])),
        ("capabilitiesDrop", Value::list::<Value>([])),
    ])
}

fn init_container(init: &InitContainer, parts: &InitParts) -> Value {
    Value::map([
        ("name", parts.name.as_str().into()),
        ("image", init.image.as_str().into()),
        ("command", init.command.as_str().into()),
        ("shellCommand", shell_command(&init.command, &init.args).into()),
        ("exe", init.exe.as_str().into()),
        ("args", texts(&init.args)),
        ("environment", environment(&init.environment)),
        ("mounts", Value::list(init.mounts.iter().map(mount))),
        ("volumeMounts", json_list(&parts.volume_mounts)),
    ])
}

/// The text for a shell: the command and its arguments, joined by single spaces and not quoted.
fn shell_command(command: &str, args: &[String]) -> String {
    let mut text = command.to_owned();
    for arg in args {
        text.push(' ');
        text.push_str(arg);
    }
    text
}

fn texts(texts: &[String]) -> Value {
    Value::list(texts.iter().map(String::as_str))
}

fn named(name: &str, value: &str) -> Value {
    Value::map([("name", name), ("value", value)])
}

fn environment(variables: &[EnvVar]) -> Value {
    Value::list(variables.iter().map(|variable| named(&variable.name, &variable.value)))
}

/// The target port is a string, as the product's document says.
fn exposed_port(port: &ExposedPort) -> Value {
    let published: Value = port.published_port.map_or(Value::Nil, |port| i64::from(port).into());
    Value::map([
        ("targetPort", port.target_port.to_string().into()),
        ("publishedPort", published),
        ("protocol", ports::protocol(port).into()),
    ])
}

fn mount(mount: &Mount) -> Value {
    let (kind, source) = match &mount.source {
        MountSource::Host { path } => ("host", json!({ "path": path })),
        MountSource::Nfs { host, path } => ("nfs", json!({ "host": host, "path": path })),
        MountSource::CephFs { monitors, path, user, secret_file, secret_ref } => (
            "cephFs",
            json!({
                "monitors": monitors, "path": path, "user": user, "secretFile": secret_file, "secretRef": secret_ref,
            }),
        ),
        MountSource::GlusterFs { endpoints, path } => {
            ("glusterFs", json!({ "endpoints": endpoints, "path": path }))
        }
        MountSource::AzureFile { secret_name, share_name } => {
            ("azureFile", json!({ "secretName": secret_name, "shareName": share_name }))
        }
        MountSource::Other { kind, source } => (kind.as_str(), Json::Object(source.clone())),
    };
    Value::map([
        ("name", mount.name.as_str().into()),
        ("mountPath", mount.mount_path.as_str().into()),
        ("readOnly", mount.read_only.into()),
        ("mountSource", Value::map([("type", kind.into()), ("source", to_value(&source))])),
    ])
}

fn json_list(items: &[Json]) -> Value {
    Value::list(items.iter().map(to_value))
}

#[cfg(test)]
mod tests;
