#![doc = include_str!("../README.md")]

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// How much is read at once.
const PIECE: usize = 16 * 1024;

/// A proxy on a free port of 127.0.0.1. It accepts nobody any more, and closes what is open, when it is dropped.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    rules: Arc<watch::Sender<Rules>>,
    door: JoinHandle<()>,
}

/// What becomes of connections, which are numbered as they come.
#[derive(Clone, Copy, Debug, Default)]
struct Rules {
    accepted: u64,
    /// Nothing passes in connections below this number; they stay open.
    frozen_below: u64,
    /// Connections below this number are closed.
    cut_below: u64,
}

impl Proxy {
    /// A proxy in front of `server`, a `host:port`.
    ///
    /// # Errors
    /// No port can be listened on. A server that can't be reached is none: that closes each connection.
    pub async fn before(server: impl Into<String>) -> io::Result<Self> {
        let listener = TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let rules = Arc::new(watch::Sender::new(Rules::default()));
        let door = tokio::spawn(accept(listener, server.into(), rules.clone()));
        Ok(Self { address, rules, door })
    }

    /// Where clients connect to.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many connections there were.
    pub fn accepted(&self) -> u64 {
        self.rules.borrow().accepted
    }

    /// Nothing passes any more in the connections that there are, and nobody is told. New ones work.
    pub fn freeze(&self) {
        self.rules.send_modify(|rules| rules.frozen_below = rules.accepted);
    }

    /// Nothing passes any more in any connection, new ones included.
    pub fn freeze_all(&self) {
        self.rules.send_modify(|rules| rules.frozen_below = u64::MAX);
    }

    /// Ends [`freeze`](Self::freeze) and [`freeze_all`](Self::freeze_all): what was held back passes.
    pub fn thaw(&self) {
        self.rules.send_modify(|rules| rules.frozen_below = 0);
    }

    /// Closes the connections that there are.
    pub fn cut(&self) {
        self.rules.send_modify(|rules| rules.cut_below = rules.accepted);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.door.abort();
        self.rules.send_modify(|rules| rules.cut_below = u64::MAX);
    }
}

async fn accept(listener: TcpListener, server: String, rules: Arc<watch::Sender<Rules>>) {
    while let Ok((client, _)) = listener.accept().await {
        let mut number = 0;
        rules.send_modify(|rules| {
            number = rules.accepted;
            rules.accepted += 1;
        });
        let (server, obeyed) = (server.clone(), rules.subscribe());
        tokio::spawn(connection(client, server, number, obeyed));
    }
}

/// One connection, until either end closes it or it is cut.
async fn connection(client: TcpStream, server: String, number: u64, mut rules: watch::Receiver<Rules>) {
    let (there, back) = (rules.clone(), rules.clone());
    let passing = async {
        let server = TcpStream::connect(&server).await?;
        client.set_nodelay(true)?;
        server.set_nodelay(true)?;
        let (client_reads, client_writes) = client.into_split();
        let (server_reads, server_writes) = server.into_split();
        tokio::try_join!(
            pass(client_reads, server_writes, number, there),
            pass(server_reads, client_writes, number, back)
        )
    };
    let cut = async { rules.wait_for(|rules| number < rules.cut_below).await.map(drop) };
    tokio::select! {
        // How it ended is for the two ends to know.
        _ = passing => {}
        _ = cut => {}
    }
}

async fn pass(
    mut reads: OwnedReadHalf,
    mut writes: OwnedWriteHalf,
    number: u64,
    mut rules: watch::Receiver<Rules>,
) -> io::Result<()> {
    let mut buffer = vec![0; PIECE];
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;

    /// A server that says everything back, and a client of it through a proxy.
    async fn echo() -> (Proxy, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        tokio::spawn(async move {
            while let Ok((mut client, _)) = listener.accept().await {
                tokio::spawn(async move {
                    let (mut reads, mut writes) = client.split();
                    tokio::io::copy(&mut reads, &mut writes).await
                });
            }
        });
        let proxy = Proxy::before(address.to_string()).await.expect("a proxy");
        let client = TcpStream::connect(proxy.address()).await.expect("a connection");
        (proxy, client)
    }

    async fn hears(client: &mut TcpStream) -> Option<u8> {
        client.write_all(b"x").await.ok()?;
        timeout(Duration::from_millis(300), client.read_u8()).await.ok()?.ok()
    }

    #[tokio::test]
    async fn a_frozen_connection_is_silent_until_it_is_thawed_and_new_ones_work() {
        let (proxy, mut old) = echo().await;
        assert_eq!(hears(&mut old).await, Some(b'x'));
        proxy.freeze();
        assert_eq!(hears(&mut old).await, None);
        let mut new = TcpStream::connect(proxy.address()).await.expect("a connection");
        assert_eq!(hears(&mut new).await, Some(b'x'));
        proxy.freeze_all();
        assert_eq!(hears(&mut new).await, None);
        proxy.thaw();
        assert_eq!(old.read_u8().await.ok(), Some(b'x'), "what was held back arrives");
        assert_eq!(proxy.accepted(), 2);
    }

    #[tokio::test]
    async fn a_cut_connection_is_over() {
        let (proxy, mut client) = echo().await;
        assert_eq!(hears(&mut client).await, Some(b'x'));
        proxy.cut();
        let read = timeout(Duration::from_secs(5), client.read_u8()).await.expect("it is told");
        assert!(read.is_err(), "{read:?}");
    }
}
