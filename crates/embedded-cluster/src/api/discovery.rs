//! Discovery: which groups, versions and resources there are, in the aggregated form and in the plain one.

use http::{HeaderMap, HeaderValue, Response, header};
use serde_json::{Map, Value, json};

use super::{
    accept::{self, Form},
    response::{self, Body, Origin},
};
use crate::{
    builder::MetricsServer,
    kind::{Kind, Scope},
    release::Release,
    status_error::StatusError,
};

/// A resource as discovery tells it: a stored kind, or one that only answers.
struct Resource {
    kind: &'static str,
    plural: &'static str,
    singular: &'static str,
    short_names: &'static [&'static str],
    scope: Scope,
    verbs: &'static [&'static str],
    in_all: bool,
    subresources: Vec<Subresource>,
}

struct Subresource {
    name: &'static str,
    kind: &'static str,
    /// The group and version of `kind`, where it is not the resource's own.
    group_version: Option<(&'static str, &'static str)>,
    verbs: &'static [&'static str],
}

/// Groups in the order of discovery, with their only version; the metrics at the end.
const GROUPS: [(&str, &str); 7] = [
    ("", "v1"),
    ("authentication.k8s.io", "v1"),
    ("authorization.k8s.io", "v1"),
    ("batch", "v1"),
    ("discovery.k8s.io", "v1"),
    ("rbac.authorization.k8s.io", "v1"),
    ("metrics.k8s.io", "v1beta1"),
];

const STORED: &[&str] = &["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];
const CREATE: &[&str] = &["create"];
const READ: &[&str] = &["get", "list"];

/// The groups that are served, with their version. The core group is the first.
fn groups(metrics: MetricsServer) -> &'static [(&'static str, &'static str)] {
    match metrics {
        MetricsServer::Installed => &GROUPS,
        MetricsServer::Absent => &GROUPS[..GROUPS.len() - 1],
    }
}

/// Whether any version of the group is served.
pub(super) fn serves_group(metrics: MetricsServer, group: &str) -> bool {
    groups(metrics).iter().any(|(name, _)| *name == group)
}

/// `/version`.
pub(super) fn version(release: Release) -> Value {
    let minor = release.minor().to_string();
    json!({
        "major": "1",
        "minor": minor,
        "emulationMajor": "1",
        "emulationMinor": minor,
        "minCompatibilityMajor": "1",
        "minCompatibilityMinor": release.minor().saturating_sub(1).to_string(),
        "gitVersion": release.to_string(),
        "gitCommit": "",
        "gitTreeState": "",
        "buildDate": "1970-01-01T00:00:00Z",
        "goVersion": "",
        "compiler": "rustc",
        "platform": "linux/amd64",
    })
}

/// A path outside of the resources.
///
/// # Errors
/// 406; 404 for an unknown version of a known group.
pub(super) fn answer(
    path: &str,
    headers: &HeaderMap,
    metrics: MetricsServer,
) -> Result<Response<Body>, StatusError> {
    let groups = groups(metrics);
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let aggregated = matches!(parts.as_slice(), ["api" | "apis"]);
    if aggregated && accept::form(headers)? == Form::AggregatedDiscovery {
        let (core, others) = groups.split_at(1);
        return Ok(aggregate(if parts == ["api"] { core } else { others }));
    }
    match parts.as_slice() {
        [] => Ok(response::object(&json!({"paths": paths(groups)}))),
        ["api"] => Ok(response::object(&json!({"kind": "APIVersions", "versions": ["v1"],
            "serverAddressByClientCIDRs": addresses(headers)}))),
        ["apis"] => {
            let groups: Vec<Value> =
                groups[1..].iter().map(|(group, version)| api_group(group, version)).collect();
            Ok(response::object(&json!({"kind": "APIGroupList", "apiVersion": "v1", "groups": groups})))
        }
        ["api", "v1"] => Ok(response::object(&resource_list("", "v1"))),
        ["apis", group] => match groups[1..].iter().find(|(name, _)| name == group) {
            Some((name, version)) => {
                let mut value = json!({"kind": "APIGroup", "apiVersion": "v1"});
                merge(&mut value, api_group(name, version));
                Ok(response::object(&value))
            }
            None => Ok(response::page_not_found()),
        },
        ["apis", group, version] => match groups[1..].iter().find(|(name, _)| name == group) {
            Some((name, known)) if known == version => {
                let list = response::object(&resource_list(name, known));
                let another = *name == "metrics.k8s.io";
                Ok(if another { response::from(Origin::Aggregated, list) } else { list })
            }
            Some(_) => Err(StatusError::no_such_resource()),
            None => Ok(response::page_not_found()),
        },
        _ => Ok(response::page_not_found()),
    }
}

/// Where clients reach the server: where this one did.
fn addresses(headers: &HeaderMap) -> Value {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    json!([{"clientCIDR": "0.0.0.0/0", "serverAddress": host}])
}

fn paths(groups: &[(&str, &str)]) -> Vec<String> {
    let mut paths = vec!["/api".to_owned(), "/api/v1".to_owned(), "/apis".to_owned()];
    for (group, version) in &groups[1..] {
        paths.push(format!("/apis/{group}"));
        paths.push(format!("/apis/{group}/{version}"));
    }
    for path in ["/healthz", "/livez", "/openapi/v2", "/openapi/v3", "/readyz", "/version"] {
        paths.push(path.to_owned());
    }
    paths
}

fn merge(target: &mut Value, more: Value) {
    if let (Value::Object(target), Value::Object(more)) = (target, more) {
        target.extend(more);
    }
}

