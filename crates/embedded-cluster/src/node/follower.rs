//! One kind's objects, kept up to date from the store's watch.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use crate::kind::Kind;
use crate::store::{ChangeKind, Object, ObjectKey, Store, Watch};

/// What a [`Follower`] tells of an object.
#[derive(Clone, Debug)]
pub(super) enum Seen {
    /// It is there, in this newest state.
    Present(Arc<Object>),
    /// It is gone; this was its last state.
    Gone(Arc<Object>),
}

impl Seen {
    /// The object, there or gone.
    pub(super) fn object(&self) -> &Arc<Object> {
        match self {
            Self::Present(object) | Self::Gone(object) => object,
        }
    }
}

/// Tells every object that exists, then every change; a watch that has fallen behind is replaced by a new listing,
/// of which only the differences are told.
#[derive(Debug)]
pub(super) struct Follower {
    store: Store,
    kind: Kind,
    watch: Watch,
    waiting: VecDeque<Seen>,
    objects: BTreeMap<ObjectKey, Arc<Object>>,
}

impl Follower {
    /// Begins with what is in the store now.
    pub(super) fn new(store: &Store, kind: Kind) -> Self {
        let listing = store.list(kind, None);
        let watch = store.watch(kind, listing.revision);
        let waiting = listing.items.into_iter().map(Seen::Present).collect();
        Self { store: store.clone(), kind, watch, waiting, objects: BTreeMap::new() }
    }

    /// The next news. Dropping the future loses nothing.
    pub(super) async fn next(&mut self) -> Seen {
        loop {
            if let Some(seen) = self.waiting.pop_front() {
                self.remember(&seen);
                return seen;
            }
            match self.watch.next().await {
                Ok(change) => self.waiting.push_back(match change.kind {
                    ChangeKind::Added | ChangeKind::Modified => Seen::Present(change.object),
                    ChangeKind::Deleted => Seen::Gone(change.object),
                }),
                Err(_) => self.list_again(),
            }
        }
    }

    /// The objects told so far that have not gone.
    pub(super) fn objects(&self) -> &BTreeMap<ObjectKey, Arc<Object>> {
        &self.objects
    }

    fn remember(&mut self, seen: &Seen) {
        match seen {
            Seen::Present(object) => self.objects.insert(object.key(), object.clone()),
            Seen::Gone(object) => self.objects.remove(&object.key()),
        };
    }

    fn list_again(&mut self) {
        let listing = self.store.list(self.kind, None);
        self.watch = self.store.watch(self.kind, listing.revision);
        let mut old = std::mem::take(&mut self.objects);
        for object in listing.items {
            let before = old.remove(&object.key());
            // A new object under an old name: the old one is gone all the same.
            if let Some(before) = before.as_ref().filter(|before| before.uid() != object.uid()) {
                self.waiting.push_back(Seen::Gone(before.clone()));
            }
            if before.is_none_or(|before| before.revision() != object.revision()) {
                self.waiting.push_back(Seen::Present(object));
            } else {
                self.objects.insert(object.key(), object);
            }
        }
        for gone in old.into_values() {
            self.waiting.push_front(Seen::Gone(gone));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::store::DeleteOptions;

    fn add(store: &Store, name: &str) {
        let object = json!({"metadata": {"name": name}, "data": {"n": "1"}});
        store.create(Kind::ConfigMap, Some("default"), object).expect("a new object");
    }

    async fn told(follower: &mut Follower, count: usize) -> Vec<String> {
        let mut told = Vec::new();
        for _ in 0..count {
            told.push(match follower.next().await {
                Seen::Present(object) => format!("+{}", object.name()),
                Seen::Gone(object) => format!("-{}", object.name()),
            });
        }
        told
    }

    #[tokio::test]
    async fn a_follower_whose_changes_were_forgotten_is_told_the_differences() {
        let store = Store::new(1000);
        for name in ["changed", "gone", "same"] {
            add(&store, name);
        }
        let mut follower = Follower::new(&store, Kind::ConfigMap);
        assert_eq!(told(&mut follower, 3).await, ["+changed", "+gone", "+same"]);
        add(&store, "fresh");
        store.delete(Kind::ConfigMap, Some("default"), "gone", &DeleteOptions::default()).expect("an object");
        let written = store.update(Kind::ConfigMap, Some("default"), "changed", |object| {
            object["data"]["n"] = json!("2");
            Ok(())
        });
        written.expect("an object");
        store.compact();
        let mut news = told(&mut follower, 3).await;
        news.sort();
        assert_eq!(news, ["+changed", "+fresh", "-gone"]);
        assert_eq!(follower.objects().len(), 3);
        add(&store, "later");
        assert_eq!(told(&mut follower, 1).await, ["+later"], "it follows again");
    }
}
