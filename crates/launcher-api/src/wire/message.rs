//! The head that every message has.

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::{ObjectWriter, WriteObject, serialize_object};
use crate::ids::RequestId;

/// A message: its head, and a body that writes itself after it.
struct Message<'a, B> {
    message_type: i64,
    request_id: RequestId,
    /// Only responses have one.
    response_id: Option<u64>,
    body: &'a B,
}

impl<B: WriteObject> WriteObject for Message<'_, B> {
    fn write<M: SerializeMap>(&self, out: &mut ObjectWriter<M>) -> Result<(), M::Error> {
        out.always("messageType", &self.message_type)?;
        out.always("requestId", &self.request_id)?;
        out.option("responseId", self.response_id.as_ref())?;
        self.body.write(out)
    }
}

impl<B: WriteObject> Serialize for Message<'_, B> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize_object(self, serializer)
    }
}

/// Adds the compact JSON of a whole message to `out`.
pub(crate) fn write_message<B: WriteObject>(
    out: &mut Vec<u8>,
    message_type: i64,
    request_id: RequestId,
    response_id: Option<u64>,
    body: &B,
) {
    serde_json::to_writer(out, &Message { message_type, request_id, response_id, body })
        .expect("keys are text and no body refuses to be written, so JSON in memory cannot fail");
}
