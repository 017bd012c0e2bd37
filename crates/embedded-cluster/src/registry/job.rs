//! Jobs: defaults, the generated selector and labels, checks, and what may change.

use serde_json::{Map, Value, json};

use super::{causes::Causes, fill, metadata, names, pod_spec};

const CONTROLLER_UID: &str = "batch.kubernetes.io/controller-uid";
const JOB_NAME: &str = "batch.kubernetes.io/job-name";

/// Fills in what was left out, and the labels by which the job knows its pods.
pub(super) fn default(job: &mut Value) {
    generate_labels(job);
    let spec = &mut job["spec"];
    if spec["completions"].is_null() && spec["parallelism"].is_null() {
        fill(spec, "completions", json!(1));
    }
    fill(spec, "parallelism", json!(1));
    fill(spec, "backoffLimit", json!(6));
    fill(spec, "completionMode", json!("NonIndexed"));
    fill(spec, "suspend", json!(false));
    fill(spec, "manualSelector", json!(false));
    let replacement = if spec["podFailurePolicy"].is_object() { "Failed" } else { "TerminatingOrFailed" };
    fill(spec, "podReplacementPolicy", json!(replacement));
    if !spec["template"].is_object() {
        spec["template"] = json!({});
    }
    if !spec["template"]["spec"].is_object() {
        spec["template"]["spec"] = json!({});
    }
    pod_spec::default(&mut spec["template"]["spec"]);
    if !job["status"].is_object() {
        job["status"] = json!({});
    }
}

fn generate_labels(job: &mut Value) {
    if job["spec"]["manualSelector"] == true {
        return;
    }
    // A job without labels of its own takes those of its template: its own ones, or else the generated ones.
    let unlabelled = job["metadata"]["labels"].as_object().is_none_or(Map::is_empty);
    let own =
        job["spec"]["template"]["metadata"]["labels"].as_object().filter(|own| !own.is_empty()).cloned();
    let uid = job["metadata"]["uid"].clone();
    let name = job["metadata"]["name"].clone();
    let labels = labels_of(&mut job["spec"]["template"]);
    for (key, value) in
        [(CONTROLLER_UID, &uid), (JOB_NAME, &name), ("controller-uid", &uid), ("job-name", &name)]
    {
        labels.insert(key.to_owned(), value.clone());
    }
    if unlabelled {
        let all = labels.clone();
        job["metadata"]["labels"] = Value::Object(own.unwrap_or(all));
    }
    let selector = &mut job["spec"]["selector"];
    if selector.is_null() {
        *selector = json!({});
    }
    if selector["matchLabels"].is_null() {
        selector["matchLabels"] = json!({});
    }
    selector["matchLabels"][CONTROLLER_UID] = uid;
}

/// The labels of a job but for the generated ones.
pub(super) fn own_labels(job: &Value) -> Value {
    let labels = job["metadata"]["labels"].as_object();
    let generated = [CONTROLLER_UID, JOB_NAME, "controller-uid", "job-name"];
    labels
        .into_iter()
        .flatten()
        .filter(|(key, _)| !generated.contains(&key.as_str()))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect::<Map<_, _>>()
        .into()
}

/// The template's labels, made if there are none.
fn labels_of(template: &mut Value) -> &mut Map<String, Value> {
    object(object(object_fields(template), "metadata"), "labels")
}

fn object<'a>(fields: &'a mut Map<String, Value>, key: &str) -> &'a mut Map<String, Value> {
    object_fields(fields.entry(key).or_insert(Value::Null))
}

/// The fields of an object; anything else is made an empty one.
fn object_fields(value: &mut Value) -> &mut Map<String, Value> {
    if !value.is_object() {
        *value = json!({});
    }
    match value {
        Value::Object(fields) => fields,
        _ => unreachable!("made an object a line above"),
    }
}

