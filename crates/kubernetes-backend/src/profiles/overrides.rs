//! Changes that administrators make to the JSON of a Job (product document, "Modifying Jobs").

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::{Value, json};

use super::{FileLine, Pointer, SetError};
use crate::annotation;

/// What is changed, and the file that holds the new value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OverrideFile {
    /// The place in the Job.
    pub pointer: Pointer,
    /// The file.
    pub path: PathBuf,
}

/// A change with its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Override {
    /// What is changed, and where the value is from.
    pub file: OverrideFile,
    /// The line that says so.
    pub place: Option<FileLine>,
    /// The new value.
    pub value: Arc<Value>,
}

/// A change that the object does not take. The text goes to the user and names no file.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error(
    "the profiles of this cluster change the job at '{pointer}' ('job-json-overrides'), and it cannot be done: {cause}"
)]
pub struct OverrideError {
    /// Where.
    pub pointer: Pointer,
    /// Why not.
    pub cause: SetError,
    /// The change.
    pub of: Box<Override>,
}

impl OverrideError {
    /// The same for administrators: with the line of the profiles and the file.
    pub fn in_full(&self) -> String {
        let Override { file, place, .. } = &*self.of;
        let place = place.as_ref().map(|place| format!("{place}: ")).unwrap_or_default();
        let (pointer, path) = (&file.pointer, file.path.display());
        format!("{place}'job-json-overrides' cannot put the value of '{path}' at '{pointer}': {}", self.cause)
    }
}

impl Override {
    /// Makes the change.
    ///
    /// # Errors
    /// [`OverrideError`]; the object is of no use then.
    pub fn apply(&self, object: &mut Value) -> Result<(), OverrideError> {
        let pointer = &self.file.pointer;
        pointer.set(object, Value::clone(&self.value)).map_err(|cause| OverrideError {
            pointer: pointer.clone(),
            cause,
            of: Box::new(self.clone()),
        })
    }
}

/// What a Job must have so that the plugin finds, follows and tells it.
fn needs() -> [(&'static str, Value, &'static str); 6] {
    let managed = || json!({ annotation::MANAGED_BY: annotation::MANAGED_BY_LAUNCHER });
    [
        ("/metadata/labels", managed(), "the label by which the plugin finds its jobs"),
        ("/metadata/annotations", Value::Null, "the annotations that the job is read from after a restart"),
        (
            "/spec/template/metadata/labels",
            managed(),
            "the label by which the plugin finds the pods of its jobs",
        ),
        (
            "/spec/template/metadata/annotations",
            Value::Null,
            "the annotations that the job is read from after a restart",
        ),
        (
            "/spec/template/spec/containers",
            json!([{ "name": annotation::MAIN_CONTAINER }]),
            "the container that runs the job",
        ),
        ("/spec/template/spec/restartPolicy", json!("Never"), "the rule that a job runs only once"),
    ]
}

/// What the plugin needs of a Job and a change takes away, in words.
///
/// A change takes away what stands at or below its place, unless the new value has it again. Annotations differ from job
/// to job, so that no value has them.
pub fn lost_needs(pointer: &Pointer, value: &Value) -> Vec<&'static str> {
    let mut lost = Vec::new();
    for (place, needed, words) in needs() {
        let tokens: Vec<&str> = place.split('/').skip(1).collect();
        let changed = pointer.tokens();
        let is_kept = if changed.len() <= tokens.len() {
            let (above, below) = tokens.split_at(changed.len());
            let is_above = changed.iter().zip(above).all(|(changed, token)| changed == token);
            !is_above
                || below
                    .iter()
                    .try_fold(value, |value, token| value.get(token))
                    .is_some_and(|it| has(it, &needed))
        } else {
            keeps_part(&changed[tokens.len()..], &tokens, changed, value, &needed)
        };
        if !is_kept && !lost.contains(&words) {
            lost.push(words);
        }
    }
    lost
}

/// Whether a change inside of what is needed leaves it: a label of its own, or the container's name.
fn keeps_part(
    inside: &[String],
    needed_at: &[&str],
    changed: &[String],
    value: &Value,
    needed: &Value,
) -> bool {
    if !changed.iter().zip(needed_at).all(|(changed, token)| changed == token) {
        return true;
    }
    match needed {
        Value::Object(entries) => match inside {
            [key] => entries.get(key).is_none_or(|wanted| wanted == value),
            _ => true,
        },
        // The plugin's own container is the first.
        Value::Array(_) => match inside {
            [item] if item == "0" => value.get("name").is_some_and(|name| name == annotation::MAIN_CONTAINER),
            [item, key] if item == "0" && key == "name" => value == annotation::MAIN_CONTAINER,
            _ => true,
        },
        _ => match inside {
            [key] => !annotation::is_ours(key),
            _ => true,
        },
    }
}

/// Whether a value has what is needed: all entries of an object, an item like each of a list, or the same.
fn has(value: &Value, needed: &Value) -> bool {
    match needed {
        Value::Null => false,
        Value::Object(entries) => {
            entries.iter().all(|(key, needed)| value.get(key).is_some_and(|it| has(it, needed)))
        }
        Value::Array(items) => {
            let found = value.as_array().map(Vec::as_slice).unwrap_or_default();
            items.iter().all(|needed| found.iter().any(|it| has(it, needed)))
        }
        needed => value == needed,
    }
}
