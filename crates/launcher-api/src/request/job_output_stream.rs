//! Job Output stream (6): read a job's output.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::Caller;
use super::target::{read_one_job, write_job};
use crate::field_error::FieldError;
use crate::ids::JobId;
use crate::wire::{FromWire, ObjectReader, ObjectWriter, Path, ReadObject, WriteObject};

/// Asks for all output of a job from its beginning, and for what comes until the job's output ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenJobOutput {
    /// Who reads.
    pub who: Caller,
    /// The one job; `*` is refused on reading.
    pub job: JobId,
    /// Which of the job's streams.
    pub streams: OutputSelection,
}

impl ReadObject for OpenJobOutput {
    fn read(object: &mut ObjectReader<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            who: Caller::read(object)?,
            job: read_one_job(object)?,
            streams: object.or_default("outputType")?,
        })
    }
}

impl WriteObject for OpenJobOutput {
    fn write<M: SerializeMap>(&self, out: &mut ObjectWriter<M>) -> Result<(), M::Error> {
        self.who.write(out)?;
        write_job(self.job.as_str(), out)?;
        out.always("outputType", &self.streams)
    }
}

/// Which of a job's streams are asked for.
///
/// Written as 0, 1 or 2. The public SDKs disagree, so the words `stdout`, `stderr`, `mixed` and `both` are read as well.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum OutputSelection {
    /// 0: standard output.
    Stdout,
    /// 1: standard error.
    Stderr,
    /// 2: both, as they come. The default.
    #[default]
    Both,
}

impl OutputSelection {
    /// The number on the wire.
    #[must_use]
    pub fn number(self) -> u64 {
        match self {
            Self::Stdout => 0,
            Self::Stderr => 1,
            Self::Both => 2,
        }
    }
}

impl Serialize for OutputSelection {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(self.number())
    }
}

impl FromWire for OutputSelection {
    const EXPECTED: &'static str = "0 (stdout), 1 (stderr), 2 (both), or one of stdout, stderr, mixed, both";

    fn from_wire(value: Value, path: &Path<'_>) -> Result<Self, FieldError> {
        if let Value::String(word) = &value {
            return match word.as_str() {
                "stdout" => Ok(Self::Stdout),
                "stderr" => Ok(Self::Stderr),
                "mixed" | "both" => Ok(Self::Both),
                _ => Err(FieldError::wrong_word(path, Self::EXPECTED, word)),
            };
        }
        let error = FieldError::mismatch(path, Self::EXPECTED, &value);
        let number = u64::from_wire(value, path).ok();
        [Self::Stdout, Self::Stderr, Self::Both]
            .into_iter()
            .find(|selection| Some(selection.number()) == number)
            .ok_or(error)
    }
}
