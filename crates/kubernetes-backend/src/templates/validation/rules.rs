//! What the objects must hold, and why.

use launcher_api::Job;
use serde_json::{Value, json};

use super::Question;
use super::problem::Gravity;
use crate::FieldPath;
use crate::objects::{JobParts, Owner, ports, service_ports};
use crate::{annotation, names, readback};

/// Something that is wrong.
pub(super) struct Finding {
    pub question: Question,
    pub gravity: Gravity,
    /// The field that it is about.
    pub at: FieldPath,
    /// Which part of the object, or field of the job: the same for every job that meets it.
    pub subject: String,
    pub message: String,
    pub why: Option<String>,
    pub fix: Option<String>,
}

impl Finding {
    fn new(question: Question, pointer: &str, subject: &str, message: String, why: &str) -> Self {
        Self {
            question,
            gravity: Gravity::Problem,
            at: FieldPath::of_pointer(pointer),
            subject: subject.to_owned(),
            message,
            why: Some(why.to_owned()),
            fix: None,
        }
    }
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
    let containers = object.pointer(CONTAINERS).and_then(Value::as_array);
    let is_main = |container: &Value| container["name"] == annotation::MAIN_CONTAINER;
    if !containers.is_some_and(|containers| containers.iter().any(is_main)) {
        findings.push(Finding::new(
            HardCoded,
            CONTAINERS,
            "container",
            format!("no container of '{CONTAINERS}' is named '{}'", annotation::MAIN_CONTAINER),
            "the Launcher finds the job's own container by this name: its output, its end",
        ));
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
        findings.push(Finding::new(
            Needed,
            "/spec/ports",
            "ports",
            format!("'/spec/ports' leads to {}, expected {}", json!(found), json!(ports)),
            "every exposed port of a job without a published one is reached through its Service",
        ));
    }
    findings
}

fn check(object: &Value, rule: &Rule) -> Option<Finding> {
    let message = match object.pointer(rule.pointer) {
        Some(found) if *found == rule.expected => return None,
        Some(found) => format!("'{}' is {found}, expected {}", rule.pointer, rule.expected),
        None => format!("'{}' is missing, expected {}", rule.pointer, rule.expected),
    };
    Some(Finding::new(rule.question, rule.pointer, rule.pointer, message, rule.why))
}

/// The list that holds the job's own container.
const CONTAINERS: &str = "/spec/template/spec/containers";

/// A field of a job, and where the object tells it.
struct Told {
    field: &'static str,
    /// In words.
    place: &'static str,
    /// As a JSON pointer; what does not begin with `/` is in the main container.
    pointer: &'static str,
    why: &'static str,
}

const fn told(field: &'static str, place: &'static str, pointer: &'static str, why: &'static str) -> Told {
    Told { field, place, pointer, why }
}

const TOLD: [Told; 16] = [
    told(
        "user",
        "annotation 'user' of the pod template",
        "/spec/template/metadata/annotations/user",
        "only its owner may see a job after a restart",
    ),
    told(
        "name",
        "annotation 'name' of the pod template",
        "/spec/template/metadata/annotations/name",
        "the name is read back after a restart",
    ),
    told(
        "tags",
        "annotations 'USER_TAG_0', 'USER_TAG_1', … of the pod template",
        "/spec/template/metadata/annotations/USER_TAG_0",
        "sessions are found by their tags",
    ),
    told(
        "stdin",
        "annotation 'stdin' of the pod template",
        "/spec/template/metadata/annotations/stdin",
        "the text is delivered from there when the job runs",
    ),
    told("command", "command and args of the main container", "command", "the job would run something else"),
    told("exe", "command of the main container", "command", "the job would run something else"),
    told("args", "args of the main container", "args", "the job would run with other arguments"),
    told("environment", "env of the main container", "env", "the job would miss variables"),
    told("config", "env of the main container, from Secrets", "env", "the job would miss secret variables"),
    told(
        "container",
        "image of the main container, securityContext of the pod",
        "image",
        "the job would run as somebody else",
    ),
    told("workingDirectory", "workingDir of the main container", "workingDir", "the job would run elsewhere"),
    told("host", "nodeName of the pod", "/spec/template/spec/nodeName", "the job would run on another node"),
    told(
        "placementConstraints",
        "nodeSelector of the pod",
        "/spec/template/spec/nodeSelector",
        "the job would run on another node",
    ),
    told(
        "exposedPorts",
        "ports of the main container, and annotation 'service_ports' of the pod template",
        "ports",
        "users reach a session by its ports, and its Service is made after a restart by that annotation",
    ),
    told(
        "mounts",
        "volumes of the pod, volumeMounts of the main container",
        "volumeMounts",
        "the job would miss its files",
    ),
    told(
        "resourceLimits",
        "resources of the main container",
        "resources",
        "the job would use more than it may, or get less",
    ),
];

impl Told {
    fn pointer(&self, main: usize) -> String {
        match self.pointer.strip_prefix('/') {
            Some(_) => self.pointer.to_owned(),
            None => format!("{CONTAINERS}/{main}/{}", self.pointer),
        }
    }
}

/// What the object does not tell of its job any more.
fn lost(object: &Value, job: &Job) -> Vec<Finding> {
    let told = match readback::try_job_of_value(object, &job.cluster) {
        Ok(told) => told,
        Err(error) => {
            let message = format!("the object cannot be read: {error}");
            let why = "the plugin reads its jobs from their objects";
            return vec![Finding::new(Question::Needed, "", "reading", message, why)];
        }
    };
    let (wanted, told) = (json!(expected(job)), json!(told));
    let containers = object.pointer(CONTAINERS).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let is_main = |container: &Value| container["name"] == annotation::MAIN_CONTAINER;
    let main = containers.iter().position(is_main).unwrap_or_default();
    let mut findings: Vec<Finding> = TOLD
        .iter()
        .filter(|one| wanted.get(one.field) != told.get(one.field))
        .map(|one| {
            let shown =
                |value: Option<&Value>| value.map_or_else(|| "nothing".to_owned(), ToString::to_string);
            let Told { field, place, why, .. } = one;
            let message = format!(
                "the job's '{field}' is {} in the object, expected {} ({place})",
                shown(told.get(field)),
                shown(wanted.get(field))
            );
            Finding::new(Question::Needed, &one.pointer(main), field, message, why)
        })
        .collect();
    if !job.stdin.is_empty() && containers.get(main).is_none_or(|main| main["stdin"] != true) {
        findings.push(Finding::new(
            Question::Needed,
            &format!("{CONTAINERS}/{main}/stdin"),
            "stdin of the container",
            "'stdin' of the main container is not true for a job that has a standard input".to_owned(),
            "the job's standard input could not be delivered",
        ));
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
