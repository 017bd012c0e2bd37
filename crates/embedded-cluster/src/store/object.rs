//! One version of one object: the parsed tree and, once somebody asked for them, its bytes.

use std::sync::OnceLock;

use bytes::Bytes;
use serde_json::{Map, Value};

use crate::kind::Kind;

/// Where an object is: its namespace (empty for cluster-wide kinds) and its name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct ObjectKey {
    pub(crate) namespace: String,
    pub(crate) name: String,
}

impl ObjectKey {
    pub(crate) fn new(namespace: Option<&str>, name: &str) -> Self {
        ObjectKey { namespace: namespace.unwrap_or_default().to_owned(), name: name.to_owned() }
    }
}

/// An immutable version of an object. A change makes a new one; readers keep theirs.
///
/// The tree begins with `kind` and `apiVersion`, so that a list can cut them off the cached bytes.
#[derive(Debug)]
pub(crate) struct Object {
    kind: Kind,
    revision: u64,
    value: Value,
    json: OnceLock<Bytes>,
}

impl Object {
    /// `value` must already carry its metadata; `kind` and `apiVersion` are put first here.
    pub(crate) fn new(kind: Kind, revision: u64, mut value: Value) -> Self {
        put_type_first(kind, &mut value);
        Object { kind, revision, value, json: OnceLock::new() }
    }

    pub(crate) fn kind(&self) -> Kind {
        self.kind
    }

    /// `metadata.resourceVersion` as a number.
    pub(crate) fn revision(&self) -> u64 {
        self.revision
    }

    /// The whole object, `kind` and `apiVersion` included.
    pub(crate) fn value(&self) -> &Value {
        &self.value
    }

    pub(crate) fn name(&self) -> &str {
        self.metadata_text("name")
    }

    /// Empty for a cluster-wide object.
    pub(crate) fn namespace(&self) -> &str {
        self.metadata_text("namespace")
    }

    pub(crate) fn uid(&self) -> &str {
        self.metadata_text("uid")
    }

    pub(crate) fn key(&self) -> ObjectKey {
        ObjectKey { namespace: self.namespace().to_owned(), name: self.name().to_owned() }
    }

    pub(crate) fn labels(&self) -> Option<&Map<String, Value>> {
        self.value["metadata"]["labels"].as_object()
    }

    /// Whether `metadata.deletionTimestamp` is set.
    pub(crate) fn is_being_deleted(&self) -> bool {
        self.value["metadata"]["deletionTimestamp"].is_string()
    }

    /// The object as JSON, made once.
    pub(crate) fn json(&self) -> Bytes {
        self.json.get_or_init(|| Bytes::from(self.value.to_string())).clone()
    }

    /// The object as JSON without `kind` and `apiVersion`, as items of a list are.
    /// What is given back lacks the opening brace.
    pub(crate) fn item_json(&self) -> Bytes {
        self.json().slice(type_prefix_len(self.kind)..)
    }

    fn metadata_text(&self, field: &str) -> &str {
        self.value["metadata"][field].as_str().unwrap_or_default()
    }
}

/// The bytes of `{"kind":…,"apiVersion":…,`.
fn type_prefix_len(kind: Kind) -> usize {
    "{\"kind\":\"\",\"apiVersion\":\"\",".len() + kind.info().name.len() + kind.api_version().len()
}

fn put_type_first(kind: Kind, value: &mut Value) {
    let fields = match std::mem::take(value) {
        Value::Object(fields) => fields,
        _ => Map::new(),
    };
    let mut ordered = Map::with_capacity(fields.len() + 2);
    ordered.insert("kind".to_owned(), Value::from(kind.info().name));
    ordered.insert("apiVersion".to_owned(), Value::from(kind.api_version()));
    ordered.insert("metadata".to_owned(), Value::Null);
    for (key, field) in fields {
        if key != "kind" && key != "apiVersion" {
            ordered.insert(key, field);
        }
    }
    *value = Value::Object(ordered);
}
