//! A pod's `status`, made from what is known of its containers.

use std::net::Ipv4Addr;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::state::{ContainerRecord, ContainerState, Role};
use crate::node::pod_spec::RestartPolicy;
use crate::time;

/// `status.phase`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::node) enum Phase {
    Pending,
    Running,
    Succeeded,
    Failed,
}

impl Phase {
    fn word(self) -> &'static str {
        match self {
            Self::Pending => "Pending",
            Self::Running => "Running",
            Self::Succeeded => "Succeeded",
            Self::Failed => "Failed",
        }
    }

    /// Whether the pod has ended for good.
    pub(in crate::node) fn is_final(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed)
    }
}

/// Why the node itself ended a pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::node) struct Verdict {
    /// `DeadlineExceeded`, `Evicted`.
    pub(in crate::node) reason: &'static str,
    /// A sentence.
    pub(in crate::node) message: String,
}

/// All that a status is made of.
#[derive(Debug)]
pub(super) struct PodReport<'a> {
    pub(super) containers: &'a [ContainerRecord],
    pub(super) phase: Phase,
    pub(super) verdict: Option<&'a Verdict>,
    pub(super) sandbox: Sandbox,
    pub(super) host_ip: String,
    pub(super) started: Timestamp,
}

/// The pod's surroundings: on a real node its network namespace, here its directory and address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sandbox {
    /// Not made yet.
    Absent,
    /// Made, with this address.
    Ready(Ipv4Addr),
    /// Taken down after the last container.
    Down(Ipv4Addr),
}

impl PodReport<'_> {
    /// Replaces what the kubelet owns of `pod`'s status; the scheduler's condition and the quality class stay.
    pub(super) fn write(&self, pod: &mut Value) {
        let generation = pod["metadata"]["generation"].clone();
        let before = pod["status"].take();
        let mut status = Map::new();
        status.insert("observedGeneration".to_owned(), generation.clone());
        status.insert("phase".to_owned(), json!(self.phase.word()));
        if let Some(verdict) = self.verdict {
            status.insert("message".to_owned(), json!(verdict.message));
            status.insert("reason".to_owned(), json!(verdict.reason));
        }
        status.insert("hostIP".to_owned(), json!(self.host_ip));
        status.insert("hostIPs".to_owned(), json!([{"ip": self.host_ip}]));
        if let Sandbox::Ready(address) | Sandbox::Down(address) = self.sandbox
            && self.containers.iter().any(ContainerRecord::has_moved)
        {
            status.insert("podIP".to_owned(), json!(address.to_string()));
            status.insert("podIPs".to_owned(), json!([{"ip": address.to_string()}]));
        }
        status.insert("startTime".to_owned(), json!(time::seconds(self.started)));
        status.insert("qosClass".to_owned(), before["qosClass"].clone());
        status.insert("conditions".to_owned(), Value::Array(self.conditions(&before, &generation)));
        let (main, init): (Vec<_>, Vec<_>) =
            self.containers.iter().partition(|container| container.role == Role::Main);
        let mut main: Vec<_> = main.into_iter().collect();
        main.sort_by(|one, other| one.name.cmp(&other.name));
        if !init.is_empty() {
            let statuses = init.into_iter().map(ContainerRecord::to_value).collect();
            status.insert("initContainerStatuses".to_owned(), Value::Array(statuses));
        }
        let statuses = main.into_iter().map(ContainerRecord::to_value).collect();
        status.insert("containerStatuses".to_owned(), Value::Array(statuses));
        status.insert("resources".to_owned(), json!({}));
        status.retain(|_, value| !value.is_null());
        pod["status"] = Value::Object(status);
    }

    fn conditions(&self, before: &Value, generation: &Value) -> Vec<Value> {
        let mut conditions = Vec::new();
        let kept = ["PodScheduled", "DisruptionTarget"];
        let old = before["conditions"].as_array().map_or(&[][..], Vec::as_slice);
        if self.verdict.is_some_and(|verdict| verdict.reason == "Evicted") {
            let message = self.verdict.map(|verdict| verdict.message.clone());
            conditions.push(Condition::new("DisruptionTarget", true, Some("TerminationByKubelet"), message));
        }
        conditions.push(match self.sandbox {
            Sandbox::Ready(_) => Condition::new("PodReadyToStartContainers", true, None, None),
            Sandbox::Absent => Condition::new(
                "PodReadyToStartContainers",
                false,
                Some("PodSandboxNotReady"),
                Some("no pod sandbox exists".to_owned()),
            ),
            Sandbox::Down(_) => Condition::new(
                "PodReadyToStartContainers",
                false,
                Some("PodSandboxNotReady"),
                Some("pod sandbox is not ready".to_owned()),
            ),
        });
        conditions.push(self.initialized());
        let (ready, reason, message) = self.readiness();
        conditions.push(Condition::new("Ready", ready, reason, message.clone()));
        conditions.push(Condition::new("ContainersReady", ready, reason, message));
        let mut values: Vec<Value> =
            conditions.iter().map(|condition| condition.to_value(old, generation)).collect();
        let others = old.iter().filter(|condition| {
            kept.iter().any(|kind| condition["type"] == *kind)
                && !conditions.iter().any(|written| condition["type"] == written.kind)
        });
        values.extend(others.cloned().map(|mut condition| {
            if condition["type"] == "PodScheduled" {
                condition["observedGeneration"] = generation.clone();
            }
            condition
        }));
        if !values.iter().any(|condition| condition["type"] == "PodScheduled") {
            // Its node was given with the pod.
            values.push(Condition::new("PodScheduled", true, None, None).to_value(old, generation));
        }
        values
    }

    fn initialized(&self) -> Condition {
        let incomplete: Vec<&str> = self
            .containers
            .iter()
            .filter(|container| match container.role {
                Role::Init => container.termination().is_none_or(|end| end.exit_code != 0),
                Role::Sidecar => matches!(container.state, ContainerState::Waiting { .. }),
                Role::Main => false,
            })
            .map(|container| container.name.as_str())
            .collect();
        if incomplete.is_empty() {
            let reason = self.all_succeeded().then_some("PodCompleted");
            return Condition::new("Initialized", true, reason, None);
        }
        let message = format!("containers with incomplete status: [{}]", incomplete.join(" "));
        Condition::new("Initialized", false, Some("ContainersNotInitialized"), Some(message))
    }

    fn readiness(&self) -> (bool, Option<&'static str>, Option<String>) {
        if self.all_succeeded() {
            return (false, Some("PodCompleted"), None);
        }
        if self.phase == Phase::Failed || ended(self.containers, RestartPolicy::Never) == Some(Phase::Failed)
        {
            return (false, Some("PodFailed"), None);
        }
        let unready: Vec<&str> = self
            .containers
            .iter()
            .filter(|container| container.role != Role::Init && !container.is_running())
            .map(|container| container.name.as_str())
            .collect();
        if unready.is_empty() {
            return (true, None, None);
        }
        let message = format!("containers with unready status: [{}]", unready.join(" "));
        (false, Some("ContainersNotReady"), Some(message))
    }

    fn all_succeeded(&self) -> bool {
        ended(self.containers, RestartPolicy::Never) == Some(Phase::Succeeded)
    }
}

