//! How a job's state looks, and how it is typed.

use launcher_api::JobStatus;
use launcher_api::job::ParseJobStatusError;

use crate::printer::Tone;

impl From<JobStatus> for Tone {
    fn from(status: JobStatus) -> Self {
        match status {
            JobStatus::Pending | JobStatus::Suspended => Self::Waiting,
            JobStatus::Running => Self::Good,
            JobStatus::Finished | JobStatus::Canceled => Self::Plain,
            JobStatus::Failed | JobStatus::Killed => Self::Bad,
        }
    }
}

/// Reads a state ignoring case.
pub(crate) fn parse_status(text: &str) -> Result<JobStatus, String> {
    text.parse().map_err(|error: ParseJobStatusError| error.to_string())
}
