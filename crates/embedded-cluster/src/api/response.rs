//! Answers: bodies, headers, compression.

use std::{convert::Infallible, io, io::Write};

use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use futures::{Stream, StreamExt};
use http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use http_body_util::{BodyExt, Full, StreamBody, combinators::UnsyncBoxBody};
use hyper::body::Frame;
use serde_json::Value;

use crate::{
    identifiers,
    status_error::{Reason, StatusError},
};

/// The body of any answer. Its error cuts the connection before the last chunk.
pub(crate) type Body = UnsyncBoxBody<Bytes, io::Error>;

/// Bodies from this size on are compressed for those who ask.
const GZIP_FROM: usize = 128 * 1024;

/// Who made an answer; it shows in the headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The kubelet, through the API server, which adds nothing.
    Kubelet,
    /// Another API server behind this one: what each adds is there twice.
    Aggregated,
}

/// The answer as of another origin than the API server itself.
pub(crate) fn from(origin: Origin, mut response: Response<Body>) -> Response<Body> {
    response.extensions_mut().insert(origin);
    response
}

/// 200 with an object.
pub(crate) fn object(value: &Value) -> Response<Body> {
    json(StatusCode::OK, Bytes::from(value.to_string()))
}

/// A JSON body.
pub(crate) fn json(code: StatusCode, body: Bytes) -> Response<Body> {
    with_type(code, "application/json", full(body))
}

/// A plain text body.
pub(crate) fn text(code: StatusCode, body: impl Into<String>) -> Response<Body> {
    let mut response = with_type(code, "text/plain; charset=utf-8", full(Bytes::from(body.into())));
    if code == StatusCode::NOT_FOUND {
        forbid_sniffing(&mut response);
    }
    response
}

/// The answer of a health check.
pub(crate) fn healthy() -> Response<Body> {
    let mut response = text(StatusCode::OK, "ok");
    forbid_sniffing(&mut response);
    response
}

/// The refusal of who lacks a right.
pub(crate) fn forbidden(error: &StatusError) -> Response<Body> {
    let mut response = status(error);
    forbid_sniffing(&mut response);
    response
}

fn forbid_sniffing(response: &mut Response<Body>) {
    response.headers_mut().insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
}

/// What a path that nobody serves is answered with.
pub(crate) fn page_not_found() -> Response<Body> {
    text(StatusCode::NOT_FOUND, "404 page not found\n")
}

/// The refusal as a `Status`.
pub(crate) fn status(error: &StatusError) -> Response<Body> {
    let code = StatusCode::from_u16(error.code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = json(code, Bytes::from(error.to_value().to_string()));
    let headers = response.headers_mut();
    if let Some(seconds) = error.retry_after() {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    if error.reason == Reason::Unauthorized {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache, private"));
    }
    response
}

/// An endless or long body; `content_type` as the API writes it.
pub(crate) fn stream(
    content_type: &'static str,
    pieces: impl Stream<Item = io::Result<Bytes>> + Send + 'static,
) -> Response<Body> {
    let body = StreamBody::new(pieces.map(|piece| piece.map(Frame::data))).boxed_unsync();
    with_type(StatusCode::OK, content_type, body)
}

/// No body at all.
pub(crate) fn empty(code: StatusCode) -> Response<Body> {
    let mut response = Response::new(full(Bytes::new()));
    *response.status_mut() = code;
    response
}

pub(crate) fn full(body: Bytes) -> Body {
    Full::new(body).map_err(|never: Infallible| match never {}).boxed_unsync()
}

/// A list or object, compressed when it is large and the client takes gzip.
pub(crate) async fn large(request: &HeaderMap, body: Bytes) -> Response<Body> {
    if body.len() < GZIP_FROM || !accepts_gzip(request) {
        return json(StatusCode::OK, body);
    }
    let plain = body.clone();
    let compressed = tokio::task::spawn_blocking(move || gzip(&plain)).await;
    let Ok(Ok(compressed)) = compressed else {
        return json(StatusCode::OK, body);
    };
    let mut response = json(StatusCode::OK, Bytes::from(compressed));
    mark_gzip(&mut response);
    response
}

/// Tells that the body is compressed.
pub(crate) fn mark_gzip(response: &mut Response<Body>) {
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
}

/// Headers that every answer has.
pub(crate) fn finish(mut response: Response<Body>, warnings: &[String]) -> Response<Body> {
    let origin = response.extensions_mut().remove::<Origin>();
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(&identifiers::uid()) {
        headers.insert("audit-id", id);
    }
    let uncached = HeaderValue::from_static("no-cache, private");
    match origin {
        Some(Origin::Kubelet) => {}
        Some(Origin::Aggregated) => {
            headers.insert(header::CACHE_CONTROL, uncached.clone());
            headers.append(header::CACHE_CONTROL, uncached);
        }
        None => {
            headers.entry(header::CACHE_CONTROL).or_insert(uncached);
        }
    }
    for warning in warnings {
        let escaped = warning.replace('\\', "\\\\").replace('"', "\\\"");
        if let Ok(value) = HeaderValue::from_str(&format!("299 - \"{escaped}\"")) {
            headers.append(header::WARNING, value);
        }
    }
    response
}

pub(crate) fn accepts_gzip(request: &HeaderMap) -> bool {
    request
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|coding| coding.split(';').next().is_some_and(|name| name.trim() == "gzip"))
}

fn gzip(body: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(body.len() / 8), Compression::fast());
    encoder.write_all(body)?;
    encoder.finish()
}

fn with_type(code: StatusCode, content_type: &'static str, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    *response.status_mut() = code;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}
