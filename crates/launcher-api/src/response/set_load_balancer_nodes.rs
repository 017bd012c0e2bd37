//! Set Load Balancer Nodes (201): heard.

use crate::ids::RequestId;

/// The plugin has heard which Launchers share the load.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SetLoadBalancerNodesResponse {
    /// The request that is answered.
    pub request_id: RequestId,
}
