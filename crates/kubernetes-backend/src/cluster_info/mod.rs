//! What users may ask for.

use launcher_api::job::{ConfigValueType, JobConfig, ResourceLimit, ResourceLimitType};
use launcher_api::response::ClusterInfo;

use crate::settings::Profiles;

/// What the profiles and the cluster offer.
pub fn cluster_info(profiles: &Profiles) -> ClusterInfo {
    let limit = |limit_type| ResourceLimit { limit_type, ..ResourceLimit::default() };
    ClusterInfo {
        supports_containers: true,
        supports_init_containers: true,
        containers_use_host_network: false,
        default_image: profiles.default_container_image.clone(),
        images: profiles.default_container_image.iter().cloned().collect(),
        allow_unknown_images: true,
        config: vec![JobConfig {
            name: "secret".to_owned(),
            value: None,
            value_type: Some(ConfigValueType::String),
        }],
        resource_limits: vec![limit(ResourceLimitType::CpuCount), limit(ResourceLimitType::Memory)],
        ..ClusterInfo::default()
    }
}
