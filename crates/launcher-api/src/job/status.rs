//! Where a job is in its life.
//!
//! ```text
//! submitted → Pending → Running ⇄ Suspended
//!             Pending → Canceled | Failed
//!             Running, Suspended → Finished | Killed | Failed
//! ```

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::field_error::FieldError;
use crate::wire::{FromWire, Path, deserialize_from_wire};

/// The state of a job. Read ignoring case and white space around the word, written exactly so spelled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum JobStatus {
    /// Accepted, does not run yet.
    #[default]
    Pending,
    /// Runs.
    Running,
    /// Was running, can go on.
    Suspended,
    /// Ran and ended, with any exit code. Terminal.
    Finished,
    /// Could not be launched, or was lost. Not: exited non-zero. Terminal.
    Failed,
    /// Killed by force while running. Terminal.
    Killed,
    /// Canceled before it ran. Terminal.
    Canceled,
}

/// The text names no state.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown job status '{found}'; a job is {}", JobStatus::EXPECTED)]
pub struct ParseJobStatusError {
    /// What stood there.
    pub found: String,
}

impl JobStatus {
    /// All states, in the order of a job's life.
    pub const ALL: [Self; 7] = [
        Self::Pending,
        Self::Running,
        Self::Suspended,
        Self::Finished,
        Self::Failed,
        Self::Killed,
        Self::Canceled,
    ];

    /// The word on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "Pending",
            Self::Running => "Running",
            Self::Suspended => "Suspended",
            Self::Finished => "Finished",
            Self::Failed => "Failed",
            Self::Killed => "Killed",
            Self::Canceled => "Canceled",
        }
    }

    /// Whether the job is over. Nothing about its state changes any more, the exit code included.
    #[must_use]
    pub fn is_terminal(self) -> bool {
        match self {
            Self::Pending | Self::Running | Self::Suspended => false,
            Self::Finished | Self::Failed | Self::Killed | Self::Canceled => true,
        }
    }

    /// Whether news of the state `next` may be believed of a job that is in this state.
    ///
    /// A terminal state takes no news at all, not even of itself. No job becomes Pending again, and only a Pending job
    /// is Canceled. A job that is not over may be told its own state again, with another message. States in between may
    /// be missed by whoever watches: a Pending job may be seen next when it has been Suspended, Finished or Killed.
    #[must_use]
    pub fn may_become(self, next: Self) -> bool {
        match self {
            Self::Pending => true,
            Self::Running | Self::Suspended => !matches!(next, Self::Pending | Self::Canceled),
            Self::Finished | Self::Failed | Self::Killed | Self::Canceled => false,
        }
    }
}

impl fmt::Display for JobStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for JobStatus {
    type Err = ParseJobStatusError;

    fn from_str(text: &str) -> Result<Self, ParseJobStatusError> {
        let word = text.trim();
        Self::ALL
            .into_iter()
            .find(|status| status.as_str().eq_ignore_ascii_case(word))
            .ok_or_else(|| ParseJobStatusError { found: text.to_owned() })
    }
}

impl Serialize for JobStatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl FromWire for JobStatus {
    const EXPECTED: &'static str = "one of Pending, Running, Suspended, Finished, Failed, Killed, Canceled";

    fn from_wire(value: Value, path: &Path<'_>) -> Result<Self, FieldError> {
        match value {
            Value::String(word) => {
                word.parse().map_err(|_| FieldError::wrong_word(path, Self::EXPECTED, &word))
            }
            other => Err(FieldError::mismatch(path, Self::EXPECTED, &other)),
        }
    }
}

deserialize_from_wire!(JobStatus);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_of_states_is_decided() {
        // Rows: the state a job is in. Columns: the news, in the order of `JobStatus::ALL`.
        //            Pend Run Susp Fin Fail Kill Canc
        let table = [
            "Pending    yes  yes yes  yes yes  yes  yes",
            "Running    -    yes yes  yes yes  yes  -",
            "Suspended  -    yes yes  yes yes  yes  -",
            "Finished   -    -   -    -   -    -    -",
            "Failed     -    -   -    -   -    -    -",
            "Killed     -    -   -    -   -    -    -",
            "Canceled   -    -   -    -   -    -    -",
        ];
        for (row, state) in table.iter().zip(JobStatus::ALL) {
            let mut words = row.split_whitespace();
            assert_eq!(words.next(), Some(state.as_str()));
            for next in JobStatus::ALL {
                assert_eq!(
                    words.next(),
                    Some(if state.may_become(next) { "yes" } else { "-" }),
                    "{state} → {next}"
                );
            }
            assert_eq!(state.is_terminal(), !row.contains("yes"), "{state}");
        }
    }

    #[test]
    fn a_word_is_read_whatever_its_case_and_the_space_around_it() {
        assert_eq!(" rUNNING\n".parse(), Ok(JobStatus::Running));
        assert_eq!(
            "Sleeping".parse::<JobStatus>().unwrap_err().to_string(),
            "unknown job status 'Sleeping'; a job is one of Pending, Running, Suspended, Finished, Failed, Killed, Canceled"
        );
    }
}
