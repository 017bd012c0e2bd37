//! The recent changes of one kind. Watches read from here at their own pace; whoever falls behind its end is
//! told so (410) instead of being queued for.

use std::{collections::VecDeque, sync::Arc};

use super::Object;

/// What happened to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ChangeKind {
    Added,
    Modified,
    /// The object in the change is its last state, at the version of its removal.
    Deleted,
}

/// One change, with the state before it (a watch with a selector needs both to tell what changed for it).
#[derive(Clone, Debug)]
pub(crate) struct Change {
    pub(crate) kind: ChangeKind,
    pub(crate) object: Arc<Object>,
    pub(crate) previous: Option<Arc<Object>>,
}

impl Change {
    pub(crate) fn revision(&self) -> u64 {
        self.object.revision()
    }
}

/// A watch asked for changes after `requested`, but those up to `oldest` are gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too old resource version: {requested} ({oldest})")]
pub(crate) struct Expired {
    pub(crate) requested: u64,
    pub(crate) oldest: u64,
}

#[derive(Debug)]
pub(super) struct Window {
    changes: VecDeque<Change>,
    capacity: usize,
    /// Changes up to this version are not held any more.
    forgotten: u64,
}

impl Window {
    pub(super) fn new(capacity: usize) -> Self {
        Window { changes: VecDeque::new(), capacity, forgotten: 0 }
    }

    pub(super) fn push(&mut self, change: Change) {
        while self.changes.len() >= self.capacity {
            let Some(oldest) = self.changes.pop_front() else { break };
            self.forgotten = oldest.revision();
        }
        self.changes.push_back(change);
    }

    /// Forgets every change up to `revision`.
    pub(super) fn forget(&mut self, revision: u64) {
        self.changes.retain(|change| change.revision() > revision);
        self.forgotten = self.forgotten.max(revision);
    }

    /// Up to `limit` changes after `cursor`.
    pub(super) fn after(&self, cursor: u64, limit: usize) -> Result<Vec<Change>, Expired> {
        if cursor < self.forgotten {
            return Err(Expired { requested: cursor, oldest: self.forgotten });
        }
        let start = self.changes.partition_point(|change| change.revision() <= cursor);
        Ok(self.changes.range(start..).take(limit).cloned().collect())
    }
}
