//! Job Network (7): where a job runs.

use serde::ser::SerializeMap;

use crate::field_error::FieldError;
use crate::ids::RequestId;
use crate::wire::{ObjectReader, ObjectWriter, ReadObject, WriteObject};

/// Answers Job Network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobNetworkResponse {
    /// The request that is answered.
    pub request_id: RequestId,
    /// Where the job runs.
    pub network: JobNetwork,
}

/// Where a job runs, and how it is reached.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JobNetwork {
    /// Name of the host.
    pub host: String,
    /// Addresses of the host, neither loopback nor link-local. A client tries one of them at a published port.
    pub ip_addresses: Vec<String>,
}

impl JobNetworkResponse {
    pub(super) fn read(request_id: RequestId, object: &mut ObjectReader<'_>) -> Result<Self, FieldError> {
        Ok(Self { request_id, network: JobNetwork::read(object)? })
    }
}

impl WriteObject for JobNetworkResponse {
    fn write<M: SerializeMap>(&self, out: &mut ObjectWriter<M>) -> Result<(), M::Error> {
        self.network.write(out)
    }
}

impl ReadObject for JobNetwork {
    fn read(object: &mut ObjectReader<'_>) -> Result<Self, FieldError> {
        Ok(Self { host: object.or_default("host")?, ip_addresses: object.or_default("ipAddresses")? })
    }
}

impl WriteObject for JobNetwork {
    fn write<M: SerializeMap>(&self, out: &mut ObjectWriter<M>) -> Result<(), M::Error> {
        out.always("host", &self.host)?;
        out.always("ipAddresses", &self.ip_addresses)
    }
}
