//! What a request is about, read from its method, path and query: the API server's `RequestInfo`.

use http::{Method, Uri};

use super::query::Query;
use crate::auth::{Attributes, ResourceAttributes};

/// A request, understood as far as authorization needs it.
#[derive(Clone, Debug)]
pub(crate) struct RequestInfo {
    pub(crate) verb: Verb,
    pub(crate) path: String,
    pub(crate) query: Query,
    /// `None` for paths outside `/api/v1` and `/apis/GROUP/VERSION`.
    pub(crate) resource: Option<ResourcePath>,
}

/// What is wanted, in the words of RBAC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verb {
    Get,
    List,
    Watch,
    Create,
    Update,
    Patch,
    Delete,
    DeleteCollection,
    /// Any other method.
    Other,
}

impl Verb {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Verb::Get => "get",
            Verb::List => "list",
            Verb::Watch => "watch",
            Verb::Create => "create",
            Verb::Update => "update",
            Verb::Patch => "patch",
            Verb::Delete => "delete",
            Verb::DeleteCollection => "deletecollection",
            Verb::Other => "",
        }
    }
}

/// The parts of a resource's path; `None` where the path does not go so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ResourcePath {
    pub(crate) group: String,
    pub(crate) version: String,
    pub(crate) namespace: Option<String>,
    pub(crate) resource: String,
    pub(crate) name: Option<String>,
    pub(crate) subresource: Option<String>,
}

impl RequestInfo {
    pub(crate) fn read(method: &Method, uri: &Uri) -> Self {
        let path = uri.path().to_owned();
        let query = Query::parse(uri.query().unwrap_or_default());
        let mut resource = ResourcePath::parse(&path);
        let one = resource.as_ref().is_some_and(|resource| resource.name.is_some());
        let mut verb = match *method {
            Method::GET | Method::HEAD => Verb::Get,
            Method::POST => Verb::Create,
            Method::PUT => Verb::Update,
            Method::PATCH => Verb::Patch,
            Method::DELETE if one || resource.is_none() => Verb::Delete,
            Method::DELETE => Verb::DeleteCollection,
            _ => Verb::Other,
        };
        if let Some(resource) = &mut resource
            && verb == Verb::Get
            && resource.name.is_none()
        {
            verb = if query.flag("watch") { Verb::Watch } else { Verb::List };
            // Rights may be limited to a name; a list of exactly that object then is within them.
            resource.name = query.get("fieldSelector").and_then(selected_name);
        }
        RequestInfo { verb, path, query, resource }
    }

    /// What must be allowed for this request.
    pub(crate) fn attributes(&self) -> Attributes {
        match &self.resource {
            Some(path) => Attributes::Resource(path.attributes(self.verb)),
            None => Attributes::NonResource { verb: self.non_resource_verb(), path: self.path.clone() },
        }
    }

    fn non_resource_verb(&self) -> String {
        match self.verb {
            Verb::Create => "post".to_owned(),
            Verb::Update => "put".to_owned(),
            verb => verb.as_str().to_owned(),
        }
    }
}

impl ResourcePath {
    fn parse(path: &str) -> Option<ResourcePath> {
        let mut parts = path.split('/').filter(|part| !part.is_empty()).map(decode);
        let (group, version) = match parts.next()?.as_str() {
            "api" => (String::new(), parts.next()?),
            "apis" => (parts.next()?, parts.next()?),
            _ => return None,
        };
        let rest: Vec<String> = parts.collect();
        let (namespace, rest) = match rest.as_slice() {
            [first, name, third, more @ ..]
                if first == "namespaces" && !(more.is_empty() && is_namespace_subresource(third)) =>
            {
                (Some(name.clone()), &rest[2..])
            }
            _ => (None, rest.as_slice()),
        };
        let resource = rest.first()?.clone();
        let name = rest.get(1).cloned();
        let subresource = rest.get(2).cloned();
        // A namespace is in itself, as far as rights go.
        let namespace = if resource == "namespaces" && group.is_empty() { name.clone() } else { namespace };
        Some(ResourcePath { group, version, namespace, resource, name, subresource })
    }

    pub(crate) fn attributes(&self, verb: Verb) -> ResourceAttributes {
        ResourceAttributes {
            verb: verb.as_str().to_owned(),
            group: self.group.clone(),
            version: self.version.clone(),
            resource: self.resource.clone(),
            subresource: self.subresource.clone().unwrap_or_default(),
            namespace: self.namespace.clone().unwrap_or_default(),
            name: self.name.clone().unwrap_or_default(),
        }
    }
}

fn is_namespace_subresource(part: &str) -> bool {
    matches!(part, "status" | "finalize")
}

fn selected_name(selector: &str) -> Option<String> {
    let (field, value) = selector.split_once('=')?;
    (field == "metadata.name" && !value.contains([',', '='])).then(|| value.to_owned())
}

fn decode(part: &str) -> String {
    super::query::percent_decode(part, super::query::Plus::Literal)
}
