//! Job Output (5): a piece of a job's output.

use std::fmt;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::field_error::FieldError;
use crate::ids::RequestId;
use crate::wire::{FromWire, ObjectReader, ObjectWriter, Path, WriteObject};

/// A message of an output stream, which answers one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobOutputResponse {
    /// The request that opened the stream.
    pub request_id: RequestId,
    /// 1, 2, 3, … in this stream, the last message included.
    pub seq_id: u64,
    /// What the message brings.
    pub piece: OutputPiece,
}

/// What a message of an output stream brings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OutputPiece {
    /// Output.
    Data {
        /// The text; neither cut inside a character nor changed at its lines.
        output: String,
        /// Which of the job's streams it is from.
        kind: OutputKind,
    },
    /// The end: nothing follows, and this message has no output. (A text beside `"complete": true` is passed over on
    /// reading; no public SDK writes one.)
    Complete,
}

impl JobOutputResponse {
    pub(super) fn read(request_id: RequestId, object: &mut ObjectReader<'_>) -> Result<Self, FieldError> {
        let seq_id = object.required("seqId")?;
        let piece = if object.or_default("complete")? {
            OutputPiece::Complete
        } else {
            OutputPiece::Data {
                output: object.or_default("output")?,
                kind: object.optional_or_empty("outputType")?.unwrap_or(OutputKind::Mixed),
            }
        };
        Ok(Self { request_id, seq_id, piece })
    }
}

impl WriteObject for JobOutputResponse {
    fn write<M: SerializeMap>(&self, out: &mut ObjectWriter<M>) -> Result<(), M::Error> {
        out.always("seqId", &self.seq_id)?;
        match &self.piece {
            OutputPiece::Data { output, kind } => {
                out.always("output", output)?;
                out.always("outputType", kind)?;
                out.always("complete", &false)
            }
            OutputPiece::Complete => out.always("complete", &true),
        }
    }
}

/// Which of a job's streams a piece is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OutputKind {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
    /// It can't be told.
    Mixed,
}

impl OutputKind {
    /// The word on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Stdout => "stdout",
            Self::Stderr => "stderr",
            Self::Mixed => "mixed",
        }
    }
}

impl fmt::Display for OutputKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for OutputKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl FromWire for OutputKind {
    const EXPECTED: &'static str = "one of stdout, stderr, mixed";

    fn from_wire(value: Value, path: &Path<'_>) -> Result<Self, FieldError> {
        match value {
            Value::String(word) => [Self::Stdout, Self::Stderr, Self::Mixed]
                .into_iter()
                .find(|kind| kind.as_str() == word)
                .ok_or_else(|| FieldError::wrong_word(path, Self::EXPECTED, &word)),
            other => Err(FieldError::mismatch(path, Self::EXPECTED, &other)),
        }
    }
}
