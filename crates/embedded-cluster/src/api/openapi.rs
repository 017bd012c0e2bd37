//! OpenAPI, made from the table of fields: enough for clients that look up whether a request takes field
//! validation, how lists are patched, and what fields there are (without descriptions).

use http::{HeaderMap, HeaderValue, Response, header};
use serde_json::{Map, Value, json};

use super::{
    body,
    response::{self, Body},
};
use crate::{
    kind::Kind,
    release::Release,
    schema::{self, Field, ListMerge, Struct, Type},
};

/// Prefix of the definitions' names.
const DEFINITION: &str = "io.k8s.api";

/// A path below `/openapi`; `None` when there is nothing.
pub(super) async fn answer(path: &str, release: Release, headers: &HeaderMap) -> Option<Response<Body>> {
    let document = match path.strip_prefix("/openapi/v3") {
        Some("") => index(),
        Some(group) => group_document(group.trim_start_matches('/'), release)?,
        None if path == "/openapi/v2" => second_version(release),
        None => return None,
    };
    let mut answer = response::large(headers, document.to_string().into()).await;
    if path == "/openapi/v3" {
        answer
            .headers_mut()
            .insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    } else {
        answer.headers_mut().insert(header::VARY, HeaderValue::from_static("Accept"));
    }
    Some(answer)
}

/// `api/v1`, `apis/batch/v1`, …
fn group_path(kind: Kind) -> String {
    if kind.info().group.is_empty() { "api/v1".to_owned() } else { format!("apis/{}", kind.api_version()) }
}

fn index() -> Value {
    let mut paths = Map::new();
    for kind in Kind::ALL {
        let path = group_path(kind);
        let url = format!("/openapi/v3/{path}");
        paths.insert(path, json!({"serverRelativeURL": url}));
    }
    json!({"paths": paths})
}

fn group_document(group: &str, release: Release) -> Option<Value> {
    let kinds: Vec<Kind> = Kind::ALL.into_iter().filter(|kind| group_path(*kind) == group).collect();
    if kinds.is_empty() {
        return None;
    }
    let mut paths = Map::new();
    for kind in &kinds {
        add_paths(*kind, &mut paths, Version::Third);
    }
    Some(json!({
        "openapi": "3.0.0",
        "info": {"title": "Kubernetes", "version": format!("1.{}", release.minor())},
        "paths": paths,
        "components": {"schemas": definitions(&kinds, Version::Third)},
    }))
}

