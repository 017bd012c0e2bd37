//! The garbage collector: dependents follow their owner, or are freed of it; a namespace's objects follow it.

use futures::{StreamExt, stream};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::Registry;
use crate::{
    kind::Kind,
    status_error::StatusError,
    store::{
        Change, ChangeKind, DeleteOptions, FOREGROUND, ORPHAN, Object, ObjectKey, Owner, Propagation, Watch,
    },
};

/// Watches every kind until `stop`, from the moment of the call on.
pub(crate) fn collect(registry: Registry, stop: CancellationToken) -> impl Future<Output = ()> + Send {
    let start = registry.store.revision();
    async move {
        let watches: Vec<_> =
            Kind::ALL.into_iter().map(|kind| Box::pin(changes(&registry, kind, start))).collect();
        let mut changes = stream::select_all(watches);
        loop {
            tokio::select! {
                () = stop.cancelled() => break,
                change = changes.next() => match change {
                    Some(change) => registry.react(&change),
                    None => break,
                }
            }
        }
    }
}

/// The changes of one kind. Fallen behind, all objects are looked at again.
fn changes(registry: &Registry, kind: Kind, from: u64) -> impl stream::Stream<Item = Change> + '_ {
    let watch = registry.store.watch(kind, from);
    stream::unfold(Reader { watch, again: Vec::new() }, move |mut reader| async move {
        loop {
            if let Some(change) = reader.again.pop() {
                return Some((change, reader));
            }
            match reader.watch.next().await {
                Ok(change) => return Some((change, reader)),
                Err(_) => {
                    let snapshot = registry.store.list(kind, None);
                    reader.watch = registry.store.watch(kind, snapshot.revision);
                    reader.again = snapshot
                        .items
                        .into_iter()
                        .map(|object| Change { kind: ChangeKind::Modified, object, previous: None })
                        .collect();
                }
            }
        }
    })
}

struct Reader {
    watch: Watch,
    again: Vec<Change>,
}

impl Registry {
    fn react(&self, change: &Change) {
        let object = change.object.as_ref();
        let result = match change.kind {
            ChangeKind::Deleted => self.after_removal(object),
            ChangeKind::Added | ChangeKind::Modified if object.is_being_deleted() => self.advance(object),
            ChangeKind::Added if !Owner::of(object.value()).is_empty() => self.check_owners(object),
            ChangeKind::Added | ChangeKind::Modified => Ok(()),
        };
        if let Err(error) = result
            && !error.is_not_found()
        {
            tracing::warn!(kind = %object.kind(), name = object.name(), %error, "garbage is left");
        }
    }

    /// The owner is gone: so go those who have no other; and a deletion that waited for this object goes on.
    fn after_removal(&self, object: &Object) -> Result<(), StatusError> {
        for (kind, key) in self.store.dependents(object.uid()) {
            self.drop_dependent(kind, &key, object.uid(), Propagation::Background)?;
        }
        for owner in Owner::of(object.value()) {
            if let Some(kind) = owner.kind
                && let Ok(owner) = self.store.get(kind, namespace_of(kind, object), &owner.name)
            {
                self.advance(&owner)?;
            }
        }
        let namespace = object.namespace();
        if !namespace.is_empty()
            && let Ok(namespace) = self.store.get(Kind::Namespace, None, namespace)
        {
            self.advance(&namespace)?;
        }
        Ok(())
    }

    /// Does for an object under deletion what its finalizers ask for.
    fn advance(&self, object: &Object) -> Result<(), StatusError> {
        if !object.is_being_deleted() {
            return Ok(());
        }
        if object.kind() == Kind::Namespace {
            return self.empty_namespace(object);
        }
        if has_finalizer(object, ORPHAN) {
            for (kind, key) in self.store.dependents(object.uid()) {
                self.disown(kind, &key, object.uid())?;
            }
            return self.finish(object, ORPHAN);
        }
        if has_finalizer(object, FOREGROUND) {
            let mut waits = false;
            for (kind, key) in self.store.dependents(object.uid()) {
                waits |= self.drop_dependent(kind, &key, object.uid(), Propagation::Foreground)?;
            }
            if !waits {
                return self.finish(object, FOREGROUND);
            }
        }
        Ok(())
    }

