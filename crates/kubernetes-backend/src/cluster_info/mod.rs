//! What users may ask for.

use launcher_api::job::{ConfigValueType, JobConfig, PlacementConstraint, ResourceLimit, ResourceLimitType};
use launcher_api::response::ClusterInfo;

use crate::profiles::{Allowance, Profile};
use crate::quantity;

/// What a user's profile and the cluster offer.
pub fn cluster_info(profile: &Profile) -> ClusterInfo {
    let constraints = profile.placement_constraints.value.iter();
    ClusterInfo {
        supports_containers: true,
        supports_init_containers: true,
        containers_use_host_network: false,
        default_image: profile.default_container_image.value.clone(),
        images: profile.offered_images(),
        allow_unknown_images: profile.allow_unknown_images.value,
        config: vec![JobConfig {
            name: "secret".to_owned(),
            value: None,
            value_type: Some(ConfigValueType::String),
        }],
        placement_constraints: constraints
            .map(|offered| PlacementConstraint { name: offered.name.clone(), value: offered.value.clone() })
            .collect(),
        resource_limits: resource_limits(profile),
        ..ClusterInfo::default()
    }
}

/// CPUs and memory, and the kinds of GPUs that there may be any of.
fn resource_limits(profile: &Profile) -> Vec<ResourceLimit> {
    let limit = |limit_type, allowance: Allowance| ResourceLimit {
        limit_type,
        default_value: allowance.default.map(quantity::plain),
        max_value: allowance.most.map(quantity::plain),
        ..ResourceLimit::default()
    };
    let gpus = |limit_type, allowance: Allowance| {
        let is_offered = allowance.most.is_some_and(|most| most > 0.0);
        is_offered
            .then(|| limit(limit_type, Allowance { default: allowance.default.or(Some(0.0)), ..allowance }))
    };
    let mut limits = vec![
        limit(ResourceLimitType::CpuCount, profile.cpus()),
        limit(ResourceLimitType::Memory, profile.memory()),
    ];
    limits.extend(gpus(ResourceLimitType::NvidiaGpus, profile.nvidia_gpus()));
    limits.extend(gpus(ResourceLimitType::AmdGpus, profile.amd_gpus()));
    limits
}
