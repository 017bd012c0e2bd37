//! Limits of a container as a job's limits.

use launcher_api::job::{ResourceLimit, ResourceLimitType};
use serde_json::Value;

use crate::observed::ContainerSpec;
use crate::quantity;

/// The limits that the Launcher knows, in the units in which it tells them.
pub(super) fn of(container: &ContainerSpec) -> Vec<ResourceLimit> {
    container
        .resources
        .limits
        .iter()
        .filter_map(|(name, value)| {
            let amount = quantity::parse(&text(value))?;
            let (limit_type, amount) = match name.as_str() {
                "cpu" => (ResourceLimitType::CpuCount, amount),
                "memory" => (ResourceLimitType::Memory, amount / 1e6),
                "nvidia.com/gpu" => (ResourceLimitType::NvidiaGpus, amount),
                "amd.com/gpu" => (ResourceLimitType::AmdGpus, amount),
                _ => return None,
            };
            Some(ResourceLimit { limit_type, value: quantity::plain(amount), ..ResourceLimit::default() })
        })
        .collect()
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned)
}
