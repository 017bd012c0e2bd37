//! Requests that are questions: what may I do, who am I, give me a token.

use http::{Request, Response, StatusCode};
use hyper::body::Incoming;
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{
    Api, body, decode,
    request_info::{ResourcePath, Verb},
    response::{self, Body},
};
use crate::{
    auth::{Attributes, Decision, Lifetime, ResourceAttributes, RulesReview, User},
    kind::Kind,
    status_error::{Cause, Reason, StatusError},
    time,
};

/// The shortest life of a token, in seconds.
const MIN_TOKEN_LIFE: i64 = 600;
/// The life of a token whose request names none, in seconds.
const DEFAULT_TOKEN_LIFE: i64 = 3600;

impl Api {
    /// `POST` of a review; `None` when the path is none.
    ///
    /// # Errors
    /// 400 for a body that is no JSON; 405 for another verb.
    pub(super) async fn review(
        &self,
        request: Request<Incoming>,
        verb: Verb,
        path: &ResourcePath,
        user: &User,
    ) -> Result<Option<Response<Body>>, StatusError> {
        let known = matches!(
            (path.group.as_str(), path.version.as_str(), path.resource.as_str()),
            ("authorization.k8s.io", "v1", "selfsubjectaccessreviews" | "selfsubjectrulesreviews")
                | ("authentication.k8s.io", "v1", "selfsubjectreviews")
        );
        if !known {
            return Ok(None);
        }
        if verb != Verb::Create || path.name.is_some() {
            return Err(StatusError::method_not_allowed());
        }
        let (parts, incoming) = request.into_parts();
        let media = body::media_type(&parts.headers)?;
        let sent = decode::untyped(media, &body::read(incoming).await?)?;
        let answer = match path.resource.as_str() {
            "selfsubjectaccessreviews" => self.access_review(user, &sent),
            "selfsubjectrulesreviews" => {
                let namespace = sent["spec"]["namespace"].as_str().unwrap_or_default();
                let status = RulesReview::of(&self.authorizer, user, namespace).to_value();
                review("SelfSubjectRulesReview", "authorization.k8s.io/v1", &json!({}), &status)
            }
            _ => {
                let status = json!({"userInfo": user.to_value()});
                let mut answer =
                    review("SelfSubjectReview", "authentication.k8s.io/v1", &Value::Null, &status);
                answer["metadata"] = json!({"creationTimestamp": time::now_seconds()});
                answer
            }
        };
        Ok(Some(response::json(StatusCode::CREATED, answer.to_string().into())))
    }

    fn access_review(&self, user: &User, sent: &Value) -> Value {
        let spec = &sent["spec"];
        let wanted = read_attributes(spec);
        let status = match self.authorizer.decide(user, &wanted) {
            Decision::Allowed(reason) if reason.is_empty() => json!({"allowed": true}),
            Decision::Allowed(reason) => json!({"allowed": true, "reason": reason}),
            Decision::Denied => json!({"allowed": false}),
        };
        review("SelfSubjectAccessReview", "authorization.k8s.io/v1", spec, &status)
    }

    /// `POST …/serviceaccounts/x/token`.
    ///
    /// # Errors
    /// 404 without such an account; 422 for a life that is too short.
    pub(super) async fn token(
        &self,
        namespace: Option<&str>,
        name: &str,
        request: Request<Incoming>,
    ) -> Result<Response<Body>, StatusError> {
        let (parts, incoming) = request.into_parts();
        let media = body::media_type(&parts.headers)?;
        let sent = decode::untyped(media, &body::read(incoming).await?)?;
        let account = self.registry.store().get(Kind::ServiceAccount, namespace, name)?;
        let seconds = sent["spec"]["expirationSeconds"].as_i64().unwrap_or(DEFAULT_TOKEN_LIFE);
        if seconds < MIN_TOKEN_LIFE {
            return Err(too_short(seconds));
        }
        let end =
            time::now().saturating_add(SignedDuration::from_secs(seconds)).unwrap_or(jiff::Timestamp::MAX);
        let token = self.tokens.issue(account.namespace(), name, account.uid(), Lifetime::Until(end));
        let answer = json!({
            "kind": "TokenRequest",
            "apiVersion": "authentication.k8s.io/v1",
            "metadata": {
                "name": name, "namespace": account.namespace(), "uid": account.uid(),
                "creationTimestamp": time::now_seconds(),
            },
            "spec": {
                "audiences": ["https://kubernetes.default.svc"], "expirationSeconds": seconds, "boundObjectRef": null
            },
            "status": {"token": token, "expirationTimestamp": time::seconds(end)},
        });
        Ok(response::json(StatusCode::CREATED, answer.to_string().into()))
    }
}

fn too_short(seconds: i64) -> StatusError {
    let text = "Invalid value: ".to_owned()
        + &seconds.to_string()
        + ": may not specify a duration less than 10 minutes";
    StatusError::new(
        422,
        Reason::Invalid,
        format!("TokenRequest.authentication.k8s.io \"\" is invalid: spec.expirationSeconds: {text}"),
    )
    .with_detail("group", "authentication.k8s.io".into())
    .with_detail("kind", "TokenRequest".into())
    .with_cause(Cause {
        reason: "FieldValueInvalid",
        message: text,
        field: "spec.expirationSeconds".to_owned(),
    })
}

fn read_attributes(spec: &Value) -> Attributes {
    let path = &spec["nonResourceAttributes"];
    if path.is_object() {
        let text = |field: &str| path[field].as_str().unwrap_or_default().to_owned();
        return Attributes::NonResource { verb: text("verb"), path: text("path") };
    }
    let resource = &spec["resourceAttributes"];
    let text = |field: &str| resource[field].as_str().unwrap_or_default().to_owned();
    Attributes::Resource(ResourceAttributes {
        verb: text("verb"),
        group: text("group"),
        version: text("version"),
        resource: text("resource"),
        subresource: text("subresource"),
        namespace: text("namespace"),
        name: text("name"),
    })
}

fn review(kind: &str, api_version: &str, spec: &Value, status: &Value) -> Value {
    let mut answer = json!({"kind": kind, "apiVersion": api_version, "metadata": {}});
    if !spec.is_null() {
        answer["spec"] = spec.clone();
    }
    answer["status"] = status.clone();
    answer
}
