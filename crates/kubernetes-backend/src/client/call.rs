//! Sending a call, and what comes back.

use std::error::Error as StdError;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures::StreamExt;
use futures::stream::BoxStream;
use http::{HeaderMap, Request, Response, StatusCode};
use http_body_util::{BodyExt, Limited};
use hyper_util::rt::TokioIo;
use kube::client::Body;
use launcher_api::response::LatencySample;
use serde::de::DeserializeOwned;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;

use super::compression::Plain;
use super::connect::Connections;
use super::latency::Latency;
use super::token::Token;
use super::warned::Warned;
use super::{ApiFailure, Call, FailureKind, Patience, Verb};
use crate::settings::{KubernetesSettings, SetupError};

/// The most that a plain answer may hold; a page of a list is far below.
const LARGEST_ANSWER: usize = 512 * 1024 * 1024;
/// The most that is read of a refusal.
const LARGEST_REFUSAL: usize = 256 * 1024;

/// The API server, as one service account sees it. Cheap to clone.
#[derive(Clone)]
pub struct ApiClient {
    inner: Arc<Inner>,
}

struct Inner {
    connections: Connections,
    patience: Patience,
    namespace: Arc<str>,
    token: Token,
    latency: Latency,
    warned: Warned,
}

/// The body of a streamed answer. Ends where the server ends it, or with a failure.
pub type ByteStream = BoxStream<'static, Result<Bytes, ApiFailure>>;

/// An upgraded connection, and whether its protocol can close one direction alone.
pub struct WebSocket {
    /// The messages.
    pub stream: WebSocketStream<TokioIo<hyper::upgrade::Upgraded>>,
    /// v5 can end standard input and keep the rest open; v4 can't.
    pub closes_channels: bool,
}

/// A whole answer.
pub struct Answer {
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Bytes,
}

impl ApiClient {
    /// A client for the server that the settings name. Connects when it is first used.
    ///
    /// # Errors
    /// [`SetupError`] for settings that no server could answer.
    pub fn new(settings: &KubernetesSettings, patience: Patience) -> Result<Self, SetupError> {
        let valid = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if settings.namespace.is_empty() || !settings.namespace.bytes().all(valid) {
            return Err(SetupError::Namespace { namespace: settings.namespace.clone() });
        }
        Ok(Self {
            inner: Arc::new(Inner {
                connections: Connections::new(settings, &patience)?,
                patience,
                namespace: settings.namespace.as_str().into(),
                token: Token::new(settings.token.clone()),
                latency: Latency::default(),
                warned: Warned::default(),
            }),
        })
    }

    /// Where jobs are made.
    pub fn namespace(&self) -> &str {
        &self.inner.namespace
    }

    /// The same, to be kept.
    pub fn namespace_shared(&self) -> &Arc<str> {
        &self.inner.namespace
    }

    /// How long the cluster is waited for.
    pub fn patience(&self) -> &Patience {
        &self.inner.patience
    }

    /// How long calls took since this was last asked.
    pub fn take_latency(&self) -> Option<LatencySample> {
        self.inner.latency.take()
    }

    /// Makes a call and reads the answer as `T`.
    ///
    /// # Errors
    /// [`ApiFailure`], also where the answer is not a `T`.
    pub async fn read<T: DeserializeOwned>(&self, call: &Call) -> Result<T, ApiFailure> {
        let answer = self.call(call).await?;
        serde_json::from_slice(&answer.body)
            .map_err(|error| self.failed(call, FailureKind::Unexpected { reason: error.to_string() }))
    }

    /// Makes a call; if a kept connection broke or did not answer, once more over a new one.
    ///
    /// So a call may be made twice, and must come to the same: what is created has a name of its own, and the caller looks
    /// whose it is when that is taken; a deletion that finds nothing the second time has succeeded; a change that names the
    /// version it is made to is made once only.
    ///
    /// # Errors
    /// [`ApiFailure`].
    pub async fn call(&self, call: &Call) -> Result<Answer, ApiFailure> {
        self.call_heeding(call, |_| {}).await
    }

    /// The same. `heed` is shown all that has come of the body each time that there is more of it, and once more from the
    /// beginning if the call is made twice.
    ///
    /// # Errors
    /// [`ApiFailure`].
    pub async fn call_heeding(
        &self,
        call: &Call,
        mut heed: impl FnMut(&[u8]) + Send,
    ) -> Result<Answer, ApiFailure> {
        let Connections { kept, fresh, doubt } = &self.inner.connections;
        let patience = self.patience();
        if !call.is_repeatable() || doubt.holds(patience.kept) {
            return self.whole(call, fresh, patience.answer, &mut heed).await;
        }
        let failure = match self.whole(call, kept, patience.first_answer, &mut heed).await {
            Err(failure) if matches!(failure.kind, FailureKind::Timeout | FailureKind::Broken { .. }) => {
                failure
            }
            result => return result,
        };
        tracing::debug!("{failure}; once more, over a new connection");
        doubt.arise();
        match self.whole(call, fresh, patience.answer, &mut heed).await {
            Err(failure) if call.verb() == Verb::Delete && failure.is_not_found() => {
                Ok(Answer { headers: HeaderMap::new(), body: Bytes::new() })
            }
            result => result,
        }
    }

    async fn whole(
        &self,
        call: &Call,
        way: &kube::Client,
        limit: Duration,
        heed: &mut (impl FnMut(&[u8]) + Send),
    ) -> Result<Answer, ApiFailure> {
        let whole = async {
            let response = self.send(call, way).await?;
            let (parts, body) = response.into_parts();
            let mut plain = Plain::begin(&parts.headers, LARGEST_ANSWER)?;
            let mut pieces = body.into_data_stream();
            while let Some(piece) = pieces.next().await {
                plain.push(&piece.map_err(|error| transport(&error))?)?;
                heed(plain.so_far());
            }
            Ok(Answer { headers: parts.headers, body: plain.end()? })
        };
        self.measured(call, limit, whole).await
    }

