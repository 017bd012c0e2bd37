//! Names of a job's keys, and choices among them.

use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::field_error::FieldError;
use crate::wire::{FromWire, Path};

macro_rules! job_fields {
    ($($variant:ident $key:literal,)*) => {
        /// A key of a job on the wire.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[expect(missing_docs, reason = "each is the field of `Job` with the same name")]
        pub enum JobField {
            $($variant,)*
        }

        impl JobField {
            /// All keys, in the order in which they are written.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The key on the wire.
            #[must_use]
            pub fn key(self) -> &'static str {
                match self {
                    $(Self::$variant => $key,)*
                }
            }

            /// The field with this key. One of the public SDKs asks for `env` where it means `environment`.
            #[must_use]
            pub fn from_key(key: &str) -> Option<Self> {
                match key {
                    $($key => Some(Self::$variant),)*
                    "env" => Some(Self::Environment),
                    _ => None,
                }
            }
        }
    };
}

job_fields! {
    Id "id",
    Cluster "cluster",
    Name "name",
    User "user",
    Group "group",
    Queues "queues",
    WorkingDirectory "workingDirectory",
    Container "container",
    InitContainers "initContainers",
    Host "host",
    Status "status",
    StatusMessage "statusMessage",
    StatusCode "statusCode",
    Pid "pid",
    ExitCode "exitCode",
    Command "command",
    Exe "exe",
    Args "args",
    Stdin "stdin",
    StdoutFile "stdoutFile",
    StderrFile "stderrFile",
    Environment "environment",
    PlacementConstraints "placementConstraints",
    SubmissionTime "submissionTime",
    LastUpdateTime "lastUpdateTime",
    ExposedPorts "exposedPorts",
    Mounts "mounts",
    Config "config",
    ResourceLimits "resourceLimits",
    Tags "tags",
    Metadata "metadata",
    ResourceProfile "resourceProfile",
    InstanceId "instanceId",
}

/// Which keys of a job to tell: the `fields` of Get Jobs. The id is always among them.
///
/// Read from a list of names: absent, `null` or empty means all, and names that nobody knows are ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct JobFields {
    /// One bit for each field, in the order of [`JobField::ALL`].
    bits: u64,
}

impl JobFields {
    /// Every key.
    pub const ALL: Self = Self { bits: (1 << JobField::ALL.len()) - 1 };

    /// These keys and the id.
    #[must_use]
    pub fn only(fields: impl IntoIterator<Item = JobField>) -> Self {
        Self { bits: fields.into_iter().map(bit).fold(bit(JobField::Id), |bits, bit| bits | bit) }
    }

    /// All keys but these. The id stays.
    #[must_use]
    pub fn without(self, fields: impl IntoIterator<Item = JobField>) -> Self {
        let gone = fields.into_iter().map(bit).fold(0, |bits, bit| bits | bit);
        Self { bits: (self.bits & !gone) | bit(JobField::Id) }
    }

    /// Whether a key is to be told.
    #[must_use]
    pub fn contains(self, field: JobField) -> bool {
        self.bits & bit(field) != 0
    }

    /// Whether nothing is left out.
    #[must_use]
    pub fn is_all(self) -> bool {
        self == Self::ALL
    }

    /// The keys to be told, in the order in which they are written.
    pub fn iter(self) -> impl Iterator<Item = JobField> {
        JobField::ALL.iter().copied().filter(move |field| self.contains(*field))
    }
}

/// Every key.
impl Default for JobFields {
    fn default() -> Self {
        Self::ALL
    }
}

impl Serialize for JobFields {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(JobField::key))
    }
}

impl FromWire for JobFields {
    const EXPECTED: &'static str = "an array of strings";

    fn from_wire(value: Value, path: &Path<'_>) -> Result<Self, FieldError> {
        let names = Vec::<String>::from_wire(value, path)?;
        if names.is_empty() {
            return Ok(Self::ALL);
        }
        Ok(Self::only(names.iter().filter_map(|name| JobField::from_key(name))))
    }
}

fn bit(field: JobField) -> u64 {
    1 << field as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_has_a_bit_of_its_own_and_is_found_by_its_key() {
        assert!(JobField::ALL.len() <= 64);
        for field in JobField::ALL {
            assert_eq!(JobField::from_key(field.key()), Some(*field));
            assert!(JobFields::ALL.contains(*field));
            let only: Vec<_> = JobFields::only([*field]).iter().collect();
            assert!(only.contains(field), "{field:?}");
            assert_eq!(only.len(), if *field == JobField::Id { 1 } else { 2 }, "{field:?}");
        }
    }

    #[test]
    fn the_id_can_not_be_left_out() {
        assert!(JobFields::ALL.without([JobField::Id]).contains(JobField::Id));
        assert!(JobFields::only([]).contains(JobField::Id));
        assert!(!JobFields::ALL.without([JobField::Stdin]).is_all());
        assert!(JobFields::ALL.is_all());
        assert_eq!(JobFields::only(JobField::ALL.iter().copied()), JobFields::ALL);
    }
}
