//! Whether the node can be reached: the switch for tests of a lost node.

use std::sync::Arc;

use tokio::sync::watch;
use tokio::time::Instant;

/// The node's connection to the rest of the cluster. While it is cut, pods go on, but nothing of them is told, and no
/// log, attach or exec reaches them. Clones share it.
#[derive(Clone, Debug)]
pub(super) struct Connectivity {
    link: Arc<watch::Sender<Link>>,
}

#[derive(Clone, Copy, Debug)]
enum Link {
    /// From the start.
    Whole,
    Cut,
    /// It was cut, until then.
    MendedAt(Instant),
}

impl Link {
    fn is_cut(&self) -> bool {
        matches!(self, Self::Cut)
    }

    fn is_there(&self) -> bool {
        !self.is_cut()
    }
}

impl Default for Connectivity {
    fn default() -> Self {
        Self { link: Arc::new(watch::Sender::new(Link::Whole)) }
    }
}

impl Connectivity {
    pub(super) fn cut_off(&self) {
        self.link.send_replace(Link::Cut);
    }

    pub(super) fn mend(&self) {
        self.link.send_if_modified(|link| {
            let was_cut = link.is_cut();
            if was_cut {
                *link = Link::MendedAt(Instant::now());
            }
            was_cut
        });
    }

    /// Since when there is a connection again, after it was cut.
    pub(super) fn mended_at(&self) -> Option<Instant> {
        match *self.link.borrow() {
            Link::MendedAt(moment) => Some(moment),
            Link::Whole | Link::Cut => None,
        }
    }

    /// Whether the node can be reached now.
    pub(super) fn is_connected(&self) -> bool {
        self.link.borrow().is_there()
    }

    /// Resolves when the connection is cut.
    pub(super) async fn cut(&self) {
        // The sender lives in `self`.
        let _ = self.link.subscribe().wait_for(Link::is_cut).await;
    }

    /// Resolves when there is a connection.
    pub(super) async fn mended(&self) {
        // The sender lives in `self`.
        let _ = self.link.subscribe().wait_for(Link::is_there).await;
    }
}
