//! Which job a request is about: `jobId`, and the Launcher's own form of it, which is ignored.

use serde::ser::SerializeMap;
use serde_json::Value;

use crate::field_error::FieldError;
use crate::ids::JobId;
use crate::requester::JobSelector;
use crate::wire::{FromWire, ObjectReader, ObjectWriter, Path};

/// The id of one job, for requests that can't be about all.
struct OneJob(JobId);

impl FromWire for OneJob {
    const EXPECTED: &'static str = "the id of one job";

    fn from_wire(value: Value, path: &Path<'_>) -> Result<Self, FieldError> {
        let Value::String(text) = value else {
            return Err(FieldError::mismatch(path, Self::EXPECTED, &value));
        };
        match JobSelector::from(JobId::from(text)) {
            JobSelector::One(id) => Ok(Self(id)),
            all @ JobSelector::All => Err(FieldError::wrong_word(path, Self::EXPECTED, all.as_str())),
        }
    }
}

pub(super) fn read_one_job(object: &mut ObjectReader<'_>) -> Result<JobId, FieldError> {
    object.required::<OneJob>("jobId").map(|job| job.0)
}

pub(super) fn write_job<M: SerializeMap>(job_id: &str, out: &mut ObjectWriter<M>) -> Result<(), M::Error> {
    out.always("jobId", job_id)?;
    out.always("encodedJobId", "")
}
