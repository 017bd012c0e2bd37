//! Creating and changing objects on behalf of a request.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{Registry, causes::Causes, service, strategy};
use crate::{
    identifiers,
    kind::Kind,
    status_error::{Cause, Reason, StatusError},
    store::{self, Object},
};

/// Whether a write is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Commit {
    Real,
    /// Everything but the storing.
    DryRun,
}

/// Which part of an object a write is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// All but `status`, where there is a `status` subresource.
    Main,
    /// Only `status`.
    Status,
}

impl Part {
    pub(crate) fn of(subresource: Option<&str>) -> Self {
        if subresource == Some("status") { Part::Status } else { Part::Main }
    }
}

/// The largest object that the database takes, in bytes of JSON.
const MAX_OBJECT: usize = 1_572_864;
/// Names that are tried for one `generateName`.
const NAME_TRIES: usize = 8;

impl Registry {
    /// As [`Registry::create`], with the means of a request: a dry run, and warnings for the client.
    ///
    /// # Errors
    /// As [`Registry::create`].
    pub(crate) fn create_by_request(
        &self,
        kind: Kind,
        namespace: Option<&str>,
        mut object: Value,
        commit: Commit,
        warnings: &mut Vec<String>,
    ) -> Result<Arc<Object>, StatusError> {
        self.check_namespace(kind, namespace, &object)?;
        let generated = object["metadata"]["name"].as_str().unwrap_or_default().is_empty();
        let tries = if generated { NAME_TRIES } else { 1 };
        let mut last = None;
        for attempt in 1..=tries {
            let copy = if attempt == tries { std::mem::take(&mut object) } else { object.clone() };
            let new = self.complete_new(kind, namespace, copy)?;
            if commit == Commit::DryRun {
                warnings.extend(strategy::warnings(kind, &new));
                return Ok(Arc::new(unstored(kind, new)));
            }
            check_size(&new)?;
            let new_warnings = strategy::warnings(kind, &new);
            match self.store.insert(kind, namespace, new) {
                Ok(created) => {
                    warnings.extend(new_warnings);
                    return Ok(created);
                }
                Err(error) => last = Some(error),
            }
        }
        Err(last.unwrap_or_else(|| StatusError::internal("no name could be generated")))
    }

    /// The object as it would be stored: named, admitted, defaulted, checked.
    fn complete_new(&self, kind: Kind, namespace: Option<&str>, object: Value) -> Result<Value, StatusError> {
        let mut new = store::prepare_new(kind, namespace, object);
        if new["metadata"]["name"] == ""
            && let Some(prefix) = new["metadata"]["generateName"].as_str()
        {
            new["metadata"]["name"] = json!(identifiers::generated_name(prefix));
        }
        strategy::complete(&self.store, kind, &mut new)?;
        let name = new["metadata"]["name"].as_str().unwrap_or_default().to_owned();
        let mut causes = Causes::default();
        strategy::validate(kind, &new, &mut causes);
        causes.into_result(kind, &name)?;
        self.faults.admit(kind, &new)?;
        if kind == Kind::Service {
            let mut causes = Causes::default();
            service::allocate(&self.store, &mut new, &mut causes);
            causes.into_result(kind, &name)?;
        }
        Ok(new)
    }

    fn check_namespace(
        &self,
        kind: Kind,
        namespace: Option<&str>,
        object: &Value,
    ) -> Result<(), StatusError> {
        let Some(namespace) = namespace.filter(|_| kind.is_namespaced()) else {
            return Ok(());
        };
        check_same_namespace(Some(namespace), object)?;
        let found = self.store.get(Kind::Namespace, None, namespace)?;
        if !found.is_being_deleted() {
            return Ok(());
        }
        let name = object["metadata"]["name"].as_str().unwrap_or_default();
        let why =
            format!("unable to create new content in namespace {namespace} because it is being terminated");
        Err(StatusError::forbidden(kind, name, &why).with_cause(Cause {
            reason: "NamespaceTerminating",
            message: format!("namespace {namespace} is being terminated"),
            field: "metadata.namespace".to_owned(),
        }))
    }

    /// Changes an object: `change` makes the wanted one from the present one. A `resourceVersion` in it must be
    /// the present one.
    ///
    /// # Errors
    /// `NotFound`, `Conflict`, `Invalid`, or what `change` returned.
    pub(crate) fn update_by_request(
        &self,
        target: &Target<'_>,
        commit: Commit,
        warnings: &mut Vec<String>,
        mut change: impl FnMut(&Value) -> Result<Value, StatusError>,
    ) -> Result<Arc<Object>, StatusError> {
        let Target { kind, namespace, name, part } = *target;
        let mut write = |value: &mut Value| {
            let wanted = change(value)?;
            check_identity(target, &wanted)?;
            check_version(kind, name, value, &wanted)?;
            let mut new = merge_part(kind, part, value, wanted);
            if part == Part::Main {
                self.complete_changed(kind, name, value, &mut new)?;
            }
            *value = new;
            Ok(())
        };
        let written = match commit {
            Commit::Real => self.store.update(kind, namespace, name, write)?,
            Commit::DryRun => {
                let current = self.store.get(kind, namespace, name)?;
                let mut value = current.value().clone();
                write(&mut value)?;
                Arc::new(store::preview_update(&current, value))
            }
        };
        if part == Part::Main {
            warnings.extend(strategy::warnings(kind, written.value()));
        }
        Ok(written)
    }

