//! Creating and changing objects on behalf of a request.

use std::sync::Arc;

use serde_json::{Value, json};

use super::Registry;
use crate::{
    identifiers,
    kind::Kind,
    status_error::StatusError,
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

impl Registry {
    /// As [`Registry::create`], with the means of a request: a dry run, and warnings for the client.
    ///
    /// # Errors
    /// As [`Registry::create`].
    pub(crate) fn create_by_request(
        &self,
        kind: Kind,
        namespace: Option<&str>,
        object: Value,
        commit: Commit,
        _warnings: &mut Vec<String>,
    ) -> Result<Arc<Object>, StatusError> {
        self.faults.admit(kind, &object)?;
        match commit {
            Commit::Real => self.store.create(kind, namespace, object),
            Commit::DryRun => Ok(Arc::new(preview(kind, namespace, object))),
        }
    }

    /// Changes an object: `change` makes the wanted one from the present one. A `resourceVersion` in it must be
    /// the present one.
    ///
    /// # Errors
    /// `NotFound`, `Conflict`, `Invalid`, or what `change` returned.
    #[expect(clippy::too_many_arguments, reason = "the parts of one request's path, query and body")]
    pub(crate) fn update_by_request(
        &self,
        kind: Kind,
        namespace: Option<&str>,
        name: &str,
        part: Part,
        commit: Commit,
        _warnings: &mut Vec<String>,
        mut change: impl FnMut(&Value) -> Result<Value, StatusError>,
    ) -> Result<Arc<Object>, StatusError> {
        let mut write = |value: &mut Value| {
            let wanted = change(value)?;
            check_version(kind, name, value, &wanted)?;
            *value = merge_part(kind, part, value, wanted);
            Ok(())
        };
        match commit {
            Commit::Real => self.store.update(kind, namespace, name, write),
            Commit::DryRun => {
                let current = self.store.get(kind, namespace, name)?;
                let mut value = current.value().clone();
                write(&mut value)?;
                Ok(Arc::new(store::preview_update(&current, value)))
            }
        }
    }
}

/// What a creation would store, but for the version.
fn preview(kind: Kind, namespace: Option<&str>, object: Value) -> Object {
    let mut value = store::prepare_new(kind, namespace, object);
    if value["metadata"]["name"] == ""
        && let Some(prefix) = value["metadata"]["generateName"].as_str()
    {
        value["metadata"]["name"] = json!(identifiers::generated_name(prefix));
    }
    if let Some(metadata) = value["metadata"].as_object_mut() {
        metadata.shift_remove("resourceVersion");
    }
    Object::new(kind, 0, value)
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
