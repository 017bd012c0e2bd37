//! What a job's metadata adds to the objects: `metadata.job`, `metadata.pod` and `metadata.service`, each with
//! `labels` and `annotations`, and `metadata.pod.initContainers`.

use serde_json::{Map, Value};

use super::BuildError;
use crate::annotation;

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

    /// The metadata as templates read it: every part is there, and nothing in it is in the way of what the templates write
    /// themselves, for what the Launcher finds its jobs by is not for the user to change.
    pub(super) fn for_templates(&self) -> Value {
        let mut all = self.metadata.cloned().unwrap_or_default();
        for part in ["job", "pod", "service"] {
            let mut entries = self.part(part).cloned().unwrap_or_default();
            entries.insert("labels".to_owned(), self.strings(part, "labels", |key| !is_our_label(key)));
            entries.insert(
                "annotations".to_owned(),
                self.strings(part, "annotations", |key| !annotation::is_ours(key)),
            );
            if part == "pod" {
                let containers = self.get(part, "initContainers").and_then(Value::as_array).cloned();
                entries.insert("initContainers".to_owned(), containers.unwrap_or_default().into());
            }
            all.insert(part.to_owned(), Value::Object(entries));
        }
        Value::Object(all)
    }

    fn part(&self, part: &str) -> Option<&'a Map<String, Value>> {
        self.metadata?.get(part)?.as_object()
    }

    fn strings(&self, part: &str, kind: &str, stays: fn(&str) -> bool) -> Value {
        let entries = self.get(part, kind).and_then(Value::as_object).into_iter().flatten();
        entries.filter(|(key, _)| stays(key)).map(|(key, value)| (key.clone(), value.clone())).collect()
    }
}

fn is_our_label(key: &str) -> bool {
    key.starts_with(annotation::PREFIX)
        || [annotation::MANAGED_BY, annotation::INSTANCE_ID, annotation::JOB_NAME].contains(&key)
}
