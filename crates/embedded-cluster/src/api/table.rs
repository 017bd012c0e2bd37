//! `Table`: what `kubectl get` shows.

use std::sync::Arc;

use serde_json::{Value, json};

use super::query::Query;
use crate::{kind::Kind, store::Object};

/// A list as a table.
pub(super) fn of_list(kind: Kind, items: &[Arc<Object>], metadata: &Value, query: &Query) -> Value {
    let rows = items.iter().map(|object| row(kind, object, query)).collect();
    table(kind, rows, metadata)
}

/// One object of a watch as a table.
pub(super) fn of_event(kind: Kind, object: &Object, metadata: &Value, query: &Query) -> Value {
    table(kind, vec![row(kind, object, query)], metadata)
}

fn table(_kind: Kind, rows: Vec<Value>, metadata: &Value) -> Value {
    json!({
        "kind": "Table",
        "apiVersion": "meta.k8s.io/v1",
        "metadata": metadata,
        "columnDefinitions": [{"name": "Name", "type": "string", "format": "name", "description": "", "priority": 0}],
        "rows": rows,
    })
}

fn row(_kind: Kind, object: &Object, _query: &Query) -> Value {
    json!({"cells": [object.name()], "object": super::list::metadata_only(object)})
}
