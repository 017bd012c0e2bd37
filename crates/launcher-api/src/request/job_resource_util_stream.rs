//! Job Resource Utilization stream (7): watch what a job uses.

use serde::ser::SerializeMap;

use super::Caller;
use super::target::{read_one_job, write_job};
use crate::field_error::FieldError;
use crate::ids::JobId;
use crate::wire::{ObjectReader, ObjectWriter, ReadObject, WriteObject};

/// Asks for samples of what a running job uses, until it ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenJobResourceUtil {
    /// Who watches.
    pub who: Caller,
    /// The one job; `*` is refused on reading.
    pub job: JobId,
}

impl ReadObject for OpenJobResourceUtil {
    fn read(object: &mut ObjectReader<'_>) -> Result<Self, FieldError> {
        Ok(Self { who: Caller::read(object)?, job: read_one_job(object)? })
    }
}

impl WriteObject for OpenJobResourceUtil {
    fn write<M: SerializeMap>(&self, out: &mut ObjectWriter<M>) -> Result<(), M::Error> {
        self.who.write(out)?;
        write_job(self.job.as_str(), out)
    }
}
