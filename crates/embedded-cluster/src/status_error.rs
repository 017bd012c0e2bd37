//! A refusal as the Kubernetes API words it: the `Status` object of `meta/v1`.

use std::fmt;

use serde_json::{Map, Value, json};

use crate::kind::Kind;

/// `reason` of a `Status`, the part that clients decide by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    AlreadyExists,
    BadRequest,
    Conflict,
    Expired,
    Forbidden,
    InternalError,
    Invalid,
    MethodNotAllowed,
    NotAcceptable,
    NotFound,
    RequestEntityTooLarge,
    ServiceUnavailable,
    Timeout,
    TooManyRequests,
    Unauthorized,
    UnsupportedMediaType,
    /// No reason at all, as when the API server passes on a failure that it does not know.
    Unknown,
}

impl Reason {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Reason::AlreadyExists => "AlreadyExists",
            Reason::BadRequest => "BadRequest",
            Reason::Conflict => "Conflict",
            Reason::Expired => "Expired",
            Reason::Forbidden => "Forbidden",
            Reason::InternalError => "InternalError",
            Reason::Invalid => "Invalid",
            Reason::MethodNotAllowed => "MethodNotAllowed",
            Reason::NotAcceptable => "NotAcceptable",
            Reason::NotFound => "NotFound",
            Reason::RequestEntityTooLarge => "RequestEntityTooLarge",
            Reason::ServiceUnavailable => "ServiceUnavailable",
            Reason::Timeout => "Timeout",
            Reason::TooManyRequests => "TooManyRequests",
            Reason::Unauthorized => "Unauthorized",
            Reason::UnsupportedMediaType => "UnsupportedMediaType",
            Reason::Unknown => "",
        }
    }
}

/// One entry of `details.causes`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cause {
    pub(crate) reason: &'static str,
    pub(crate) message: String,
    pub(crate) field: String,
}

/// A refused request. Its `Display` is the message that a client shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StatusError {
    pub(crate) code: u16,
    pub(crate) reason: Reason,
    pub(crate) message: String,
    more: Box<More>,
}

/// What only some refusals tell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct More {
    /// `details` without its causes (`name`, `group`, `kind`, `retryAfterSeconds`, `uid`). Some answers have
    /// none, some an empty one.
    details: Option<Map<String, Value>>,
    causes: Vec<Cause>,
    /// `metadata.continue` of an expired list.
    continue_token: Option<String>,
}

impl StatusError {
    pub(crate) fn new(code: u16, reason: Reason, message: impl Into<String>) -> Self {
        StatusError { code, reason, message: message.into(), more: Box::default() }
    }

    pub(crate) fn not_found(kind: Kind, name: &str) -> Self {
        let message = format!("{} \"{name}\" not found", kind.qualified_resource());
        StatusError::new(404, Reason::NotFound, message).about(kind, name)
    }

    pub(crate) fn already_exists(kind: Kind, name: &str) -> Self {
        let message = format!("{} \"{name}\" already exists", kind.qualified_resource());
        StatusError::new(409, Reason::AlreadyExists, message).about(kind, name)
    }

    pub(crate) fn conflict(kind: Kind, name: &str, why: &str) -> Self {
        let message =
            format!("Operation cannot be fulfilled on {} \"{name}\": {why}", kind.qualified_resource());
        StatusError::new(409, Reason::Conflict, message).about(kind, name)
    }

    /// 409 for preconditions that do not hold; names the kind where [`StatusError::conflict`] names the resource.
    pub(crate) fn precondition(kind: Kind, name: &str, why: &str) -> Self {
        let info = kind.info();
        let qualified = qualified_kind(kind);
        let message = format!("Operation cannot be fulfilled on {qualified} \"{name}\": {why}");
        let mut error = StatusError::new(409, Reason::Conflict, message);
        error.more.details = Some(details(name, info.group, info.name));
        error
    }

