//! Reading a job as either public SDK writes it.

use serde_json::Value;

use super::{Container, Job};
use crate::field_error::FieldError;
use crate::wire::{FromWire, ObjectReader, Path, ReadObject, deserialize_from_wire};

impl ReadObject for Job {
    fn read(object: &mut ObjectReader<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            id: object.or_default("id")?,
            cluster: object.or_default("cluster")?,
            name: object.or_default("name")?,
            user: object.or_default("user")?,
            group: object.or_default("group")?,
            queues: object.or_default("queues")?,
            working_directory: object.or_default("workingDirectory")?,
            container: read_container(object)?,
            init_containers: object.or_default("initContainers")?,
            host: object.or_default("host")?,
            status: object.optional_or_empty("status")?.unwrap_or_default(),
            status_message: object.or_default("statusMessage")?,
            status_code: object.or_default("statusCode")?,
            pid: object.optional("pid")?,
            exit_code: object.optional("exitCode")?,
            command: object.or_default("command")?,
            exe: object.or_default("exe")?,
            args: object.or_default("args")?,
            stdin: object.or_default("stdin")?,
            stdout_file: object.or_default("stdoutFile")?,
            stderr_file: object.or_default("stderrFile")?,
            environment: object.or_default("environment")?,
            placement_constraints: object.or_default("placementConstraints")?,
            submission_time: object.optional_or_empty("submissionTime")?,
            last_update_time: object.optional_or_empty("lastUpdateTime")?,
            exposed_ports: object.or_default("exposedPorts")?,
            mounts: object.or_default("mounts")?,
            config: object.or_default("config")?,
            resource_limits: object.or_default("resourceLimits")?,
            tags: object.or_default("tags")?,
            metadata: object.optional("metadata")?,
            resource_profile: object.or_default("resourceProfile")?,
            instance_id: object.or_default("instanceId")?,
        })
    }
}

/// An object without keys asks for no container in particular, as if it were absent.
fn read_container(object: &mut ObjectReader<'_>) -> Result<Option<Container>, FieldError> {
    match object.take("container") {
        None => Ok(None),
        Some(Value::Object(entries)) if entries.is_empty() => Ok(None),
        Some(value) => Container::from_wire(value, &object.at("container")).map(Some),
    }
}

impl FromWire for Job {
    const EXPECTED: &'static str = "an object";

    fn from_wire(value: Value, path: &Path<'_>) -> Result<Self, FieldError> {
        ObjectReader::from_value(value, path).and_then(|mut object| Self::read(&mut object))
    }
}

deserialize_from_wire!(Job);
