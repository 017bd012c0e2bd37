//! From a Job object back to the Launcher's job.
//!
//! First everything that the specification and the annotations of templates in the field tell, then what this plugin
//! wrote down because they tell it differently ([`Record`]). So jobs made by another plugin are read too, only less
//! exactly.

mod limits;
mod mounts;
mod record;

pub use record::Record;

use launcher_api::job::{Container, ExposedPort, InitContainer, JobConfig, PlacementConstraint};
use launcher_api::{Job, JobId, JobTime};
use serde::Deserialize as _;
use serde_json::Value;

use crate::annotation;
use crate::objects::expansion::unescape;
use crate::observed::{ContainerSpec, JobObject, Meta, PodSpec, PodTemplate};

/// The Launcher's job that `object` stands for, in the state in which it was submitted.
///
/// A standard input that is kept in a file is not in it.
pub fn job_of(mut object: JobObject, cluster: &str) -> Job {
    let record = object.metadata.annotation(annotation::RECORD).and_then(Record::read);
    let ports = object.metadata.annotation(annotation::PORTS).and_then(read_ports);
    let id = JobId::from(std::mem::take(&mut object.metadata.name));
    let mut job = from_specification(object, cluster);
    if let Some(record) = record {
        job = record.apply_to(job);
    }
    if let Some(ports) = ports {
        publish(&mut job.exposed_ports, &ports);
    }
    job.id = id;
    job
}

/// The same for an object that has not been sent yet. One that can't be read at all is an empty job.
pub(crate) fn job_of_value(object: &Value, cluster: &str) -> Job {
    try_job_of_value(object, cluster).unwrap_or_default()
}

/// The same, with the reason why an object can't be read.
pub(crate) fn try_job_of_value(object: &Value, cluster: &str) -> Result<Job, serde_json::Error> {
    JobObject::deserialize(object).map(|object| job_of(object, cluster))
}

/// Ports with the node ports that they were given, as the annotation [`annotation::PORTS`] has them.
pub fn read_ports(text: &str) -> Option<Vec<ExposedPort>> {
    serde_json::from_str(text).ok()
}

/// Gives each port of `ports` the published port that `known` has for it.
pub fn publish(ports: &mut [ExposedPort], known: &[ExposedPort]) {
    for port in ports.iter_mut().filter(|port| port.published_port.is_none()) {
        let same = |k: &&ExposedPort| {
            k.target_port == port.target_port && k.protocol.eq_ignore_ascii_case(&port.protocol)
        };
        port.published_port = known.iter().find(same).and_then(|k| k.published_port);
    }
}

/// Whether the job has a standard input to be delivered, and its text where that is in the object.
pub fn stdin_text(object: &JobObject) -> &str {
    object.spec.template.metadata.annotation(annotation::STDIN).unwrap_or_default()
}

/// Takes the object apart: at a start there are ten thousand, and a text that is moved costs nothing.
fn from_specification(object: JobObject, cluster: &str) -> Job {
    let JobObject { mut metadata, spec, .. } = object;
    let PodTemplate { metadata: mut template, spec: mut pod } = spec.template;
    let main = pod.take_main_container().unwrap_or_default();
    let tags = tags(&mut template);
    let mut text = |key: &str| template.annotations.remove(key).unwrap_or_default();
    let resource_limits = limits::of(&main);
    let mounts = mounts::of_container(&main, &pod);
    let environment = environment(&main);
    let config = secrets(&main);
    let exposed_ports = ports(&main, &text(annotation::SERVICE_PORTS));
    let Program { command, exe, args } = program(&main);
    Job {
        cluster: cluster.to_owned(),
        name: text(annotation::NAME),
        user: text(annotation::USER).into(),
        init_containers: init_containers(&pod),
        container: container(main.image, &mut pod),
        working_directory: main.working_dir,
        host: pod.node_name,
        command,
        exe,
        args,
        stdin: text(annotation::STDIN),
        environment,
        placement_constraints: pod
            .node_selector
            .into_iter()
            .map(|(name, value)| PlacementConstraint { name, value: Some(value) })
            .collect(),
        submission_time: metadata.creation_timestamp.map(JobTime::from),
        exposed_ports,
        mounts,
        config,
        resource_limits,
        tags,
        metadata: serde_json::from_str(&text(annotation::USER_METADATA)).ok(),
        resource_profile: "custom".to_owned(),
        instance_id: metadata.labels.remove(annotation::INSTANCE_ID).unwrap_or_default(),
        ..Job::default()
    }
}

