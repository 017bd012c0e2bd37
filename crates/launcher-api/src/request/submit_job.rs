//! Submit Job (2): launch a job.

use serde::ser::SerializeMap;

use super::Caller;
use crate::field_error::FieldError;
use crate::job::Job;
use crate::wire::{ObjectReader, ObjectWriter, ReadObject, WriteObject};

/// Asks to launch a job. Answered by the job with its id, Pending.
#[derive(Clone, Debug, PartialEq)]
pub struct SubmitJob {
    /// Who submits; owns the job unless it names its owner.
    pub who: Caller,
    /// The job to launch, not checked yet: see [`Job::check`].
    pub job: Box<Job>,
}

impl ReadObject for SubmitJob {
    fn read(object: &mut ObjectReader<'_>) -> Result<Self, FieldError> {
        Ok(Self { who: Caller::read(object)?, job: Box::new(object.required("job")?) })
    }
}

impl WriteObject for SubmitJob {
    fn write<M: SerializeMap>(&self, out: &mut ObjectWriter<M>) -> Result<(), M::Error> {
        self.who.write(out)?;
        out.always("job", &self.job)
    }
}
