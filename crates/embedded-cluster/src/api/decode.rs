//! From a body to an object of a kind: syntax, type, fields.

use serde_json::Value;

use super::{body::MediaType, write_options::FieldValidation};
use crate::{
    json_syntax,
    kind::Kind,
    schema::{self, Findings},
    status_error::{Cause, Reason, StatusError},
};

/// How much of a body that cannot be read is shown.
const SHOWN: usize = 25;

/// An object as it was sent, without unknown fields, and what the client should be warned about.
pub(crate) struct Decoded {
    pub(crate) value: Value,
    pub(crate) warnings: Vec<String>,
}

/// Reads an object of `kind`.
///
/// # Errors
/// 400: it cannot be read, another kind, a wrong type, and (in strict validation) unknown or doubled fields.
pub(crate) fn object(
    kind: Kind,
    media: MediaType,
    bytes: &[u8],
    validation: FieldValidation,
) -> Result<Decoded, StatusError> {
    let (value, findings) = match media {
        MediaType::Json => schema::read_json(bytes, schema::of_kind(kind)).map_err(|error| {
            let fault = json_syntax::fault(bytes).unwrap_or_else(|| error.to_string());
            unrecognized(kind, &format!("json parse error: {fault}"), bytes)
        })?,
        MediaType::Yaml => {
            let value = read_yaml(bytes).map_err(|error| unrecognized(kind, &error, bytes))?;
            schema::read_value(&value, schema::of_kind(kind))
        }
        MediaType::Protobuf => {
            let value = schema::read_protobuf(bytes)
                .map_err(|error| unrecognized(kind, &format!("proto: {error}"), &[]))?;
            schema::read_value(&value, schema::of_kind(kind))
        }
    };
    if !value.is_object() {
        return Err(unrecognized(kind, "json parse error: an object is wanted", bytes));
    }
    check_kind(kind, &value)?;
    settle(kind, value, findings, validation)
}

/// Checks what a patch made of an object.
///
/// # Errors
/// 422: a wrong type, and (in strict validation) unknown fields.
pub(crate) fn patched(
    kind: Kind,
    value: &Value,
    validation: FieldValidation,
) -> Result<Decoded, StatusError> {
    let (read, findings) = schema::read_value(value, schema::of_kind(kind));
    let refuse =
        |why: &str| {
            let text = format!("Invalid value: {}: {why}", Value::from(value.to_string()));
            StatusError::new(422, Reason::Invalid, format!(" \"\" is invalid: patch: {text}"))
                .with_cause(Cause { reason: "FieldValueInvalid", message: text, field: "patch".to_owned() })
        };
    if let Some(text) = findings.wrong_type {
        return Err(refuse(&text));
    }
    match validation {
        FieldValidation::Strict if !findings.fields.is_empty() => {
            Err(refuse(&format!("strict decoding error: {}", findings.fields.join(", "))))
        }
        FieldValidation::Warn => Ok(Decoded { value: read, warnings: findings.fields }),
        FieldValidation::Strict | FieldValidation::Ignore => {
            Ok(Decoded { value: read, warnings: Vec::new() })
        }
    }
}

/// Reads a body that is no stored object: delete options, reviews.
///
/// # Errors
/// 400: it cannot be read.
pub(crate) fn untyped(media: MediaType, bytes: &[u8]) -> Result<Value, StatusError> {
    match media {
        MediaType::Json => serde_json::from_slice(bytes).map_err(|error| error.to_string()),
        MediaType::Yaml => read_yaml(bytes),
        MediaType::Protobuf => schema::read_protobuf(bytes).map_err(|error| format!("proto: {error}")),
    }
    .map_err(StatusError::bad_request)
}

fn read_yaml(bytes: &[u8]) -> Result<Value, String> {
    let text = std::str::from_utf8(bytes).map_err(|error| format!("yaml: {error}"))?;
    serde_saphyr::from_str(text).map_err(|error| format!("yaml: {error}"))
}

fn settle(
    kind: Kind,
    value: Value,
    findings: Findings,
    validation: FieldValidation,
) -> Result<Decoded, StatusError> {
    if let Some(text) = findings.wrong_type {
        return Err(cannot_be_handled(kind, &text));
    }
    match validation {
        FieldValidation::Strict if !findings.fields.is_empty() => {
            let text = format!("strict decoding error: {}", findings.fields.join(", "));
            Err(cannot_be_handled(kind, &text))
        }
        FieldValidation::Warn => Ok(Decoded { value, warnings: findings.fields }),
        FieldValidation::Strict | FieldValidation::Ignore => Ok(Decoded { value, warnings: Vec::new() }),
    }
}

/// An object may leave out what it is; if it says so, it must be right.
fn check_kind(kind: Kind, value: &Value) -> Result<(), StatusError> {
    let api_version = kind.api_version();
    let sent_version = value["apiVersion"].as_str().unwrap_or(&api_version);
    let sent_kind = value["kind"].as_str().unwrap_or(kind.info().name);
    if sent_version == api_version && sent_kind == kind.info().name {
        return Ok(());
    }
    let version = sent_version.rsplit('/').next().unwrap_or_default();
    let why = if Kind::of_reference(sent_version, sent_kind).is_some() {
        format!("converting ({version}.{sent_kind}) to ({}.{kind}): unknown conversion", group_word(kind))
    } else {
        format!(
            "no kind \"{sent_kind}\" is registered for version \"{sent_version}\" in scheme \"pkg/runtime/scheme.go:111\""
        )
    };
    Err(StatusError::bad_request(format!(
        "{sent_kind} in version \"{version}\" cannot be handled as a {kind}: {why}"
    )))
}

fn group_word(kind: Kind) -> &'static str {
    match kind.info().group {
        "" => "core",
        group => group.split('.').next().unwrap_or(group),
    }
}

fn cannot_be_handled(kind: Kind, why: &str) -> StatusError {
    let version = kind.info().version;
    StatusError::bad_request(format!("{kind} in version \"{version}\" cannot be handled as a {kind}: {why}"))
}

fn unrecognized(kind: Kind, why: &str, bytes: &[u8]) -> StatusError {
    let shown = String::from_utf8_lossy(&bytes[..bytes.len().min(SHOWN)]);
    let dots = if bytes.len() > SHOWN { " ..." } else { "" };
    StatusError::bad_request(format!(
        "the object provided is unrecognized (must be of type {kind}): couldn't get version/kind; {why} ({shown}{dots})"
    ))
}
