//! What is written to a Job during its life: what a user asked for, and how it ended.
//!
//! Both are JSON in annotations of the Job, so that every plugin on the namespace, and this one after a restart, tells
//! the same. An intent is written before the deed, as owed, and once more when the deed is done: a plugin that ends in
//! between finds on its next start what it owes. An end is written when it is seen.

use launcher_api::{JobStatus, JobTime};
use launcher_plugin::JobState;
use serde::{Deserialize, Serialize};

/// What a user asked for, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Intent {
    /// What.
    pub operation: Operation,
    /// When, by the plugin's clock.
    pub time: JobTime,
    /// The plugin that has yet to carry it out; none once that is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owed_by: Option<String>,
}

/// The operations that leave a trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Operation {
    /// SIGTERM.
    Stop,
    /// SIGKILL.
    Kill,
    /// Never to be started.
    Cancel,
    /// SIGSTOP.
    Suspend,
    /// SIGCONT.
    Resume,
}

/// How a job ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct End {
    /// A terminal status.
    pub status: JobStatus,
    /// The main container's exit code, where there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit_code: Option<i32>,
    /// Where it ran.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub host: String,
    /// When it ended; expiry counts from here.
    pub time: JobTime,
    /// For the user.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub message: String,
    /// A word of the cluster.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub code: String,
}

impl Intent {
    /// The same, carried out.
    pub fn done(self) -> Self {
        Self { owed_by: None, ..self }
    }

    /// Reads an annotation; one that can't be read is none.
    pub fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// The annotation's value.
    pub fn write(&self) -> String {
        serde_json::to_value(self).map(|v| v.to_string()).unwrap_or_default()
    }
}

impl End {
    /// The end that a terminal state is.
    pub fn of(state: &JobState) -> Self {
        Self {
            status: state.status,
            exit_code: state.exit_code,
            host: state.host.clone(),
            time: state.time,
            message: state.status_message.clone(),
            code: state.status_code.clone(),
        }
    }

    /// Reads an annotation; one that can't be read, or tells no end, is none.
    pub fn read(text: &str) -> Option<Self> {
        serde_json::from_str::<Self>(text).ok().filter(|end| end.status.is_terminal())
    }

    /// The annotation's value.
    pub fn write(&self) -> String {
        serde_json::to_value(self).map(|v| v.to_string()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_intent_is_read_as_it_was_written() {
        let owed = Intent {
            operation: Operation::Kill,
            time: "2026-11-24T09:30:12.25Z".parse().expect("a time"),
            owed_by: Some("a\"b".to_owned()),
        };
        assert_eq!(
            owed.write(),
            r#"{"operation":"kill","time":"2026-11-24T09:30:12.250000Z","owedBy":"a\"b"}"#
        );
        assert_eq!(Intent::read(&owed.write()), Some(owed.clone()));
        let done = owed.done();
        assert_eq!(done.write(), r#"{"operation":"kill","time":"2026-11-24T09:30:12.250000Z"}"#);
        assert_eq!(Intent::read(&done.write()), Some(done));
    }

    #[test]
    fn an_end_is_read_as_it_was_written() {
        let end = End {
            status: JobStatus::Finished,
            exit_code: Some(3),
            host: "node-1".to_owned(),
            time: "2026-11-24T09:30:12Z".parse().expect("a time"),
            message: String::new(),
            code: "Error".to_owned(),
        };
        assert_eq!(
            end.write(),
            r#"{"status":"Finished","exitCode":3,"host":"node-1","time":"2026-11-24T09:30:12Z","code":"Error"}"#
        );
        assert_eq!(End::read(&end.write()), Some(end));
    }

    #[test]
    fn what_others_write_there_is_ignored() {
        assert_eq!(Intent::read("kill"), None);
        assert_eq!(End::read(r#"{"status":"Running","time":"2026-11-24T09:30:12Z"}"#), None);
        assert_eq!(End::read("{}"), None);
    }
}
