//! `GET` of one object.

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, Response, StatusCode};
use serde_json::json;

use super::{
    Api,
    accept::{self, Form},
    list::metadata_only,
    query::Query,
    response::{self, Body},
    table,
};
use crate::{kind::Kind, status_error::StatusError, store::Object};

impl Api {
    /// # Errors
    /// `NotFound`; 406.
    pub(super) fn read(
        &self,
        kind: Kind,
        namespace: Option<&str>,
        name: &str,
        query: &Query,
        headers: &HeaderMap,
    ) -> Result<Response<Body>, StatusError> {
        let object = self.registry.store().get(kind, namespace, name)?;
        answer_object(StatusCode::OK, &object, query, headers)
    }
}

/// An object in the wanted form.
///
/// # Errors
/// 406.
pub(super) fn answer_object(
    code: StatusCode,
    object: &Arc<Object>,
    query: &Query,
    headers: &HeaderMap,
) -> Result<Response<Body>, StatusError> {
    let body = match accept::form(headers)? {
        Form::Object | Form::AggregatedDiscovery => object.json(),
        Form::Metadata => Bytes::from(metadata_only(object).to_string()),
        Form::Table => {
            let metadata = json!({"resourceVersion": object.revision().to_string()});
            Bytes::from(table::of_event(object.kind(), object, &metadata, query).to_string())
        }
    };
    Ok(response::json(code, body))
}