struct Program {
    command: String,
    exe: String,
    args: Vec<String>,
}

fn program(container: &ContainerSpec) -> Program {
    let args: Vec<String> = container.args.iter().map(|arg| unescape(arg)).collect();
    match (container.command.as_slice(), args.as_slice()) {
        ([shell], [flag, text]) if shell == "/bin/sh" && flag == "-c" => {
            Program { command: text.clone(), exe: String::new(), args: Vec::new() }
        }
        ([], _) => Program { command: String::new(), exe: String::new(), args },
        ([exe, more @ ..], _) => Program {
            command: String::new(),
            exe: unescape(exe),
            args: more.iter().map(|arg| unescape(arg)).chain(args).collect(),
        },
    }
}

fn container(image: String, pod: &mut PodSpec) -> Option<Container> {
    (!image.is_empty()).then(|| Container {
        image,
        run_as_user_id: pod.security_context.run_as_user,
        run_as_group_id: pod.security_context.run_as_group,
        supplemental_group_ids: std::mem::take(&mut pod.security_context.supplemental_groups),
    })
}

fn init_containers(pod: &PodSpec) -> Vec<InitContainer> {
    pod.init_containers
        .iter()
        .map(|init| {
            let Program { command, exe, args } = program(init);
            InitContainer {
                name: init.name.clone(),
                image: init.image.clone(),
                command,
                exe,
                args,
                environment: environment(init),
                mounts: mounts::of_container(init, pod),
            }
        })
        .collect()
}

fn environment(container: &ContainerSpec) -> Vec<launcher_api::job::EnvVar> {
    container
        .env
        .iter()
        .filter(|entry| entry.value_from.is_none())
        .map(|entry| launcher_api::job::EnvVar { name: entry.name.clone(), value: unescape(&entry.value) })
        .collect()
}

fn secrets(container: &ContainerSpec) -> Vec<JobConfig> {
    container
        .env
        .iter()
        .filter_map(|entry| {
            let secret = entry.value_from.as_ref()?.secret_key_ref.as_ref()?;
            Some(JobConfig {
                name: "secret".to_owned(),
                value: Some(format!("{}:{}:{}", secret.name, secret.key, entry.name)),
                value_type: Some(launcher_api::job::ConfigValueType::String),
            })
        })
        .collect()
}

fn ports(container: &ContainerSpec, service_ports: &str) -> Vec<ExposedPort> {
    let on_node = container.ports.iter().filter(|port| port.host_port.is_some()).map(|port| ExposedPort {
        target_port: port.container_port,
        protocol: if port.protocol.is_empty() { "TCP".to_owned() } else { port.protocol.clone() },
        published_port: port.host_port,
    });
    let by_service: Vec<ServicePort> = serde_json::from_str(service_ports).unwrap_or_default();
    let by_service = by_service.into_iter().filter_map(|port| {
        let target_port = match &port.target_port {
            Value::String(text) => text.trim().parse().ok()?,
            number => u16::try_from(number.as_u64()?).ok()?,
        };
        let protocol = if port.protocol.is_empty() { "TCP".to_owned() } else { port.protocol };
        Some(ExposedPort { target_port, protocol, published_port: None })
    });
    on_node.chain(by_service).collect()
}

/// An entry of `service_ports`. Templates get the port as text, so other plugins may have written it so.
#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct ServicePort {
    target_port: Value,
    #[serde(default)]
    protocol: String,
}

/// Tags are numbered; those of other plugins may have gaps.
fn tags(template: &mut Meta) -> Vec<String> {
    let mut tags: Vec<(u64, &mut String)> = template
        .annotations
        .iter_mut()
        .filter_map(|(key, tag)| Some((key.strip_prefix(annotation::USER_TAG)?.parse().ok()?, tag)))
        .collect();
    tags.sort_unstable();
    tags.into_iter().map(|(_, tag)| std::mem::take(tag)).collect()
}
