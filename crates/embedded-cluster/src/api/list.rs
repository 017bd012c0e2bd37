//! Lists: selection, pages, versions.

use std::{sync::Arc, time::Duration};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use bytes::{BufMut, Bytes, BytesMut};
use http::{HeaderMap, Response};
use serde_json::{Value, json};

use super::{
    Api,
    accept::{self, Form},
    query::Query,
    response::{self, Body},
    selectors::Selection,
    table, watch,
};
use crate::{
    json_syntax,
    kind::Kind,
    status_error::{Cause, Reason, StatusError},
    store::{Object, Snapshot},
};

/// How long a list of a version that does not exist yet waits for it.
const FUTURE_VERSION_WAIT: Duration = Duration::from_secs(3);

const EXPIRED_CONTINUE: &str = "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.";

/// Where a list goes on; travels as the opaque `continue`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Continue {
    /// The version of the first page; `None` after its expiry: go on with whatever is there now.
    revision: Option<u64>,
    namespace: String,
    name: String,
}

/// One page.
struct Page {
    revision: u64,
    items: Vec<Arc<Object>>,
    next: Option<Continue>,
    remaining: Option<usize>,
}

impl Api {
    /// `GET` of a collection.
    ///
    /// # Errors
    /// 400 for queries that make no sense, 410 for an expired `continue`, 504 for a version from the future.
    pub(super) async fn list(
        &self,
        kind: Kind,
        namespace: Option<&str>,
        query: &Query,
        headers: &HeaderMap,
    ) -> Result<Response<Body>, StatusError> {
        let form = accept::form(headers)?;
        let selection = Selection::read(kind, namespace, query)?;
        check_version(query)?;
        self.await_version(query).await?;
        let page = self.page(kind, namespace, query, &selection)?;
        let body = match form {
            Form::Object | Form::AggregatedDiscovery => write_objects(kind, &page),
            Form::Metadata => write_metadata(&page),
            Form::Table => {
                let metadata = list_metadata(&page);
                Bytes::from(table::of_list(kind, &page.items, &metadata, query).to_string())
            }
        };
        Ok(response::large(headers, body).await)
    }

    fn page(
        &self,
        kind: Kind,
        namespace: Option<&str>,
        query: &Query,
        selection: &Selection,
    ) -> Result<Page, StatusError> {
        let limit = match query.number("limit") {
            // A stale read ignores the limit.
            Some(limit) if limit > 0 && query.get("resourceVersion") != Some("0") => {
                usize::try_from(limit).unwrap_or(usize::MAX)
            }
            _ => usize::MAX,
        };
        let start = query.get("continue").map(Continue::read).transpose()?;
        let snapshot = self.snapshot(kind, namespace, start.as_ref())?;
        let first = start.as_ref().map_or(0, |start| {
            snapshot.items.partition_point(|object| {
                (object.namespace(), object.name()) <= (start.namespace.as_str(), start.name.as_str())
            })
        });
        let mut matching = snapshot.items[first..].iter().filter(|object| selection.matches(object));
        let items: Vec<Arc<Object>> = matching.by_ref().take(limit).cloned().collect();
        let left = matching.count();
        let next = items.last().filter(|_| left > 0).map(|last| Continue {
            revision: Some(snapshot.revision),
            namespace: last.namespace().to_owned(),
            name: last.name().to_owned(),
        });
        if next.is_some() {
            self.registry.store().keep_snapshot(kind, namespace, &snapshot);
        }
        let remaining = next.as_ref().filter(|_| selection.takes_all()).map(|_| left);
        Ok(Page { revision: snapshot.revision, items, next, remaining })
    }

    fn snapshot(
        &self,
        kind: Kind,
        namespace: Option<&str>,
        start: Option<&Continue>,
    ) -> Result<Snapshot, StatusError> {
        let store = self.registry.store();
        match start.and_then(|start| start.revision) {
            None => Ok(store.list(kind, namespace)),
            Some(revision) => store.snapshot(kind, namespace, revision).ok_or_else(|| {
                StatusError::expired(EXPIRED_CONTINUE)
                    .with_continue(start.map(|start| Continue { revision: None, ..start.clone() }.write()))
            }),
        }
    }

