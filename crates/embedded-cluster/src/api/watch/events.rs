//! One line of a watch.

use bytes::{BufMut, Bytes, BytesMut};
use serde_json::{Value, json};

use super::super::{accept::Form, list::metadata_only, query::Query, table};
use crate::{kind::Kind, status_error::StatusError, store::Object};

/// What an event says happened, from the watch's point of view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EventType {
    Added,
    Modified,
    Deleted,
}

impl EventType {
    fn as_str(self) -> &'static str {
        match self {
            EventType::Added => "ADDED",
            EventType::Modified => "MODIFIED",
            EventType::Deleted => "DELETED",
        }
    }
}

/// Writes events in the wanted form.
#[derive(Debug)]
pub(super) struct Encoder {
    kind: Kind,
    form: Form,
    query: Query,
    /// A table's columns are told once.
    columns_told: bool,
}

impl Encoder {
    pub(super) fn new(kind: Kind, form: Form, query: Query) -> Self {
        Encoder { kind, form, query, columns_told: false }
    }

    /// `revision` is the event's version: that of the object, but for a `DELETED` that only left the selection.
    pub(super) fn change(&mut self, event: EventType, object: &Object, revision: u64) -> Bytes {
        let body = match self.form {
            Form::Object | Form::AggregatedDiscovery if revision == object.revision() => object.json(),
            Form::Object | Form::AggregatedDiscovery => {
                let mut value = object.value().clone();
                value["metadata"]["resourceVersion"] = json!(revision.to_string());
                Bytes::from(value.to_string())
            }
            Form::Metadata => Bytes::from(metadata_only(object).to_string()),
            Form::Table => Bytes::from(self.row(object).to_string()),
        };
        line(event.as_str(), &body)
    }

    /// `initial_end` marks the end of the initial events.
    pub(super) fn bookmark(&mut self, revision: u64, initial_end: bool) -> Bytes {
        let mut metadata = json!({"resourceVersion": revision.to_string()});
        if initial_end {
            metadata["annotations"] = json!({"k8s.io/initial-events-end": "true"});
        }
        let object = match self.form {
            Form::Metadata => json!({
                "kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": metadata
            }),
            Form::Table => json!({
                "kind": "Table", "apiVersion": "meta.k8s.io/v1",
                "metadata": {"resourceVersion": revision.to_string()},
                "columnDefinitions": null,
                "rows": [{"cells": null, "object": {
                    "kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": metadata
                }}],
            }),
            Form::Object | Form::AggregatedDiscovery => empty_object(self.kind, &metadata),
        };
        line("BOOKMARK", object.to_string().as_bytes())
    }

    fn row(&mut self, object: &Object) -> Value {
        let metadata = json!({"resourceVersion": object.revision().to_string()});
        let mut table = table::of_event(self.kind, object, &metadata, &self.query);
        if self.columns_told {
            table["columnDefinitions"] = Value::Null;
        }
        self.columns_told = true;
        table
    }
}

/// An `ERROR` event.
pub(super) fn error(error: &StatusError) -> Bytes {
    line("ERROR", error.to_value().to_string().as_bytes())
}

/// An object of a kind with nothing but metadata, with the fields that Go writes even when they are empty.
fn empty_object(kind: Kind, metadata: &Value) -> Value {
    let mut object =
        json!({"kind": kind.info().name, "apiVersion": kind.api_version(), "metadata": metadata});
    let rest = match kind {
        Kind::Job => {
            json!({"spec": {"template": {"metadata": {}, "spec": {"containers": null}}}, "status": {}})
        }
        Kind::Pod => json!({"spec": {"containers": null}, "status": {}}),
        Kind::Service => json!({"spec": {}, "status": {"loadBalancer": {}}}),
        Kind::Node => json!({
            "spec": {},
            "status": {
                "daemonEndpoints": {"kubeletEndpoint": {"Port": 0}},
                "nodeInfo": {
                    "machineID": "", "systemUUID": "", "bootID": "", "kernelVersion": "", "osImage": "",
                    "containerRuntimeVersion": "", "kubeletVersion": "", "kubeProxyVersion": "",
                    "operatingSystem": "", "architecture": ""
                }
            }
        }),
        Kind::Namespace => json!({"spec": {}, "status": {}}),
        Kind::Event => json!({
            "involvedObject": {}, "source": {}, "firstTimestamp": null, "lastTimestamp": null,
            "eventTime": null, "reportingComponent": "", "reportingInstance": ""
        }),
        _ => json!({}),
    };
    if let (Value::Object(object), Value::Object(rest)) = (&mut object, rest) {
        object.extend(rest);
    }
    object
}

fn line(event: &str, object: &[u8]) -> Bytes {
    let mut line = BytesMut::with_capacity(object.len() + 40);
    line.put_slice(b"{\"type\":\"");
    line.put_slice(event.as_bytes());
    line.put_slice(b"\",\"object\":");
    line.put_slice(object);
    line.put_slice(b"}\n");
    line.freeze()
}
