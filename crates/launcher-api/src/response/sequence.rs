//! Whom a message of a shared stream answers.

use serde::ser::SerializeMap;

use crate::field_error::FieldError;
use crate::ids::RequestId;
use crate::wire::{ObjectReader, ObjectWriter, ReadObject, WriteObject, wire_object};

/// One of the requests that a message of a shared stream answers, with that request's own counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct StreamSequence {
    /// The request that opened the stream.
    pub request_id: RequestId,
    /// 1 for the first message that lists this request, and one more with each.
    pub seq_id: u64,
}

impl ReadObject for StreamSequence {
    fn read(object: &mut ObjectReader<'_>) -> Result<Self, FieldError> {
        Ok(Self { request_id: object.required("requestId")?, seq_id: object.required("seqId")? })
    }
}

impl WriteObject for StreamSequence {
    fn write<M: SerializeMap>(&self, out: &mut ObjectWriter<M>) -> Result<(), M::Error> {
        out.always("requestId", &self.request_id)?;
        out.always("seqId", &self.seq_id)
    }
}

wire_object!(StreamSequence);
