//! Control Job (5): suspend, resume, stop, kill, cancel.

use std::fmt;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::Caller;
use super::target::{read_one_job, write_job};
use crate::field_error::FieldError;
use crate::ids::JobId;
use crate::job::JobStatus;
use crate::wire::{FromWire, ObjectReader, ObjectWriter, Path, ReadObject, WriteObject};

/// Asks to carry out an operation on a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ControlJob {
    /// Who asks.
    pub who: Caller,
    /// The one job; `*` is refused on reading.
    pub job: JobId,
    /// What to do.
    pub operation: ControlOperation,
}

impl ReadObject for ControlJob {
    fn read(object: &mut ObjectReader<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            who: Caller::read(object)?,
            job: read_one_job(object)?,
            operation: object.required("operation")?,
        })
    }
}

impl WriteObject for ControlJob {
    fn write<M: SerializeMap>(&self, out: &mut ObjectWriter<M>) -> Result<(), M::Error> {
        self.who.write(out)?;
        write_job(self.job.as_str(), out)?;
        out.always("operation", &self.operation)
    }
}

/// What can be done to a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ControlOperation {
    /// 0: halt a running job, as SIGSTOP does.
    Suspend,
    /// 1: let a suspended job go on, as SIGCONT does.
    Resume,
    /// 2: ask a running job to end, as SIGTERM does. It becomes Finished.
    Stop,
    /// 3: end a running job, as SIGKILL does. It becomes Killed.
    Kill,
    /// 4: take back a pending job. It becomes Canceled.
    Cancel,
}

impl ControlOperation {
    /// All operations, in the order of their numbers.
    pub const ALL: [Self; 5] = [Self::Suspend, Self::Resume, Self::Stop, Self::Kill, Self::Cancel];

    /// The number on the wire.
    #[must_use]
    pub fn number(self) -> u64 {
        match self {
            Self::Suspend => 0,
            Self::Resume => 1,
            Self::Stop => 2,
            Self::Kill => 3,
            Self::Cancel => 4,
        }
    }

    /// The state that a job must be in.
    #[must_use]
    pub fn required_status(self) -> JobStatus {
        match self {
            Self::Suspend | Self::Stop | Self::Kill => JobStatus::Running,
            Self::Resume => JobStatus::Suspended,
            Self::Cancel => JobStatus::Pending,
        }
    }

    /// The state that the job is in when the operation has had its effect.
    #[must_use]
    pub fn resulting_status(self) -> JobStatus {
        match self {
            Self::Suspend => JobStatus::Suspended,
            Self::Resume => JobStatus::Running,
            Self::Stop => JobStatus::Finished,
            Self::Kill => JobStatus::Killed,
            Self::Cancel => JobStatus::Canceled,
        }
    }
}

impl fmt::Display for ControlOperation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Suspend => "suspend",
            Self::Resume => "resume",
            Self::Stop => "stop",
            Self::Kill => "kill",
            Self::Cancel => "cancel",
        })
    }
}

impl Serialize for ControlOperation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(self.number())
    }
}

impl FromWire for ControlOperation {
    const EXPECTED: &'static str = "0 (suspend), 1 (resume), 2 (stop), 3 (kill) or 4 (cancel)";

    fn from_wire(value: Value, path: &Path<'_>) -> Result<Self, FieldError> {
        let error = FieldError::mismatch(path, Self::EXPECTED, &value);
        let number = u64::from_wire(value, path).ok();
        Self::ALL.into_iter().find(|operation| Some(operation.number()) == number).ok_or(error)
    }
}
