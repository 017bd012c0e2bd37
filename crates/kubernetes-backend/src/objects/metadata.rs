//! What a job's metadata adds to the objects: `metadata.job`, `metadata.pod` and `metadata.service`, each with
//! `labels` and `annotations`, and `metadata.pod.initContainers`.

use launcher_api::Job;
use serde_json::{Map, Value};

use super::BuildError;
use crate::{annotation, names};

/// The parts of a job's metadata that go into objects. Anything else in it is the user's own.
#[derive(Clone, Copy, Debug)]
pub(super) struct Additions<'a> {
    metadata: Option<&'a Map<String, Value>>,
}

impl<'a> Additions<'a> {
    /// Checks what is there.
    pub(super) fn of(metadata: Option<&'a Map<String, Value>>) -> Result<Self, BuildError> {
        let additions = Self { metadata };
        for part in ["job", "pod", "service"] {
            for kind in ["labels", "annotations"] {
                match additions.get(part, kind) {
                    None | Some(Value::Null) => {}
                    Some(Value::Object(entries)) if entries.values().all(Value::is_string) => {}
                    Some(_) => {
                        return Err(BuildError::Metadata {
                            path: format!("{part}.{kind}"),
                            expected: "an object of strings",
                        });
                    }
                }
            }
        }
        match additions.get("pod", "initContainers") {
            None | Some(Value::Null | Value::Array(_)) => Ok(additions),
            Some(_) => Err(BuildError::Metadata {
                path: "pod.initContainers".to_owned(),
                expected: "a list of containers",
            }),
        }
    }

    fn get(&self, part: &str, kind: &str) -> Option<&'a Value> {
        self.metadata?.get(part)?.get(kind)
    }

    fn strings(&self, part: &str, kind: &str) -> Map<String, Value> {
        self.get(part, kind).and_then(Value::as_object).cloned().unwrap_or_default()
    }

    /// The user's labels for an object, with `ours` in front of and above them.
    pub(super) fn merged_labels(&self, part: &str, ours: &Map<String, Value>) -> Map<String, Value> {
        merged(ours, self.strings(part, "labels"))
    }

    /// The user's annotations for an object, with `ours` in front of and above them.
    pub(super) fn merged_annotations(&self, part: &str, ours: &Map<String, Value>) -> Map<String, Value> {
        let mut theirs = self.strings(part, "annotations");
        theirs
            .retain(|key, _| !key.starts_with(annotation::PREFIX) && !key.starts_with(annotation::USER_TAG));
        merged(ours, theirs)
    }

    /// Whole containers to run before the job, as the metadata has them.
    pub(super) fn init_containers(&self) -> &'a [Value] {
        self.get("pod", "initContainers").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
    }
}

/// Ours win: what the Launcher finds its jobs by is not for the user to change.
fn merged(ours: &Map<String, Value>, theirs: Map<String, Value>) -> Map<String, Value> {
    let mut all = ours.clone();
    for (key, value) in theirs {
        all.entry(key).or_insert(value);
    }
    all
}

/// The labels that say whose an object is.
pub(super) fn labels(job: &Job) -> Map<String, Value> {
    let mut labels = Map::new();
    labels.insert(annotation::MANAGED_BY.to_owned(), annotation::MANAGED_BY_LAUNCHER.into());
    if !job.instance_id.is_empty() {
        labels.insert(annotation::INSTANCE_ID.to_owned(), names::label_value(&job.instance_id).into());
    }
    labels
}
