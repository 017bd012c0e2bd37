//! A reader of one kind's changes.

use std::collections::VecDeque;

use tokio::sync::watch;

use super::{Change, Expired, Store};
use crate::kind::Kind;

/// Changes taken from the window at a time.
const BATCH: usize = 256;

/// The changes of one kind after some version, in order. Holds no queue beyond one batch.
#[derive(Debug)]
pub(crate) struct Watch {
    store: Store,
    kind: Kind,
    cursor: u64,
    batch: VecDeque<Change>,
    signal: watch::Receiver<u64>,
}

impl Watch {
    pub(super) fn new(store: Store, kind: Kind, from: u64, signal: watch::Receiver<u64>) -> Self {
        Watch { store, kind, cursor: from, batch: VecDeque::new(), signal }
    }

    /// The next change, waiting for it. Dropping the future loses nothing.
    ///
    /// # Errors
    /// [`Expired`] when this reader was too slow (or the window was compacted): list again.
    pub(crate) async fn next(&mut self) -> Result<Change, Expired> {
        loop {
            if let Some(change) = self.try_next()? {
                return Ok(change);
            }
            if self.signal.changed().await.is_err() {
                // The sender lives in the store, which this watch holds: it cannot be gone.
                std::future::pending::<()>().await;
            }
        }
    }

    /// The next change if there is one already.
    ///
    /// # Errors
    /// As [`Watch::next`].
    pub(crate) fn try_next(&mut self) -> Result<Option<Change>, Expired> {
        if self.batch.is_empty() {
            self.signal.mark_unchanged();
            let (changes, now) = self.store.changes_after(self.kind, self.cursor, BATCH)?;
            if changes.is_empty() {
                self.cursor = now.max(self.cursor);
            }
            self.batch = changes.into();
        }
        let change = self.batch.pop_front();
        if let Some(change) = &change {
            self.cursor = change.revision();
        }
        Ok(change)
    }

    /// The version up to which this reader has seen everything: what a bookmark may tell.
    pub(crate) fn position(&self) -> u64 {
        self.cursor
    }
}
