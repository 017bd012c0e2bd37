//! `fieldSelector`: `status.phase=Running,spec.nodeName!=x`, with the fields that each kind knows.

use serde_json::Value;

use super::text_at;
use crate::{kind::Kind, status_error::StatusError};

/// All requirements must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct FieldSelector {
    requirements: Vec<Requirement>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Requirement {
    field: String,
    value: String,
    equal: bool,
}

impl FieldSelector {
    pub(crate) fn parse(kind: Kind, text: &str) -> Result<Self, StatusError> {
        let mut requirements = Vec::new();
        for part in text.split(',').filter(|part| !part.is_empty()) {
            let (field, value, equal) = if let Some((field, value)) = part.split_once("!=") {
                (field, value, false)
            } else if let Some((field, value)) = part.split_once("==").or_else(|| part.split_once('=')) {
                (field, value, true)
            } else {
                return Err(StatusError::bad_request(format!(
                    "invalid selector: '{text}'; can't understand '{part}'"
                )));
            };
            if !supported(kind, field) {
                return Err(unsupported(kind, field));
            }
            requirements.push(Requirement { field: field.to_owned(), value: value.to_owned(), equal });
        }
        Ok(FieldSelector { requirements })
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.requirements.is_empty()
    }

    pub(crate) fn matches(&self, object: &Value) -> bool {
        self.requirements.iter().all(|requirement| {
            (value_of(object, &requirement.field) == requirement.value) == requirement.equal
        })
    }
}

/// A field's value as text, with the zero values that Go's types give absent fields.
fn value_of(object: &Value, field: &str) -> String {
    match field {
        "status.successful" => {
            let count = object["status"]["succeeded"].as_i64().unwrap_or(0);
            count.to_string()
        }
        "spec.unschedulable" | "spec.hostNetwork" => match text_at(object, field) {
            absent if absent.is_empty() => "false".to_owned(),
            present => present,
        },
        "source" => match text_at(object, "source.component") {
            absent if absent.is_empty() => text_at(object, "reportingComponent"),
            present => present,
        },
        _ => text_at(object, field),
    }
}

fn supported(kind: Kind, field: &str) -> bool {
    let more: &[&str] = match kind {
        Kind::Pod => &[
            "spec.nodeName",
            "spec.restartPolicy",
            "spec.schedulerName",
            "spec.serviceAccountName",
            "spec.hostNetwork",
            "status.phase",
            "status.podIP",
            "status.podIPs",
            "status.nominatedNodeName",
        ],
        Kind::Job => &["status.successful"],
        Kind::Event => &[
            "involvedObject.kind",
            "involvedObject.namespace",
            "involvedObject.name",
            "involvedObject.uid",
            "involvedObject.apiVersion",
            "involvedObject.resourceVersion",
            "involvedObject.fieldPath",
            "reason",
            "reportingComponent",
            "source",
            "type",
        ],
        Kind::Node => &["spec.unschedulable"],
        Kind::Namespace => &["status.phase"],
        Kind::Secret => &["type"],
        Kind::Service => &["spec.clusterIP", "spec.type"],
        _ => &[],
    };
    field == "metadata.name"
        || (field == "metadata.namespace" && kind.is_namespaced())
        || more.contains(&field)
}

fn unsupported(kind: Kind, field: &str) -> StatusError {
    let message = match kind {
        Kind::Job => format!("field label \"{field}\" not supported for Job"),
        Kind::Pod | Kind::Event | Kind::Node | Kind::Namespace | Kind::Secret | Kind::Service => {
            format!("field label not supported: {field}")
        }
        _ => format!(
            "\"{field}\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\""
        ),
    };
    StatusError::bad_request(message)
}
