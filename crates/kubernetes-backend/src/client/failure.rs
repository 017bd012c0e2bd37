//! How a call to the API server fails.

use std::fmt;
use std::sync::Arc;

use launcher_plugin::BackendError;
use serde::Deserialize;

use super::{Resource, Verb};

/// What a call was about; told in every failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// The right that it needs.
    pub verb: Verb,
    /// On what.
    pub resource: Resource,
    /// Where; none for what has no namespace.
    pub namespace: Option<Arc<str>>,
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.verb, self.resource)?;
        match &self.namespace {
            Some(namespace) => write!(f, " in namespace '{namespace}'"),
            None => Ok(()),
        }
    }
}

/// A call that did not succeed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("cannot {operation}: {kind}")]
pub struct ApiFailure {
    /// What was called.
    pub operation: Operation,
    /// Why it failed.
    pub kind: FailureKind,
}

/// The kinds of failure, by what follows from them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FailureKind {
    /// 401.
    #[error("the API server does not accept the token")]
    Unauthorized,
    /// 403 for want of a right. A restarting API server says so for a moment to anyone.
    #[error("the service account lacks that right: {message}")]
    Forbidden {
        /// The server's words.
        message: String,
    },
    /// 403 because a quota is used up.
    #[error("a quota is used up: {message}")]
    Quota {
        /// The server's words.
        message: String,
    },
    /// 403 because the namespace is being deleted.
    #[error("the namespace is being deleted")]
    NamespaceTerminating,
    /// 404 about an object.
    #[error("not found: {message}")]
    NotFound {
        /// The server's words.
        message: String,
    },
    /// 404 of the pod's node: the API server knows the pod, and its kubelet, which has just come back, does not yet.
    #[error("the pod's node does not know it yet: {message}")]
    UnknownToNode {
        /// Its words.
        message: String,
    },
    /// 404 about the API itself: its group is not installed.
    #[error("the API server does not have this API")]
    NoSuchApi,
    /// 409: the name is taken.
    #[error("it exists already")]
    AlreadyExists,
    /// 409: the object has changed meanwhile.
    #[error("the object has changed meanwhile")]
    Conflict,
    /// 410: the version or the continue token is too old.
    #[error("the version is too old")]
    Gone,
    /// 400 and 422: the request is wrong.
    #[error("{}", told(.message, .causes))]
    Invalid {
        /// The server's words.
        message: String,
        /// One for each wrong field.
        causes: Vec<Cause>,
    },
    /// 413, or an object that does not fit into the cluster's store.
    #[error("the object is too large for the cluster")]
    TooLarge,
    /// 429: asked too much.
    #[error("the API server is busy")]
    TooManyRequests,
    /// 5xx: the server or the node behind it fails.
    #[error("the API server failed ({code}): {message}")]
    Server {
        /// The HTTP status.
        code: u16,
        /// The server's words.
        message: String,
    },
    /// It did not answer in time.
    #[error("the API server did not answer in time")]
    Timeout,
    /// There is no connection.
    #[error("the API server cannot be reached: {reason}")]
    Unreachable {
        /// Why.
        reason: String,
    },
    /// The certificate is not trusted.
    #[error("the API server's certificate is not trusted: {reason}")]
    Certificate {
        /// Why.
        reason: String,
    },
    /// The connection broke in the middle of an answer.
    #[error("the connection broke: {reason}")]
    Broken {
        /// Why.
        reason: String,
    },
    /// The answer is not what the API promises.
    #[error("the answer cannot be understood: {reason}")]
    Unexpected {
        /// Why.
        reason: String,
    },
    /// The token's file can't be read.
    #[error("the token cannot be read from '{path}': {reason}")]
    Token {
        /// The file.
        path: String,
        /// Why.
        reason: String,
    },
}

