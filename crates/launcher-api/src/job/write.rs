//! Writing a job, whole or in part, straight to a serializer.

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;

use super::{Job, JobField, JobFields};
use crate::wire::{ObjectWriter, WriteObject, serialize_object};

/// A job of which only some keys are written.
#[derive(Clone, Copy, Debug)]
pub struct SelectedJob<'a> {
    job: &'a Job,
    fields: JobFields,
}

impl Job {
    /// The job with only `fields`, to be serialized without a copy.
    #[must_use]
    pub fn with_fields(&self, fields: JobFields) -> SelectedJob<'_> {
        SelectedJob { job: self, fields }
    }

    /// The job with only `fields` as a JSON value. Costs a copy of the whole; see [`with_fields`](Self::with_fields).
    #[must_use]
    pub fn to_value_with_fields(&self, fields: JobFields) -> Value {
        serde_json::to_value(self.with_fields(fields))
            .expect("keys are text and no field refuses to be written, so a JSON value cannot fail")
    }

    /// Writes one field. Those that the stricter public SDK demands are written even if there is nothing in them.
    fn write_field<M: SerializeMap>(
        &self,
        field: JobField,
        out: &mut ObjectWriter<M>,
    ) -> Result<(), M::Error> {
        let key = field.key();
        match field {
            JobField::Id => out.always(key, &self.id),
            JobField::Cluster => out.text(key, &self.cluster),
            JobField::Name => out.always(key, &self.name),
            JobField::User => out.always(key, &self.user),
            JobField::Group => out.text(key, &self.group),
            JobField::Queues => out.always(key, &self.queues),
            JobField::WorkingDirectory => out.always(key, &self.working_directory),
            JobField::Container => out.option(key, self.container.as_ref()),
            JobField::InitContainers => out.list(key, &self.init_containers),
            JobField::Host => out.always(key, &self.host),
            JobField::Status => out.always(key, &self.status),
            JobField::StatusMessage => out.text(key, &self.status_message),
            JobField::StatusCode => out.text(key, &self.status_code),
            JobField::Pid => out.option(key, self.pid.as_ref()),
            JobField::ExitCode => out.option(key, self.exit_code.as_ref()),
            JobField::Command => out.always(key, &self.command),
            JobField::Exe => out.always(key, &self.exe),
            JobField::Args => out.always(key, &self.args),
            JobField::Stdin => out.always(key, &self.stdin),
            JobField::StdoutFile => out.always(key, &self.stdout_file),
            JobField::StderrFile => out.always(key, &self.stderr_file),
            JobField::Environment => out.always(key, &self.environment),
            JobField::PlacementConstraints => out.always(key, &self.placement_constraints),
            // Demanded too, but an empty text would be no time: a job that was never submitted has none.
            JobField::SubmissionTime => out.option(key, self.submission_time.as_ref()),
            JobField::LastUpdateTime => out.option(key, self.last_update_time.as_ref()),
            JobField::ExposedPorts => out.always(key, &self.exposed_ports),
            JobField::Mounts => out.always(key, &self.mounts),
            JobField::Config => out.always(key, &self.config),
            JobField::ResourceLimits => out.always(key, &self.resource_limits),
            JobField::Tags => out.always(key, &self.tags),
            JobField::Metadata => out.option(key, self.metadata.as_ref()),
            JobField::ResourceProfile => out.text(key, &self.resource_profile),
            JobField::InstanceId => out.text(key, &self.instance_id),
        }
    }
}

impl WriteObject for SelectedJob<'_> {
    fn write<M: SerializeMap>(&self, out: &mut ObjectWriter<M>) -> Result<(), M::Error> {
        self.fields.iter().try_for_each(|field| self.job.write_field(field, out))
    }
}

impl Serialize for SelectedJob<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize_object(self, serializer)
    }
}

impl Serialize for Job {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.with_fields(JobFields::ALL).serialize(serializer)
    }
}