    /// An object was made whose owners may be gone already.
    fn check_owners(&self, object: &Object) -> Result<(), StatusError> {
        let lives = |owner: &Owner| match owner.kind {
            // An owner of a kind that is not kept here cannot be looked up: it is taken to live.
            None => true,
            Some(kind) => self
                .store
                .get(kind, namespace_of(kind, object), &owner.name)
                .is_ok_and(|found| found.uid() == owner.uid),
        };
        if Owner::of(object.value()).iter().any(lives) {
            return Ok(());
        }
        let options = DeleteOptions::default();
        self.delete(object.kind(), Some(object.namespace()), object.name(), &options).map(drop)
    }

    /// Deletes a dependent, or only takes the owner off it when another owner lives. Returns whether the owner's
    /// foreground deletion has to wait for it.
    fn drop_dependent(
        &self,
        kind: Kind,
        key: &ObjectKey,
        owner_uid: &str,
        propagation: Propagation,
    ) -> Result<bool, StatusError> {
        let namespace = Some(key.namespace.as_str());
        let Ok(object) = self.store.get(kind, namespace, &key.name) else {
            return Ok(false);
        };
        let owners = Owner::of(object.value());
        let blocks = owners.iter().any(|owner| owner.uid == owner_uid && owner.blocks_deletion);
        if owners.iter().any(|owner| owner.uid != owner_uid && self.owner_lives(owner, &object)) {
            self.disown(kind, key, owner_uid)?;
            return Ok(false);
        }
        if !object.is_being_deleted() {
            let options = DeleteOptions { propagation, ..DeleteOptions::default() };
            self.delete(kind, namespace, &key.name, &options)?;
        }
        Ok(blocks && self.store.get(kind, namespace, &key.name).is_ok())
    }

    fn owner_lives(&self, owner: &Owner, dependent: &Object) -> bool {
        owner.kind.is_some_and(|kind| {
            self.store
                .get(kind, namespace_of(kind, dependent), &owner.name)
                .is_ok_and(|found| found.uid() == owner.uid && !found.is_being_deleted())
        })
    }

    fn disown(&self, kind: Kind, key: &ObjectKey, owner_uid: &str) -> Result<(), StatusError> {
        self.store
            .update(kind, Some(&key.namespace), &key.name, |object| {
                if let Some(owners) = object["metadata"]["ownerReferences"].as_array_mut() {
                    owners.retain(|owner| owner["uid"] != owner_uid);
                }
                Ok(())
            })
            .map(drop)
    }

    /// Takes a finalizer off; the last one's end is the object's.
    fn finish(&self, object: &Object, finalizer: &str) -> Result<(), StatusError> {
        self.store
            .update(object.kind(), Some(object.namespace()), object.name(), |object| {
                if let Some(finalizers) = object["metadata"]["finalizers"].as_array_mut() {
                    finalizers.retain(|name| name != finalizer);
                }
                Ok(())
            })
            .map(drop)
    }

    /// Deletes what is in a namespace; when nothing is left, lets the namespace go.
    fn empty_namespace(&self, namespace: &Object) -> Result<(), StatusError> {
        let name = namespace.name();
        let mut left = false;
        for kind in Kind::ALL.into_iter().filter(|kind| kind.is_namespaced()) {
            for object in self.store.list(kind, Some(name)).items {
                if !object.is_being_deleted() {
                    self.delete(kind, Some(name), object.name(), &DeleteOptions::default())?;
                }
                left |= self.store.get(kind, Some(name), object.name()).is_ok();
            }
        }
        if left {
            return Ok(());
        }
        self.store
            .update(Kind::Namespace, None, name, |namespace| {
                namespace["spec"]["finalizers"] = json!([]);
                Ok(())
            })
            .map(drop)
    }
}

fn has_finalizer(object: &Object, finalizer: &str) -> bool {
    let finalizers: Option<&Vec<Value>> = object.value()["metadata"]["finalizers"].as_array();
    finalizers.is_some_and(|list| list.iter().any(|name| name == finalizer))
}

/// Where an owner of `kind` is to be looked for.
fn namespace_of(kind: Kind, dependent: &Object) -> Option<&str> {
    kind.is_namespaced().then(|| dependent.namespace())
}

#[cfg(test)]
mod tests;