/// A wrong field.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Cause {
    /// The kind of fault: `FieldValueInvalid`, `FieldValueForbidden`, …
    #[serde(deserialize_with = "crate::observed::lenient")]
    pub reason: String,
    /// In words.
    #[serde(deserialize_with = "crate::observed::lenient")]
    pub message: String,
    /// Which field.
    #[serde(deserialize_with = "crate::observed::lenient")]
    pub field: String,
}

/// A `Status` object, the API's way to say no.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct StatusObject {
    /// `Status`.
    #[serde(deserialize_with = "crate::observed::lenient")]
    pub kind: String,
    /// `Success` or `Failure`.
    #[serde(deserialize_with = "crate::observed::lenient")]
    pub status: String,
    /// In words.
    #[serde(deserialize_with = "crate::observed::lenient")]
    pub message: String,
    /// A word.
    #[serde(deserialize_with = "crate::observed::lenient")]
    pub reason: String,
    /// More.
    #[serde(deserialize_with = "crate::observed::lenient")]
    pub details: StatusDetails,
    /// The HTTP status that it stands for.
    #[serde(deserialize_with = "crate::observed::lenient")]
    pub code: u16,
}

/// `details` of a `Status`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct StatusDetails {
    /// What it is about, in the plural; with a subresource (`pods/log`) when that is refused by what is behind the server.
    #[serde(deserialize_with = "crate::observed::lenient")]
    pub kind: String,
    /// One for each fault.
    #[serde(deserialize_with = "crate::observed::lenient")]
    pub causes: Vec<Cause>,
}

/// A kubelet's answer to who wants to attach to a pod, or to execute in one, that it does not know.
const NO_POD: &str = "pod does not exist";

fn told(message: &str, causes: &[Cause]) -> String {
    if causes.is_empty() {
        return message.to_owned();
    }
    let each: Vec<String> = causes.iter().map(|c| format!("{}: {}", c.field, c.message)).collect();
    each.join("; ")
}

impl FailureKind {
    /// What an answer with this HTTP status and body amounts to.
    pub fn of_answer(code: u16, body: &[u8]) -> Self {
        match serde_json::from_slice::<StatusObject>(body) {
            Ok(status) if status.kind == "Status" => Self::of_status(code, status),
            _ => Self::of_text(code, &String::from_utf8_lossy(body)),
        }
    }

    /// What a `Status` object amounts to; `code` counts where it has none of its own.
    pub fn of_status(code: u16, status: StatusObject) -> Self {
        let code = if status.code == 0 { code } else { status.code };
        let StatusObject { message, reason, details, .. } = status;
        let has_cause = |name: &str| details.causes.iter().any(|c| c.reason == name);
        match code {
            401 => Self::Unauthorized,
            403 if has_cause("NamespaceTerminating") => Self::NamespaceTerminating,
            // The quota's refusal has the same code and reason as a missing right: only its text tells them apart.
            403 if message.contains("exceeded quota") => Self::Quota { message },
            403 => Self::Forbidden { message },
            404 if details.kind.contains('/') || message == NO_POD => Self::UnknownToNode { message },
            404 => Self::NotFound { message },
            409 if reason == "AlreadyExists" => Self::AlreadyExists,
            409 => Self::Conflict,
            410 => Self::Gone,
            413 => Self::TooLarge,
            429 => Self::TooManyRequests,
            // The list's version lies in the future: the cluster's store was restored. Listing afresh is the cure.
            504 if has_cause("ResourceVersionTooLarge") => Self::Gone,
            504 => Self::Timeout,
            // The store's own limit comes as an unnamed failure.
            500 if reason.is_empty() && message.contains("request is too large") => Self::TooLarge,
            400 | 422 => Self::Invalid { message, causes: details.causes },
            400..=499 => Self::Invalid { message, causes: details.causes },
            _ => Self::Server { code, message },
        }
    }

    fn of_text(code: u16, text: &str) -> Self {
        let message: String = text.trim().chars().take(300).collect();
        match code {
            401 => Self::Unauthorized,
            403 => Self::Forbidden { message },
            404 if message == NO_POD => Self::UnknownToNode { message },
            404 => Self::NoSuchApi,
            410 => Self::Gone,
            413 => Self::TooLarge,
            429 => Self::TooManyRequests,
            400..=499 => Self::Invalid { message, causes: Vec::new() },
            _ => Self::Server { code, message },
        }
    }

