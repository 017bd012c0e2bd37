//! Metrics (203, API 3.7): the plugin's own figures, unasked.

use serde::ser::SerializeMap;

use super::LatencySample;
use crate::field_error::FieldError;
use crate::wire::{ObjectReader, ObjectWriter, WriteObject};

/// What a plugin tells of itself at intervals.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Metrics {
    /// Whole seconds since the plugin started.
    pub uptime_seconds: u64,
    /// Bytes of memory in use; 0 if not known.
    pub memory_usage_bytes: u64,
    /// How long the calls to the cluster took since the last message; `None` if there were none.
    pub cluster_interaction_latency: Option<LatencySample>,
}

impl Metrics {
    pub(super) fn read(object: &mut ObjectReader<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            uptime_seconds: object.or_default("uptimeSeconds")?,
            memory_usage_bytes: object.or_default("memoryUsageBytes")?,
            cluster_interaction_latency: object.optional("clusterInteractionLatencySample")?,
        })
    }
}

impl WriteObject for Metrics {
    fn write<M: SerializeMap>(&self, out: &mut ObjectWriter<M>) -> Result<(), M::Error> {
        out.always("uptimeSeconds", &self.uptime_seconds)?;
        out.always("memoryUsageBytes", &self.memory_usage_bytes)?;
        out.option("clusterInteractionLatencySample", self.cluster_interaction_latency.as_ref())
    }
}