fn second_version(release: Release) -> Value {
    let mut paths = Map::new();
    for kind in Kind::ALL {
        add_paths(kind, &mut paths, Version::Second);
    }
    json!({
        "swagger": "2.0",
        "info": {"title": "Kubernetes", "version": format!("1.{}", release.minor())},
        "paths": paths,
        "definitions": definitions(&Kind::ALL, Version::Second),
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Version {
    Second,
    Third,
}

impl Version {
    fn reference(self, name: &str) -> String {
        match self {
            Version::Second => format!("#/definitions/{DEFINITION}.{name}"),
            Version::Third => format!("#/components/schemas/{DEFINITION}.{name}"),
        }
    }

    /// A query parameter that is a text.
    fn parameter(self, name: &str) -> Value {
        match self {
            Version::Second => json!({"name": name, "in": "query", "type": "string"}),
            Version::Third => json!({"name": name, "in": "query", "schema": {"type": "string"}}),
        }
    }
}

fn group_version_kind(kind: Kind) -> Value {
    json!({"group": kind.info().group, "kind": kind.info().name, "version": kind.info().version})
}

fn add_paths(kind: Kind, paths: &mut Map<String, Value>, version: Version) {
    let namespace = if kind.is_namespaced() { "namespaces/{namespace}/" } else { "" };
    let collection = format!("/{}/{namespace}{}", group_path(kind), kind.info().plural);
    let operation = |action: &str| {
        json!({
            "operationId": format!("{action}{}", kind.info().name),
            "x-kubernetes-action": action,
            "x-kubernetes-group-version-kind": group_version_kind(kind),
            "responses": {"200": {"description": "OK"}},
        })
    };
    let write = |action: &str| {
        let mut write = operation(action);
        let parameters = ["dryRun", "fieldManager", "fieldValidation"].map(|name| version.parameter(name));
        write["parameters"] = json!(parameters);
        write
    };
    let mut patch = write("patch");
    match version {
        Version::Second => patch["consumes"] = json!(body::PATCH_TYPES),
        Version::Third => {
            let types: Map<String, Value> =
                body::PATCH_TYPES.iter().map(|media| ((*media).to_owned(), json!({}))).collect();
            patch["requestBody"] = json!({"content": types});
        }
    }
    paths.insert(
        collection.clone(),
        json!({"get": operation("list"), "post": write("post"), "delete": operation("deletecollection")}),
    );
    paths.insert(
        format!("{collection}/{{name}}"),
        json!({"get": operation("get"), "put": write("put"), "patch": patch, "delete": operation("delete")}),
    );
}

/// Every struct that the kinds are made of.
fn definitions(kinds: &[Kind], version: Version) -> Map<String, Value> {
    let mut definitions = Map::new();
    let mut open: Vec<&'static str> = kinds.iter().map(|kind| kind.info().name).collect();
    while let Some(name) = open.pop() {
        let key = format!("{DEFINITION}.{name}");
        if definitions.contains_key(&key) {
            continue;
        }
        let owner = schema::named(name);
        let mut definition = json!({"type": "object", "properties": properties(owner, version)});
        if let Some(kind) = kinds.iter().find(|kind| kind.info().name == name) {
            definition["x-kubernetes-group-version-kind"] = json!([group_version_kind(*kind)]);
        }
        definitions.insert(key, definition);
        open.extend(owner.fields.iter().filter_map(|field| inner_struct(&field.value)));
    }
    definitions
}

fn inner_struct(value: &Type) -> Option<&'static str> {
    match value {
        Type::Struct(name) => Some(name),
        Type::List(item) | Type::Map(item) => inner_struct(item),
        _ => None,
    }
}

fn properties(owner: &Struct, version: Version) -> Map<String, Value> {
    owner.fields.iter().map(|field| (field.name.to_owned(), property(field, version))).collect()
}

fn property(field: &Field, version: Version) -> Value {
    let mut property = type_schema(&field.value, version);
    match field.merge {
        ListMerge::Replace => {}
        ListMerge::Union => property["x-kubernetes-patch-strategy"] = json!("merge"),
        ListMerge::ByKey(key) => {
            property["x-kubernetes-patch-strategy"] = json!("merge");
            property["x-kubernetes-patch-merge-key"] = json!(key);
        }
    }
    property
}

fn type_schema(value: &Type, version: Version) -> Value {
    match value {
        Type::String | Type::Quantity => json!({"type": "string"}),
        Type::Bool => json!({"type": "boolean"}),
        Type::Int32 => json!({"type": "integer", "format": "int32"}),
        Type::Int64 => json!({"type": "integer", "format": "int64"}),
        Type::Float => json!({"type": "number", "format": "double"}),
        Type::Time => json!({"type": "string", "format": "date-time"}),
        Type::IntOrString => json!({"type": "string", "format": "int-or-string"}),
        Type::Bytes => json!({"type": "string", "format": "byte"}),
        Type::Any => json!({"type": "object"}),
        Type::Map(item) => json!({"type": "object", "additionalProperties": type_schema(item, version)}),
        Type::List(item) => json!({"type": "array", "items": type_schema(item, version)}),
        Type::Struct(name) if version == Version::Third => {
            json!({"allOf": [{"$ref": version.reference(name)}]})
        }
        Type::Struct(name) => json!({"$ref": version.reference(name)}),
    }
}