    /// Whether the same call may succeed a little later without anyone doing anything.
    pub fn is_passing(&self) -> bool {
        matches!(
            self,
            Self::TooManyRequests
                | Self::Server { .. }
                | Self::Timeout
                | Self::Unreachable { .. }
                | Self::Broken { .. }
                | Self::Gone
                | Self::UnknownToNode { .. }
        )
    }
}

impl ApiFailure {
    /// Whether the object is not there.
    pub fn is_not_found(&self) -> bool {
        matches!(self.kind, FailureKind::NotFound { .. })
    }

    /// The failure with what can be done about it.
    pub fn with_advice(&self) -> String {
        let advice = self.advice();
        if advice.is_empty() { self.to_string() } else { format!("{self}; {advice}") }
    }

    /// What someone can do about it, in a sentence; empty where there is nothing to do but wait.
    pub fn advice(&self) -> String {
        let Operation { verb, resource, namespace } = &self.operation;
        match &self.kind {
            FailureKind::Unauthorized => "check the token: it may have expired, or belong to another cluster \
                 (auth-token-path, auth-token)"
                .to_owned(),
            FailureKind::Forbidden { .. } => {
                let group = if resource.group().is_empty() { "\"\"" } else { resource.group() };
                let kind = if namespace.is_none() { "ClusterRole" } else { "Role" };
                let rule = resource.rule_name();
                format!("add to its {kind}: apiGroups [{group}], resources [{rule}], verbs [{verb}]")
            }
            FailureKind::Quota { .. } => "wait for other jobs to end, or ask for a larger quota".to_owned(),
            FailureKind::NoSuchApi => "check that the API server's URL has no path, and that the addon is installed".to_owned(),
            FailureKind::Unreachable { .. } | FailureKind::Timeout => {
                "check api-url, and that the API server runs and can be reached from here".to_owned()
            }
            FailureKind::Certificate { .. } => {
                "check certificate-authority: it must be the cluster's own; and that api-url has the name in the certificate"
                    .to_owned()
            }
            FailureKind::Token { .. } => "check auth-token-path, and that server-user may read the file".to_owned(),
            FailureKind::NamespaceTerminating => "choose another namespace, or make it anew".to_owned(),
            _ => String::new(),
        }
    }
}

