//! The way of a request: failures on demand, who, whether, what.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{HeaderMap, Request, Response, StatusCode, header};
use hyper::body::Incoming;

use super::{
    Api, RequestInfo, discovery, openapi,
    pods::offered_protocols,
    request_info::{ResourcePath, Verb},
    response::{self, Body},
    watch,
};
use crate::{
    auth::{Attributes, ResourceAttributes, User},
    builder::MetricsServer,
    faults::{Effect, guard, until_speech},
    kind::Kind,
    status_error::{Reason, StatusError},
};

/// A subprotocol of this name carries a token, for clients that cannot set headers.
const BEARER_PROTOCOL: &str = "base64url.bearer.authorization.k8s.io.";

/// The answer of a handler and what it warns about.
pub(super) struct Answer {
    pub(super) response: Response<Body>,
    /// Texts of `Warning` headers.
    pub(super) warnings: Vec<String>,
}

impl From<Response<Body>> for Answer {
    fn from(response: Response<Body>) -> Self {
        Answer { response, warnings: Vec::new() }
    }
}

impl Api {
    /// Answers one request; whatever goes wrong becomes an answer as well.
    pub(super) async fn handle(&self, request: Request<Incoming>) -> Response<Body> {
        let info = RequestInfo::read(request.method(), request.uri());
        let mut silence = self.faults.silence();
        until_speech(&mut silence).await;
        let effect = self.faults.strike(&info);
        if let Some(answer) = before(effect.as_ref(), &info).await {
            return guard(response::finish(answer, &[]), None, silence);
        }
        let answer = match self.answer(request, &info).await {
            Ok(answer) => answer,
            Err(error) => response::status(&error).into(),
        };
        if effect == Some(Effect::LoseAnswer) {
            std::future::pending::<()>().await;
        }
        until_speech(&mut silence).await;
        guard(response::finish(answer.response, &answer.warnings), effect.as_ref(), silence)
    }

    async fn answer(&self, request: Request<Incoming>, info: &RequestInfo) -> Result<Answer, StatusError> {
        let user = match self.authenticate(request.headers(), info) {
            Err(error) if error.reason == Reason::Forbidden => return Ok(response::forbidden(&error).into()),
            user => user?,
        };
        let wanted = info.attributes();
        if !self.authorizer.decide(&user, &wanted).is_allowed() {
            return Ok(response::forbidden(&wanted.forbidden(&user)).into());
        }
        match &info.resource {
            None => self.non_resource(info, request.headers()).await.map(Answer::from),
            Some(path) => self.resource(request, info, path, &user).await,
        }
    }

    /// Whose bearer token it is, and whom he impersonates.
    fn authenticate(&self, headers: &HeaderMap, info: &RequestInfo) -> Result<User, StatusError> {
        let user = match bearer(headers) {
            None => User::anonymous(),
            Some(token) => self
                .tokens
                .user(&token, self.registry.store())
                .ok_or_else(|| StatusError::new(401, Reason::Unauthorized, "Unauthorized"))?,
        };
        let Some(name) = text(headers, "impersonate-user") else {
            return Ok(user);
        };
        let groups: Vec<String> = headers
            .get_all("impersonate-group")
            .iter()
            .filter_map(|value| value.to_str().ok())
            .map(str::to_owned)
            .collect();
        let may = |resource: &str, name: &str| {
            let wanted = Attributes::Resource(ResourceAttributes {
                verb: "impersonate".to_owned(),
                resource: resource.to_owned(),
                name: name.to_owned(),
                ..ResourceAttributes::default()
            });
            self.authorizer.decide(&user, &wanted).is_allowed()
        };
        if !may("users", &name) || !groups.iter().all(|group| may("groups", group)) {
            return Err(info.attributes().impersonated().forbidden(&user));
        }
        Ok(User::impersonated(&name, groups))
    }

    /// A request under `/api/v1` or `/apis/GROUP/VERSION`, allowed already.
    async fn resource(
        &self,
        request: Request<Incoming>,
        info: &RequestInfo,
        path: &ResourcePath,
        user: &User,
    ) -> Result<Answer, StatusError> {
        let Some(kind) = Kind::of_resource(&path.group, &path.version, &path.resource) else {
            return self.virtual_resource(request, info, path, user).await;
        };
        // The namespace of a namespace is only for its rights.
        let namespace = if kind.is_namespaced() { path.namespace.as_deref() } else { None };
        if !kind.is_namespaced() && kind != Kind::Namespace && path.namespace.is_some() {
            return Err(StatusError::no_such_resource());
        }
        if let Some(subresource) = &path.subresource
            && !(subresource == "status" && kind.info().subresources.contains(&"status"))
        {
            return self.subresource(request, info, path, kind, user).await;
        }
        let headers = request.headers().clone();
        let query = &info.query;
        match (info.verb, path.name.as_deref()) {
            (Verb::List, _) => self.list(kind, namespace, query, &headers).await.map(Answer::from),
            (Verb::Watch, _) => self.watch(kind, namespace, query, &headers).map(Answer::from),
            (Verb::Get, Some(name)) => self.read(kind, namespace, name, query, &headers).map(Answer::from),
            (Verb::Create, None) if namespace.is_some() || !kind.is_namespaced() => {
                self.create(kind, namespace, request, query).await
            }
            (Verb::Update, Some(name)) => self.update(kind, namespace, name, path, request, query).await,
            (Verb::Patch, Some(name)) => self.patch(kind, namespace, name, path, request, query).await,
            (Verb::Delete, Some(name)) if path.subresource.is_none() => {
                self.delete(kind, namespace, name, request, query).await
            }
            (Verb::DeleteCollection, None) if namespace.is_some() || !kind.is_namespaced() => {
                self.delete_collection(kind, namespace, request, query).await.map(Answer::from)
            }
            _ => Err(StatusError::method_not_allowed()),
        }
    }

