//! Messages of a later API.

use serde::ser::SerializeMap;
use serde_json::{Map, Value};

use crate::ids::RequestId;
use crate::wire::{ObjectReader, ObjectWriter, WriteObject};

/// A message that this crate does not know.
#[derive(Clone, Debug, PartialEq)]
pub struct UnknownResponse {
    /// The wire's `messageType`.
    pub message_type: i64,
    /// The request that it answers; 0 if none was named.
    pub request_id: RequestId,
    /// All other keys.
    pub other: Map<String, Value>,
}

impl UnknownResponse {
    pub(super) fn read(message_type: i64, request_id: RequestId, object: &mut ObjectReader<'_>) -> Self {
        Self { message_type, request_id, other: object.take_all() }
    }
}

impl WriteObject for UnknownResponse {
    fn write<M: SerializeMap>(&self, out: &mut ObjectWriter<M>) -> Result<(), M::Error> {
        out.entries(&self.other)
    }
}
