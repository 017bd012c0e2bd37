//! Calls as data: which resource, which verb, which query.

use std::fmt;
use std::sync::Arc;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::{Operation, compression};

/// What may stand in a path or query as it is (RFC 3986, "unreserved").
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// A resource of the API, as far as this crate uses it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Resource {
    /// Jobs.
    Jobs,
    /// Pods.
    Pods,
    /// A container's output.
    PodLog,
    /// A container's standard streams.
    PodAttach,
    /// A process in a container.
    PodExec,
    /// Events.
    Events,
    /// Services.
    Services,
    /// Nodes, which have no namespace.
    Nodes,
    /// A pod's use of CPU and memory, where metrics-server runs.
    PodMetrics,
    /// The server's version.
    Version,
    /// What the account may do.
    AccessReviews,
}

impl Resource {
    /// The API group; empty for core.
    pub fn group(self) -> &'static str {
        match self {
            Self::Jobs => "batch",
            Self::PodMetrics => "metrics.k8s.io",
            Self::AccessReviews => "authorization.k8s.io",
            _ => "",
        }
    }

    /// The resource's name as rules of a Role write it, with its subresource: `pods/log`.
    pub fn rule_name(self) -> &'static str {
        match self {
            Self::Jobs => "jobs",
            Self::Pods | Self::PodMetrics => "pods",
            Self::PodLog => "pods/log",
            Self::PodAttach => "pods/attach",
            Self::PodExec => "pods/exec",
            Self::Events => "events",
            Self::Services => "services",
            Self::Nodes => "nodes",
            Self::Version => "version",
            Self::AccessReviews => "selfsubjectaccessreviews",
        }
    }

    fn is_namespaced(self) -> bool {
        !matches!(self, Self::Nodes | Self::Version | Self::AccessReviews)
    }

    /// Streams are refused (406) where only JSON is accepted.
    fn accepted(self) -> &'static str {
        match self {
            Self::PodLog | Self::PodAttach | Self::PodExec => "*/*",
            _ => "application/json",
        }
    }

    fn path(self, namespace: &str, name: Option<&str>) -> String {
        let (prefix, kind, subresource) = match self {
            Self::Jobs => ("/apis/batch/v1", "jobs", ""),
            Self::Pods => ("/api/v1", "pods", ""),
            Self::PodLog => ("/api/v1", "pods", "/log"),
            Self::PodAttach => ("/api/v1", "pods", "/attach"),
            Self::PodExec => ("/api/v1", "pods", "/exec"),
            Self::Events => ("/api/v1", "events", ""),
            Self::Services => ("/api/v1", "services", ""),
            Self::Nodes => ("/api/v1", "nodes", ""),
            Self::PodMetrics => ("/apis/metrics.k8s.io/v1beta1", "pods", ""),
            Self::Version => return "/version".to_owned(),
            Self::AccessReviews => ("/apis/authorization.k8s.io/v1", "selfsubjectaccessreviews", ""),
        };
        let mut path = prefix.to_owned();
        if self.is_namespaced() {
            path.push_str("/namespaces/");
            path.extend(utf8_percent_encode(namespace, RESERVED));
        }
        path.push('/');
        path.push_str(kind);
        if let Some(name) = name {
            path.push('/');
            path.extend(utf8_percent_encode(name, RESERVED));
            path.push_str(subresource);
        }
        path
    }
}

impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PodMetrics => f.write_str("pods.metrics.k8s.io"),
            other => f.write_str(other.rule_name()),
        }
    }
}

/// What is done with a resource; also the right that it needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verb {
    /// Reads one.
    Get,
    /// Reads all.
    List,
    /// Reads changes.
    Watch,
    /// Makes one.
    Create,
    /// Changes one, by a merge patch.
    Patch,
    /// Removes one.
    Delete,
}

impl Verb {
    /// The word in rules of a Role.
    pub fn word(self) -> &'static str {
        match self {
            Self::Get => "get",
            Self::List => "list",
            Self::Watch => "watch",
            Self::Create => "create",
            Self::Patch => "patch",
            Self::Delete => "delete",
        }
    }

    fn method(self) -> http::Method {
        match self {
            Self::Get | Self::List | Self::Watch => http::Method::GET,
            Self::Create => http::Method::POST,
            Self::Patch => http::Method::PATCH,
            Self::Delete => http::Method::DELETE,
        }
    }
}

impl fmt::Display for Verb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// What becomes of the objects that a deleted one owns. Never left to the server, whose default for Jobs orphans pods.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Propagation {
    /// They are removed afterwards.
    Background,
}

/// One call to the API.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    verb: Verb,
    resource: Resource,
    name: Option<String>,
    query: Vec<(&'static str, String)>,
    body: Option<Value>,
}

impl Call {
    /// A call about the resource as a whole.
    pub fn new(verb: Verb, resource: Resource) -> Self {
        Self { verb, resource, name: None, query: Vec::new(), body: None }
    }

    /// Reads one object.
    pub fn get(resource: Resource, name: &str) -> Self {
        Self { name: Some(name.to_owned()), ..Self::new(Verb::Get, resource) }
    }

    /// Makes an object.
    pub fn create(resource: Resource, object: Value) -> Self {
        Self { body: Some(object), ..Self::new(Verb::Create, resource) }
    }

    /// Changes an object by a JSON merge patch (RFC 7396).
    pub fn patch(resource: Resource, name: &str, change: Value) -> Self {
        Self { name: Some(name.to_owned()), body: Some(change), ..Self::new(Verb::Patch, resource) }
    }

    /// Removes an object and what it owns.
    pub fn delete(resource: Resource, name: &str, propagation: Propagation) -> Self {
        let Propagation::Background = propagation;
        Self { name: Some(name.to_owned()), ..Self::new(Verb::Delete, resource) }
            .with("propagationPolicy", "Background")
    }

