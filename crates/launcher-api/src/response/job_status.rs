//! Job Status (3): one job's state, for all who watch.

use serde::ser::SerializeMap;

use super::StreamSequence;
use crate::field_error::FieldError;
use crate::ids::JobId;
use crate::job::JobStatus;
use crate::wire::{ObjectReader, ObjectWriter, WriteObject};

/// The state of a job: the present one when a stream opens, then each new one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobStatusResponse {
    /// Whom this answers; never empty.
    pub sequences: Vec<StreamSequence>,
    /// The job.
    pub id: JobId,
    /// The job's name.
    pub name: String,
    /// The job's state.
    pub status: JobStatus,
    /// Why it is in this state; possibly empty.
    pub status_message: String,
    /// A word of the cluster for the state; possibly empty (3.5).
    pub status_code: String,
}

impl JobStatusResponse {
    pub(super) fn read(object: &mut ObjectReader<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            sequences: object.required("sequences")?,
            id: object.required("id")?,
            name: object.or_default("name")?,
            status: object.required("status")?,
            status_message: object.or_default("statusMessage")?,
            status_code: object.or_default("statusCode")?,
        })
    }
}

impl WriteObject for JobStatusResponse {
    fn write<M: SerializeMap>(&self, out: &mut ObjectWriter<M>) -> Result<(), M::Error> {
        out.always("sequences", &self.sequences)?;
        out.always("id", &self.id)?;
        out.always("name", &self.name)?;
        out.always("status", &self.status)?;
        out.text("statusMessage", &self.status_message)?;
        out.text("statusCode", &self.status_code)
    }
}
