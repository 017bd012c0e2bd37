//! Whether the node can be reached: the switch for tests of a lost node.

use std::sync::Arc;

use tokio::sync::watch;

/// The node's connection to the rest of the cluster. While it is cut, pods go on, but nothing of them is told, and no
/// log, attach or exec reaches them. Clones share it.
#[derive(Clone, Debug)]
pub(super) struct Connectivity {
    connected: Arc<watch::Sender<bool>>,
}

impl Default for Connectivity {
    fn default() -> Self {
        Self { connected: Arc::new(watch::Sender::new(true)) }
    }
}

impl Connectivity {
    /// Cuts or mends the connection.
    pub(super) fn set(&self, connected: bool) {
        self.connected.send_replace(connected);
    }

    /// Whether the node can be reached now.
    pub(super) fn is_connected(&self) -> bool {
        *self.connected.borrow()
    }

    /// Follows the connection.
    pub(super) fn subscribe(&self) -> watch::Receiver<bool> {
        self.connected.subscribe()
    }

    /// Resolves when the connection is cut.
    pub(super) async fn cut(&self) {
        // The sender lives in `self`.
        let _ = self.subscribe().wait_for(|connected| !connected).await;
    }

    /// Resolves when there is a connection.
    pub(super) async fn mended(&self) {
        // The sender lives in `self`.
        let _ = self.subscribe().wait_for(|connected| *connected).await;
    }
}
