//! What the objects must hold, and why.

use launcher_api::Job;
use serde_json::{Value, json};

use super::Question;
use crate::objects::{JobParts, Owner, ports, service_ports};
use crate::{annotation, names, readback};

/// Something that is wrong.
pub(super) struct Finding {
    pub question: Question,
    /// Which part of the object, or field of the job: the same for every job that meets it.
    pub subject: String,
    pub message: String,
    pub why: String,
}

/// A value that has to be there: where, and why.
struct Rule {
    question: Question,
    pointer: &'static str,
    expected: Value,
    why: &'static str,
}

/// What is wrong with a Job.
pub(super) fn of_job(object: &Value, job: &Job, parts: &JobParts) -> Vec<Finding> {
    use Question::{HardCoded, Needed};
    let rules = [
        Rule {
            question: HardCoded,
            pointer: "/spec/backoffLimit",
            expected: json!(0),
            why: "a session that fails would be started again behind its user's back",
        },
        Rule {
            question: HardCoded,
            pointer: "/spec/template/spec/restartPolicy",
            expected: json!("Never"),
            why: "a job that has ended would be started again, and its end would never be seen",
        },
        Rule {
            question: HardCoded,
            pointer: "/metadata/labels/app.kubernetes.io~1managed-by",
            expected: json!(annotation::MANAGED_BY_LAUNCHER),
            why: "the Launcher lists its jobs by this label",
        },
        Rule {
            question: HardCoded,
            pointer: "/spec/template/metadata/labels/app.kubernetes.io~1managed-by",
            expected: json!(annotation::MANAGED_BY_LAUNCHER),
            why: "the Launcher watches its pods by this label",
        },
        Rule {
            question: Needed,
            pointer: "/metadata/generateName",
            expected: json!(names::generate_name(job.user.as_str(), &job.name)),
            why: "jobs are named by it, and no two jobs may have one name",
        },
        Rule {
            question: Needed,
            pointer: "/spec/template/spec/shareProcessNamespace",
            expected: json!(parts.shared_process_namespace),
            why: "stop and kill reach all processes of a job only so",
        },
    ];
    let mut findings: Vec<Finding> = rules.iter().filter_map(|rule| check(object, rule)).collect();
    let containers = object.pointer("/spec/template/spec/containers").and_then(Value::as_array);
    let is_main = |container: &Value| container["name"] == annotation::MAIN_CONTAINER;
    if !containers.is_some_and(|containers| containers.iter().any(is_main)) {
        findings.push(Finding {
            question: HardCoded,
            subject: "container".to_owned(),
            message: format!(
                "no container of '/spec/template/spec/containers' is named '{}'",
                annotation::MAIN_CONTAINER
            ),
            why: "the Launcher finds the job's own container by this name: its output, its end".to_owned(),
        });
        return findings;
    }
    findings.extend(lost(object, job));
    findings
}

/// What is wrong with a Service.
pub(super) fn of_service(object: &Value, job: &Job, owner: &Owner) -> Vec<Finding> {
    use Question::{HardCoded, Needed};
    let ports: Vec<Value> = service_ports(job).map(|port| json!(port.target_port)).collect();
    let rules = [
        Rule {
            question: HardCoded,
            pointer: "/spec/type",
            expected: json!("NodePort"),
            why: "the Launcher tells users the port of the node",
        },
        Rule {
            question: HardCoded,
            pointer: "/metadata/labels/app.kubernetes.io~1managed-by",
            expected: json!(annotation::MANAGED_BY_LAUNCHER),
            why: "the Launcher lists its Services by this label",
        },
        Rule {
            question: Needed,
            pointer: "/metadata/labels/job-name",
            expected: json!(owner.name),
            why: "the Launcher finds the Service of a job by this label, and removes it with the job",
        },
        Rule {
            question: Needed,
            pointer: "/spec/selector",
            expected: json!({ "job-name": owner.name }),
            why: "the Service leads to the pod of its job only so",
        },
        Rule {
            question: Needed,
            pointer: "/metadata/name",
            expected: json!(names::service_name(&owner.name)),
            why: "the name follows from the job's, so that the Service is made once",
        },
    ];
    let mut findings: Vec<Finding> = rules.iter().filter_map(|rule| check(object, rule)).collect();
    let found: Vec<Value> = object["spec"]["ports"]
        .as_array()
        .map(|ports| ports.iter().map(|port| port["targetPort"].clone()).collect())
        .unwrap_or_default();
    if found != ports {
        findings.push(Finding {
            question: Needed,
            subject: "ports".to_owned(),
            message: format!("'/spec/ports' leads to {}, expected {}", json!(found), json!(ports)),
            why: "every exposed port of a job without a published one is reached through its Service"
                .to_owned(),
        });
    }
    findings
}