/// Checks a job, new or changed.
pub(super) fn validate(job: &Value, causes: &mut Causes) {
    let spec = &job["spec"];
    for field in
        ["parallelism", "completions", "activeDeadlineSeconds", "backoffLimit", "ttlSecondsAfterFinished"]
    {
        causes.not_negative(format!("spec.{field}"), &spec[field]);
    }
    causes.one_of("spec.completionMode", &spec["completionMode"], &["NonIndexed", "Indexed"]);
    if spec["completionMode"] == "Indexed" && spec["completions"].is_null() {
        causes.required_because("spec.completions", "when completion mode is Indexed");
    }
    causes.one_of(
        "spec.podReplacementPolicy",
        &spec["podReplacementPolicy"],
        &["Failed", "TerminatingOrFailed"],
    );
    let template = &spec["template"];
    check_selector(spec, causes);
    metadata::labels(&template["metadata"]["labels"], "spec.template.labels", causes);
    metadata::annotations(&template["metadata"]["annotations"], "spec.template.annotations", causes);
    pod_spec::validate(&template["spec"], "spec.template.spec", causes);
    match template["spec"]["restartPolicy"].as_str() {
        None | Some("" | "Always") => causes
            .required_because("spec.template.spec.restartPolicy", "valid values: \"OnFailure\", \"Never\""),
        Some(_) => {
            let policy = &template["spec"]["restartPolicy"];
            causes.one_of("spec.template.spec.restartPolicy", policy, &["OnFailure", "Never"]);
        }
    }
}

fn check_selector(spec: &Value, causes: &mut Causes) {
    let selector = &spec["selector"];
    let labels = &spec["template"]["metadata"]["labels"];
    let wanted = selector["matchLabels"].as_object();
    if selector.is_null() {
        causes.required("spec.selector");
    } else if spec["manualSelector"] != true && wanted.is_some_and(|wanted| wanted.len() > 1) {
        causes.invalid("spec.selector", selector, "`selector` not auto-generated");
    }
    let fits = wanted.is_some_and(|wanted| wanted.iter().all(|(key, value)| labels.get(key) == Some(value)));
    if !fits {
        causes.invalid(
            "spec.template.metadata.labels",
            labels,
            "`selector` does not match template `labels`",
        );
    }
}

/// Checks a change: most of a job cannot be changed any more.
pub(super) fn validate_update(old: &Value, new: &Value, causes: &mut Causes) {
    let (before, after) = (&old["spec"], &new["spec"]);
    for field in ["completions", "selector", "completionMode", "podFailurePolicy", "backoffLimitPerIndex"] {
        if before[field] != after[field] {
            causes.invalid(format!("spec.{field}"), &after[field], "field is immutable");
        }
    }
    let mut allowed = before["template"].clone();
    if before["suspend"] == true {
        // A suspended job may be told anew where its pods are to run.
        for pointer in [
            "metadata/labels",
            "metadata/annotations",
            "spec/nodeSelector",
            "spec/affinity",
            "spec/tolerations",
            "spec/schedulingGates",
        ] {
            let (parent, key) = pointer.split_once('/').unwrap_or((pointer, ""));
            if let Some(fields) = allowed[parent].as_object_mut() {
                match after["template"][parent].get(key) {
                    Some(value) => fields.insert(key.to_owned(), value.clone()),
                    None => fields.shift_remove(key),
                };
            }
        }
    }
    if allowed["metadata"] != after["template"]["metadata"]
        || (before["suspend"] != true && allowed != after["template"])
    {
        causes.invalid("spec.template", &after["template"], "field is immutable");
    } else if allowed["spec"] != after["template"]["spec"] {
        causes.invalid("spec.template.spec", &after["template"]["spec"], "field is immutable");
    }
}

/// What a client is warned about.
pub(super) fn warnings(job: &Value) -> Vec<String> {
    let name = job["metadata"]["name"].as_str().unwrap_or_default();
    let mut warnings = Vec::new();
    if name.contains('.') && names::subdomain(name).is_none() {
        warnings.push(
            "metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended: [must not contain dots]"
                .to_owned(),
        );
    }
    warnings.extend(pod_spec::warnings(&job["spec"]["template"]["spec"], "spec.template.spec"));
    warnings
}
