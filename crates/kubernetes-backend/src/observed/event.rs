//! An event: what the cluster says about an object in passing.

use jiff::Timestamp;
use serde::Deserialize;

use super::Meta;

/// A core/v1 Event. Two shapes exist: the scheduler's has `eventTime`, the others `lastTimestamp`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct EventObject {
    /// The event's own name and version.
    pub metadata: Meta,
    /// What it is about.
    pub involved_object: EventSubject,
    /// A word: `FailedScheduling`, `FailedMount`, …
    #[serde(deserialize_with = "super::lenient")]
    pub reason: String,
    /// The same in words.
    #[serde(deserialize_with = "super::lenient")]
    pub message: String,
    /// When it happened last, in one shape.
    #[serde(deserialize_with = "super::time")]
    pub last_timestamp: Option<Timestamp>,
    /// When it happened, in the other.
    #[serde(deserialize_with = "super::time")]
    pub event_time: Option<Timestamp>,
}

impl EventObject {
    /// When it happened last, by the cluster's clock.
    pub fn time(&self) -> Option<Timestamp> {
        self.last_timestamp.max(self.event_time).or(self.metadata.creation_timestamp)
    }
}

/// What an event is about.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct EventSubject {
    /// `Pod` or `Job`.
    #[serde(deserialize_with = "super::lenient")]
    pub kind: String,
    /// Its name.
    #[serde(deserialize_with = "super::lenient")]
    pub name: String,
    /// Its uid.
    #[serde(deserialize_with = "super::lenient")]
    pub uid: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(json: &str) -> Option<String> {
        serde_json::from_str::<EventObject>(json).expect("an event").time().map(|time| time.to_string())
    }

    #[test]
    fn events_of_both_shapes_say_when_they_happened_last() {
        let scheduler = r#"{"metadata":{"creationTimestamp":"2026-11-24T11:05:41Z"},"source":{},"firstTimestamp":null,
            "lastTimestamp":null,"type":"Warning","eventTime":"2026-11-24T11:05:41.436536Z","reportingComponent":"default-scheduler"}"#;
        assert_eq!(time(scheduler).as_deref(), Some("2026-11-24T11:05:41.436536Z"));
        let repeated = r#"{"source":{"component":"job-controller"},"firstTimestamp":"2026-11-24T11:10:15Z",
            "lastTimestamp":"2026-11-24T11:12:15Z","count":7,"eventTime":null}"#;
        assert_eq!(time(repeated).as_deref(), Some("2026-11-24T11:12:15Z"));
    }
}
