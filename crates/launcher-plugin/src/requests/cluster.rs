//! Cluster Info, Set Load Balancer Nodes and Config Reload.

use launcher_api::request::{ClusterInfoRequest, SetLoadBalancerNodes};
use launcher_api::response::{
    ClusterInfoResponse, ConfigReloadResponse, ReloadError, ReloadErrorKind, SetLoadBalancerNodesResponse,
};
use launcher_api::{RequestId, Response};
use tokio::time::Instant;

use crate::backend::Backend;
use crate::calls::call;
use crate::context::Context;
use crate::in_flight::Answer;

/// What may be asked of the cluster.
pub(crate) async fn cluster_info<B: Backend>(
    cx: Context<B>,
    request: RequestId,
    asked: ClusterInfoRequest,
    deadline: Instant,
) -> Answer {
    let who = asked.who.username;
    let info = call("asking what the cluster offers", deadline, cx.backend.cluster_info(&who)).await??;
    Ok(Some(Response::ClusterInfo(ClusterInfoResponse { request_id: request, info })))
}

/// Advice for plugins that keep state of their own, which this one does not.
pub(crate) fn load_balancer_nodes(request: RequestId, told: &SetLoadBalancerNodes) -> Response {
    tracing::info!(%request, nodes = told.nodes.len(), "the set of Launchers has changed");
    Response::SetLoadBalancerNodes(SetLoadBalancerNodesResponse { request_id: request })
}

/// Reads the configuration again. A failure is told in the answer; it is no error.
pub(crate) async fn reload<B: Backend>(cx: Context<B>, request: RequestId, deadline: Instant) -> Answer {
    let reloaded = call("reading the configuration again", deadline, cx.backend.reload()).await;
    let error = match reloaded {
        Ok(reloaded) => reloaded.err(),
        Err(interrupted) => {
            Some(ReloadError { kind: ReloadErrorKind::Unknown, message: interrupted.to_string() })
        }
    };
    match &error {
        Some(error) => tracing::error!(%request, "the configuration was not reloaded: {error}"),
        None => tracing::info!(%request, "configuration reloaded"),
    }
    Ok(Some(Response::ConfigReload(ConfigReloadResponse { request_id: request, error })))
}