fn api_group(group: &str, version: &str) -> Value {
    let version = json!({"groupVersion": format!("{group}/{version}"), "version": version});
    json!({"name": group, "versions": [version], "preferredVersion": version})
}

fn group_version(group: &str, version: &str) -> String {
    if group.is_empty() { version.to_owned() } else { format!("{group}/{version}") }
}

/// `APIResourceList`, the plain form.
fn resource_list(group: &str, version: &str) -> Value {
    let mut list = Vec::new();
    for resource in resources(group) {
        let namespaced = resource.scope == Scope::Namespaced;
        let mut entry = json!({
            "name": resource.plural, "singularName": resource.singular, "namespaced": namespaced,
            "kind": resource.kind, "verbs": resource.verbs,
        });
        put_names(&mut entry, &resource);
        list.push(entry);
        for part in &resource.subresources {
            let mut entry = json!({
                "name": format!("{}/{}", resource.plural, part.name), "singularName": "",
                "namespaced": namespaced,
            });
            if let Some((group, version)) = part.group_version {
                entry["group"] = json!(group);
                entry["version"] = json!(version);
            }
            entry["kind"] = json!(part.kind);
            entry["verbs"] = json!(part.verbs);
            list.push(entry);
        }
    }
    json!({
        "kind": "APIResourceList", "apiVersion": "v1", "groupVersion": group_version(group, version),
        "resources": list,
    })
}

fn put_names(entry: &mut Value, resource: &Resource) {
    if !resource.short_names.is_empty() {
        entry["shortNames"] = json!(resource.short_names);
    }
    if resource.in_all {
        entry["categories"] = json!(["all"]);
    }
}

/// `APIGroupDiscoveryList`.
fn aggregate(groups: &[(&str, &str)]) -> Response<Body> {
    let items: Vec<Value> = groups
        .iter()
        .map(|(group, version)| {
            let mut metadata = Map::new();
            if !group.is_empty() {
                metadata.insert("name".to_owned(), json!(group));
            }
            let resources: Vec<Value> = resources(group).iter().map(aggregated_resource).collect();
            json!({
                "metadata": metadata,
                "versions": [{"version": version, "resources": resources, "freshness": "Current"}],
            })
        })
        .collect();
    let mut answer = response::object(&json!({
        "kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "metadata": {}, "items": items,
    }));
    let headers = answer.headers_mut();
    let content_type = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(header::VARY, HeaderValue::from_static("Accept"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public"));
    answer
}

fn aggregated_resource(resource: &Resource) -> Value {
    let scope = match resource.scope {
        Scope::Namespaced => "Namespaced",
        Scope::Cluster => "Cluster",
    };
    let mut entry = json!({
        "resource": resource.plural,
        "responseKind": {"group": "", "version": "", "kind": resource.kind},
        "scope": scope,
        "singularResource": resource.singular,
        "verbs": resource.verbs,
    });
    put_names(&mut entry, resource);
    if !resource.subresources.is_empty() {
        let parts: Vec<Value> = resource
            .subresources
            .iter()
            .map(|part| {
                let (group, version) = part.group_version.unwrap_or_default();
                json!({
                    "subresource": part.name,
                    "responseKind": {"group": group, "version": version, "kind": part.kind},
                    "verbs": part.verbs,
                })
            })
            .collect();
        entry["subresources"] = json!(parts);
    }
    entry
}

fn resources(group: &str) -> Vec<Resource> {
    match group {
        "authentication.k8s.io" => {
            vec![answering("SelfSubjectReview", "selfsubjectreviews", "selfsubjectreview")]
        }
        "authorization.k8s.io" => vec![
            answering("SelfSubjectAccessReview", "selfsubjectaccessreviews", "selfsubjectaccessreview"),
            answering("SelfSubjectRulesReview", "selfsubjectrulesreviews", "selfsubjectrulesreview"),
        ],
        "metrics.k8s.io" => vec![
            Resource { verbs: READ, ..answering("NodeMetrics", "nodes", "") },
            Resource { verbs: READ, scope: Scope::Namespaced, ..answering("PodMetrics", "pods", "") },
        ],
        group => Kind::ALL.into_iter().filter(|kind| kind.info().group == group).map(stored).collect(),
    }
}

/// A resource that is asked by being "created".
fn answering(kind: &'static str, plural: &'static str, singular: &'static str) -> Resource {
    Resource {
        kind,
        plural,
        singular,
        short_names: &[],
        scope: Scope::Cluster,
        verbs: CREATE,
        in_all: false,
        subresources: Vec::new(),
    }
}

fn stored(kind: Kind) -> Resource {
    let info = kind.info();
    Resource {
        kind: info.name,
        plural: info.plural,
        singular: info.singular,
        short_names: info.short_names,
        scope: info.scope,
        verbs: STORED,
        in_all: info.in_all,
        subresources: info.subresources.iter().map(|name| subresource(info.name, name)).collect(),
    }
}

fn subresource(kind: &'static str, name: &'static str) -> Subresource {
    let own = |verbs| Subresource { name, kind, group_version: None, verbs };
    match name {
        "attach" => Subresource { kind: "PodAttachOptions", ..own(&["create", "get"]) },
        "exec" => Subresource { kind: "PodExecOptions", ..own(&["create", "get"]) },
        "log" => own(&["get"]),
        "finalize" => own(&["update"]),
        "token" => Subresource {
            kind: "TokenRequest",
            group_version: Some(("authentication.k8s.io", "v1")),
            ..own(CREATE)
        },
        _ => own(&["get", "patch", "update"]),
    }
}
