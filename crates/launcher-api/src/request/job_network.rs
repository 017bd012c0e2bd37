//! Job Network (8): where a job runs.

use serde::ser::SerializeMap;

use super::Caller;
use super::target::{read_one_job, write_job};
use crate::field_error::FieldError;
use crate::ids::JobId;
use crate::wire::{ObjectReader, ObjectWriter, ReadObject, WriteObject};

/// Asks for the host and the addresses at which a job's published ports are reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobNetworkRequest {
    /// Who asks.
    pub who: Caller,
    /// The one job; `*` is refused on reading.
    pub job: JobId,
}

impl ReadObject for JobNetworkRequest {
    fn read(object: &mut ObjectReader<'_>) -> Result<Self, FieldError> {
        Ok(Self { who: Caller::read(object)?, job: read_one_job(object)? })
    }
}

impl WriteObject for JobNetworkRequest {
    fn write<M: SerializeMap>(&self, out: &mut ObjectWriter<M>) -> Result<(), M::Error> {
        self.who.write(out)?;
        write_job(self.job.as_str(), out)
    }
}
