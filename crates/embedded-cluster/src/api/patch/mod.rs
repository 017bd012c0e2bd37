//! `PATCH`: four content types, one object.

mod json_patch;
mod merge;
mod strategic;

use http::{Request, StatusCode};
use hyper::body::Incoming;
use serde_json::Value;

use super::{
    Api, body, decode, handle::Answer, query::Query, read::answer_object, request_info::ResourcePath,
    write_options::WriteOptions,
};
use crate::{
    kind::Kind,
    registry::{Part, Target},
    schema,
    status_error::{Cause, Reason, StatusError},
};

/// What a patch's body is.
enum Patch {
    Merge(Value),
    Strategic(Value),
    Json(json_patch::Operations),
}

impl Api {
    /// # Errors
    /// 400, 404, 409, 413, 415, 422.
    pub(super) async fn patch(
        &self,
        kind: Kind,
        namespace: Option<&str>,
        name: &str,
        path: &ResourcePath,
        request: Request<Incoming>,
        query: &Query,
    ) -> Result<Answer, StatusError> {
        let options = WriteOptions::read(query, "PatchOptions")?;
        let (parts, incoming) = request.into_parts();
        let content_type = body::content_type(&parts.headers);
        let bytes = body::read(incoming).await?;
        let patch = Patch::read(&content_type, &bytes)?;
        let mut warnings = Vec::new();
        let target = Target { kind, namespace, name, part: Part::of(path.subresource.as_deref()) };
        let mut field_warnings = Vec::new();
        let written = self.registry.update_by_request(&target, options.commit, &mut warnings, |current| {
            let patched = patch.apply(kind, current)?;
            let decoded = decode::patched(kind, &patched, options.validation)?;
            check_uid(kind, name, current, &decoded.value)?;
            field_warnings = decoded.warnings;
            Ok(decoded.value)
        })?;
        warnings.extend(field_warnings);
        let response = answer_object(StatusCode::OK, &written, query, &parts.headers)?;
        Ok(Answer { response, warnings })
    }
}

impl Patch {
    fn read(content_type: &str, bytes: &[u8]) -> Result<Patch, StatusError> {
        let invalid = |_| StatusError::bad_request("invalid JSON patch");
        match content_type {
            "application/merge-patch+json" => {
                serde_json::from_slice(bytes).map(Patch::Merge).map_err(invalid)
            }
            "application/strategic-merge-patch+json" => {
                serde_json::from_slice(bytes).map(Patch::Strategic).map_err(invalid)
            }
            "application/json-patch+json" => json_patch::Operations::read(bytes).map(Patch::Json),
            // Server-side apply needs field ownership, which is not kept here.
            _ => Err(StatusError::new(415, Reason::UnsupportedMediaType, "415: Unsupported Media Type")
                .with_empty_details()),
        }
    }

    fn apply(&self, kind: Kind, current: &Value) -> Result<Value, StatusError> {
        let mut patched = current.clone();
        match self {
            Patch::Merge(patch) => merge::apply(&mut patched, patch),
            Patch::Strategic(patch) => strategic::apply(schema::of_kind(kind), &mut patched, patch)?,
            Patch::Json(operations) => operations.apply(&mut patched)?,
        }
        Ok(patched)
    }
}

fn check_uid(kind: Kind, name: &str, current: &Value, wanted: &Value) -> Result<(), StatusError> {
    let sent = &wanted["metadata"]["uid"];
    if sent.is_null() || *sent == current["metadata"]["uid"] {
        return Ok(());
    }
    Err(StatusError::invalid(
        kind,
        name,
        vec![Cause {
            reason: "FieldValueInvalid",
            message: format!("Invalid value: {sent}: field is immutable"),
            field: "metadata.uid".to_owned(),
        }],
    ))
}
