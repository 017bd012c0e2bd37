//! Listings kept for the requests that go on with them, so that all pages show one moment.

use std::{collections::VecDeque, sync::Arc};

use super::Object;
use crate::kind::Kind;

/// Listings kept at a time; the oldest goes first, and its continue tokens expire with it.
const KEPT: usize = 64;

/// The objects of one kind at one version.
#[derive(Clone, Debug)]
pub(crate) struct Snapshot {
    pub(crate) revision: u64,
    /// Sorted by namespace and name.
    pub(crate) items: Vec<Arc<Object>>,
}

#[derive(Debug)]
struct Kept {
    kind: Kind,
    namespace: Option<String>,
    snapshot: Snapshot,
}

#[derive(Debug, Default)]
pub(super) struct Snapshots {
    kept: VecDeque<Kept>,
}

impl Snapshots {
    pub(super) fn keep(&mut self, kind: Kind, namespace: Option<&str>, snapshot: &Snapshot) {
        if self.find(kind, namespace, snapshot.revision).is_some() {
            return;
        }
        if self.kept.len() >= KEPT {
            self.kept.pop_front();
        }
        let namespace = namespace.map(str::to_owned);
        self.kept.push_back(Kept { kind, namespace, snapshot: snapshot.clone() });
    }

    pub(super) fn find(&self, kind: Kind, namespace: Option<&str>, revision: u64) -> Option<Snapshot> {
        self.kept
            .iter()
            .find(|kept| {
                kept.kind == kind
                    && kept.namespace.as_deref() == namespace
                    && kept.snapshot.revision == revision
            })
            .map(|kept| kept.snapshot.clone())
    }
}
