//! The objects as a client of the cluster meets them: admitted, defaulted, checked, then stored.
//!
//! Both doors lead through here: the HTTP API, and the node's controllers when they make pods or events.

mod causes;
pub(crate) mod garbage;
mod job;
mod metadata;
mod names;
mod pod;
mod pod_account;
mod pod_spec;
mod service;
mod strategy;
mod write;

use std::sync::Arc;

use serde_json::Value;

pub(crate) use self::write::{Commit, Part, Target};
use crate::{
    faults::Faults,
    kind::Kind,
    status_error::StatusError,
    store::{DeleteOptions, DeleteOutcome, Object, Store},
};

/// The store behind the rules for what may be in it. Clones share everything.
#[derive(Clone, Debug)]
pub(crate) struct Registry {
    store: Store,
    faults: Faults,
}

impl Registry {
    pub(crate) fn new(store: Store, faults: Faults) -> Self {
        Registry { store, faults }
    }

    /// The objects, for reading, watching and for writes that need no rule (status updates).
    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    /// Makes an object as a client would: the namespace must exist, admission must agree, fields are defaulted
    /// and checked.
    ///
    /// # Errors
    /// What the API would answer: `Forbidden`, `Invalid`, `AlreadyExists`, …
    pub(crate) fn create(
        &self,
        kind: Kind,
        namespace: Option<&str>,
        object: Value,
    ) -> Result<Arc<Object>, StatusError> {
        self.create_by_request(kind, namespace, object, Commit::Real, &mut Vec::new())
    }

    /// Deletes an object, or marks it for deletion.
    ///
    /// # Errors
    /// As [`Store::delete`].
    pub(crate) fn delete(
        &self,
        kind: Kind,
        namespace: Option<&str>,
        name: &str,
        options: &DeleteOptions,
    ) -> Result<DeleteOutcome, StatusError> {
        self.store.delete(kind, namespace, name, options)
    }
}

/// Sets a field that is absent or null.
fn fill(object: &mut Value, field: &str, value: Value) {
    if let Some(fields) = object.as_object_mut()
        && fields.get(field).is_none_or(Value::is_null)
    {
        fields.insert(field.to_owned(), value);
    }
}