    /// 403 for a resource on which admission (not RBAC) says no.
    pub(crate) fn forbidden(kind: Kind, name: &str, why: &str) -> Self {
        let resource = kind.qualified_resource();
        StatusError::new(403, Reason::Forbidden, format!("{resource} \"{name}\" is forbidden: {why}"))
            .about(kind, name)
    }

    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        StatusError::new(400, Reason::BadRequest, message)
    }

    pub(crate) fn internal(message: impl fmt::Display) -> Self {
        StatusError::new(500, Reason::InternalError, format!("Internal error occurred: {message}"))
    }

    /// 422 with one cause for each fault of the object.
    pub(crate) fn invalid(kind: Kind, name: &str, causes: Vec<Cause>) -> Self {
        let info = kind.info();
        let lines: Vec<String> =
            causes.iter().map(|cause| format!("{}: {}", cause.field, cause.message)).collect();
        let all = match lines.as_slice() {
            [one] => one.clone(),
            many => format!("[{}]", many.join(", ")),
        };
        let qualified = if info.group.is_empty() {
            info.name.to_owned()
        } else {
            format!("{}.{}", info.name, info.group)
        };
        let mut error =
            StatusError::new(422, Reason::Invalid, format!("{qualified} \"{name}\" is invalid: {all}"));
        error.more.details = Some(details(name, info.group, info.name));
        error.more.causes = causes;
        error
    }

    /// 404 for a resource of a known group that nobody serves.
    pub(crate) fn no_such_resource() -> Self {
        StatusError::new(404, Reason::NotFound, "the server could not find the requested resource")
            .with_empty_details()
    }

    /// 405.
    pub(crate) fn method_not_allowed() -> Self {
        StatusError::new(
            405,
            Reason::MethodNotAllowed,
            "the server does not allow this method on the requested resource",
        )
        .with_empty_details()
    }

    /// 410: the version asked for is no longer held.
    pub(crate) fn expired(message: impl Into<String>) -> Self {
        StatusError::new(410, Reason::Expired, message)
    }

    /// Names the object in `details`.
    pub(crate) fn about(mut self, kind: Kind, name: &str) -> Self {
        let info = kind.info();
        self.more.details = Some(details(name, info.group, info.plural));
        self
    }

    pub(crate) fn with_cause(mut self, cause: Cause) -> Self {
        self.more.causes.push(cause);
        self
    }

    pub(crate) fn with_causes(mut self, causes: Vec<Cause>) -> Self {
        self.more.causes.extend(causes);
        self
    }

    /// Where an expired list may go on.
    pub(crate) fn with_continue(mut self, token: Option<String>) -> Self {
        self.more.continue_token = token;
        self
    }

    /// How long the client should wait before it tries again, in seconds.
    pub(crate) fn retry_after(&self) -> Option<u64> {
        self.more.details.as_ref()?.get("retryAfterSeconds")?.as_u64()
    }

    pub(crate) fn with_detail(mut self, key: &str, value: Value) -> Self {
        self.more.details.get_or_insert_default().insert(key.to_owned(), value);
        self
    }

    /// `"details":{}`, as the API server writes it where it has nothing to tell.
    pub(crate) fn with_empty_details(mut self) -> Self {
        self.more.details.get_or_insert_default();
        self
    }

    pub(crate) fn is_not_found(&self) -> bool {
        self.reason == Reason::NotFound
    }

    /// The `Status` object as it goes over the wire.
    pub(crate) fn to_value(&self) -> Value {
        let mut metadata = Map::new();
        if let Some(token) = &self.more.continue_token {
            metadata.insert("continue".to_owned(), json!(token));
        }
        let mut status = json!({
            "kind": "Status",
            "apiVersion": "v1",
            "metadata": metadata,
            "status": "Failure",
            "message": self.message,
        });
        if self.reason != Reason::Unknown {
            status["reason"] = json!(self.reason.as_str());
        }
        let mut details = self.more.details.clone();
        if !self.more.causes.is_empty() {
            let causes = self.more.causes.iter().map(cause_value).collect();
            details.get_or_insert_default().insert("causes".to_owned(), causes);
        }
        if let Some(details) = details {
            status["details"] = Value::Object(details);
        }
        status["code"] = json!(self.code);
        status
    }
}

impl fmt::Display for StatusError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for StatusError {}

/// `Pod`, `Job.batch`.
fn qualified_kind(kind: Kind) -> String {
    let info = kind.info();
    if info.group.is_empty() { info.name.to_owned() } else { format!("{}.{}", info.name, info.group) }
}

fn details(name: &str, group: &str, kind: &str) -> Map<String, Value> {
    let mut details = Map::new();
    for (key, value) in [("name", name), ("group", group), ("kind", kind)] {
        if !value.is_empty() {
            details.insert(key.to_owned(), json!(value));
        }
    }
    details
}

fn cause_value(cause: &Cause) -> Value {
    let mut value = Map::new();
    for (key, text) in
        [("reason", cause.reason), ("message", cause.message.as_str()), ("field", cause.field.as_str())]
    {
        if !text.is_empty() {
            value.insert(key.to_owned(), json!(text));
        }
    }
    Value::Object(value)
}
