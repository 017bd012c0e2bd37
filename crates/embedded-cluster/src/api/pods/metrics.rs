//! `metrics.k8s.io/v1beta1`, as metrics-server answers.

use std::sync::Arc;

use http::Response;
use serde_json::{Value, json};

use super::super::{
    Api, RequestInfo,
    request_info::{ResourcePath, Verb},
    response::{self, Body, Origin},
    selectors::Selection,
};
use crate::{
    kind::Kind,
    status_error::{Reason, StatusError},
    store::Object,
};

const VERSION: &str = "metrics.k8s.io/v1beta1";

impl Api {
    /// One pod's or node's metrics, or a list.
    ///
    /// # Errors
    /// 404 (a `Status`) while there is no sample.
    pub(in crate::api) async fn metrics(
        &self,
        info: &RequestInfo,
        path: &ResourcePath,
    ) -> Result<Response<Body>, StatusError> {
        let kind = match path.resource.as_str() {
            "pods" => Kind::Pod,
            "nodes" => Kind::Node,
            _ => return Err(StatusError::no_such_resource()),
        };
        let namespace = path.namespace.as_deref();
        let answer = match (info.verb, path.name.as_deref()) {
            (Verb::Get, Some(name)) => {
                let found = self.registry.store().get(kind, namespace, name).ok();
                let known = found.is_some();
                let sample = match found {
                    Some(object) => self.sample(object).await,
                    None => None,
                };
                Ok(match sample {
                    Some(sample) => response::object(&sample),
                    None if known => response::status(&no_sample(kind, namespace, name)),
                    None => response::status(&StatusError::not_found(kind, name)),
                })
            }
            // There is no watch here: the parameter is ignored.
            (Verb::List | Verb::Watch, _) => {
                let selection = Selection::read(kind, namespace, &info.query)?;
                let mut items = Vec::new();
                for object in self.registry.store().list(kind, namespace).items {
                    if selection.matches(&object)
                        && let Some(sample) = self.sample(object).await
                    {
                        items.push(sample);
                    }
                }
                Ok(response::object(&json!({
                    "kind": format!("{}MetricsList", kind), "apiVersion": VERSION, "metadata": {}, "items": items,
                })))
            }
            _ => Err(StatusError::method_not_allowed()),
        }?;
        Ok(response::from(Origin::Aggregated, answer))
    }

    async fn sample(&self, object: Arc<Object>) -> Option<Value> {
        match object.kind() {
            Kind::Node => self.streams.node_metrics(object).await,
            _ => self.streams.metrics(object).await,
        }
    }
}

fn no_sample(kind: Kind, namespace: Option<&str>, name: &str) -> StatusError {
    let place = match namespace {
        Some(namespace) => format!("{namespace}/{name}"),
        None => name.to_owned(),
    };
    let word = if kind == Kind::Node { "nodemetrics" } else { "podmetrics" };
    StatusError::new(404, Reason::NotFound, format!("{word}.metrics.k8s.io \"{place}\" not found"))
        .with_detail("name", place.into())
        .with_detail("group", "metrics.k8s.io".into())
        .with_detail("kind", word.into())
}
