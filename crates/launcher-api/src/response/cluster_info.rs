//! Cluster Info (8): what may be asked of the cluster.

use serde::ser::SerializeMap;

use crate::field_error::FieldError;
use crate::ids::RequestId;
use crate::job::{JobConfig, PlacementConstraint, ResourceLimit};
use crate::wire::{ObjectReader, ObjectWriter, ReadObject, WriteObject, wire_object};

/// Answers Cluster Info and Multi Cluster Info.
#[derive(Clone, Debug, PartialEq)]
pub struct ClusterInfoResponse {
    /// The request that is answered.
    pub request_id: RequestId,
    /// What the cluster offers.
    pub info: ClusterInfo,
}

/// What the cluster offers to a user.
#[derive(Clone, Debug, Default, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "four independent facts, each a key of the wire")]
pub struct ClusterInfo {
    /// Whether jobs may name a container.
    pub supports_containers: bool,
    /// Whether jobs may have `initContainers` (beside 3.7). Without it nobody sends them.
    pub supports_init_containers: bool,
    /// Whether containers share their host's network, so that no ports can be exposed (3.5).
    pub containers_use_host_network: bool,
    /// The image of a job that names none. Written only where containers are supported, as are the next two.
    pub default_image: Option<String>,
    /// Images to choose from.
    pub images: Vec<String>,
    /// Whether other images may be named.
    pub allow_unknown_images: bool,
    /// Queues to choose from; left out if there are none.
    pub queues: Vec<String>,
    /// The queue of a job that names none (3.5).
    pub default_queue: Option<String>,
    /// Settings beyond those that every job has.
    pub config: Vec<JobConfig>,
    /// One entry for each allowed value, its name repeated; an entry without a value takes any.
    pub placement_constraints: Vec<PlacementConstraint>,
    /// Limits that can be set, with their default and largest values.
    pub resource_limits: Vec<ResourceLimit>,
    /// Sets of limits to choose from by name (3.5).
    pub resource_profiles: Vec<ResourceProfile>,
}

impl ClusterInfoResponse {
    pub(super) fn read(request_id: RequestId, object: &mut ObjectReader<'_>) -> Result<Self, FieldError> {
        Ok(Self { request_id, info: ClusterInfo::read(object)? })
    }
}

impl WriteObject for ClusterInfoResponse {
    fn write<M: SerializeMap>(&self, out: &mut ObjectWriter<M>) -> Result<(), M::Error> {
        self.info.write(out)
    }
}

impl ReadObject for ClusterInfo {
    fn read(object: &mut ObjectReader<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            supports_containers: object.or_default("supportsContainers")?,
            supports_init_containers: object.or_default("supportsInitContainers")?,
            containers_use_host_network: object.or_default("containersUseHostNetwork")?,
            default_image: object.non_empty("defaultImage")?,
            images: object.or_default("images")?,
            allow_unknown_images: object.or_default("allowUnknownImages")?,
            queues: object.or_default("queues")?,
            default_queue: object.non_empty("defaultQueue")?,
            config: object.or_default("config")?,
            placement_constraints: object.or_default("placementConstraints")?,
            resource_limits: object.or_default("resourceLimits")?,
            resource_profiles: object.or_default("resourceProfiles")?,
        })
    }
}

impl WriteObject for ClusterInfo {
    fn write<M: SerializeMap>(&self, out: &mut ObjectWriter<M>) -> Result<(), M::Error> {
        out.always("supportsContainers", &self.supports_containers)?;
        out.always("supportsInitContainers", &self.supports_init_containers)?;
        out.always("containersUseHostNetwork", &self.containers_use_host_network)?;
        if self.supports_containers {
            out.option("defaultImage", self.default_image.as_ref())?;
            out.always("images", &self.images)?;
            out.always("allowUnknownImages", &self.allow_unknown_images)?;
        }
        out.list("queues", &self.queues)?;
        out.option("defaultQueue", self.default_queue.as_ref())?;
        out.always("config", &self.config)?;
        out.always("placementConstraints", &self.placement_constraints)?;
        out.always("resourceLimits", &self.resource_limits)?;
        out.always("resourceProfiles", &self.resource_profiles)
    }
}

wire_object!(ClusterInfo);

/// A set of limits with a name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResourceProfile {
    /// What a job names.
    pub name: String,
    /// What a person is shown.
    pub display_name: Option<String>,
    /// The limits that a job gets.
    pub limits: Vec<ResourceLimit>,
    /// The queue that a job waits in.
    pub queue: Option<String>,
    /// Where a job runs.
    pub placement_constraints: Vec<PlacementConstraint>,
}

impl ReadObject for ResourceProfile {
    fn read(object: &mut ObjectReader<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            name: object.required("name")?,
            display_name: object.non_empty("displayName")?,
            limits: object.or_default("limits")?,
            queue: object.non_empty("queue")?,
            placement_constraints: object.or_default("placementConstraints")?,
        })
    }
}

impl WriteObject for ResourceProfile {
    fn write<M: SerializeMap>(&self, out: &mut ObjectWriter<M>) -> Result<(), M::Error> {
        out.always("name", &self.name)?;
        out.option("displayName", self.display_name.as_ref())?;
        out.list("limits", &self.limits)?;
        out.option("queue", self.queue.as_ref())?;
        out.list("placementConstraints", &self.placement_constraints)
    }
}

wire_object!(ResourceProfile);
