//! The query parameters of writes: `dryRun`, `fieldValidation`.

use super::query::Query;
use crate::{
    registry::Commit,
    status_error::{Cause, Reason, StatusError},
};

/// What becomes of fields that nobody knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FieldValidation {
    Ignore,
    Warn,
    Strict,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct WriteOptions {
    pub(crate) commit: Commit,
    pub(crate) validation: FieldValidation,
}

impl WriteOptions {
    /// # Errors
    /// 422 for values that are not known; `kind` is `CreateOptions` and its like.
    pub(crate) fn read(query: &Query, kind: &str) -> Result<Self, StatusError> {
        let commit = match query.get("dryRun") {
            None => Commit::Real,
            Some("All") => Commit::DryRun,
            Some(other) => return Err(unsupported(kind, "dryRun", &format!("[\"{other}\"]"), "\"All\"")),
        };
        let validation = match query.get("fieldValidation") {
            None | Some("Warn") => FieldValidation::Warn,
            Some("Ignore") => FieldValidation::Ignore,
            Some("Strict") => FieldValidation::Strict,
            Some(other) => {
                return Err(unsupported(
                    kind,
                    "fieldValidation",
                    other,
                    "\"\", \"Ignore\", \"Strict\", \"Warn\"",
                ));
            }
        };
        Ok(WriteOptions { commit, validation })
    }
}

pub(crate) fn unsupported(kind: &str, field: &str, found: &str, supported: &str) -> StatusError {
    let text = format!("Unsupported value: {found}: supported values: {supported}");
    StatusError::new(422, Reason::Invalid, format!("{kind}.meta.k8s.io \"\" is invalid: {field}: {text}"))
        .with_detail("group", "meta.k8s.io".into())
        .with_detail("kind", kind.into())
        .with_cause(Cause { reason: "FieldValueNotSupported", message: text, field: field.to_owned() })
}
