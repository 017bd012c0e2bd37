//! Who names whom as owner: `metadata.ownerReferences`, indexed by the owner's uid.

use std::collections::{BTreeSet, HashMap};

use serde_json::Value;

use super::{Object, ObjectKey, Store};
use crate::kind::Kind;

/// One entry of `ownerReferences`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Owner {
    pub(crate) uid: String,
    /// `None` for a kind that is not kept here.
    pub(crate) kind: Option<Kind>,
    pub(crate) name: String,
    pub(crate) blocks_deletion: bool,
}

impl Owner {
    /// The owners that an object names.
    pub(crate) fn of(object: &Value) -> Vec<Owner> {
        let references = object["metadata"]["ownerReferences"].as_array();
        references.into_iter().flatten().map(Owner::read).collect()
    }

    fn read(reference: &Value) -> Owner {
        let field = |name: &str| reference[name].as_str().unwrap_or_default();
        Owner {
            uid: field("uid").to_owned(),
            kind: Kind::of_reference(field("apiVersion"), field("kind")),
            name: field("name").to_owned(),
            blocks_deletion: reference["blockOwnerDeletion"].as_bool().unwrap_or(false),
        }
    }
}

#[derive(Debug, Default)]
pub(super) struct OwnerIndex {
    dependents: HashMap<String, BTreeSet<(Kind, ObjectKey)>>,
}

impl OwnerIndex {
    pub(super) fn add(&mut self, object: &Object) {
        for owner in Owner::of(object.value()) {
            self.dependents.entry(owner.uid).or_default().insert((object.kind(), object.key()));
        }
    }

    pub(super) fn remove(&mut self, object: &Object) {
        for owner in Owner::of(object.value()) {
            if let Some(set) = self.dependents.get_mut(&owner.uid) {
                set.remove(&(object.kind(), object.key()));
                if set.is_empty() {
                    self.dependents.remove(&owner.uid);
                }
            }
        }
    }
}

impl Store {
    /// The objects that name `uid` as an owner.
    pub(crate) fn dependents(&self, uid: &str) -> Vec<(Kind, ObjectKey)> {
        self.lock().owners.dependents.get(uid).into_iter().flatten().cloned().collect()
    }
}
