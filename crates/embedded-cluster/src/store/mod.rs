//! The objects, their versions and the recent changes: all state of the cluster, in memory.
//!
//! One version number grows through all kinds. An object is never changed in place: a change makes a new
//! [`Object`] and a [`Change`] in its kind's window. The lock is held for a look-up or a swap, never while an
//! object is copied, changed or turned into JSON.

mod delete;
mod object;
mod owners;
mod snapshots;
mod watch;
mod window;

use std::{
    collections::BTreeMap,
    ops::Bound,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use serde_json::{Value, json};
use tokio::sync::watch as signal;

pub(crate) use self::{
    delete::{DeleteOptions, DeleteOutcome, FOREGROUND, ORPHAN, Preconditions, Propagation},
    object::{Object, ObjectKey},
    owners::Owner,
    snapshots::Snapshot,
    watch::Watch,
    window::{Change, ChangeKind, Expired},
};
use self::{owners::OwnerIndex, snapshots::Snapshots, window::Window};
use crate::{identifiers, kind::Kind, status_error::StatusError, time};

/// Changes held for each kind before the oldest are forgotten, unless the builder says otherwise.
pub(crate) const DEFAULT_WINDOW: usize = 20_000;

/// Tries of a compare-and-swap before an update gives up with a conflict.
const MAX_SWAPS: usize = 1_000;

/// A handle to the cluster's objects; clones share them.
#[derive(Clone, Debug)]
pub(crate) struct Store {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    state: Mutex<State>,
    /// Per kind: the version of its newest change.
    signals: Vec<signal::Sender<u64>>,
}

#[derive(Debug)]
struct State {
    revision: u64,
    collections: Vec<Collection>,
    owners: OwnerIndex,
    snapshots: Snapshots,
}

#[derive(Debug)]
struct Collection {
    objects: BTreeMap<ObjectKey, Arc<Object>>,
    window: Window,
}

impl Store {
    /// An empty store whose watches may be `window` changes behind, for each kind.
    pub(crate) fn new(window: usize) -> Self {
        let collections = Kind::ALL
            .iter()
            .map(|_| Collection { objects: BTreeMap::new(), window: Window::new(window) })
            .collect();
        let state = State {
            revision: 1,
            collections,
            owners: OwnerIndex::default(),
            snapshots: Snapshots::default(),
        };
        let signals = Kind::ALL.iter().map(|_| signal::Sender::new(0)).collect();
        Store { inner: Arc::new(Inner { state: Mutex::new(state), signals }) }
    }

    /// The newest version of all.
    pub(crate) fn revision(&self) -> u64 {
        self.lock().revision
    }

    /// Adds an object, named by `metadata.name`. Sets uid, creationTimestamp, resourceVersion and generation.
    ///
    /// # Errors
    /// `AlreadyExists`.
    pub(crate) fn create(
        &self,
        kind: Kind,
        namespace: Option<&str>,
        object: Value,
    ) -> Result<Arc<Object>, StatusError> {
        self.insert(kind, namespace, prepare_new(kind, namespace, object))
    }

    /// Adds an object that [`prepare_new`] has prepared and that has a name.
    ///
    /// # Errors
    /// `AlreadyExists`.
    pub(crate) fn insert(
        &self,
        kind: Kind,
        namespace: Option<&str>,
        object: Value,
    ) -> Result<Arc<Object>, StatusError> {
        let name = object["metadata"]["name"].as_str().unwrap_or_default();
        let key = ObjectKey::new(namespace.filter(|_| kind.is_namespaced()), name);
        let created = self.lock().insert(kind, &key, object);
        match created {
            Some(created) => {
                self.announce(kind, created.revision());
                Ok(created)
            }
            None => Err(StatusError::already_exists(kind, &key.name)),
        }
    }

    /// The object, or `NotFound`.
    pub(crate) fn get(
        &self,
        kind: Kind,
        namespace: Option<&str>,
        name: &str,
    ) -> Result<Arc<Object>, StatusError> {
        let key = ObjectKey::new(namespace, name);
        let found = self.lock().collection(kind).objects.get(&key).cloned();
        found.ok_or_else(|| StatusError::not_found(kind, name))
    }

    /// All objects of a kind, in one namespace or (`None`) in all, by namespace and name.
    pub(crate) fn list(&self, kind: Kind, namespace: Option<&str>) -> Snapshot {
        let mut state = self.lock();
        let revision = state.revision;
        let objects = &state.collection(kind).objects;
        let items = match namespace {
            None => objects.values().cloned().collect(),
            Some(namespace) => {
                let first = ObjectKey { namespace: namespace.to_owned(), name: String::new() };
                objects
                    .range((Bound::Included(first), Bound::Unbounded))
                    .take_while(|(key, _)| key.namespace == namespace)
                    .map(|(_, object)| Arc::clone(object))
                    .collect()
            }
        };
        Snapshot { revision, items }
    }

    /// Reads, changes and writes one object as a whole. `change` may run more than once (somebody else wrote
    /// meanwhile); it gets a copy. Uid, name, namespace and timestamps cannot be changed by it. A change of
    /// nothing writes nothing. An object under deletion whose last finalizer goes is removed.
    ///
    /// # Errors
    /// `NotFound`, or what `change` returned.
    pub(crate) fn update(
        &self,
        kind: Kind,
        namespace: Option<&str>,
        name: &str,
        mut change: impl FnMut(&mut Value) -> Result<(), StatusError>,
    ) -> Result<Arc<Object>, StatusError> {
        for _ in 0..MAX_SWAPS {
            let current = self.get(kind, namespace, name)?;
            let mut value = current.value().clone();
            change(&mut value)?;
            settle_metadata(&current, &mut value);
            if value == *current.value() {
                return Ok(current);
            }
            if let Some(written) = self.swap(&current, value) {
                return Ok(written);
            }
        }
        Err(StatusError::conflict(kind, name, "too many writers at the same time; please try again"))
    }

    /// Changes of `kind` after version `from`.
    pub(crate) fn watch(&self, kind: Kind, from: u64) -> Watch {
        Watch::new(self.clone(), kind, from, self.inner.signals[kind as usize].subscribe())
    }

    /// Forgets all past changes: a watch from an older version is told that it is too old.
    pub(crate) fn compact(&self) {
        let mut state = self.lock();
        let revision = state.revision;
        for collection in &mut state.collections {
            collection.window.forget(revision);
        }
    }

    /// As after a restart of the API server: nothing is remembered but the objects, and every version that was
    /// given out before is too old to watch from or to continue a list at.
    pub(crate) fn forget_history(&self) {
        let mut state = self.lock();
        state.revision += 1;
        state.snapshots = Snapshots::default();
        drop(state);
        self.compact();
    }

    /// Keeps a listing for the requests that continue it, and finds it again.
    pub(crate) fn keep_snapshot(&self, kind: Kind, namespace: Option<&str>, snapshot: &Snapshot) {
        self.lock().snapshots.keep(kind, namespace, snapshot);
    }

    /// A kept listing of version `revision`; `None` when it is not held any more.
    pub(crate) fn snapshot(&self, kind: Kind, namespace: Option<&str>, revision: u64) -> Option<Snapshot> {
        self.lock().snapshots.find(kind, namespace, revision)
    }

    fn changes_after(&self, kind: Kind, cursor: u64, limit: usize) -> Result<(Vec<Change>, u64), Expired> {
        let mut state = self.lock();
        let revision = state.revision;
        Ok((state.collection(kind).window.after(cursor, limit)?, revision))
    }

    /// Puts `value` in the place of `current`; `None` if that is not the newest version any more.
    fn swap(&self, current: &Arc<Object>, value: Value) -> Option<Arc<Object>> {
        let fate = if is_finished(current.kind(), &value) { Fate::Goes } else { Fate::Stays };
        self.write_as(current, value, fate)
    }

    /// As [`Store::swap`], with the object's fate given.
    fn write_as(&self, current: &Arc<Object>, value: Value, fate: Fate) -> Option<Arc<Object>> {
        let written = self.lock().replace(current, value, fate)?;
        self.announce(current.kind(), written.revision());
        Some(written)
    }

    fn announce(&self, kind: Kind, revision: u64) {
        self.inner.signals[kind as usize].send_modify(|newest| *newest = revision.max(*newest));
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.inner.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a write makes of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Stays,
    /// It is removed; the value written is only for the answer.
    Goes,
}

impl State {
    fn collection(&mut self, kind: Kind) -> &mut Collection {
        &mut self.collections[kind as usize]
    }

    /// `None` when the name is taken.
    fn insert(&mut self, kind: Kind, key: &ObjectKey, mut value: Value) -> Option<Arc<Object>> {
        if self.collection(kind).objects.contains_key(key) {
            return None;
        }
        self.revision += 1;
        value["metadata"]["resourceVersion"] = json!(self.revision.to_string());
        let object = Arc::new(Object::new(kind, self.revision, value));
        self.owners.add(&object);
        let collection = self.collection(kind);
        collection.objects.insert(key.clone(), Arc::clone(&object));
        collection.window.push(Change {
            kind: ChangeKind::Added,
            object: Arc::clone(&object),
            previous: None,
        });
        Some(object)
    }

    fn replace(&mut self, current: &Arc<Object>, mut value: Value, fate: Fate) -> Option<Arc<Object>> {
        let kind = current.kind();
        let key = current.key();
        if !self.collection(kind).objects.get(&key).is_some_and(|held| Arc::ptr_eq(held, current)) {
            return None;
        }
        self.revision += 1;
        value["metadata"]["resourceVersion"] = json!(self.revision.to_string());
        let object = Arc::new(Object::new(kind, self.revision, value));
        self.owners.remove(current);
        let (change, shown) = if fate == Fate::Goes {
            self.collection(kind).objects.remove(&key);
            // A watch shows what was stored last, not the marks that were to be written over it.
            let mut last = current.value().clone();
            last["metadata"]["resourceVersion"] = json!(self.revision.to_string());
            (ChangeKind::Deleted, Arc::new(Object::new(kind, self.revision, last)))
        } else {
            self.owners.add(&object);
            self.collection(kind).objects.insert(key, Arc::clone(&object));
            (ChangeKind::Modified, Arc::clone(&object))
        };
        self.collection(kind).window.push(Change {
            kind: change,
            object: shown,
            previous: Some(Arc::clone(current)),
        });
        Some(object)
    }
}

/// The metadata that the server sets, in the order in which the API server writes it. The version follows.
pub(crate) fn prepare_new(kind: Kind, namespace: Option<&str>, mut object: Value) -> Value {
    if !object.is_object() {
        object = json!({});
    }
    let given = object["metadata"].take();
    let mut metadata = serde_json::Map::new();
    let mut put = |key: &str, value: Value| {
        if !value.is_null() {
            metadata.insert(key.to_owned(), value);
        }
    };
    // The place is kept for a generated name.
    put("name", json!(given["name"].as_str().unwrap_or_default()));
    put("generateName", given["generateName"].clone());
    if let Some(namespace) = namespace.filter(|_| kind.is_namespaced()) {
        put("namespace", json!(namespace));
    }
    put("uid", json!(identifiers::uid()));
    put("resourceVersion", json!(""));
    if kind.info().counts_generation {
        put("generation", json!(1));
    }
    put("creationTimestamp", json!(time::now_seconds()));
    for key in ["labels", "annotations", "ownerReferences", "finalizers", "managedFields"] {
        let value = given[key].clone();
        let empty = value.as_object().is_some_and(serde_json::Map::is_empty)
            || value.as_array().is_some_and(Vec::is_empty);
        if !empty {
            put(key, value);
        }
    }
    object["metadata"] = Value::Object(metadata);
    object
}

/// What a change would make of an object, without making it.
pub(crate) fn preview_update(current: &Object, mut value: Value) -> Object {
    settle_metadata(current, &mut value);
    Object::new(current.kind(), current.revision(), value)
}

/// What no writer may change, whatever it wrote; and `generation`.
fn settle_metadata(current: &Object, value: &mut Value) {
    let before = &current.value()["metadata"];
    if !value.is_object() {
        *value = json!({});
    }
    if !value["metadata"].is_object() {
        value["metadata"] = before.clone();
    }
    for field in [
        "name",
        "generateName",
        "namespace",
        "uid",
        "creationTimestamp",
        "deletionTimestamp",
        "deletionGracePeriodSeconds",
        "resourceVersion",
        "generation",
    ] {
        match &before[field] {
            Value::Null => {
                if let Some(fields) = value["metadata"].as_object_mut() {
                    fields.shift_remove(field);
                }
            }
            kept => value["metadata"][field] = kept.clone(),
        }
    }
    for field in ["labels", "annotations", "ownerReferences", "finalizers"] {
        let empty = match &value["metadata"][field] {
            Value::Null => value["metadata"].get(field).is_some(),
            Value::Object(map) => map.is_empty(),
            Value::Array(list) => list.is_empty(),
            _ => false,
        };
        if empty && let Some(fields) = value["metadata"].as_object_mut() {
            fields.shift_remove(field);
        }
    }
    if current.kind().info().counts_generation
        && is_other_spec(current, value)
        && let Some(generation) = before["generation"].as_u64()
    {
        value["metadata"]["generation"] = json!(generation + 1);
    }
}

/// Whether a change is one of what is wanted. That a pod has found its node is not.
fn is_other_spec(current: &Object, value: &Value) -> bool {
    let before = &current.value()["spec"];
    if current.kind() != Kind::Pod || before["nodeName"] == value["spec"]["nodeName"] {
        return *before != value["spec"];
    }
    let mut bound = before.clone();
    bound["nodeName"] = value["spec"]["nodeName"].clone();
    bound != value["spec"]
}

/// Whether an object under deletion has nothing left to wait for.
fn is_finished(kind: Kind, value: &Value) -> bool {
    let metadata = &value["metadata"];
    let waits = metadata["finalizers"].as_array().is_some_and(|list| !list.is_empty())
        || (kind == Kind::Namespace
            && value["spec"]["finalizers"].as_array().is_some_and(|list| !list.is_empty()));
    metadata["deletionTimestamp"].is_string()
        && !waits
        && metadata["deletionGracePeriodSeconds"].as_u64().unwrap_or(0) == 0
}

#[cfg(test)]
mod tests;
