//! What a job's objects have to be, said without templates: for jobs whose metadata adds nothing, with all of a limit reserved.

use launcher_api::Job;
use launcher_api::job::{EnvVar, InitContainer, Mount, MountSource, ResourceLimitType};
use serde_json::{Map, Value, json};

use super::{Owner, service_ports, service_ports_json};
use crate::objects::expansion::escape;
use crate::{names, quantity};

/// The Job, without the annotations that the plugin adds to it.
pub(super) fn job(job: &Job) -> Value {
    json!({
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {
            "generateName": names::generate_name(job.user.as_str(), &job.name),
            "labels": labels(job),
        },
        "spec": {
            "backoffLimit": 0,
            "template": { "metadata": { "labels": labels(job), "annotations": annotations(job) }, "spec": pod(job) },
        },
    })
}

/// The Service for the ports that are not published.
pub(super) fn service(job: &Job, owner: &Owner) -> Value {
    let mut labels = labels(job);
    labels["job-name"] = owner.name.as_str().into();
    let ports = service_ports(job).enumerate().map(|(index, port)| {
        let protocol = port.protocol.to_uppercase();
        let (number, name) = (port.target_port, format!("port{index}"));
        json!({ "name": name, "protocol": protocol, "port": number, "targetPort": number })
    });
    json!({
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {
            "name": names::service_name(&owner.name),
            "labels": labels,
            "ownerReferences":
                [{ "apiVersion": "batch/v1", "kind": "Job", "name": owner.name, "uid": owner.uid }],
        },
        "spec": {
            "type": "NodePort",
            "selector": { "job-name": owner.name },
            "ports": ports.collect::<Vec<_>>(),
        },
    })
}

fn labels(job: &Job) -> Value {
    let mut labels = json!({ "app.kubernetes.io/managed-by": "launcher" });
    if !job.instance_id.is_empty() {
        labels["launcher-instance-id"] = names::label_value(&job.instance_id).into();
    }
    labels
}

fn annotations(job: &Job) -> Value {
    let mut annotations = json!({
        "user": job.user, "name": job.name, "stdin": job.stdin, "service_ports": service_ports_json(job),
    });
    if let Some(metadata) = &job.metadata {
        annotations["user_metadata"] = Value::Object(metadata.clone()).to_string().into();
    }
    for (index, tag) in job.tags.iter().enumerate() {
        annotations[format!("USER_TAG_{index}")] = tag.as_str().into();
    }
    annotations
}

fn pod(job: &Job) -> Value {
    let mut pod = json!({ "restartPolicy": "Never", "shareProcessNamespace": true });
    let constraints = job.placement_constraints.iter();
    let selector: Map<String, Value> =
        constraints.map(|c| (c.name.clone(), c.value.clone().unwrap_or_default().into())).collect();
    let mut volumes = Vec::new();
    let mut container = main_container(job);
    set(&mut container, "volumeMounts", &mounts(&job.mounts, &mut volumes));
    let inits = job.init_containers.iter().enumerate();
    let inits: Vec<Value> = inits.map(|(index, init)| init_container(index, init, &mut volumes)).collect();
    set(&mut pod, "nodeName", &job.host.as_str().into());
    set(&mut pod, "nodeSelector", &selector.into());
    set(&mut pod, "securityContext", &security_context(job));
    set(&mut pod, "volumes", &volumes.into());
    set(&mut pod, "initContainers", &inits.into());
    set(&mut pod, "containers", &json!([container]));
    pod
}

fn security_context(job: &Job) -> Value {
    let container = job.container.clone().unwrap_or_default();
    let mut context = json!({});
    for (key, id) in [("runAsUser", container.run_as_user_id), ("runAsGroup", container.run_as_group_id)] {
        if let Some(id) = id {
            context[key] = id.into();
        }
    }
    set(&mut context, "supplementalGroups", &json!(container.supplemental_group_ids));
    context
}

fn main_container(job: &Job) -> Value {
    let image = job.container.as_ref().map(|container| container.image.as_str());
    let mut container = json!({ "name": "rs-launcher-container", "image": image });
    run(&mut container, &job.command, &job.exe, &job.args);
    set(&mut container, "workingDir", &job.working_directory.as_str().into());
    let mut env = variables(&job.environment);
    for secret in job.config.iter().filter(|config| config.name == "secret") {
        let mut parts = secret.value.as_deref().unwrap_or_default().splitn(3, ':');
        let mut part = || parts.next().unwrap_or_default();
        let (name, key, variable) = (part(), part(), part());
        env.push(json!({ "name": variable, "valueFrom": { "secretKeyRef": { "name": name, "key": key } } }));
    }
    set(&mut container, "env", &env.into());
    let ports = job.exposed_ports.iter().filter_map(|port| {
        let (number, protocol) = (port.target_port, port.protocol.to_uppercase());
        Some(json!({ "containerPort": number, "hostPort": port.published_port?, "protocol": protocol }))
    });
    set(&mut container, "ports", &ports.collect::<Vec<_>>().into());
    set(&mut container, "resources", &resources(job));
    container["stdin"] = (!job.stdin.is_empty()).into();
    if !job.stdin.is_empty() {
        container["stdinOnce"] = true.into();
    }
    container
}