    /// Adds a parameter to the query.
    pub fn with(mut self, key: &'static str, value: impl Into<String>) -> Self {
        self.query.push((key, value.into()));
        self
    }

    /// What is done.
    pub fn verb(&self) -> Verb {
        self.verb
    }

    /// Whether it comes to the same when it is made twice. A change to a certain version of an object does not: the first
    /// time makes another version.
    pub fn is_repeatable(&self) -> bool {
        self.body.as_ref().is_none_or(|body| body["metadata"].get("resourceVersion").is_none())
    }

    /// What it is, for failures.
    pub fn operation(&self, namespace: &Arc<str>) -> Operation {
        Operation {
            verb: self.verb,
            resource: self.resource,
            namespace: self.resource.is_namespaced().then(|| namespace.clone()),
        }
    }

    /// The request, without authorization.
    pub(super) fn request(&self, namespace: &str) -> Result<http::Request<Vec<u8>>, http::Error> {
        let mut uri = self.resource.path(namespace, self.name.as_deref());
        for (number, (key, value)) in self.query.iter().enumerate() {
            uri.push(if number == 0 { '?' } else { '&' });
            uri.push_str(key);
            uri.push('=');
            uri.extend(utf8_percent_encode(value, RESERVED));
        }
        let request = http::Request::builder().method(self.verb.method()).uri(uri);
        let mut request = request.header(http::header::ACCEPT, self.resource.accepted());
        if self.verb == Verb::List {
            request = request.header(http::header::ACCEPT_ENCODING, compression::ACCEPTED);
        }
        match &self.body {
            None => request.body(Vec::new()),
            Some(body) => {
                let kind = match self.verb {
                    Verb::Patch => "application/merge-patch+json",
                    _ => "application/json",
                };
                request.header(http::header::CONTENT_TYPE, kind).body(body.to_string().into_bytes())
            }
        }
    }

    /// A review of whether the account may do `operation`.
    pub fn access_review(operation: &Operation) -> Self {
        let (resource, subresource) =
            operation.resource.rule_name().split_once('/').unwrap_or((operation.resource.rule_name(), ""));
        Self::create(
            Resource::AccessReviews,
            json!({
                "apiVersion": "authorization.k8s.io/v1",
                "kind": "SelfSubjectAccessReview",
                "spec": { "resourceAttributes": {
                    "namespace": operation.namespace.as_deref().unwrap_or_default(),
                    "verb": operation.verb.word(),
                    "group": operation.resource.group(),
                    "resource": resource,
                    "subresource": subresource,
                } },
            }),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uri(call: &Call) -> String {
        call.request("rstudio").expect("a valid request").uri().to_string()
    }

    #[test]
    fn every_resource_has_its_place() {
        for (call, expected) in [
            (Call::new(Verb::List, Resource::Jobs), "/apis/batch/v1/namespaces/rstudio/jobs"),
            (Call::get(Resource::Pods, "p-1"), "/api/v1/namespaces/rstudio/pods/p-1"),
            (Call::get(Resource::PodLog, "p-1"), "/api/v1/namespaces/rstudio/pods/p-1/log"),
            (Call::get(Resource::PodAttach, "p"), "/api/v1/namespaces/rstudio/pods/p/attach"),
            (Call::new(Verb::Watch, Resource::Events), "/api/v1/namespaces/rstudio/events"),
            (Call::get(Resource::Nodes, "n"), "/api/v1/nodes/n"),
            (Call::get(Resource::PodMetrics, "p"), "/apis/metrics.k8s.io/v1beta1/namespaces/rstudio/pods/p"),
            (Call::new(Verb::Get, Resource::Version), "/version"),
            (
                Call::delete(Resource::Jobs, "j", Propagation::Background),
                "/apis/batch/v1/namespaces/rstudio/jobs/j?propagationPolicy=Background",
            ),
        ] {
            assert_eq!(uri(&call), expected);
        }
    }

    #[test]
    fn only_lists_ask_to_be_compressed() {
        let asks = |call: Call| {
            let request = call.request("rstudio").expect("a valid request");
            request.headers().get(http::header::ACCEPT_ENCODING).is_some()
        };
        assert!(asks(Call::new(Verb::List, Resource::Jobs)));
        assert!(!asks(Call::get(Resource::PodLog, "p")));
        assert!(
            !asks(Call::new(Verb::Watch, Resource::Jobs)),
            "a compressed event would wait for the next ones"
        );
    }

    #[test]
    fn what_a_query_says_is_escaped() {
        let call = Call::new(Verb::List, Resource::Jobs)
            .with("labelSelector", "a/b=c")
            .with("sinceTime", "2026-11-24T11:08:32+02:00");
        assert!(uri(&call).ends_with("?labelSelector=a%2Fb%3Dc&sinceTime=2026-11-24T11%3A08%3A32%2B02%3A00"));
    }

    #[test]
    fn a_change_to_a_certain_version_is_made_once_only() {
        let change = |metadata: Value| Call::patch(Resource::Jobs, "j", json!({ "metadata": metadata }));
        assert!(change(json!({ "annotations": {} })).is_repeatable());
        assert!(!change(json!({ "resourceVersion": "7" })).is_repeatable());
        assert!(Call::get(Resource::Jobs, "j").is_repeatable());
    }

    #[test]
    fn a_name_cannot_leave_its_place() {
        assert_eq!(
            uri(&Call::get(Resource::Jobs, "../x?y")),
            "/apis/batch/v1/namespaces/rstudio/jobs/..%2Fx%3Fy"
        );
    }
}
