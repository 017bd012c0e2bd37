//! Control Job (4): what became of an operation.

use serde::ser::SerializeMap;

use crate::field_error::FieldError;
use crate::ids::RequestId;
use crate::wire::{ObjectReader, ObjectWriter, WriteObject};

/// The operation was accepted. The job's new state comes by other ways.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ControlJobResponse {
    /// The request that is answered.
    pub request_id: RequestId,
    /// Why the operation was not carried out; empty if it was.
    pub status_message: String,
    /// Whether the operation was carried out. Promises nothing about the job's end.
    pub operation_complete: bool,
}

impl ControlJobResponse {
    pub(super) fn read(request_id: RequestId, object: &mut ObjectReader<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            request_id,
            status_message: object.or_default("statusMessage")?,
            operation_complete: object.or_default("operationComplete")?,
        })
    }
}

impl WriteObject for ControlJobResponse {
    fn write<M: SerializeMap>(&self, out: &mut ObjectWriter<M>) -> Result<(), M::Error> {
        out.always("statusMessage", &self.status_message)?;
        out.always("operationComplete", &self.operation_complete)
    }
}