impl From<ApiFailure> for BackendError {
    fn from(failure: ApiFailure) -> Self {
        match failure.kind {
            FailureKind::Timeout => Self::Timeout { what: format!("asked to {}", failure.operation) },
            _ => Self::Unavailable(failure.with_advice()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(code: u16, body: &str) -> FailureKind {
        FailureKind::of_answer(code, body.as_bytes())
    }

    #[test]
    fn a_quota_is_no_missing_right() {
        let quota = kind(
            403,
            r#"{"kind":"Status","reason":"Forbidden","code":403,"message":"jobs.batch \"q\" is forbidden: exceeded quota: q"}"#,
        );
        assert!(matches!(quota, FailureKind::Quota { .. }));
        let right = kind(
            403,
            r#"{"kind":"Status","reason":"Forbidden","code":403,"message":"jobs.batch is forbidden"}"#,
        );
        assert!(matches!(right, FailureKind::Forbidden { .. }));
    }

    #[test]
    fn a_missing_object_is_no_missing_api() {
        assert!(matches!(
            kind(404, r#"{"kind":"Status","code":404,"message":"pods \"P\" not found"}"#),
            FailureKind::NotFound { .. }
        ));
        assert_eq!(kind(404, "404 page not found\n"), FailureKind::NoSuchApi);
    }

    #[test]
    fn a_node_that_has_just_come_back_is_no_missing_pod() {
        let log = r#"{"kind":"Status","code":404,"reason":"NotFound","details":{"name":"p","kind":"pods/log"},
            "message":"the server could not find the requested resource ( pods/log p)"}"#;
        let wrapped = r#"{"kind":"Status","code":404,"reason":"Failed to parse error data","message":"pod does not exist"}"#;
        for body in [log, wrapped, "pod does not exist"] {
            let failure = kind(404, body);
            assert!(matches!(failure, FailureKind::UnknownToNode { .. }), "{body}: {failure}");
            assert!(failure.is_passing());
        }
    }

    #[test]
    fn an_object_over_the_stores_limit_is_too_large() {
        assert_eq!(
            kind(500, r#"{"kind":"Status","code":500,"message":"etcdserver: request is too large"}"#),
            FailureKind::TooLarge
        );
        assert_eq!(
            kind(413, r#"{"kind":"Status","code":413,"message":"limit is 3145728"}"#),
            FailureKind::TooLarge
        );
    }

    #[test]
    fn wrong_fields_are_named() {
        let invalid = kind(
            422,
            r#"{"kind":"Status","code":422,"message":"Job is invalid","details":{"causes":[
                {"reason":"FieldValueInvalid","message":"Invalid value: -1: must be greater","field":"spec.backoffLimit"}]}}"#,
        );
        assert_eq!(invalid.to_string(), "spec.backoffLimit: Invalid value: -1: must be greater");
    }

    #[test]
    fn a_missing_right_is_told_with_the_rule_to_add() {
        let failure = ApiFailure {
            operation: Operation {
                verb: Verb::List,
                resource: Resource::Pods,
                namespace: Some("rstudio".into()),
            },
            kind: FailureKind::Forbidden { message: "no".to_owned() },
        };
        assert_eq!(
            failure.to_string(),
            "cannot list pods in namespace 'rstudio': the service account lacks that right: no"
        );
        assert_eq!(failure.advice(), "add to its Role: apiGroups [\"\"], resources [pods], verbs [list]");
    }

    #[test]
    fn a_version_from_the_future_means_a_list_afresh() {
        let body = r#"{"kind":"Status","code":504,"reason":"Timeout","details":{"causes":[{"reason":"ResourceVersionTooLarge"}]}}"#;
        assert_eq!(kind(504, body), FailureKind::Gone);
    }

    #[test]
    fn a_namespace_that_goes_away_is_told_as_that() {
        let body = r#"{"kind":"Status","code":403,"reason":"Forbidden","message":"jobs.batch \"j\" is forbidden",
            "details":{"causes":[{"reason":"NamespaceTerminating","message":"namespace rstudio is being terminated"}]}}"#;
        assert_eq!(kind(403, body), FailureKind::NamespaceTerminating);
    }

    #[test]
    fn a_name_that_is_taken_is_no_change_in_between() {
        let body = |reason: &str| format!(r#"{{"kind":"Status","code":409,"reason":"{reason}"}}"#);
        assert_eq!(kind(409, &body("AlreadyExists")), FailureKind::AlreadyExists);
        assert_eq!(kind(409, &body("Conflict")), FailureKind::Conflict);
    }

    #[test]
    fn what_a_kubelet_refuses_in_plain_text_may_be_tried_again() {
        let refused = kind(500, "container rs-launcher-container not found in pod P_rstudio");
        assert!(refused.is_passing(), "{refused}");
        assert!(refused.to_string().contains("not found in pod P_rstudio"), "{refused}");
        let unreachable = r#"{"kind":"Status","code":500,"message":"Get \"https://10.200.0.1:10250/containerLogs/…\": dial tcp: connect: connection refused"}"#;
        assert!(kind(500, unreachable).is_passing());
    }

    #[test]
    fn a_version_or_a_page_that_is_too_old_is_gone() {
        let body = r#"{"kind":"Status","code":410,"reason":"Expired","metadata":{"continue":"x"},
            "message":"The provided continue parameter is too old to display a consistent list result."}"#;
        assert_eq!(kind(410, body), FailureKind::Gone);
    }
}
