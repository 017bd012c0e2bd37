use std::sync::LazyLock;

use launcher_api::Job;
use serde_json::{Value, json};

use super::*;
use crate::annotation;
use crate::observed::JobObject;
use crate::readback;

mod arbitrary;
mod expected;

const CLUSTER: &str = "Kubernetes";

/// Parsed once for all of the generated jobs.
static BUILT_IN: LazyLock<ObjectTemplates> = LazyLock::new(ObjectTemplates::built_in);

fn context() -> BuildContext {
    BuildContext {
        templates: BUILT_IN.clone(),
        cluster: CLUSTER.into(),
        shared_process_namespace: true,
        default_image: Some("busybox".to_owned()),
        overrides: Arc::default(),
        profile_data: ProfileData::default(),
        cpu_request_ratio: Ratio::ALL,
        memory_request_ratio: Ratio::ALL,
        deliverer: "plugin-1".into(),
        stdin_key: "key-1".to_owned(),
    }
}

fn job(fields: Value) -> Job {
    serde_json::from_value(fields).expect("a job")
}

fn build(fields: Value) -> Value {
    JobObjects::build(&job(fields), &context()).expect("objects").job
}

fn refused(fields: Value) -> String {
    JobObjects::build(&job(fields), &context()).expect_err("refused").to_string()
}

/// The object as the API server would give it back: named, and made at some time.
fn stored(object: &Value) -> JobObject {
    let mut object = object.clone();
    object["metadata"]["name"] = "mara-fit-x7k2p".into();
    object["metadata"]["uid"] = "uid-1".into();
    object["metadata"]["creationTimestamp"] = "2026-11-24T09:30:12Z".into();
    serde_json::from_value(object).expect("a Job object")
}

fn main_container(object: &Value) -> &Value {
    &object["spec"]["template"]["spec"]["containers"][0]
}

#[test]
fn a_job_with_everything_becomes_this_object() {
    let fields = include_str!("tests/everything.json");
    let job: Job = serde_json::from_str(fields).expect("a job");
    let context = BuildContext {
        cpu_request_ratio: Ratio::new(0.5).expect("a ratio"),
        memory_request_ratio: Ratio::new(0.25).expect("a ratio"),
        ..context()
    };
    let objects = JobObjects::build(&job, &context).expect("objects");
    insta::assert_snapshot!("everything-job", serde_json::to_string_pretty(&objects.job).expect("text"));
    let owner = Owner { name: "mara-nightly-fit-x7k2p".to_owned(), uid: "uid-1".to_owned() };
    let service = service_object(&job, &owner, &context).expect("an object").expect("a Service");
    insta::assert_snapshot!("everything-service", serde_json::to_string_pretty(&service).expect("text"));
}

#[test]
fn a_command_runs_in_a_shell_with_its_arguments_joined_by_spaces() {
    let object = build(json!({ "command": "printf", "args": ["one two", "$(x)"] }));
    assert_eq!(main_container(&object)["command"], json!(["/bin/sh"]));
    assert_eq!(main_container(&object)["args"], json!(["-c", "printf one two $$(x)"]));
}

#[test]
fn an_executable_gets_its_arguments_as_they_are() {
    let object = build(json!({ "exe": "/bin/echo", "args": ["one two", "{{ .Job.id }}"] }));
    assert_eq!(main_container(&object)["command"], json!(["/bin/echo"]));
    assert_eq!(main_container(&object)["args"], json!(["one two", "{{ .Job.id }}"]));
}

#[test]
fn a_container_alone_runs_what_its_image_says() {
    let object = build(json!({ "container": { "image": "r:4.4" } }));
    assert_eq!(main_container(&object).get("command"), None);
    assert_eq!(main_container(&object)["image"], "r:4.4");
}

#[test]
fn a_short_standard_input_is_in_the_annotation_and_a_long_one_in_a_file() {
    let short =
        JobObjects::build(&job(json!({ "exe": "sh", "stdin": "echo" })), &context()).expect("objects");
    assert_eq!(short.stdin, StdinPlace::Annotation);
    assert_eq!(short.job["spec"]["template"]["metadata"]["annotations"]["stdin"], "echo");
    assert_eq!(main_container(&short.job)["stdinOnce"], true);
    let text = "x".repeat(annotation::TOTAL_MAX);
    let long = JobObjects::build(&job(json!({ "exe": "sh", "stdin": text })), &context()).expect("objects");
    assert_eq!(long.stdin, StdinPlace::File);
    let annotations = &long.job["spec"]["template"]["metadata"]["annotations"];
    assert_eq!(annotations["stdin"], "");
    assert_eq!(annotations[annotation::STDIN_FILE], "key-1");
    assert_eq!(main_container(&long.job)["stdin"], true);
    let none = JobObjects::build(&job(json!({ "exe": "sh" })), &context()).expect("objects");
    assert_eq!((none.stdin, &main_container(&none.job)["stdin"]), (StdinPlace::Nowhere, &json!(false)));
}

