//! Connections: accept, TLS, HTTP/1.1 and HTTP/2.

use std::sync::Arc;

use rustls::ServerConfig;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::Api;
use crate::faults::Faults;

/// Serves until `stop`.
pub(crate) async fn serve(
    api: Arc<Api>,
    listener: TcpListener,
    tls: Arc<ServerConfig>,
    faults: Faults,
    stop: CancellationToken,
) {
    drop((api, listener, tls, faults));
    stop.cancelled().await;
}
