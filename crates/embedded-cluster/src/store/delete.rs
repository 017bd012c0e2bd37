//! Deletion: preconditions, grace periods, finalizers. Dependents are the garbage collector's work.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{Fate, MAX_SWAPS, Object, Store, is_finished};
use crate::{kind::Kind, status_error::StatusError, time};

/// The finalizer of a foreground deletion.
pub(crate) const FOREGROUND: &str = "foregroundDeletion";
/// The finalizer under which dependents lose their owner.
pub(crate) const ORPHAN: &str = "orphan";

/// A pod's grace period when its specification names none, in seconds.
const DEFAULT_POD_GRACE: u64 = 30;

/// What becomes of the objects that name the deleted one as their owner.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Propagation {
    /// The object goes at once, its dependents after it.
    #[default]
    Background,
    /// The dependents go first.
    Foreground,
    /// The dependents stay and lose their owner.
    Orphan,
}

/// The deletion only happens to exactly this object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Preconditions {
    pub(crate) uid: Option<String>,
    pub(crate) resource_version: Option<String>,
}

/// `DeleteOptions` of `meta/v1`, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct DeleteOptions {
    pub(crate) propagation: Propagation,
    /// Seconds; only pods have one. `None`: the pod's own.
    pub(crate) grace_period: Option<u64>,
    pub(crate) preconditions: Preconditions,
}

/// How far a deletion got.
#[derive(Clone, Debug)]
pub(crate) enum DeleteOutcome {
    /// Removed; this was its last state.
    Gone(Arc<Object>),
    /// Marked for deletion: a grace period or finalizers are left.
    Pending(Arc<Object>),
}

impl Store {
    /// Deletes an object, or marks it for deletion.
    ///
    /// # Errors
    /// `NotFound`; `Conflict` when the preconditions name another object.
    pub(crate) fn delete(
        &self,
        kind: Kind,
        namespace: Option<&str>,
        name: &str,
        options: &DeleteOptions,
    ) -> Result<DeleteOutcome, StatusError> {
        for _ in 0..MAX_SWAPS {
            let current = self.get(kind, namespace, name)?;
            check_preconditions(&current, &options.preconditions)?;
            let mut value = current.value().clone();
            mark(&current, &mut value, options);
            let gone = is_finished(kind, &value);
            let shortened = gone && current.is_being_deleted() && value != *current.value();
            if shortened && kind == Kind::Pod {
                // The end of the grace period is stored, and seen, before the pod goes.
                let _ = self.write_as(&current, value, Fate::Stays);
                continue;
            }
            if gone {
                // What goes at once is never marked; pods are, in the answer.
                let last = if kind == Kind::Pod { value } else { current.value().clone() };
                if let Some(written) = self.write_as(&current, last, Fate::Goes) {
                    return Ok(DeleteOutcome::Gone(written));
                }
                continue;
            }
            if value == *current.value() {
                return Ok(DeleteOutcome::Pending(current));
            }
            if let Some(written) = self.write_as(&current, value, Fate::Stays) {
                return Ok(DeleteOutcome::Pending(written));
            }
        }
        Err(StatusError::conflict(kind, name, "too many writers at the same time; please try again"))
    }
}

fn check_preconditions(current: &Object, wanted: &Preconditions) -> Result<(), StatusError> {
    let conflict = |what: &str, wanted: &str, found: &str| {
        let why = format!(
            "the {what} in the precondition ({wanted}) does not match the {what} in record ({found}). The object might have been deleted and then recreated"
        );
        StatusError::precondition(current.kind(), current.name(), &why)
    };
    if let Some(uid) = &wanted.uid
        && uid != current.uid()
    {
        return Err(conflict("UID", uid, current.uid()));
    }
    if let Some(version) = &wanted.resource_version
        && *version != current.revision().to_string()
    {
        return Err(conflict("ResourceVersion", version, &current.revision().to_string()));
    }
    Ok(())
}

/// Sets the marks of a deletion in `value`, a copy of `current`.
fn mark(current: &Object, value: &mut Value, options: &DeleteOptions) {
    let now = time::now();
    let grace = if current.kind() == Kind::Pod { pod_grace(value, options.grace_period) } else { 0 };
    if current.is_being_deleted() {
        // A second deletion can only shorten the wait.
        let left = value["metadata"]["deletionGracePeriodSeconds"].as_u64().unwrap_or(0);
        if grace < left {
            value["metadata"]["deletionGracePeriodSeconds"] = json!(grace);
            value["metadata"]["deletionTimestamp"] = json!(time::seconds(time::after_seconds(now, grace)));
        }
        return;
    }
    if let Some(generation) = value["metadata"]["generation"].as_u64() {
        value["metadata"]["generation"] = json!(generation + 1);
    }
    value["metadata"]["deletionTimestamp"] = json!(time::seconds(time::after_seconds(now, grace)));
    if current.kind() != Kind::Namespace {
        value["metadata"]["deletionGracePeriodSeconds"] = json!(grace);
    }
    set_propagation(value, options.propagation);
    if current.kind() == Kind::Namespace {
        value["status"]["phase"] = json!("Terminating");
    }
}

/// A pod that has no node, or has ended, needs no grace.
fn pod_grace(pod: &Value, asked: Option<u64>) -> u64 {
    let unbound = pod["spec"]["nodeName"].as_str().unwrap_or_default().is_empty();
    let ended = matches!(pod["status"]["phase"].as_str(), Some("Succeeded" | "Failed"));
    if unbound || ended {
        return 0;
    }
    asked
        .unwrap_or_else(|| pod["spec"]["terminationGracePeriodSeconds"].as_u64().unwrap_or(DEFAULT_POD_GRACE))
}

fn set_propagation(value: &mut Value, propagation: Propagation) {
    let mut finalizers: Vec<Value> = value["metadata"]["finalizers"].as_array().cloned().unwrap_or_default();
    finalizers.retain(|finalizer| finalizer != FOREGROUND && finalizer != ORPHAN);
    match propagation {
        Propagation::Background => {}
        Propagation::Foreground => finalizers.push(json!(FOREGROUND)),
        Propagation::Orphan => finalizers.push(json!(ORPHAN)),
    }
    if let Some(metadata) = value["metadata"].as_object_mut() {
        if finalizers.is_empty() {
            metadata.shift_remove("finalizers");
        } else {
            metadata.insert("finalizers".to_owned(), Value::Array(finalizers));
        }
    }
}
