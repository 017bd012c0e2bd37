//! `DELETE` of an object or of a collection.

use std::sync::Arc;

use http::{HeaderMap, Request, Response};
use hyper::body::Incoming;
use serde_json::{Value, json};

use super::{
    Api, body, decode,
    handle::Answer,
    query::Query,
    response::{self, Body},
    selectors::Selection,
};
use crate::{
    kind::Kind,
    registry::Commit,
    status_error::StatusError,
    store::{DeleteOptions, DeleteOutcome, Object, Preconditions, Propagation},
};

impl Api {
    /// # Errors
    /// `NotFound`; `Conflict` with preconditions; 400 for a body that is no `DeleteOptions`.
    pub(super) async fn delete(
        &self,
        kind: Kind,
        namespace: Option<&str>,
        name: &str,
        request: Request<Incoming>,
        query: &Query,
    ) -> Result<Answer, StatusError> {
        let Deletion { options, commit, warnings } = read_options(kind, request, query).await?;
        let done = match commit {
            Commit::DryRun => self.registry.store().get(kind, namespace, name).map(DeleteOutcome::Gone),
            Commit::Real => self.registry.delete(kind, namespace, name, &options),
        };
        let response = match done {
            Ok(DeleteOutcome::Gone(object)) if !returns_object(kind) || commit == Commit::DryRun => {
                success(&object)
            }
            Ok(DeleteOutcome::Gone(object) | DeleteOutcome::Pending(object)) => {
                response::json(http::StatusCode::OK, object.json())
            }
            Err(error) => response::status(&error),
        };
        Ok(Answer { response, warnings })
    }

    /// # Errors
    /// As [`Api::delete`].
    pub(super) async fn delete_collection(
        &self,
        kind: Kind,
        namespace: Option<&str>,
        request: Request<Incoming>,
        query: &Query,
    ) -> Result<Response<Body>, StatusError> {
        let selection = Selection::read(kind, namespace, query)?;
        let Deletion { options, commit, .. } = read_options(kind, request, query).await?;
        let snapshot = self.registry.store().list(kind, namespace);
        let mut items = Vec::new();
        for object in snapshot.items.iter().filter(|object| selection.matches(object)) {
            items.push(object.value().clone());
            if commit == Commit::Real {
                match self.registry.delete(kind, namespace, object.name(), &options) {
                    Err(error) if !error.is_not_found() => return Err(error),
                    _ => {}
                }
            }
        }
        Ok(response::object(&json!({
            "kind": format!("{kind}List"),
            "apiVersion": kind.api_version(),
            "metadata": {"resourceVersion": snapshot.revision.to_string()},
            "items": items,
        })))
    }
}

/// Kinds whose deletion answers with the object even when it is gone.
fn returns_object(kind: Kind) -> bool {
    matches!(kind, Kind::Pod | Kind::Service | Kind::ServiceAccount | Kind::PersistentVolumeClaim)
}

fn success(object: &Arc<Object>) -> Response<Body> {
    let info = object.kind().info();
    let mut details = json!({"name": object.name()});
    if !info.group.is_empty() {
        details["group"] = json!(info.group);
    }
    details["kind"] = json!(info.plural);
    details["uid"] = json!(object.uid());
    response::object(&json!({
        "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "details": details,
    }))
}

/// What a deletion is asked for.
struct Deletion {
    options: DeleteOptions,
    commit: Commit,
    warnings: Vec<String>,
}

/// What is said to those who delete a job and do not say what is to become of its pods.
const ORPHANS: &str = "child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning";

async fn read_options(
    kind: Kind,
    request: Request<Incoming>,
    query: &Query,
) -> Result<Deletion, StatusError> {
    let (parts, incoming) = request.into_parts();
    let bytes = body::read(incoming).await?;
    let sent = if bytes.is_empty() { Value::Null } else { read_body(&parts.headers, &bytes)? };
    let text =
        |field: &str| sent[field].as_str().map(str::to_owned).or_else(|| query.get(field).map(str::to_owned));
    let propagation = match text("propagationPolicy").as_deref() {
        Some("Background") => Propagation::Background,
        Some("Foreground") => Propagation::Foreground,
        Some("Orphan") => Propagation::Orphan,
        Some(other) => {
            return Err(super::write_options::unsupported(
                "DeleteOptions",
                "propagationPolicy",
                &format!("\"{other}\""),
                "\"Foreground\", \"Background\", \"Orphan\", \"nil\"",
            ));
        }
        None => default_propagation(kind, sent["orphanDependents"].as_bool()),
    };
    let grace = sent["gracePeriodSeconds"].as_i64().or_else(|| query.number("gracePeriodSeconds"));
    let dry = sent["dryRun"].as_array().is_some_and(|list| !list.is_empty()) || query.get("dryRun").is_some();
    let precondition = |field: &str| sent["preconditions"][field].as_str().map(str::to_owned);
    let options = DeleteOptions {
        propagation,
        // A negative period counts as one second.
        grace_period: grace.map(|seconds| u64::try_from(seconds).unwrap_or(1)),
        preconditions: Preconditions {
            uid: precondition("uid"),
            resource_version: precondition("resourceVersion"),
        },
    };
    let silent = text("propagationPolicy").is_none() && sent["orphanDependents"].is_null();
    let warnings = if kind == Kind::Job && silent { vec![ORPHANS.to_owned()] } else { Vec::new() };
    Ok(Deletion { options, commit: if dry { Commit::DryRun } else { Commit::Real }, warnings })
}

fn read_body(headers: &HeaderMap, bytes: &[u8]) -> Result<Value, StatusError> {
    decode::untyped(body::media_type(headers)?, bytes)
}

/// Jobs orphan their pods when the request says nothing: a relic of `batch/v1` that HTTP clients meet.
fn default_propagation(kind: Kind, orphan: Option<bool>) -> Propagation {
    match orphan {
        Some(true) => Propagation::Orphan,
        None if kind == Kind::Job => Propagation::Orphan,
        _ => Propagation::Background,
    }
}