#[test]
fn limits_become_quantities() {
    let limits = |list: Value| {
        let object = build(json!({ "exe": "sh", "resourceLimits": list }));
        main_container(&object).get("resources").cloned()
    };
    assert_eq!(
        limits(json!([{ "type": "cpuCount", "value": "0" }, { "type": "memory", "value": "" }])),
        None
    );
    assert_eq!(
        limits(json!([
            { "type": "cpuCount", "value": "0.5" }, { "type": "memory", "value": "4096" },
            { "type": "NVIDIA GPUs", "value": "2" }, { "type": "AMD GPUs", "value": "1" }
        ])),
        Some(
            json!({ "limits": { "cpu": "0.5", "memory": "4096M", "nvidia.com/gpu": "2", "amd.com/gpu": "1" } })
        )
    );
    assert_eq!(
        limits(
            json!([{ "type": "CPU Request", "value": "1" }, { "type": "Memory Request", "value": "100" }])
        ),
        Some(json!({ "requests": { "cpu": "1", "memory": "100M" } }))
    );
    assert_eq!(limits(json!([{ "type": "cpuTime", "value": "0" }])), None);
}

#[test]
fn what_the_cluster_cannot_do_is_refused_in_the_users_words() {
    let limit = |kind: &str, value: &str| json!({ "exe": "sh", "resourceLimits": [{ "type": kind, "value": value }] });
    let mount = json!({ "mountPath": "/m", "mountSource": { "type": "tape", "source": {} } });
    let port = |protocol: &str| json!({ "targetPort": 80, "protocol": protocol });
    let no_image = BuildContext { default_image: None, ..context() };
    let texts = [
        JobObjects::build(&job(json!({ "exe": "sh" })), &no_image).expect_err("refused").to_string(),
        refused(limit("memory", "4GB")),
        refused(limit("cpuCount", "inf")),
        refused(limit("cpuCount", "-1")),
        refused(limit("NVIDIA GPUs", "0.5")),
        refused(limit("cpuTime", "60")),
        refused(limit("bandwidth", "1")),
        refused(json!({ "exe": "sh", "mounts": [mount] })),
        refused(json!({ "exe": "sh", "exposedPorts": [port("ICMP")] })),
        refused(json!({ "exe": "sh", "exposedPorts": [port("tcp"), port("TCP")] })),
        refused(json!({ "exe": "sh", "config": [{ "name": "secret", "value": "login:password" }] })),
        refused(
            json!({ "exe": "sh", "placementConstraints": [{ "name": "az", "value": "a" }, { "name": "az", "value": "b" }] }),
        ),
        refused(json!({ "exe": "sh", "metadata": { "pod": { "labels": { "n": 1 } } } })),
        refused(json!({ "exe": "sh", "initContainers": [{ "name": "fetch", "image": "" }] })),
        refused(json!({ "exe": "sh", "tags": ["t".repeat(300_000)] })),
    ];
    insta::assert_snapshot!(texts.join("\n"));
}

#[test]
fn metadata_adds_to_the_objects_and_takes_nothing_away() {
    let object = build(json!({
        "exe": "sh", "user": "mara",
        "metadata": {
            "job": { "labels": { "team": "blue", annotation::MANAGED_BY: "someone" }, "annotations": { "a": "1" } },
            "pod": { "annotations": { "user": "root", "note": "n" }, "initContainers": [{ "name": "own", "image": "i" }] }
        }
    }));
    assert_eq!(object["metadata"]["labels"], json!({ annotation::MANAGED_BY: "launcher", "team": "blue" }));
    assert_eq!(object["metadata"]["annotations"]["a"], "1");
    let template = &object["spec"]["template"];
    assert_eq!(template["metadata"]["annotations"]["user"], "mara");
    assert_eq!(template["metadata"]["annotations"]["note"], "n");
    assert_eq!(template["spec"]["initContainers"], json!([{ "name": "own", "image": "i" }]));
}

#[test]
fn a_job_of_another_plugin_is_read_from_what_its_templates_write() {
    let object: JobObject = serde_json::from_str(include_str!("tests/foreign.json")).expect("a Job object");
    let job = readback::job_of(object, CLUSTER);
    insta::assert_snapshot!(serde_json::to_string_pretty(&job).expect("text"));
}

#[test]
fn published_ports_are_told_again_after_a_restart() {
    let mut stored = stored(&build(json!({ "exe": "sh", "exposedPorts": [{ "targetPort": 8787 }] })));
    let published = r#"[{"targetPort":8787,"protocol":"TCP","publishedPort":32309}]"#;
    stored.metadata.annotations.insert(annotation::PORTS.to_owned(), published.to_owned());
    assert_eq!(readback::job_of(stored, CLUSTER).exposed_ports[0].published_port, Some(32309));
}

#[test]
fn a_spoilt_record_costs_no_more_than_itself() {
    let mut stored = stored(&build(json!({ "command": "a", "args": ["b"], "user": "mara" })));
    for spoilt in ["", "[]", "{\"args\":3}", "{\"argumentLengths\":[99]}", "{\"argumentLengths\":\"x\"}"] {
        stored.metadata.annotations.insert(annotation::RECORD.to_owned(), spoilt.to_owned());
        let job = readback::job_of(stored.clone(), CLUSTER);
        assert_eq!((job.user.as_str(), job.command.as_str()), ("mara", "a b"), "{spoilt}");
    }
}
