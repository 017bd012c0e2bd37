use std::sync::Arc;

use helm_template::{Mode, System, Templates};

use super::*;
use crate::objects::{BuildContext, Ratio};
use crate::templates::ObjectTemplates;

/// A job that has something of everything. It is also what the objects' tests begin with.
const EVERYTHING: &str = include_str!("../../objects/tests/everything.json");

/// Every field of the product's document: its name there, how a template reads it, its type, and what it is for that job.
///
/// `string array` and the like are checked item by item; an item of an array is read by its number.
const FIELDS: &[(&str, &str, &str, &str)] = &[
    ("id", ".Job.id", "string", r#""""#),
    ("cluster", ".Job.cluster", "string", r#""Kubernetes""#),
    ("generateName", ".Job.generateName", "string", r#""mara-nightly-fit-""#),
    ("name", ".Job.name", "string", r#""Nightly fit""#),
    ("user", ".Job.user", "string", r#""mara""#),
    ("workingDirectory", ".Job.workingDirectory", "string", r#""/home/mara/fits""#),
    ("container", ".Job.container", "map", ""),
    ("container.image", ".Job.container.image", "string", r#""registry.example/r:4.4""#),
    ("container.runAsUser", ".Job.container.runAsUser", "int", "1204"),
    ("container.runAsGroup", ".Job.container.runAsGroup", "int", "100"),
    ("container.supplementalGroupIds", ".Job.container.supplementalGroupIds", "int array", "[27,2000]"),
    ("host", ".Job.host", "string", r#""node-3""#),
    ("command", ".Job.command", "string", r#""Rscript fit.R""#),
    ("exe", ".Job.exe", "string", r#""""#),
    ("stdin", ".Job.stdin", "string", r#""a\nb""#),
    ("args", ".Job.args", "string array", r#"["--years","3"]"#),
    ("placementConstraints", ".Job.placementConstraints", "map array", r#"[{"name":"region","value":"eu"}]"#),
    ("placementConstraint.name", "(index .Job.placementConstraints 0).name", "string", r#""region""#),
    ("placementConstraint.value", "(index .Job.placementConstraints 0).value", "string", r#""eu""#),
    ("exposedPorts", ".Job.exposedPorts", "map array", ""),
    ("exposedPort.protocol", "(index .Job.exposedPorts 1).protocol", "string", r#""UDP""#),
    ("exposedPort.targetPort", "(index .Job.exposedPorts 0).targetPort", "string", r#""8787""#),
    ("mounts", ".Job.mounts", "map array", ""),
    ("mount.mountPath", "(index .Job.mounts 1).mountPath", "string", r#""/data""#),
    ("mount.readOnly", "(index .Job.mounts 1).readOnly", "bool", "true"),
    ("mount.mountSource", "(index .Job.mounts 1).mountSource", "map", ""),
    ("mount.mountSource.type", "(index .Job.mounts 1).mountSource.type", "string", r#""host""#),
    (
        "mount.mountSource.source",
        "(index .Job.mounts 1).mountSource.source",
        "map",
        r#"{"path":"/srv/data"}"#,
    ),
    ("config", ".Job.config", "map array", ""),
    ("config.name", "(index .Job.config 0).name", "string", r#""secret""#),
    ("config.value", "(index .Job.config 0).value", "string", r#""db-login:password:DB_PASSWORD""#),
    ("resourceLimits", ".Job.resourceLimits", "map array", ""),
    ("resourceLimit.type", "(index .Job.resourceLimits 1).type", "string", r#""memory""#),
    ("resourceLimit.value", "(index .Job.resourceLimits 1).value", "string", r#""4096""#),
    ("volumes", ".Job.volumes", "map array", ""),
    ("volume.name", "(index .Job.volumes 0).name", "string", r#""mount0""#),
    (
        "volume.?",
        "(index .Job.volumes 0).nfs",
        "map",
        r#"{"path":"/exports/home/mara","server":"nas.example"}"#,
    ),
    ("volumeMounts", ".Job.volumeMounts", "map array", ""),
    ("volumeMount.name", "(index .Job.volumeMounts 0).name", "string", r#""mount0""#),
    ("volumeMount.mountPath", "(index .Job.volumeMounts 0).mountPath", "string", r#""/home/mara""#),
    ("volumeMount.readOnly", "(index .Job.volumeMounts 0).readOnly", "bool", "false"),
    ("tags", ".Job.tags", "string array", r#"["fit","nightly"]"#),
    ("servicePortsJson", ".Job.servicePortsJson", "string", ""),
    ("shareProcessNamespace", ".Job.shareProcessNamespace", "bool", "true"),
    ("memoryRequestRatio", ".Job.memoryRequestRatio", "decimal", "0.25"),
    ("cpuRequestRatio", ".Job.cpuRequestRatio", "decimal", "0.5"),
];

/// What `kindOf` and `typeOf` say of a value of that type, and of each item of an array.
fn kinds(of: &str) -> &'static str {
    match of {
        "string" => "string string",
        "int" => "int int",
        "bool" => "bool bool",
        "decimal" => "float64 float64",
        "map" => "map map[string]interface {}",
        "string array" => "slice []interface {}: string string, string string",
        "int array" => "slice []interface {}: int int, int int",
        other => panic!("unknown type '{other}'"),
    }
}

fn context() -> BuildContext {
    BuildContext {
        templates: ObjectTemplates::built_in(),
        cluster: "Kubernetes".into(),
        shared_process_namespace: true,
        default_image: None,
        overrides: Arc::default(),
        cpu_request_ratio: Ratio::new(0.5).expect("a ratio"),
        memory_request_ratio: Ratio::new(0.25).expect("a ratio"),
        deliverer: "".into(),
        stdin_key: String::new(),
        profile_data: crate::templates::ProfileData::default(),
    }
}

fn everything() -> (Job, JobParts) {
    let job: Job = serde_json::from_str(EVERYTHING).expect("a job");
    let parts = JobParts::of(&job, &context()).expect("parts");
    (job, parts)
}

fn render(template: &str, data: &Value) -> String {
    let mut templates = Templates::with_world(Mode::Go, Arc::new(System));
    templates.add("job.tpl", template).unwrap_or_else(|error| panic!("{template}: {error}"));
    templates.render("job.tpl", data).unwrap_or_else(|error| panic!("{template}: {error}"))
}

#[test]
fn every_field_of_the_document_is_there_with_its_type_and_the_jobs_value() {
    let (job, parts) = everything();
    let data = for_job(&job, &parts);
    for (name, read, of, value) in FIELDS {
        let own = render(&format!("{{{{ kindOf ({read}) }}}} {{{{ typeOf ({read}) }}}}"), &data);
        let items = format!(
            "{{{{ range $i, $item := {read} }}}}{{{{ if $i }}}}, {{{{ end }}}}{{{{ kindOf $item }}}} {{{{ typeOf $item }}}}{{{{ end }}}}"
        );
        match *of {
            "map array" => {
                assert_eq!(own, "slice []interface {}", "{name}");
                let items = render(&items, &data);
                assert!(!items.is_empty(), "{name} shows nothing");
                assert!(items.split(", ").all(|item| item == kinds("map")), "{name}: {items}");
            }
            array if array.ends_with("array") => {
                assert_eq!(format!("{own}: {}", render(&items, &data)), kinds(array), "{name}");
            }
            single => assert_eq!(own, kinds(single), "{name}"),
        }
        if !value.is_empty() {
            assert_eq!(render(&format!("{{{{ toJson ({read}) }}}}"), &data), *value, "{name}");
        }
    }
}

#[test]
fn a_service_is_given_the_id_of_its_job() {
    let (job, parts) = everything();
    let owner = Owner { name: "mara-nightly-fit-x7k2p".to_owned(), uid: "uid-1".to_owned() };
    let data = for_service(&job, &parts, &owner);
    assert_eq!(render("{{ kindOf .Job.id }} {{ .Job.id }}", &data), "string mara-nightly-fit-x7k2p");
}

#[test]
fn ids_of_the_container_that_are_not_asked_for_are_nil_and_lists_are_empty() {
    let job: Job =
        serde_json::from_str(r#"{ "command": "true", "container": { "image": "r" } }"#).expect("a job");
    let parts = JobParts::of(&job, &context()).expect("parts");
    let template = "{{ kindOf .Job.container.runAsUser }} {{ kindOf .Job.container.runAsGroup }} \
                    {{ toJson .Job.container.supplementalGroupIds }} {{ toJson .Job.args }} {{ toJson .Job.tags }}";
    assert_eq!(render(template, &for_job(&job, &parts)), "invalid invalid [] [] []");
}