/// The phase in which a pod ends whose containers are in these states and are not started again under `policy`;
/// `None` while it has not ended. An init container's failure ends it, and so does the end of all main ones.
pub(super) fn ended(containers: &[ContainerRecord], policy: RestartPolicy) -> Option<Phase> {
    if policy == RestartPolicy::Never
        && containers.iter().any(|container| {
            container.role == Role::Init && container.termination().is_some_and(|end| end.exit_code != 0)
        })
    {
        return Some(Phase::Failed);
    }
    let mut phase = Phase::Succeeded;
    for container in containers.iter().filter(|container| container.role == Role::Main) {
        match (container.termination()?.exit_code, policy) {
            (_, RestartPolicy::Always) => return None,
            (0, _) => {}
            (_, RestartPolicy::OnFailure) => return None,
            (_, RestartPolicy::Never) => phase = Phase::Failed,
        }
    }
    Some(phase)
}

#[derive(Debug)]
struct Condition {
    kind: &'static str,
    holds: bool,
    reason: Option<&'static str>,
    message: Option<String>,
}

impl Condition {
    fn new(kind: &'static str, holds: bool, reason: Option<&'static str>, message: Option<String>) -> Self {
        Self { kind, holds, reason, message }
    }

    /// The time of the last change is kept while nothing changes.
    fn to_value(&self, old: &[Value], generation: &Value) -> Value {
        let status = if self.holds { "True" } else { "False" };
        let since = old
            .iter()
            .find(|condition| condition["type"] == self.kind && condition["status"] == status)
            .map_or_else(|| json!(time::now_seconds()), |condition| condition["lastTransitionTime"].clone());
        let mut value = json!({
            "type": self.kind,
            "observedGeneration": generation,
            "status": status,
            "lastProbeTime": null,
            "lastTransitionTime": since,
        });
        if let Some(reason) = self.reason {
            value["reason"] = json!(reason);
        }
        if let Some(message) = &self.message {
            value["message"] = json!(message);
        }
        value
    }
}
