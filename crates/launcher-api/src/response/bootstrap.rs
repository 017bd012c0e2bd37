//! Bootstrap (1): the plugin's version.

use serde::ser::SerializeMap;

use crate::field_error::FieldError;
use crate::ids::RequestId;
use crate::version::ApiVersion;
use crate::wire::{ObjectReader, ObjectWriter, WriteObject};

/// The plugin is ready and knows every job of the cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BootstrapResponse {
    /// The request that is answered: 0.
    pub request_id: RequestId,
    /// What the plugin speaks.
    pub version: ApiVersion,
}

impl BootstrapResponse {
    pub(super) fn read(request_id: RequestId, object: &mut ObjectReader<'_>) -> Result<Self, FieldError> {
        Ok(Self { request_id, version: object.required("version")? })
    }
}

impl WriteObject for BootstrapResponse {
    fn write<M: SerializeMap>(&self, out: &mut ObjectWriter<M>) -> Result<(), M::Error> {
        out.always("version", &self.version)
    }
}