fn check(object: &Value, rule: &Rule) -> Option<Finding> {
    let message = match object.pointer(rule.pointer) {
        Some(found) if *found == rule.expected => return None,
        Some(found) => format!("'{}' is {found}, expected {}", rule.pointer, rule.expected),
        None => format!("'{}' is missing, expected {}", rule.pointer, rule.expected),
    };
    let (subject, why) = (rule.pointer.to_owned(), rule.why.to_owned());
    Some(Finding { question: rule.question, subject, message, why })
}

/// Fields of a job, where the object tells them, and what they are needed for.
const TOLD: [(&str, &str, &str); 16] = [
    ("user", "annotation 'user' of the pod template", "only its owner may see a job after a restart"),
    ("name", "annotation 'name' of the pod template", "the name is read back after a restart"),
    (
        "tags",
        "annotations 'USER_TAG_0', 'USER_TAG_1', … of the pod template",
        "sessions are found by their tags",
    ),
    ("stdin", "annotation 'stdin' of the pod template", "the text is delivered from there when the job runs"),
    ("command", "command and args of the main container", "the job would run something else"),
    ("exe", "command of the main container", "the job would run something else"),
    ("args", "args of the main container", "the job would run with other arguments"),
    ("environment", "env of the main container", "the job would miss variables"),
    ("config", "env of the main container, from Secrets", "the job would miss secret variables"),
    (
        "container",
        "image of the main container, securityContext of the pod",
        "the job would run as somebody else",
    ),
    ("workingDirectory", "workingDir of the main container", "the job would run elsewhere"),
    ("host", "nodeName of the pod", "the job would run on another node"),
    ("placementConstraints", "nodeSelector of the pod", "the job would run on another node"),
    (
        "exposedPorts",
        "ports of the main container, and annotation 'service_ports' of the pod template",
        "users reach a session by its ports, and its Service is made after a restart by that annotation",
    ),
    ("mounts", "volumes of the pod, volumeMounts of the main container", "the job would miss its files"),
    ("resourceLimits", "resources of the main container", "the job would use more than it may, or get less"),
];

/// What the object does not tell of its job any more.
fn lost(object: &Value, job: &Job) -> Vec<Finding> {
    let told = readback::job_of_value(object, &job.cluster);
    let (wanted, told) = (json!(expected(job)), json!(told));
    let pod_stdin =
        object.pointer("/spec/template/spec/containers").and_then(Value::as_array).and_then(|all| {
            all.iter()
                .find(|container| container["name"] == annotation::MAIN_CONTAINER)
                .map(|main| main["stdin"].clone())
        });
    let mut findings: Vec<Finding> = TOLD
        .into_iter()
        .filter(|(field, _, _)| wanted.get(field) != told.get(field))
        .map(|(field, place, why)| {
            let shown =
                |value: Option<&Value>| value.map_or_else(|| "nothing".to_owned(), ToString::to_string);
            let message = format!(
                "the job's '{field}' is {} in the object, expected {} ({place})",
                shown(told.get(field)),
                shown(wanted.get(field))
            );
            Finding { question: Question::Needed, subject: field.to_owned(), message, why: why.to_owned() }
        })
        .collect();
    if !job.stdin.is_empty() && pod_stdin != Some(json!(true)) {
        findings.push(Finding {
            question: Question::Needed,
            subject: "stdin of the container".to_owned(),
            message: "'stdin' of the main container is not true for a job that has a standard input"
                .to_owned(),
            why: "the job's standard input could not be delivered".to_owned(),
        });
    }
    findings
}

/// The job as an object without the plugin's own record tells it.
fn expected(job: &Job) -> Job {
    let mut job = job.clone();
    if !job.command.is_empty() && !job.args.is_empty() {
        job.command = format!("{} {}", job.command, job.args.join(" "));
        job.args.clear();
    }
    for port in &mut job.exposed_ports {
        port.protocol = ports::protocol(port);
    }
    job
}