    /// A list of a version that is not there yet waits a little for it.
    async fn await_version(&self, query: &Query) -> Result<(), StatusError> {
        let Some(wanted) = query.get("resourceVersion").and_then(|text| text.parse::<u64>().ok()) else {
            return Ok(());
        };
        let store = self.registry.store();
        if wanted <= store.revision() {
            return Ok(());
        }
        tokio::time::sleep(FUTURE_VERSION_WAIT).await;
        let current = store.revision();
        if wanted <= current {
            return Ok(());
        }
        let message = format!("Timeout: Too large resource version: {wanted}, current: {current}");
        Err(StatusError::new(504, Reason::Timeout, message)
            .with_detail("retryAfterSeconds", json!(1))
            .with_cause(Cause {
                reason: "ResourceVersionTooLarge",
                message: "Too large resource version".to_owned(),
                field: String::new(),
            }))
    }
}

fn check_version(query: &Query) -> Result<(), StatusError> {
    let Some(version) = query.get("resourceVersion") else {
        return Ok(());
    };
    if query.get("continue").is_some() {
        return Err(StatusError::bad_request(
            "specifying resource version is not allowed when using continue",
        ));
    }
    if version.parse::<u64>().is_err() {
        let why = watch::not_a_number(version);
        return Err(StatusError::bad_request(format!("invalid resource version: {why}")));
    }
    Ok(())
}

impl Continue {
    fn write(&self) -> String {
        let revision = self.revision.map_or(-1, |revision| i64::try_from(revision).unwrap_or(i64::MAX));
        let token = json!({
            "v": "meta.k8s.io/v1", "rv": revision, "start": format!("{}/{}", self.namespace, self.name)
        });
        URL_SAFE_NO_PAD.encode(token.to_string())
    }

    fn read(text: &str) -> Result<Continue, StatusError> {
        let invalid = || StatusError::bad_request("invalid continue token: continue key is not valid");
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| invalid())?;
        let token: Value = serde_json::from_slice(&bytes).map_err(|error| {
            let fault = json_syntax::fault(&bytes).unwrap_or_else(|| error.to_string());
            StatusError::bad_request(format!("invalid continue token: continue key is not valid: {fault}"))
        })?;
        let (namespace, name) =
            token["start"].as_str().and_then(|start| start.split_once('/')).ok_or_else(invalid)?;
        Ok(Continue {
            revision: token["rv"].as_u64(),
            namespace: namespace.to_owned(),
            name: name.to_owned(),
        })
    }
}

fn list_metadata(page: &Page) -> Value {
    let mut metadata = json!({"resourceVersion": page.revision.to_string()});
    if let Some(next) = &page.next {
        metadata["continue"] = json!(next.write());
    }
    if let Some(remaining) = page.remaining {
        metadata["remainingItemCount"] = json!(remaining);
    }
    metadata
}

/// Puts the cached bytes of the items together.
fn write_objects(kind: Kind, page: &Page) -> Bytes {
    let head = format!(
        "{{\"kind\":\"{}List\",\"apiVersion\":\"{}\",\"metadata\":{},\"items\":[",
        kind.info().name,
        kind.api_version(),
        list_metadata(page)
    );
    let items: Vec<Bytes> = page.items.iter().map(|object| object.item_json()).collect();
    let size = head.len() + items.iter().map(|item| item.len() + 2).sum::<usize>() + 3;
    let mut body = BytesMut::with_capacity(size);
    body.put_slice(head.as_bytes());
    for (index, item) in items.iter().enumerate() {
        body.put_slice(if index == 0 { b"{" } else { b",{" });
        body.put_slice(item);
    }
    body.put_slice(b"]}\n");
    body.freeze()
}

fn write_metadata(page: &Page) -> Bytes {
    let items: Vec<Value> = page.items.iter().map(|object| metadata_only(object)).collect();
    let list = json!({
        "kind": "PartialObjectMetadataList",
        "apiVersion": "meta.k8s.io/v1",
        "metadata": list_metadata(page),
        "items": items,
    });
    Bytes::from(list.to_string())
}

/// `PartialObjectMetadata` of an object.
pub(super) fn metadata_only(object: &Object) -> Value {
    json!({
        "kind": "PartialObjectMetadata",
        "apiVersion": "meta.k8s.io/v1",
        "metadata": object.value()["metadata"],
    })
}
