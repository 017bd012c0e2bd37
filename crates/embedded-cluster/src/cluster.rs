//! The running whole: seeded objects, the API server, the node.

use std::{net::IpAddr, net::SocketAddr, sync::Arc, time::Duration};

use tokio::net::TcpListener;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    Builder, Faults, StartError,
    api::{self, Api, ApiSettings},
    auth::{Lifetime, Tokens, token_secrets},
    furnishing, kubeconfig,
    node::{Node, NodeOptions, Streams},
    pki::Pki,
    registry::{Registry, garbage},
    release::Release,
    seed,
    store::Store,
    time,
};

/// A running cluster: an HTTPS API on loopback, and pods as processes of this machine.
///
/// It stops when it is dropped; [`EmbeddedCluster::shutdown`] also waits for its end.
#[derive(Debug)]
pub struct EmbeddedCluster {
    address: SocketAddr,
    authority_pem: String,
    admin_token: String,
    launcher_token: String,
    launcher_uid: String,
    tokens: Tokens,
    faults: Faults,
    node: Arc<Node>,
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl EmbeddedCluster {
    /// A cluster with the usual settings.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// `https://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("https://{}", self.address)
    }

    /// The certificate that the API's own is signed by, in PEM.
    pub fn certificate_authority_pem(&self) -> &str {
        &self.authority_pem
    }

    /// A kubeconfig (YAML) for `system:masters`, its namespace `rstudio`.
    pub fn admin_kubeconfig(&self) -> String {
        kubeconfig::write(&self.url(), &self.authority_pem, "admin", &self.admin_token)
    }

    /// A kubeconfig (YAML) for the service account `job-launcher`.
    pub fn launcher_kubeconfig(&self) -> String {
        kubeconfig::write(&self.url(), &self.authority_pem, "job-launcher", &self.launcher_token)
    }

    /// The bearer token of a member of `system:masters`.
    pub fn admin_token(&self) -> String {
        self.admin_token.clone()
    }

    /// The bearer token of the service account `job-launcher` in the namespace `rstudio`.
    pub fn launcher_token(&self) -> String {
        self.launcher_token.clone()
    }

    /// Makes tokens of `job-launcher` that the API refuses once `lifetime` is over: it gives none on request for less than ten
    /// minutes, and a test of their expiry does not want to wait.
    pub fn short_lived_tokens(&self, lifetime: Duration) -> impl Fn() -> String + Send + Sync + 'static {
        let (tokens, uid) = (self.tokens.clone(), self.launcher_uid.clone());
        move || {
            let end = time::after_seconds(time::now(), lifetime.as_secs());
            tokens.issue(seed::LAUNCHER_NAMESPACE, seed::LAUNCHER_ACCOUNT, &uid, Lifetime::Until(end))
        }
    }

    /// Where node ports are reached: the internal address of the only node.
    pub fn node_address(&self) -> IpAddr {
        self.node.address()
    }

    /// The only node, for what may happen to one: to be cut off, to throw a pod out.
    pub fn node(&self) -> &Node {
        &self.node
    }

    /// Failures to switch on.
    pub fn faults(&self) -> &Faults {
        &self.faults
    }

    /// Stops the API, ends every process of every pod, and returns when all is gone.
    pub async fn shutdown(self) {
        self.stop.cancel();
        self.node.shutdown().await;
        self.tasks.wait().await;
    }
}

impl Drop for EmbeddedCluster {
    fn drop(&mut self) {
        self.stop.cancel();
        self.node.stop();
    }
}

pub(crate) async fn start(builder: Builder) -> Result<EmbeddedCluster, StartError> {
    if !builder.listen.ip().is_loopback() {
        return Err(StartError::NotLoopback(builder.listen));
    }
    let release: Release = builder.server_version.parse()?;
    let listen_error = |source| StartError::Listen { address: builder.listen, source };
    let listener = TcpListener::bind(builder.listen).await.map_err(listen_error)?;
    let address = listener.local_addr().map_err(listen_error)?;
    let pki = Pki::generate(address.ip())?;

    let store = Store::new(builder.watch_window);
    let faults = Faults::new(store.clone());
    let tokens = Tokens::default();
    let registry = Registry::new(store.clone(), faults.clone());
    let seeded = seed::plant(&store, &tokens);
    let stop = CancellationToken::new();
    let tasks = TaskTracker::new();
    tasks.spawn(garbage::collect(registry.clone(), stop.clone()));
    let authority = pki.authority_pem.clone();
    tasks.spawn(furnishing::furnish(registry.clone(), authority.clone(), stop.clone()));
    tasks.spawn(token_secrets::fill(store.clone(), tokens.clone(), authority, stop.clone()));
    let node = Arc::new(Node::start(registry.clone(), NodeOptions { release, ..builder.node })?);
    let streams: Arc<dyn Streams> = node.clone();
    let settings = ApiSettings {
        release,
        bookmark_interval: builder.bookmark_interval,
        split_log_streams: builder.split_log_streams,
        metrics_server: builder.metrics_server,
    };
    let api = Api::new(registry, tokens.clone(), streams, faults.clone(), settings, stop.clone());
    tasks.spawn(api::serve(Arc::new(api), listener, address, Arc::clone(&pki.server), stop.clone()));
    tasks.close();
    Ok(EmbeddedCluster {
        address,
        authority_pem: pki.authority_pem,
        admin_token: seeded.admin_token,
        launcher_token: seeded.launcher_token,
        launcher_uid: seeded.launcher_uid,
        tokens,
        faults,
        node,
        stop,
        tasks,
    })
}