    /// A resource of which no objects are stored.
    async fn virtual_resource(
        &self,
        request: Request<Incoming>,
        info: &RequestInfo,
        path: &ResourcePath,
        user: &User,
    ) -> Result<Answer, StatusError> {
        let metrics = self.settings.metrics_server;
        if metrics == MetricsServer::Installed && path.group == "metrics.k8s.io" && path.version == "v1beta1"
        {
            return self.metrics(info, path).await.map(Answer::from);
        }
        if let Some(answer) = self.review(request, info.verb, path, user).await? {
            return Ok(answer.into());
        }
        if discovery::serves_group(metrics, &path.group) {
            Err(StatusError::no_such_resource())
        } else {
            Ok(response::page_not_found().into())
        }
    }

    async fn subresource(
        &self,
        request: Request<Incoming>,
        info: &RequestInfo,
        path: &ResourcePath,
        kind: Kind,
        user: &User,
    ) -> Result<Answer, StatusError> {
        let namespace = path.namespace.as_deref();
        let (Some(name), Some(subresource)) = (path.name.as_deref(), path.subresource.as_deref()) else {
            return Err(StatusError::no_such_resource());
        };
        match (kind, subresource) {
            (Kind::Pod, "log") if info.verb == Verb::Get => {
                self.log(namespace, name, &info.query, request.headers()).await.map(Answer::from)
            }
            (Kind::Pod, "attach" | "exec") => self.remote(request, info, path, user).await.map(Answer::from),
            (Kind::ServiceAccount, "token") if info.verb == Verb::Create => {
                self.token(namespace, name, request).await.map(Answer::from)
            }
            (Kind::Pod, "log") | (Kind::ServiceAccount, "token") => Err(StatusError::method_not_allowed()),
            _ => Err(StatusError::no_such_resource()),
        }
    }

    async fn non_resource(
        &self,
        info: &RequestInfo,
        headers: &HeaderMap,
    ) -> Result<Response<Body>, StatusError> {
        if info.verb != Verb::Get {
            return Err(StatusError::method_not_allowed());
        }
        match info.path.trim_end_matches('/') {
            "/healthz" | "/livez" | "/readyz" => Ok(response::healthy()),
            "/version" => Ok(response::object(&discovery::version(self.settings.release))),
            path if path.starts_with("/openapi/") => {
                let answer = openapi::answer(path, self.settings.release, headers).await;
                Ok(answer.unwrap_or_else(|| response::empty(StatusCode::NOT_FOUND)))
            }
            path => discovery::answer(path, headers, self.settings.metrics_server),
        }
    }
}

/// What a failure does before the request is carried out.
async fn before(effect: Option<&Effect>, info: &RequestInfo) -> Option<Response<Body>> {
    match effect? {
        Effect::Answer { code, message } => Some(response::status(&injected(*code, message))),
        Effect::AnswerText { code, text } => {
            let code = StatusCode::from_u16(*code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            Some(response::text(code, text.clone()))
        }
        Effect::ExpireWatch => {
            let error = StatusError::expired("too old resource version: 1 (2)");
            let is_watch = info.verb == Verb::Watch;
            Some(if is_watch { watch::failed(&error) } else { response::status(&error) })
        }
        Effect::Delay(time) => {
            tokio::time::sleep(*time).await;
            None
        }
        Effect::Hang => {
            std::future::pending::<()>().await;
            None
        }
        Effect::CutAfter(_) | Effect::StallAfter(_) | Effect::LoseAnswer => None,
    }
}

/// A `Status` whose reason is the usual one of its code.
fn injected(code: u16, message: &str) -> StatusError {
    let retry = Duration::from_secs(1).as_secs();
    let reason = match code {
        400 => Reason::BadRequest,
        401 => Reason::Unauthorized,
        403 => Reason::Forbidden,
        404 => Reason::NotFound,
        409 => Reason::Conflict,
        410 => Reason::Expired,
        422 => Reason::Invalid,
        429 => Reason::TooManyRequests,
        500 => Reason::InternalError,
        503 => Reason::ServiceUnavailable,
        504 => Reason::Timeout,
        _ => Reason::Unknown,
    };
    let error = StatusError::new(code, reason, message);
    if matches!(code, 429 | 503) { error.with_detail("retryAfterSeconds", retry.into()) } else { error }
}

/// The bearer token of `Authorization`, or the one that rides in a websocket's subprotocol.
fn bearer(headers: &HeaderMap) -> Option<String> {
    if let Some(value) = text(headers, header::AUTHORIZATION.as_str()) {
        let (scheme, token) = value.split_once(' ')?;
        return scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned());
    }
    let protocols = offered_protocols(headers);
    let encoded = protocols.iter().find_map(|name| name.strip_prefix(BEARER_PROTOCOL))?;
    let token = URL_SAFE_NO_PAD.decode(encoded.trim_end_matches('=')).ok()?;
    String::from_utf8(token).ok()
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}
