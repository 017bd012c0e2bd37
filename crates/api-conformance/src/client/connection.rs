//! A request on a connection of its own, and its answer read whole or line by line.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use http::{Request, Response, request};
use http_body_util::{BodyExt, Full};
use hyper::{body::Incoming, client::conn::http1};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::{net::TcpStream, time::Instant};
use tokio_rustls::TlsConnector;

use super::{Cluster, PATIENCE};
use crate::{Answer, ConformanceError, Content, row::Who};

/// A request with everything filled in.
#[derive(Clone, Debug)]
pub(crate) struct Outgoing {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) who: Who,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Outgoing {
    pub(crate) fn new(who: Who, method: &str, path: &str, body: &str) -> Outgoing {
        let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
        let (method, path, body) = (method.to_owned(), path.to_owned(), body.to_owned());
        Outgoing { method, path, who, headers, body }
    }

    pub(super) fn title(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    fn is_watch(&self) -> bool {
        self.path.contains("watch=true") || self.path.contains("watch=1")
    }
}

impl Cluster {
    /// Sends a request and reads the whole answer.
    pub(crate) async fn ask(&self, outgoing: &Outgoing) -> Result<Answer, ConformanceError> {
        let work = async {
            let (response, _) = self.open(outgoing).await?;
            read(outgoing, response).await
        };
        match tokio::time::timeout(PATIENCE, work).await {
            Ok(answer) => answer,
            Err(_) => Err(late(outgoing, PATIENCE)),
        }
    }

    /// Sends a request and returns the answer's head, its body to be read.
    pub(super) async fn open(
        &self,
        outgoing: &Outgoing,
    ) -> Result<(Response<Incoming>, request::Parts), ConformanceError> {
        let request = self.request(outgoing)?;
        let (parts, body) = request.into_parts();
        let url = self.url.to_string();
        let connect = |source| ConformanceError::Connect { url: url.clone(), source };
        let port = self.url.port_u16().unwrap_or(443);
        let host = self.url.host().unwrap_or_default();
        let tcp = TcpStream::connect((host, port)).await.map_err(connect)?;
        let connector = TlsConnector::from(Arc::clone(self.tls(outgoing.who)));
        let tls = connector.connect(self.host.clone(), tcp).await.map_err(connect)?;
        let failed = |source| ConformanceError::Http { request: outgoing.title(), source };
        let (mut sender, connection) = http1::handshake(TokioIo::new(tls)).await.map_err(failed)?;
        tokio::spawn(connection.with_upgrades());
        let response = sender.send_request(Request::from_parts(parts.clone(), body)).await.map_err(failed)?;
        Ok((response, parts))
    }

    fn request(&self, outgoing: &Outgoing) -> Result<Request<Full<Bytes>>, ConformanceError> {
        let authority = self.url.authority().map(http::uri::Authority::as_str).unwrap_or_default();
        let mut request = Request::builder()
            .method(outgoing.method.as_str())
            .uri(outgoing.path.as_str())
            .header("host", authority)
            .header("user-agent", "conformance");
        let named = outgoing.headers.iter().any(|(name, _)| name == "authorization");
        if let (Some(token), false) = (self.token(outgoing.who), named) {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        for (name, value) in &outgoing.headers {
            request = request.header(name, value);
        }
        request
            .body(Full::from(outgoing.body.clone()))
            .map_err(|source| ConformanceError::Request { request: outgoing.title(), source })
    }

    /// Opens a watch.
    pub(crate) async fn watch(&self, outgoing: &Outgoing) -> Result<Lines, ConformanceError> {
        let (response, _) = self.open(outgoing).await?;
        Ok(Lines { response, buffer: Vec::new(), lines: Vec::new() })
    }
}

/// An open watch.
pub(crate) struct Lines {
    response: Response<Incoming>,
    buffer: Vec<u8>,
    lines: Vec<Value>,
}

impl Lines {
    pub(crate) fn status(&self) -> u16 {
        self.response.status().as_u16()
    }

    /// Reads until a line is the wanted one; `false` when the watch or its time ends without it.
    pub(crate) async fn read_until(&mut self, wanted: impl Fn(&Value) -> bool, deadline: Instant) -> bool {
        if self.lines.iter().any(&wanted) {
            return true;
        }
        loop {
            let frame = match tokio::time::timeout_at(deadline, self.response.body_mut().frame()).await {
                Ok(Some(Ok(frame))) => frame,
                Ok(Some(Err(_)) | None) | Err(_) => return false,
            };
            self.buffer.extend_from_slice(&frame.into_data().unwrap_or_default());
            let mut found = false;
            while let Some(end) = self.buffer.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.buffer.drain(..=end).collect();
                if found {
                    continue;
                }
                let event = serde_json::from_slice(&line).unwrap_or(Value::Null);
                found = wanted(&event);
                self.lines.push(event);
            }
            if found {
                return true;
            }
        }
    }

    /// What was read, as an answer.
    pub(crate) fn answer(self) -> Answer {
        Answer {
            status: self.status(),
            headers: headers(&self.response),
            content: Content::Lines(self.lines),
        }
    }
}

/// Reads an answer to its end; one that is cut ends there.
pub(super) async fn read(
    outgoing: &Outgoing,
    mut response: Response<Incoming>,
) -> Result<Answer, ConformanceError> {
    let headers = headers(&response);
    let mut body = Vec::new();
    while let Some(Ok(frame)) = response.body_mut().frame().await {
        body.extend_from_slice(&frame.into_data().unwrap_or_default());
    }
    let status = response.status().as_u16();
    Ok(Answer { status, headers, content: Content::read(&body, status == 200 && outgoing.is_watch()) })
}

pub(super) fn headers<B>(response: &Response<B>) -> Vec<(String, String)> {
    let text = |value: &http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    response.headers().iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect()
}

pub(super) fn late(outgoing: &Outgoing, patience: Duration) -> ConformanceError {
    ConformanceError::Late { request: outgoing.title(), seconds: patience.as_secs() }
}
