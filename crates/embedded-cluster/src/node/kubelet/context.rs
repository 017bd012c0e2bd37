//! What a pod's tasks share.

use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::Value;

use super::runtime::Runtime;
use crate::node::connectivity::Connectivity;
use crate::node::events::Recorder;
use crate::node::options::NodeOptions;
use crate::node::pod_spec::PodSpec;
use crate::registry::Registry;
use crate::store::Object;

/// The kubelet as its pods see it.
#[derive(Clone, Debug)]
pub(in crate::node) struct KubeletContext {
    pub(in crate::node) registry: Registry,
    pub(in crate::node) recorder: Recorder,
    pub(in crate::node) runtime: Runtime,
    pub(in crate::node) options: Arc<NodeOptions>,
    pub(in crate::node) connectivity: Connectivity,
    /// Where pods have their directories; removed at shutdown.
    pub(in crate::node) directory: PathBuf,
}

/// One pod as its containers see it.
#[derive(Debug)]
pub(super) struct PodContext {
    pub(super) kubelet: KubeletContext,
    /// The pod when it came to the node: its metadata and specification do not change in what matters here.
    pub(super) pod: Arc<Object>,
    pub(super) spec: PodSpec,
    /// The pod's own directory.
    pub(super) directory: PathBuf,
    /// Its address, one of the loopback network's: unlike on a real cluster, processes of all pods share the ports
    /// of the host.
    pub(super) address: Ipv4Addr,
}

impl PodContext {
    /// What the node offers, as its object tells.
    pub(super) fn allocatable(&self) -> Value {
        crate::node::registration::capacity(&self.kubelet.options)
    }
}
