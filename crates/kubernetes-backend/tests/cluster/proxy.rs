//! A TCP proxy in front of an API server, which can forget connections as a NAT or a load balancer does.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// The proxy; it goes when it is dropped.
pub(crate) struct Proxy {
    address: SocketAddr,
    rules: Arc<watch::Sender<Rules>>,
    task: tokio::task::JoinHandle<()>,
}

/// What becomes of connections; they are numbered as they come.
#[derive(Clone, Copy, Debug, Default)]
struct Rules {
    accepted: u64,
    /// Nothing passes in connections below this number; they stay open.
    frozen_below: u64,
    /// Connections below this number are closed.
    cut_below: u64,
}

impl Proxy {
    /// A proxy in front of `https://host:port`.
    pub(crate) async fn before(url: &str) -> Self {
        let server = url.trim_start_matches("https://").trim_end_matches('/').to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let rules = Arc::new(watch::Sender::new(Rules::default()));
        let task = tokio::spawn(accept(listener, server, rules.clone()));
        Self { address, rules, task }
    }

    pub(crate) fn url(&self) -> String {
        format!("https://{}", self.address)
    }

    /// How many connections there were.
    pub(crate) fn accepted(&self) -> u64 {
        self.rules.borrow().accepted
    }

    /// Nothing passes any more in the connections that there are, and nobody is told. New ones work.
    pub(crate) fn freeze(&self) {
        self.rules.send_modify(|rules| rules.frozen_below = rules.accepted);
    }

    /// New connections die as well.
    pub(crate) fn freeze_all(&self) {
        self.rules.send_modify(|rules| rules.frozen_below = u64::MAX);
    }

    /// What was held back passes.
    pub(crate) fn thaw(&self) {
        self.rules.send_modify(|rules| rules.frozen_below = 0);
    }

    /// Closes the connections that there are.
    pub(crate) fn cut(&self) {
        self.rules.send_modify(|rules| rules.cut_below = rules.accepted);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn accept(listener: TcpListener, server: String, rules: Arc<watch::Sender<Rules>>) {
    while let Ok((client, _)) = listener.accept().await {
        let mut number = 0;
        rules.send_modify(|rules| {
            number = rules.accepted;
            rules.accepted += 1;
        });
        let (server, mut obeyed) = (server.clone(), rules.subscribe());
        tokio::spawn(async move {
            let (to, from) = (obeyed.clone(), obeyed.clone());
            let pass = async {
                let server = TcpStream::connect(&server).await?;
                let (client_reads, client_writes) = client.into_split();
                let (server_reads, server_writes) = server.into_split();
                tokio::try_join!(
                    pass(client_reads, server_writes, number, to),
                    pass(server_reads, client_writes, number, from)
                )
            };
            let cut = async { obeyed.wait_for(|rules| number < rules.cut_below).await.map(drop) };
            tokio::select! {
                passed = pass => drop(passed),
                cut = cut => drop(cut),
            }
        });
    }
}

async fn pass(
    mut reads: OwnedReadHalf,
    mut writes: OwnedWriteHalf,
    number: u64,
    mut rules: watch::Receiver<Rules>,
) -> std::io::Result<()> {
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let count = reads.read(&mut buffer).await?;
        if rules.wait_for(|rules| number >= rules.frozen_below).await.is_err() {
            return Ok(());
        }
        if count == 0 {
            return writes.shutdown().await;
        }
        writes.write_all(&buffer[..count]).await?;
    }
}
