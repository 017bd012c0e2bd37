//! Jobs.

use serde_json::{Value, json};

use super::{
    age::human_duration,
    column::{Column, age, items, joined, selector, text},
};
use crate::time;

pub(super) const COLUMNS: &[Column] = &[
    Column::NAME,
    Column::text("Status"),
    Column::text("Completions"),
    Column::text("Duration"),
    Column::text("Age"),
    Column::wide("Containers"),
    Column::wide("Images"),
    Column::wide("Selector"),
];

pub(super) fn cells(job: &Value) -> Vec<Value> {
    let containers = || items(job, "/spec/template/spec/containers");
    vec![
        json!(text(job, "/metadata/name")),
        json!(status(job)),
        json!(completions(job)),
        json!(duration(job)),
        age(job),
        json!(joined(containers(), "name")),
        json!(joined(containers(), "image")),
        selector(&job["spec"]["selector"]["matchLabels"]),
    ]
}

fn status(job: &Value) -> &'static str {
    let has = |kind: &str| {
        items(job, "/status/conditions")
            .any(|condition| condition["type"] == kind && condition["status"] == "True")
    };
    if has("Complete") {
        "Complete"
    } else if has("Failed") {
        "Failed"
    } else if job["metadata"]["deletionTimestamp"].is_string() {
        "Terminating"
    } else if has("Suspended") {
        "Suspended"
    } else if has("FailureTarget") {
        "FailureTarget"
    } else if has("SuccessCriteriaMet") {
        "SuccessCriteriaMet"
    } else {
        "Running"
    }
}

fn completions(job: &Value) -> String {
    let succeeded = job["status"]["succeeded"].as_i64().unwrap_or(0);
    match (job["spec"]["completions"].as_i64(), job["spec"]["parallelism"].as_i64().unwrap_or(0)) {
        (Some(wanted), _) => format!("{succeeded}/{wanted}"),
        (None, parallelism) if parallelism > 1 => format!("{succeeded}/1 of {parallelism}"),
        (None, _) => format!("{succeeded}/1"),
    }
}

fn duration(job: &Value) -> String {
    let read = |pointer| text(job, pointer).parse::<jiff::Timestamp>().ok();
    let Some(start) = read("/status/startTime") else {
        return String::new();
    };
    let end = read("/status/completionTime").unwrap_or_else(time::now);
    human_duration(end.duration_since(start).as_secs())
}
