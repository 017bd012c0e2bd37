//! Get Jobs (3): one job, or a list.

use serde::ser::SerializeMap;

use super::Caller;
use super::target::write_job;
use crate::field_error::FieldError;
use crate::job::{Job, JobFields, JobStatus};
use crate::requester::JobSelector;
use crate::time::JobTime;
use crate::wire::{ObjectReader, ObjectWriter, ReadObject, WriteObject};

/// Asks for one job, or for all that the requester sees and the filter lets through, ordered by id.
#[derive(Clone, Debug, PartialEq)]
pub struct GetJobs {
    /// Who asks.
    pub who: Caller,
    /// One job, for which the filter is ignored, or all.
    pub selector: JobSelector,
    /// Which jobs of a list are told.
    pub filter: JobFilter,
    /// Which keys of each job are told, also of a single one.
    pub fields: JobFields,
}

impl ReadObject for GetJobs {
    fn read(object: &mut ObjectReader<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            who: Caller::read(object)?,
            selector: object.required("jobId")?,
            filter: JobFilter::read(object)?,
            fields: object.or_default("fields")?,
        })
    }
}

impl WriteObject for GetJobs {
    fn write<M: SerializeMap>(&self, out: &mut ObjectWriter<M>) -> Result<(), M::Error> {
        self.who.write(out)?;
        write_job(self.selector.as_str(), out)?;
        self.filter.write(out)?;
        out.option("fields", Some(&self.fields).filter(|fields| !fields.is_all()))
    }
}

/// Which jobs of a list are told. The default lets all through.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JobFilter {
    /// Tags that a job must have, all of them; case counts.
    pub tags: Vec<String>,
    /// States of which a job must be in one. Empty: any.
    pub statuses: Vec<JobStatus>,
    /// The earliest time of submission, included.
    pub start: Option<JobTime>,
    /// The latest time of submission, included.
    pub end: Option<JobTime>,
}

impl JobFilter {
    /// Whether a job is let through. One without a time of submission passes no bound of time.
    #[must_use]
    pub fn matches(&self, job: &Job) -> bool {
        let submitted = job.submission_time;
        self.tags.iter().all(|tag| job.tags.contains(tag))
            && (self.statuses.is_empty() || self.statuses.contains(&job.status))
            && self.start.is_none_or(|start| submitted.is_some_and(|time| time >= start))
            && self.end.is_none_or(|end| submitted.is_some_and(|time| time <= end))
    }
}

impl ReadObject for JobFilter {
    fn read(object: &mut ObjectReader<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            tags: object.or_default("tags")?,
            statuses: object.or_default("statuses")?,
            start: object.optional("startTime")?,
            end: object.optional("endTime")?,
        })
    }
}

impl WriteObject for JobFilter {
    fn write<M: SerializeMap>(&self, out: &mut ObjectWriter<M>) -> Result<(), M::Error> {
        out.list("tags", &self.tags)?;
        out.list("statuses", &self.statuses)?;
        out.option("startTime", self.start.as_ref())?;
        out.option("endTime", self.end.as_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> Option<JobTime> {
        Some(text.parse().unwrap())
    }

    fn job() -> Job {
        Job {
            status: JobStatus::Running,
            tags: vec!["fit".into(), "nightly".into()],
            submission_time: time("2026-11-24T09:30:12.250118Z"),
            ..Job::default()
        }
    }

    #[test]
    fn several_tags_mean_all_of_them_and_several_states_mean_one_of_them() {
        let tags = |tags: &[&str]| JobFilter {
            tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
            ..JobFilter::default()
        };
        assert!(tags(&[]).matches(&job()));
        assert!(tags(&["nightly", "fit"]).matches(&job()));
        assert!(!tags(&["nightly", "Fit"]).matches(&job()));

        let statuses =
            |statuses: &[JobStatus]| JobFilter { statuses: statuses.into(), ..JobFilter::default() };
        assert!(statuses(&[JobStatus::Pending, JobStatus::Running]).matches(&job()));
        assert!(!statuses(&[JobStatus::Pending]).matches(&job()));
    }

    #[test]
    fn both_ends_of_the_time_belong_to_it() {
        let between = |start, end| JobFilter { start, end, ..JobFilter::default() };
        let exactly = time("2026-11-24T09:30:12.250118Z");
        assert!(between(exactly, exactly).matches(&job()));
        assert!(!between(time("2026-11-24T09:30:12.250119Z"), None).matches(&job()));
        assert!(!between(None, time("2026-11-24T09:30:12.250117Z")).matches(&job()));
        assert!(!between(exactly, None).matches(&Job::default()));
    }
}