    /// Makes a call whose answer goes on: a watch, a log that is followed. The time limit is only for its beginning.
    ///
    /// # Errors
    /// [`ApiFailure`].
    pub async fn open(&self, call: &Call) -> Result<ByteStream, ApiFailure> {
        let sent = self.send(call, &self.inner.connections.fresh);
        let response = self.measured(call, self.patience().opening, sent).await?;
        let operation = call.operation(&self.inner.namespace);
        let stream = response.into_body().into_data_stream().map(move |piece| {
            piece.map_err(|error| ApiFailure { operation: operation.clone(), kind: transport(&error) })
        });
        Ok(stream.boxed())
    }

    /// Opens a WebSocket for a container's streams.
    ///
    /// # Errors
    /// [`ApiFailure`].
    pub async fn connect(&self, call: &Call) -> Result<WebSocket, ApiFailure> {
        let opening = async {
            let mut again = true;
            loop {
                let request = self.request(call)?;
                match self.inner.connections.fresh.connect(request).await {
                    Ok(connection) => {
                        let closes_channels = connection.supports_stream_close();
                        return Ok(WebSocket { stream: connection.into_stream(), closes_channels });
                    }
                    Err(error) => {
                        let kind = refusal(&error);
                        if kind == FailureKind::Unauthorized && again && self.inner.token.refused() {
                            again = false;
                            continue;
                        }
                        return Err(kind);
                    }
                }
            }
        };
        self.measured(call, self.patience().opening, opening).await
    }

    /// Runs a call against its time limit, and takes its time.
    async fn measured<T>(
        &self,
        call: &Call,
        limit: Duration,
        work: impl Future<Output = Result<T, FailureKind>>,
    ) -> Result<T, ApiFailure> {
        let begun = Instant::now();
        let result = timeout(limit, work).await.unwrap_or(Err(FailureKind::Timeout));
        self.inner.latency.record(begun.elapsed());
        result.map_err(|kind| self.failed(call, kind))
    }

    fn failed(&self, call: &Call, kind: FailureKind) -> ApiFailure {
        ApiFailure { operation: call.operation(&self.inner.namespace), kind }
    }

    fn request(&self, call: &Call) -> Result<Request<Vec<u8>>, FailureKind> {
        let mut request = call
            .request(self.namespace())
            .map_err(|error| FailureKind::Unexpected { reason: error.to_string() })?;
        request.headers_mut().insert(http::header::AUTHORIZATION, self.inner.token.header()?);
        Ok(request)
    }

    /// The answer's beginning; anything but a success is a failure. A refused token is read again once.
    async fn send(&self, call: &Call, way: &kube::Client) -> Result<Response<Body>, FailureKind> {
        let mut again = true;
        loop {
            let request = self.request(call)?.map(Body::from);
            let response = way.send(request).await.map_err(|error| refusal(&error))?;
            if response.status().is_success() {
                let operation = call.operation(&self.inner.namespace);
                self.inner.warned.pass_on(&operation, response.headers());
                return Ok(response);
            }
            if response.status() == StatusCode::UNAUTHORIZED && again && self.inner.token.refused() {
                again = false;
                continue;
            }
            let code = response.status().as_u16();
            let body = refusal_text(response.into_body()).await;
            return Err(FailureKind::of_answer(code, &body));
        }
    }
}

/// What a server says of its refusal; nothing if that breaks off or is too long.
async fn refusal_text(body: Body) -> Bytes {
    let collected = Limited::new(body, LARGEST_REFUSAL).collect().await;
    collected.map(http_body_util::Collected::to_bytes).unwrap_or_default()
}

fn refusal(error: &kube::Error) -> FailureKind {
    match error {
        kube::Error::Api(status) => {
            let body = serde_json::to_value(status).unwrap_or_default();
            match serde_json::from_value(body) {
                Ok(status_object) => FailureKind::of_status(status.code, status_object),
                Err(_) => FailureKind::Server { code: status.code, message: status.message.clone() },
            }
        }
        other => transport(other),
    }
}

/// What a failure below HTTP amounts to: certificates, connections, broken streams.
fn transport(error: &(dyn StdError + 'static)) -> FailureKind {
    let mut deepest = error;
    let mut connecting = false;
    let mut late = false;
    let mut next = Some(error);
    while let Some(link) = next {
        if let Some(tls) = link.downcast_ref::<rustls::Error>().or_else(|| tls_inside(link)) {
            return match tls {
                rustls::Error::InvalidCertificate(_) | rustls::Error::NoCertificatesPresented => {
                    FailureKind::Certificate { reason: tls.to_string() }
                }
                _ => FailureKind::Unreachable { reason: tls.to_string() },
            };
        }
        connecting |= link
            .downcast_ref::<hyper_util::client::legacy::Error>()
            .is_some_and(hyper_util::client::legacy::Error::is_connect);
        late |= link.is::<tower::timeout::error::Elapsed>();
        deepest = link;
        next = link.source();
    }
    let reason = if late { "no connection came about in time".to_owned() } else { deepest.to_string() };
    if connecting { FailureKind::Unreachable { reason } } else { FailureKind::Broken { reason } }
}

/// An IO error keeps its cause apart from its `source`, and may hold another IO error.
fn tls_inside<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a rustls::Error> {
    let inside = error.downcast_ref::<std::io::Error>()?.get_ref()?;
    inside.downcast_ref().or_else(|| tls_inside(inside))
}
