//! Reading a request's body: size, media type, JSON or YAML.

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, header};
use http_body_util::BodyExt;
use hyper::body::Incoming;

use crate::status_error::{Reason, StatusError};

/// The largest body that the API takes, in bytes.
const MAX_BODY: usize = 3 * 1024 * 1024;

/// The content types of a patch.
pub(crate) const PATCH_TYPES: [&str; 3] =
    ["application/json-patch+json", "application/merge-patch+json", "application/strategic-merge-patch+json"];

/// The form of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MediaType {
    Json,
    Yaml,
    /// Kubernetes' protobuf encoding, which `kubectl` uses for some requests.
    Protobuf,
}

/// The whole body.
///
/// # Errors
/// 413 beyond 3 MiB; 400 when the client breaks off.
pub(crate) async fn read(mut body: Incoming) -> Result<Bytes, StatusError> {
    let mut whole = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| {
            StatusError::bad_request(format!("unable to read the request's body: {error}"))
        })?;
        if let Ok(data) = frame.into_data() {
            if whole.len() + data.len() > MAX_BODY {
                return Err(too_large());
            }
            whole.extend_from_slice(&data);
        }
    }
    Ok(whole.freeze())
}

fn too_large() -> StatusError {
    StatusError::new(
        413,
        Reason::RequestEntityTooLarge,
        format!("Request entity too large: limit is {MAX_BODY}"),
    )
}

/// The `Content-Type` without its parameters, in lower case; empty when there is none.
pub(crate) fn content_type(headers: &HeaderMap) -> String {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
}

/// The form of an object's body.
///
/// # Errors
/// 415 for anything but JSON, YAML and protobuf.
pub(crate) fn media_type(headers: &HeaderMap) -> Result<MediaType, StatusError> {
    match content_type(headers).as_str() {
        "" | "application/json" => Ok(MediaType::Json),
        "application/yaml" => Ok(MediaType::Yaml),
        "application/vnd.kubernetes.protobuf" => Ok(MediaType::Protobuf),
        _ => Err(StatusError::new(
            415,
            Reason::UnsupportedMediaType,
            "the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf",
        )),
    }
}
