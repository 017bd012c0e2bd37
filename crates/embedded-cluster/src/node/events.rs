//! Events: what happened to an object, for people to read.
//!
//! Two shapes, as in Kubernetes: the kubelet and the job controller count repeats in `count` and name themselves
//! in `source`; the scheduler gives an `eventTime`, counts repeats in `series`, and leaves the older fields null.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;

use super::follower::{Follower, Seen};
use crate::kind::Kind;
use crate::registry::Registry;
use crate::store::{DeleteOptions, Object, ObjectKey};
use crate::time;

/// Different events remembered for counting repeats; beyond that the count starts again.
const REMEMBERED: usize = 4096;

/// Who tells an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Component {
    /// The kubelet of the named node.
    Kubelet {
        /// The node's name.
        host: String,
    },
    /// The job controller.
    JobController,
    /// The node controller.
    NodeController,
    /// The scheduler, in its own shape.
    Scheduler,
}

/// How serious an event is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Severity {
    /// Nothing is wrong.
    Normal,
    /// Somebody may have to do something.
    Warning,
}

/// What is told.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Occurrence<'a> {
    /// How serious it is.
    pub(super) severity: Severity,
    /// One word in CamelCase.
    pub(super) reason: &'a str,
    /// A sentence.
    pub(super) message: &'a str,
    /// The container it is about: `spec.containers{name}`.
    pub(super) field_path: Option<&'a str>,
}

impl<'a> Occurrence<'a> {
    /// A normal occurrence.
    pub(super) fn normal(reason: &'a str, message: &'a str) -> Self {
        Self { severity: Severity::Normal, reason, message, field_path: None }
    }

    /// A warning.
    pub(super) fn warning(reason: &'a str, message: &'a str) -> Self {
        Self { severity: Severity::Warning, reason, message, field_path: None }
    }

    /// The same about one container.
    pub(super) fn at(self, field_path: &'a str) -> Self {
        Self { field_path: Some(field_path), ..self }
    }
}

/// Writes events. Clones count repeats together. An event that cannot be written (its namespace is going away) is
/// dropped, as Kubernetes drops it.
#[derive(Clone, Debug)]
pub(super) struct Recorder {
    registry: Registry,
    component: Component,
    known: Arc<Mutex<HashMap<String, ObjectKey>>>,
}

impl Recorder {
    /// A recorder that speaks for `component`.
    pub(super) fn new(registry: Registry, component: Component) -> Self {
        Self { registry, component, known: Arc::default() }
    }

    /// Tells an occurrence: a new event, or one more in the count of the same one.
    pub(super) fn record(&self, object: &Object, occurrence: &Occurrence<'_>) {
        let identity = format!("{} {occurrence:?}", object.uid());
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(&identity).cloned();
        if let Some(key) = known
            && self.repeat(&key)
        {
            return;
        }
        let event = self.event(object, occurrence);
        let namespace =
            Some(object.namespace()).filter(|namespace| !namespace.is_empty()).unwrap_or("default");
        match self.registry.create(Kind::Event, Some(namespace), event) {
            Ok(created) => self.remember(identity, created.key()),
            Err(error) => tracing::debug!(%error, reason = occurrence.reason, "an event was not written"),
        }
    }

    fn remember(&self, identity: String, key: ObjectKey) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REMEMBERED {
            known.clear();
        }
        match known.entry(identity) {
            Entry::Occupied(mut entry) => *entry.get_mut() = key,
            Entry::Vacant(entry) => drop(entry.insert(key)),
        }
    }

    /// Counts a repeat; `false` if the event is not there any more.
    fn repeat(&self, key: &ObjectKey) -> bool {
        let now = time::now();
        let scheduler = self.component == Component::Scheduler;
        let written = self.registry.store().update(Kind::Event, Some(&key.namespace), &key.name, |event| {
            if scheduler {
                let count = event["series"]["count"].as_u64().unwrap_or(1) + 1;
                event["series"] = json!({"count": count, "lastObservedTime": time::micros(now)});
            } else {
                event["count"] = json!(event["count"].as_u64().unwrap_or(1) + 1);
                event["lastTimestamp"] = json!(time::seconds(now));
            }
            Ok(())
        });
        written.is_ok()
    }

    fn event(&self, object: &Object, occurrence: &Occurrence<'_>) -> Value {
        let now = time::now();
        let mut involved = json!({
            "kind": object.kind().info().name,
            "namespace": object.namespace(),
            "name": object.name(),
            "uid": object.uid(),
            "apiVersion": object.kind().api_version(),
            "resourceVersion": object.revision().to_string(),
        });
        if object.namespace().is_empty()
            && let Some(fields) = involved.as_object_mut()
        {
            fields.shift_remove("namespace");
        }
        if let Some(path) = occurrence.field_path {
            involved["fieldPath"] = json!(path);
        }
        let name = format!("{}.{:x}", object.name(), now.as_nanosecond());
        let severity = match occurrence.severity {
            Severity::Normal => "Normal",
            Severity::Warning => "Warning",
        };
        let mut event = json!({
            "metadata": {"name": name},
            "involvedObject": involved,
            "reason": occurrence.reason,
            "message": occurrence.message,
            "source": {},
            "firstTimestamp": null,
            "lastTimestamp": null,
            "type": severity,
            "eventTime": null,
        });
        let component = match &self.component {
            Component::Scheduler => {
                event["eventTime"] = json!(time::micros(now));
                event["action"] =
                    json!(if occurrence.reason == "Scheduled" { "Binding" } else { "Scheduling" });
                event["reportingComponent"] = json!("default-scheduler");
                event["reportingInstance"] = json!("default-scheduler-embedded");
                return event;
            }
            Component::Kubelet { host } => {
                event["source"] = json!({"component": "kubelet", "host": host});
                event["reportingInstance"] = json!(host);
                "kubelet"
            }
            Component::JobController => "job-controller",
            Component::NodeController => "node-controller",
        };
        event["source"]["component"] = json!(component);
        event["firstTimestamp"] = json!(time::seconds(now));
        event["lastTimestamp"] = event["firstTimestamp"].clone();
        event["count"] = json!(1);
        event["reportingComponent"] = json!(component);
        if event["reportingInstance"].is_null() {
            event["reportingInstance"] = json!("");
        }
        event
    }
}

/// Removes events that nobody has repeated for `lifetime` (an hour, in Kubernetes). Runs until dropped.
pub(super) async fn expire(registry: Registry, lifetime: Duration) {
    let mut events = Follower::new(registry.store(), Kind::Event);
    let mut queue: std::collections::VecDeque<(Instant, Arc<Object>)> = std::collections::VecDeque::new();
    loop {
        let due = queue.front().map(|(due, _)| *due);
        tokio::select! {
            seen = events.next() => {
                if let Seen::Present(event) = seen {
                    queue.push_back((Instant::now() + lifetime, event));
                }
            }
            () = super::timer::until(due) => {
                let Some((_, event)) = queue.pop_front() else { continue };
                let newest = events.objects().get(&event.key());
                if newest.is_some_and(|newest| newest.revision() == event.revision()) {
                    let options = DeleteOptions::default();
                    // Somebody else may have deleted it.
                    let _ = registry.delete(Kind::Event, Some(event.namespace()), event.name(), &options);
                }
            }
        }
    }
}