fn init_container(index: usize, init: &InitContainer, volumes: &mut Vec<Value>) -> Value {
    let mut container = json!({ "name": names::init_container_name(index, &init.name), "image": init.image });
    run(&mut container, &init.command, &init.exe, &init.args);
    set(&mut container, "env", &variables(&init.environment).into());
    set(&mut container, "volumeMounts", &mounts(&init.mounts, volumes));
    container
}

fn run(container: &mut Value, command: &str, exe: &str, args: &[String]) {
    if command.is_empty() {
        let exe: Vec<String> = Some(escape(exe)).filter(|exe| !exe.is_empty()).into_iter().collect();
        set(container, "command", &exe.into());
        set(container, "args", &args.iter().map(|arg| escape(arg)).collect::<Vec<_>>().into());
    } else {
        let words: Vec<&str> = [command].into_iter().chain(args.iter().map(String::as_str)).collect();
        container["command"] = json!(["/bin/sh"]);
        container["args"] = json!(["-c", escape(&words.join(" "))]);
    }
}

fn variables(variables: &[EnvVar]) -> Vec<Value> {
    variables.iter().map(|one| json!({ "name": one.name, "value": escape(&one.value) })).collect()
}

fn resources(job: &Job) -> Value {
    let (mut limits, mut requests) = (json!({}), json!({}));
    for limit in &job.resource_limits {
        let number: f64 = limit.value.trim().parse().unwrap_or_default();
        if number == 0.0 {
            continue;
        }
        let number = quantity::plain(number);
        match &limit.limit_type {
            ResourceLimitType::CpuCount => limits["cpu"] = number.into(),
            ResourceLimitType::Memory => limits["memory"] = format!("{number}M").into(),
            ResourceLimitType::NvidiaGpus => limits["nvidia.com/gpu"] = number.into(),
            ResourceLimitType::AmdGpus => limits["amd.com/gpu"] = number.into(),
            ResourceLimitType::Other(name) if name == "CPU Request" => requests["cpu"] = number.into(),
            other => panic!("no such limit is generated: {other}"),
        }
    }
    let mut resources = json!({});
    set(&mut resources, "limits", &limits);
    set(&mut resources, "requests", &requests);
    resources
}

fn mounts(mounts: &[Mount], volumes: &mut Vec<Value>) -> Value {
    let mut entries = Vec::new();
    for mount in mounts {
        let name = format!("mount{}", volumes.len());
        let (kind, source) = volume(&mount.source);
        volumes.push(json!({ "name": name, kind: source }));
        entries.push(json!({ "name": name, "mountPath": mount.mount_path, "readOnly": mount.read_only }));
    }
    entries.into()
}

fn volume(source: &MountSource) -> (&str, Value) {
    match source {
        MountSource::Host { path } => ("hostPath", json!({ "path": path })),
        MountSource::Nfs { host, path } => ("nfs", json!({ "server": host, "path": path })),
        MountSource::CephFs { monitors, path, user: None, secret_file: None, secret_ref } => {
            let mut source = json!({ "monitors": monitors });
            if let Some(path) = path {
                source["path"] = path.as_str().into();
            }
            if let Some(name) = secret_ref {
                source["secretRef"] = json!({ "name": name });
            }
            ("cephfs", source)
        }
        MountSource::GlusterFs { endpoints, path } => {
            ("glusterfs", json!({ "endpoints": endpoints, "path": path }))
        }
        MountSource::AzureFile { secret_name, share_name } => {
            ("azureFile", json!({ "secretName": secret_name, "shareName": share_name }))
        }
        MountSource::Other { kind, source } => (kind, Value::Object(source.clone())),
        other @ MountSource::CephFs { .. } => panic!("no such mount is generated: {other:?}"),
    }
}

/// Sets what is not empty.
fn set(object: &mut Value, key: &str, value: &Value) {
    let is_empty = match value {
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(entries) => entries.is_empty(),
        _ => false,
    };
    if !is_empty {
        object[key] = value.clone();
    }
}