    fn complete_changed(
        &self,
        kind: Kind,
        name: &str,
        old: &Value,
        new: &mut Value,
    ) -> Result<(), StatusError> {
        strategy::complete_update(kind, new);
        let mut causes = Causes::default();
        strategy::validate(kind, new, &mut causes);
        strategy::validate_update(kind, old, new, &mut causes);
        if kind == Kind::Service {
            service::allocate(&self.store, new, &mut causes);
        }
        causes.into_result(kind, name)?;
        check_size(new)
    }
}

/// What a request wants to change.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Target<'a> {
    pub(crate) kind: Kind,
    pub(crate) namespace: Option<&'a str>,
    pub(crate) name: &'a str,
    pub(crate) part: Part,
}

fn check_size(object: &Value) -> Result<(), StatusError> {
    // Only what may be too large is measured exactly.
    if rough_size(object) < MAX_OBJECT / 8 || object.to_string().len() <= MAX_OBJECT {
        return Ok(());
    }
    Err(StatusError::new(500, Reason::Unknown, "etcdserver: request is too large"))
}

/// The bytes of all texts and keys: a lower bound of the JSON, and more than an eighth of it.
fn rough_size(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len() + 2,
        Value::Array(items) => items.iter().map(|item| rough_size(item) + 1).sum(),
        Value::Object(fields) => fields.iter().map(|(key, field)| key.len() + rough_size(field) + 4).sum(),
        _ => 4,
    }
}

/// What a dry run shows: the object as it would be stored, but for its version.
fn unstored(kind: Kind, mut value: Value) -> Object {
    if let Some(metadata) = value["metadata"].as_object_mut() {
        metadata.shift_remove("resourceVersion");
    }
    Object::new(kind, 0, value)
}

/// The object in the body must be the one in the path.
fn check_identity(target: &Target<'_>, wanted: &Value) -> Result<(), StatusError> {
    let sent = wanted["metadata"]["name"].as_str().unwrap_or_default();
    if sent != target.name {
        return Err(StatusError::bad_request(format!(
            "the name of the object ({sent}) does not match the name on the URL ({})",
            target.name
        )));
    }
    check_same_namespace(target.namespace, wanted)
}

fn check_same_namespace(namespace: Option<&str>, object: &Value) -> Result<(), StatusError> {
    match (object["metadata"]["namespace"].as_str(), namespace) {
        (Some(sent), Some(namespace)) if !sent.is_empty() && sent != namespace => {
            Err(StatusError::bad_request(
                "the namespace of the provided object does not match the namespace sent on the request",
            ))
        }
        _ => Ok(()),
    }
}

fn check_version(kind: Kind, name: &str, current: &Value, wanted: &Value) -> Result<(), StatusError> {
    let sent = wanted["metadata"]["resourceVersion"].as_str().unwrap_or_default();
    if !sent.is_empty() && Some(sent) != current["metadata"]["resourceVersion"].as_str() {
        return Err(StatusError::conflict(
            kind,
            name,
            "the object has been modified; please apply your changes to the latest version and try again",
        ));
    }
    if let Some(uid) = wanted["metadata"]["uid"].as_str()
        && !uid.is_empty()
        && Some(uid) != current["metadata"]["uid"].as_str()
    {
        let found = current["metadata"]["uid"].as_str().unwrap_or_default();
        let why = format!(
            "StorageError: invalid object, Code: 4, Key: {name}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: {uid}, UID in object meta: {found}"
        );
        return Err(StatusError::conflict(kind, name, &why));
    }
    Ok(())
}

/// The present object with the part replaced that the write is for.
fn merge_part(kind: Kind, part: Part, current: &Value, mut wanted: Value) -> Value {
    if !kind.info().subresources.contains(&"status") || !wanted.is_object() {
        return wanted;
    }
    match part {
        Part::Main => {
            match current.get("status") {
                Some(status) => wanted["status"] = status.clone(),
                None => {
                    if let Some(fields) = wanted.as_object_mut() {
                        fields.shift_remove("status");
                    }
                }
            }
            wanted
        }
        Part::Status => {
            let mut merged = current.clone();
            merged["status"] = wanted["status"].take();
            merged
        }
    }
}
