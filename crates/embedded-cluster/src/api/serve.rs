//! Connections: accept, TLS, HTTP/1.1 and HTTP/2.

use std::{convert::Infallible, net::SocketAddr, sync::Arc, time::Duration};

use hyper::service::service_fn;
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto,
};
use rustls::ServerConfig;
use tokio::{
    net::{TcpListener, TcpStream},
    time,
};
use tokio_rustls::TlsAcceptor;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::Api;
use crate::faults::Faults;

/// A client that has not finished its TLS handshake by then is let go.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);
/// The pause after a failed accept (too many open files), and between tries to listen again.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Serves until `stop`; returns when every connection is closed.
pub(crate) async fn serve(
    api: Arc<Api>,
    listener: TcpListener,
    address: SocketAddr,
    tls: Arc<ServerConfig>,
    stop: CancellationToken,
) {
    let faults = api.faults().clone();
    let acceptor = TlsAcceptor::from(tls);
    let connections = TaskTracker::new();
    let mut door = Some(listener);
    let mut open = faults.door();
    loop {
        let wanted = *open.borrow_and_update();
        if wanted && door.is_none() {
            door = TcpListener::bind(address).await.ok();
        }
        if !wanted {
            // Closing the socket is what makes the system refuse.
            door = None;
        }
        faults.set_listening(door.is_some());
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            changed = open.changed() => if changed.is_ok() { continue } else { break },
            accepted = accept(door.as_ref(), wanted) => accepted,
        };
        if let Some(stream) = accepted {
            let connection =
                serve_connection(Arc::clone(&api), stream, acceptor.clone(), faults.clone(), stop.clone());
            connections.spawn(connection);
        }
    }
    connections.close();
    connections.wait().await;
    api.closed().await;
}

/// The next client. `None`: look at the door again.
async fn accept(door: Option<&TcpListener>, wanted_open: bool) -> Option<TcpStream> {
    match door {
        Some(listener) => match listener.accept().await {
            Ok((stream, _)) => Some(stream),
            Err(error) => {
                tracing::warn!(%error, "cannot accept a connection");
                time::sleep(ACCEPT_PAUSE).await;
                None
            }
        },
        None if wanted_open => {
            time::sleep(ACCEPT_PAUSE).await;
            None
        }
        None => std::future::pending().await,
    }
}

async fn serve_connection(
    api: Arc<Api>,
    stream: TcpStream,
    acceptor: TlsAcceptor,
    faults: Faults,
    stop: CancellationToken,
) {
    let cut = faults.cut_signal();
    let work = async {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "cannot set TCP_NODELAY");
        }
        let stream = match time::timeout(HANDSHAKE_TIMEOUT, acceptor.accept(stream)).await {
            Ok(Ok(stream)) => stream,
            Ok(Err(error)) => {
                tracing::debug!(%error, "TLS handshake failed");
                return;
            }
            Err(_) => return,
        };
        let service = service_fn(move |request| {
            let api = Arc::clone(&api);
            async move { Ok::<_, Infallible>(api.handle(request).await) }
        });
        let mut server = auto::Builder::new(TokioExecutor::new());
        server.http1().timer(TokioTimer::new());
        server.http2().timer(TokioTimer::new()).max_concurrent_streams(250);
        if let Err(error) = server.serve_connection_with_upgrades(TokioIo::new(stream), service).await {
            tracing::debug!(%error, "a connection ended");
        }
    };
    tokio::select! {
        () = stop.cancelled() => {}
        () = cut.cancelled() => {}
        () = work => {}
    }
}
