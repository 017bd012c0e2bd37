//! Job Status stream (4): watch the states of jobs.

use serde::ser::SerializeMap;

use super::Caller;
use super::target::write_job;
use crate::field_error::FieldError;
use crate::requester::JobSelector;
use crate::wire::{ObjectReader, ObjectWriter, ReadObject, WriteObject};

/// Asks for the present states and all later ones, until canceled. There is no end marker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenJobStatus {
    /// Who watches.
    pub who: Caller,
    /// One job, or all that the requester sees, those submitted later included.
    pub selector: JobSelector,
}

impl ReadObject for OpenJobStatus {
    fn read(object: &mut ObjectReader<'_>) -> Result<Self, FieldError> {
        Ok(Self { who: Caller::read(object)?, selector: object.required("jobId")? })
    }
}

impl WriteObject for OpenJobStatus {
    fn write<M: SerializeMap>(&self, out: &mut ObjectWriter<M>) -> Result<(), M::Error> {
        self.who.write(out)?;
        write_job(self.selector.as_str(), out)
    }
}
