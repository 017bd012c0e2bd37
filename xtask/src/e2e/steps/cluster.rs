//! Steps that change the cluster under the plugin: a node's addresses, the launcher's token, the cluster's own programs.

use std::time::Duration;

use local_kubernetes::Daemon;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use crate::cluster::{NAMESPACE, ObjectKind};
use crate::e2e::behaviour::{ExternalAddress, NodeState};
use crate::e2e::world::World;
use crate::failure::Failure;

const NODES: &str = "/api/v1/nodes";
/// How often a token is tried that is about to expire, and for how long at most.
const PAUSE: Duration = Duration::from_secs(1);
const EXPIRY: Duration = Duration::from_secs(180);

/// Gives each node an external address, as a cloud does. A kubelet of its own takes it away again within seconds.
pub(super) async fn external_address(step: &ExternalAddress, world: &World) -> Result<(), Failure> {
    let admin = &world.cluster.admin;
    let nodes = admin.read(NODES).await?;
    for node in nodes["items"].as_array().into_iter().flatten() {
        let name = node["metadata"]["name"].as_str().unwrap_or_default();
        let mut addresses = node["status"]["addresses"].as_array().cloned().unwrap_or_default();
        addresses.retain(|address| address["type"] != "ExternalIP");
        addresses.push(json!({"type": "ExternalIP", "address": step.address}));
        let patch: Value = json!({"status": {"addresses": addresses}});
        admin.merge(&format!("{NODES}/{name}/status"), &patch).await?;
    }
    Ok(())
}

/// Waits until the API refuses the token that the plugin started with.
pub(super) async fn token_expired(world: &World) -> Result<(), Failure> {
    let first = world
        .first_token
        .as_deref()
        .ok_or_else(|| Failure::new("the token lasts; say `needs: [replaced-token]`"))?;
    let deadline = Instant::now() + EXPIRY;
    while !world.cluster.refuses(first).await? {
        if Instant::now() > deadline {
            return Err(Failure::new(format!("the token is still good after {} s", EXPIRY.as_secs())));
        }
        sleep(PAUSE).await;
    }
    Ok(())
}

/// How long a cluster takes to notice that a node is silent, or back.
const NOTICE: Duration = Duration::from_secs(120);

/// Cuts the node off, or brings it back, and waits until the cluster has noticed.
pub(super) async fn node(state: NodeState, world: &World) -> Result<(), Failure> {
    match (world.cluster.embedded_handle(), state) {
        (Some(embedded), NodeState::Lost) => embedded.node().disconnect(),
        (Some(embedded), NodeState::Back) => embedded.node().reconnect(),
        (None, NodeState::Lost) => daemon(Change::Stop, Daemon::Kubelet, world).await?,
        (None, NodeState::Back) => daemon(Change::Start, Daemon::Kubelet, world).await?,
    }
    let deadline = Instant::now() + NOTICE;
    while is_ready(world).await? != matches!(state, NodeState::Back) {
        if Instant::now() > deadline {
            return Err(Failure::new(format!("the node is not seen as {state:?}")));
        }
        sleep(PAUSE).await;
    }
    Ok(())
}

async fn is_ready(world: &World) -> Result<bool, Failure> {
    let nodes = world.cluster.admin.read(NODES).await?;
    let conditions = nodes["items"][0]["status"]["conditions"].as_array().cloned().unwrap_or_default();
    Ok(conditions.iter().any(|condition| condition["type"] == "Ready" && condition["status"] == "True"))
}

/// Throws the pod of the behaviour's job off its node: by the eviction API, or as an embedded node does that is short of disk.
pub(super) async fn evict(world: &World) -> Result<(), Failure> {
    let admin = &world.cluster.admin;
    let pods = admin.of_job(ObjectKind::Pod, &world.job(None)?.id).await?;
    let name = pods.first().and_then(|pod| pod["metadata"]["name"].as_str());
    let name = name.ok_or_else(|| Failure::new("the job has no pod"))?;
    if let Some(embedded) = world.cluster.embedded_handle() {
        embedded.node().evict(NAMESPACE, name).await;
        return Ok(());
    }
    let eviction = json!({
        "apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": name, "namespace": NAMESPACE},
    });
    admin.post(&format!("/api/v1/namespaces/{NAMESPACE}/pods/{name}/eviction"), &eviction).await.map(|_| ())
}

/// What is done to one of the cluster's programs.
#[derive(Clone, Copy)]
pub(super) enum Change {
    Stop,
    Start,
}

/// Stops or starts one of the cluster's own programs, by its name.
pub(super) async fn daemon_called(change: Change, name: &str, world: &World) -> Result<(), Failure> {
    let called = name.parse().map_err(|e| Failure::during("reading a daemon's name", e))?;
    daemon(change, called, world).await
}

async fn daemon(change: Change, daemon: Daemon, world: &World) -> Result<(), Failure> {
    let own = world
        .cluster
        .own_handle()
        .cloned()
        .ok_or_else(|| Failure::new("this cluster's programs cannot be stopped from here"))?;
    let done = tokio::task::spawn_blocking(move || match change {
        Change::Stop => own.stop(daemon),
        Change::Start => own.start(daemon),
    });
    match done.await {
        Ok(done) => done.map_err(|e| Failure::during(format!("stopping or starting {daemon}"), e)),
        Err(e) => Err(Failure::during(format!("stopping or starting {daemon}"), e)),
    }
}
