//! Cluster Info (9) and Multi Cluster Info (17): what may be asked of the cluster.

use serde::ser::SerializeMap;

use super::Caller;
use crate::field_error::FieldError;
use crate::wire::{ObjectReader, ObjectWriter, ReadObject, WriteObject};

/// Asks what the cluster offers to a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClusterInfoRequest {
    /// Whose profile applies; `*` asks for what everyone gets.
    pub who: Caller,
}

impl ReadObject for ClusterInfoRequest {
    fn read(object: &mut ObjectReader<'_>) -> Result<Self, FieldError> {
        Ok(Self { who: Caller::read(object)? })
    }
}

impl WriteObject for ClusterInfoRequest {
    fn write<M: SerializeMap>(&self, out: &mut ObjectWriter<M>) -> Result<(), M::Error> {
        self.who.write(out)
    }
}
