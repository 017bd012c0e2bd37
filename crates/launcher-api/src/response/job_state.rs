//! Job State (2): the job submitted, or the jobs asked for.

use std::sync::Arc;

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::field_error::FieldError;
use crate::ids::RequestId;
use crate::job::{Job, JobFields};
use crate::wire::{ObjectReader, ObjectWriter, WriteObject};

/// Answers Submit Job with exactly one job, and Get Jobs with one or any number.
///
/// The jobs are shared with whoever keeps them, and are written straight to bytes: a long list costs no copies.
#[derive(Clone, Debug, PartialEq)]
pub struct JobStateResponse {
    /// The request that is answered.
    pub request_id: RequestId,
    /// The jobs, ordered by id.
    pub jobs: Vec<Arc<Job>>,
    /// Which keys of each job are written. A response that was read says nothing of it: always
    /// [`JobFields::ALL`].
    pub fields: JobFields,
}

impl JobStateResponse {
    pub(super) fn read(request_id: RequestId, object: &mut ObjectReader<'_>) -> Result<Self, FieldError> {
        let jobs: Vec<Job> = object.or_default("jobs")?;
        Ok(Self { request_id, jobs: jobs.into_iter().map(Arc::new).collect(), fields: JobFields::ALL })
    }
}

impl WriteObject for JobStateResponse {
    fn write<M: SerializeMap>(&self, out: &mut ObjectWriter<M>) -> Result<(), M::Error> {
        out.always("jobs", &SelectedJobs(self))
    }
}

/// The value of `jobs`.
struct SelectedJobs<'a>(&'a JobStateResponse);

impl Serialize for SelectedJobs<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.jobs.iter().map(|job| job.with_fields(self.0.fields)))
    }
}
