//! Multi Cluster Info (17): Cluster Info of several clusters, from plugins with an extension that was taken back.

use serde::ser::SerializeMap;

use super::ClusterInfo;
use crate::field_error::FieldError;
use crate::ids::{ClusterName, RequestId};
use crate::wire::{ObjectReader, ObjectWriter, ReadObject, WriteObject, wire_object};

/// May answer Multi Cluster Info. A plugin with one cluster answers by Cluster Info instead.
#[derive(Clone, Debug, PartialEq)]
pub struct MultiClusterInfoResponse {
    /// The request that is answered.
    pub request_id: RequestId,
    /// What each cluster offers.
    pub clusters: Vec<NamedClusterInfo>,
}

/// What one of several clusters offers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NamedClusterInfo {
    /// The cluster.
    pub name: ClusterName,
    /// What it offers.
    pub info: ClusterInfo,
}

impl MultiClusterInfoResponse {
    pub(super) fn read(request_id: RequestId, object: &mut ObjectReader<'_>) -> Result<Self, FieldError> {
        Ok(Self { request_id, clusters: object.or_default("clusters")? })
    }
}

impl WriteObject for MultiClusterInfoResponse {
    fn write<M: SerializeMap>(&self, out: &mut ObjectWriter<M>) -> Result<(), M::Error> {
        out.always("clusters", &self.clusters)
    }
}

impl ReadObject for NamedClusterInfo {
    fn read(object: &mut ObjectReader<'_>) -> Result<Self, FieldError> {
        Ok(Self { name: object.or_default("name")?, info: ClusterInfo::read(object)? })
    }
}

impl WriteObject for NamedClusterInfo {
    fn write<M: SerializeMap>(&self, out: &mut ObjectWriter<M>) -> Result<(), M::Error> {
        out.always("name", &self.name)?;
        self.info.write(out)
    }
}

wire_object!(NamedClusterInfo);
