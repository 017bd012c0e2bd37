//! Discovery: which groups, versions and resources there are.

use http::{HeaderMap, Response};
use serde_json::{Value, json};

use super::response::{self, Body};
use crate::{kind::Kind, status_error::StatusError};

/// Whether any version of the group is served.
pub(super) fn serves_group(group: &str) -> bool {
    Kind::ALL.iter().any(|kind| kind.info().group == group)
}

/// `/version`.
pub(super) fn version() -> Value {
    json!({"major": "1", "minor": "37", "gitVersion": "v1.37.2"})
}

/// A path outside of the resources.
pub(super) fn answer(_path: &str, _headers: &HeaderMap) -> Result<Response<Body>, StatusError> {
    Ok(response::page_not_found())
}
