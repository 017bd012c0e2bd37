//! The scheduler: gives pods a node.
//!
//! Looks at node selectors, required node affinity, taints, requests, host ports and claims. There is no scoring (the
//! first node by name that fits is taken), no preemption and no volume topology.

mod fit;
mod requests;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Value, json};

use self::fit::{Obstacle, obstacles};
use self::requests::Requests;
use super::events::{Component, Occurrence, Recorder};
use super::follower::{Follower, Seen};
use crate::kind::Kind;
use crate::registry::Registry;
use crate::status_error::StatusError;
use crate::store::{Object, ObjectKey};
use crate::time;

/// Runs until dropped.
pub(super) async fn run(registry: Registry) {
    let mut scheduler = Scheduler {
        pods: Follower::new(registry.store(), Kind::Pod),
        nodes: Follower::new(registry.store(), Kind::Node),
        claims: Follower::new(registry.store(), Kind::PersistentVolumeClaim),
        recorder: Recorder::new(registry.clone(), Component::Scheduler),
        registry,
        used: BTreeMap::new(),
        waiting: BTreeSet::new(),
    };
    loop {
        scheduler.step().await;
    }
}

struct Scheduler {
    registry: Registry,
    recorder: Recorder,
    pods: Follower,
    nodes: Follower,
    claims: Follower,
    /// What the pods on each node ask for, by node and pod.
    used: BTreeMap<String, BTreeMap<ObjectKey, Requests>>,
    /// The pods for which there was no node.
    waiting: BTreeSet<ObjectKey>,
}

impl Scheduler {
    async fn step(&mut self) {
        let room = tokio::select! {
            seen = self.pods.next() => match seen {
                Seen::Present(pod) => self.see(&pod),
                Seen::Gone(pod) => {
                    self.waiting.remove(&pod.key());
                    self.release(&pod)
                }
            },
            _ = self.nodes.next() => true,
            _ = self.claims.next() => true,
        };
        if room {
            for key in std::mem::take(&mut self.waiting) {
                if let Some(pod) = self.pods.objects().get(&key).cloned() {
                    self.schedule(&pod);
                }
            }
        }
    }

    /// Returns whether there may be more room than before.
    fn see(&mut self, pod: &Arc<Object>) -> bool {
        let value = pod.value();
        let node = value["spec"]["nodeName"].as_str().unwrap_or_default();
        if matches!(value["status"]["phase"].as_str(), Some("Succeeded" | "Failed")) {
            return self.release(pod);
        }
        if node.is_empty() {
            let scheduler = value["spec"]["schedulerName"].as_str().unwrap_or("default-scheduler");
            if !pod.is_being_deleted()
                && scheduler == "default-scheduler"
                && !self.waiting.contains(&pod.key())
            {
                self.schedule(pod);
            }
        } else {
            self.waiting.remove(&pod.key());
            let pods = self.used.entry(node.to_owned()).or_default();
            pods.entry(pod.key()).or_insert_with(|| Requests::of(pod));
        }
        false
    }

    fn release(&mut self, pod: &Object) -> bool {
        let key = pod.key();
        self.used.values_mut().any(|pods| pods.remove(&key).is_some())
    }

    fn schedule(&mut self, pod: &Arc<Object>) {
        let requests = Requests::of(pod);
        let missing = self.missing_claim(pod);
        let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
        let mut helpless = true;
        if missing.is_none() {
            for node in self.nodes.objects().values() {
                let used = self.used.get(node.name());
                let found = obstacles(pod, &requests, node, used);
                if found.is_empty() {
                    let name = node.name().to_owned();
                    self.bind(pod, &name, requests);
                    return;
                }
                helpless &= !found.iter().all(Obstacle::is_others_use);
                for obstacle in found {
                    *reasons.entry(obstacle.to_string()).or_default() += 1;
                }
            }
        }
        self.waiting.insert(pod.key());
        let nodes = self.nodes.objects().len();
        let message = match missing {
            Some(claim) => format!(
                "0/{nodes} nodes are available: persistentvolumeclaim \"{claim}\" not found. not found"
            ),
            None if nodes == 0 => "no nodes available to schedule pods".to_owned(),
            None => {
                let reasons: Vec<_> =
                    reasons.iter().map(|(reason, count)| format!("{count} {reason}")).collect();
                let preemption = if helpless {
                    "Preemption is not helpful for scheduling"
                } else {
                    "No preemption victims found for incoming pod"
                };
                format!(
                    "0/{nodes} nodes are available: {}. preemption: 0/{nodes} nodes are available: {nodes} {preemption}.",
                    reasons.join(", ")
                )
            }
        };
        self.refuse(pod, &message);
    }

