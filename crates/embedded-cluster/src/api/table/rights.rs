//! Roles and bindings.

use serde_json::{Value, json};

use super::column::{Column, age, items, text};

pub(super) const ROLE: &[Column] = &[Column::NAME, Column::date("Created At")];

pub(super) fn role(role: &Value) -> Vec<Value> {
    vec![json!(text(role, "/metadata/name")), json!(text(role, "/metadata/creationTimestamp"))]
}

pub(super) const BINDING: &[Column] = &[
    Column::NAME,
    Column::text("Role"),
    Column::text("Age"),
    Column::wide("Users"),
    Column::wide("Groups"),
    Column::wide("ServiceAccounts"),
];

pub(super) fn binding(binding: &Value) -> Vec<Value> {
    let subjects = |kind: &str| {
        let names: Vec<String> = items(binding, "/subjects")
            .filter(|subject| subject["kind"] == kind)
            .map(|subject| match text(subject, "/namespace") {
                "" => text(subject, "/name").to_owned(),
                namespace => format!("{namespace}/{}", text(subject, "/name")),
            })
            .collect();
        json!(names.join(", "))
    };
    vec![
        json!(text(binding, "/metadata/name")),
        json!(format!("{}/{}", text(binding, "/roleRef/kind"), text(binding, "/roleRef/name"))),
        age(binding),
        subjects("User"),
        subjects("Group"),
        subjects("ServiceAccount"),
    ]
}
