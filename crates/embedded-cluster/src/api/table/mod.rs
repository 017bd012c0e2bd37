//! `Table`: what `kubectl get` shows.

mod age;
mod cluster;
mod column;
mod job;
mod pod;
mod rights;
mod service;

use std::sync::Arc;

use serde_json::{Value, json};

use self::column::Column;
use super::query::Query;
use crate::{kind::Kind, store::Object};

/// A list as a table.
pub(super) fn of_list(kind: Kind, items: &[Arc<Object>], metadata: &Value, query: &Query) -> Value {
    let rows: Vec<Value> = items.iter().map(|object| row(kind, object, query)).collect();
    table(kind, &rows, metadata)
}

/// One object, or one object of a watch, as a table.
pub(super) fn of_event(kind: Kind, object: &Object, metadata: &Value, query: &Query) -> Value {
    table(kind, &[row(kind, object, query)], metadata)
}

fn table(kind: Kind, rows: &[Value], metadata: &Value) -> Value {
    let columns: Vec<Value> = columns(kind).iter().map(Column::definition).collect();
    json!({
        "kind": "Table",
        "apiVersion": "meta.k8s.io/v1",
        "metadata": metadata,
        "columnDefinitions": columns,
        "rows": rows,
    })
}

fn row(kind: Kind, object: &Object, query: &Query) -> Value {
    let cells = cells(kind, object.value());
    let mut row = json!({"cells": cells});
    match query.get("includeObject") {
        Some("None") => {}
        Some("Object") => row["object"] = object.value().clone(),
        _ => row["object"] = super::list::metadata_only(object),
    }
    row
}

fn columns(kind: Kind) -> &'static [Column] {
    match kind {
        Kind::Job => job::COLUMNS,
        Kind::Pod => pod::COLUMNS,
        Kind::Service => service::SERVICE,
        Kind::Endpoints => service::ENDPOINTS,
        Kind::EndpointSlice => service::SLICE,
        Kind::Event => cluster::EVENT,
        Kind::Node => cluster::NODE,
        Kind::Namespace => cluster::NAMESPACE,
        Kind::Secret => cluster::SECRET,
        Kind::ConfigMap => cluster::CONFIG_MAP,
        Kind::ServiceAccount => cluster::PLAIN,
        Kind::PersistentVolumeClaim => cluster::CLAIM,
        Kind::Role | Kind::ClusterRole => rights::ROLE,
        Kind::RoleBinding | Kind::ClusterRoleBinding => rights::BINDING,
    }
}

fn cells(kind: Kind, object: &Value) -> Vec<Value> {
    match kind {
        Kind::Job => job::cells(object),
        Kind::Pod => pod::cells(object),
        Kind::Service => service::service(object),
        Kind::Endpoints => service::endpoints(object),
        Kind::EndpointSlice => service::slice(object),
        Kind::Event => cluster::event(object),
        Kind::Node => cluster::node(object),
        Kind::Namespace => cluster::namespace(object),
        Kind::Secret => cluster::secret(object),
        Kind::ConfigMap => cluster::config_map(object),
        Kind::ServiceAccount => cluster::plain(object),
        Kind::PersistentVolumeClaim => cluster::claim(object),
        Kind::Role | Kind::ClusterRole => rights::role(object),
        Kind::RoleBinding | Kind::ClusterRoleBinding => rights::binding(object),
    }
}