    fn bind(&mut self, pod: &Arc<Object>, node: &str, requests: Requests) {
        let bound = self.change(pod, |value| {
            value["spec"]["nodeName"] = json!(node);
            set_condition(value, json!({"status": "True"}));
        });
        if bound {
            self.used.entry(node.to_owned()).or_default().insert(pod.key(), requests);
            let message = format!("Successfully assigned {}/{} to {node}", pod.namespace(), pod.name());
            self.recorder.record(pod, &Occurrence::normal("Scheduled", &message));
        }
    }

    fn refuse(&self, pod: &Arc<Object>, message: &str) {
        let conditions = pod.value()["status"]["conditions"].as_array();
        let known = conditions
            .into_iter()
            .flatten()
            .any(|condition| condition["type"] == "PodScheduled" && condition["message"] == message);
        if known {
            return;
        }
        self.change(pod, |value| {
            let generation = value["metadata"]["generation"].clone();
            set_condition(
                value,
                json!({
                    "observedGeneration": generation, "status": "False", "reason": "Unschedulable",
                    "message": message,
                }),
            );
        });
        self.recorder.record(pod, &Occurrence::warning("FailedScheduling", message));
    }

    /// Changes a pod that is still the same and still has no node; `false` if it is not.
    fn change(&self, pod: &Object, change: impl Fn(&mut Value)) -> bool {
        let store = self.registry.store();
        let written = store.update(Kind::Pod, Some(pod.namespace()), pod.name(), |value| {
            let unbound = value["spec"]["nodeName"].as_str().unwrap_or_default().is_empty();
            let living = value["metadata"]["deletionTimestamp"].is_null();
            if value["metadata"]["uid"] != pod.uid() || !unbound || !living {
                let why = "the pod has changed meanwhile";
                return Err(StatusError::conflict(Kind::Pod, pod.name(), why));
            }
            change(value);
            Ok(())
        });
        written.is_ok()
    }

    /// The first claim among the pod's volumes that does not exist.
    fn missing_claim(&self, pod: &Object) -> Option<String> {
        let volumes = pod.value()["spec"]["volumes"].as_array();
        volumes.into_iter().flatten().find_map(|volume| {
            let claim = volume["persistentVolumeClaim"]["claimName"].as_str()?;
            let key = ObjectKey::new(Some(pod.namespace()), claim);
            (!self.claims.objects().contains_key(&key)).then(|| claim.to_owned())
        })
    }
}

/// Sets the condition `PodScheduled`; the time of its last change is kept while its status stays.
fn set_condition(pod: &mut Value, fields: Value) {
    let mut condition = json!({
        "type": "PodScheduled",
        "lastProbeTime": null,
        "lastTransitionTime": time::now_seconds(),
    });
    if let (Some(condition), Value::Object(fields)) = (condition.as_object_mut(), fields) {
        condition.extend(fields);
    }
    if !pod["status"]["conditions"].is_array() {
        pod["status"]["conditions"] = json!([]);
    }
    let Some(conditions) = pod["status"]["conditions"].as_array_mut() else { return };
    match conditions.iter_mut().find(|known| known["type"] == "PodScheduled") {
        Some(known) => {
            if known["status"] == condition["status"] {
                condition["lastTransitionTime"] = known["lastTransitionTime"].clone();
            }
            *known = condition;
        }
        None => conditions.push(condition),
    }
}
