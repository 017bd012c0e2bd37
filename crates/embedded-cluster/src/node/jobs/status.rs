//! A Job's `status`, read and written.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::time;

/// What the job controller knows of a Job, apart from the pods. Written in the order in which the API server writes
/// it; counts of nothing are left out where Kubernetes leaves them out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct JobStatus {
    pub(super) conditions: Vec<Condition>,
    pub(super) start_time: Option<Timestamp>,
    pub(super) completion_time: Option<Timestamp>,
    pub(super) active: u64,
    pub(super) succeeded: u64,
    pub(super) failed: u64,
    pub(super) terminating: u64,
    pub(super) ready: u64,
    /// Pods that have ended and still hold their finalizer, by uid.
    pub(super) uncounted_succeeded: BTreeSet<String>,
    pub(super) uncounted_failed: BTreeSet<String>,
}

/// One entry of `conditions`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Condition {
    pub(super) kind: ConditionKind,
    pub(super) holds: bool,
    pub(super) since: Timestamp,
    pub(super) reason: String,
    pub(super) message: String,
}

/// The conditions that the controller sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ConditionKind {
    Suspended,
    /// It will be complete once no pod is left.
    SuccessCriteriaMet,
    Complete,
    /// It will have failed once no pod is left.
    FailureTarget,
    Failed,
}

impl ConditionKind {
    const ALL: [Self; 5] =
        [Self::Suspended, Self::SuccessCriteriaMet, Self::Complete, Self::FailureTarget, Self::Failed];

    fn word(self) -> &'static str {
        match self {
            Self::Suspended => "Suspended",
            Self::SuccessCriteriaMet => "SuccessCriteriaMet",
            Self::Complete => "Complete",
            Self::FailureTarget => "FailureTarget",
            Self::Failed => "Failed",
        }
    }
}

impl JobStatus {
    /// Reads the `status` of a Job.
    pub(super) fn read(status: &Value) -> Self {
        let count = |name: &str| status[name].as_u64().unwrap_or_default();
        let uids = |name: &str| {
            let list = status["uncountedTerminatedPods"][name].as_array();
            list.into_iter().flatten().filter_map(|uid| uid.as_str().map(str::to_owned)).collect()
        };
        Self {
            conditions: status["conditions"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Condition::read)
                .collect(),
            start_time: timestamp(&status["startTime"]),
            completion_time: timestamp(&status["completionTime"]),
            active: count("active"),
            succeeded: count("succeeded"),
            failed: count("failed"),
            terminating: count("terminating"),
            ready: count("ready"),
            uncounted_succeeded: uids("succeeded"),
            uncounted_failed: uids("failed"),
        }
    }

    /// The whole `status`.
    pub(super) fn to_value(&self) -> Value {
        let mut status = Map::new();
        if !self.conditions.is_empty() {
            let conditions = self.conditions.iter().map(Condition::to_value).collect();
            status.insert("conditions".to_owned(), Value::Array(conditions));
        }
        let times = [("startTime", self.start_time), ("completionTime", self.completion_time)];
        for (name, time) in times.into_iter().filter_map(|(name, time)| Some((name, time?))) {
            status.insert(name.to_owned(), json!(time::seconds(time)));
        }
        let counts = [("active", self.active), ("succeeded", self.succeeded), ("failed", self.failed)];
        for (name, count) in counts.into_iter().filter(|(_, count)| *count > 0) {
            status.insert(name.to_owned(), json!(count));
        }
        status.insert("terminating".to_owned(), json!(self.terminating));
        let mut uncounted = Map::new();
        for (name, uids) in [("succeeded", &self.uncounted_succeeded), ("failed", &self.uncounted_failed)] {
            if !uids.is_empty() {
                uncounted.insert(name.to_owned(), json!(uids));
            }
        }
        status.insert("uncountedTerminatedPods".to_owned(), Value::Object(uncounted));
        status.insert("ready".to_owned(), json!(self.ready));
        Value::Object(status)
    }

    /// A condition that holds.
    pub(super) fn holding(&self, kind: ConditionKind) -> Option<&Condition> {
        self.conditions.iter().find(|condition| condition.kind == kind && condition.holds)
    }

    /// `Complete` or `Failed`.
    pub(super) fn finished(&self) -> Option<&Condition> {
        self.holding(ConditionKind::Complete).or_else(|| self.holding(ConditionKind::Failed))
    }

    /// `SuccessCriteriaMet` or `FailureTarget`: how it will end.
    pub(super) fn target(&self) -> Option<&Condition> {
        self.holding(ConditionKind::SuccessCriteriaMet).or_else(|| self.holding(ConditionKind::FailureTarget))
    }

    /// Leaves only what releases before 1.31 tell of an end.
    pub(super) fn forget_targets(&mut self) {
        self.conditions.retain(|condition| {
            !matches!(condition.kind, ConditionKind::SuccessCriteriaMet | ConditionKind::FailureTarget)
        });
        for condition in self.conditions.iter_mut().filter(|known| known.kind == ConditionKind::Complete) {
            condition.reason.clear();
            condition.message.clear();
        }
    }

    /// Sets a condition; an old one of its kind is replaced in its place.
    pub(super) fn set(&mut self, condition: Condition) {
        match self.conditions.iter_mut().find(|known| known.kind == condition.kind) {
            Some(known) => *known = condition,
            None => self.conditions.push(condition),
        }
    }

    /// Moves the pods whose finalizer is gone into the counts.
    pub(super) fn count_released(&mut self) {
        self.succeeded += std::mem::take(&mut self.uncounted_succeeded).len() as u64;
        self.failed += std::mem::take(&mut self.uncounted_failed).len() as u64;
    }
}

impl Condition {
    /// A condition from now on, its time in whole seconds as it is stored.
    pub(super) fn new(kind: ConditionKind, holds: bool, reason: &str, message: &str) -> Self {
        let since = whole_seconds(time::now());
        Self { kind, holds, since, reason: reason.to_owned(), message: message.to_owned() }
    }

    fn read(value: &Value) -> Option<Self> {
        let kind = ConditionKind::ALL.into_iter().find(|kind| value["type"] == kind.word())?;
        let text = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
        Some(Self {
            kind,
            holds: value["status"] == "True",
            since: timestamp(&value["lastTransitionTime"])?,
            reason: text("reason"),
            message: text("message"),
        })
    }

    fn to_value(&self) -> Value {
        let since = time::seconds(self.since);
        let mut condition = json!({
            "type": self.kind.word(),
            "status": if self.holds { "True" } else { "False" },
            "lastProbeTime": since,
            "lastTransitionTime": since,
        });
        for (name, text) in [("reason", &self.reason), ("message", &self.message)] {
            if !text.is_empty() {
                condition[name] = json!(text);
            }
        }
        condition
    }
}

/// Cuts the fraction off, as writing and reading again would.
pub(super) fn whole_seconds(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second()).unwrap_or(time)
}

fn timestamp(value: &Value) -> Option<Timestamp> {
    value.as_str()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_read_as_it_was_written() {
        let mut status = JobStatus {
            start_time: Some(whole_seconds(time::now())),
            failed: 1,
            uncounted_failed: BTreeSet::from(["u".to_owned()]),
            ..JobStatus::default()
        };
        status.set(Condition::new(ConditionKind::FailureTarget, true, "BackoffLimitExceeded", "why"));
        assert_eq!(JobStatus::read(&status.to_value()), status);
    }

    #[test]
    fn counts_of_nothing_are_left_out_where_kubernetes_leaves_them_out() {
        let value = JobStatus::default().to_value();
        assert_eq!(value, json!({"terminating": 0, "uncountedTerminatedPods": {}, "ready": 0}));
    }
}
