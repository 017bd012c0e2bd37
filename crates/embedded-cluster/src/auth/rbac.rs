//! Role-based access control, evaluated from the stored roles and bindings at each request.

use std::sync::Arc;

use serde_json::Value;

use super::{Attributes, ResourceAttributes, User};
use crate::{
    kind::Kind,
    store::{Object, Store},
};

/// Whether a request may go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    /// Allowed, and by which binding; empty for `system:masters`.
    Allowed(String),
    Denied,
}

impl Decision {
    pub(crate) fn is_allowed(&self) -> bool {
        matches!(self, Decision::Allowed(_))
    }
}

/// Decides by what the store holds at the moment.
#[derive(Clone, Debug)]
pub(crate) struct Authorizer {
    store: Store,
}

/// A binding that speaks of a user, and the rules of its role.
pub(super) struct Grant {
    pub(super) rules: Vec<Value>,
    reason: String,
}

impl Authorizer {
    pub(crate) fn new(store: Store) -> Self {
        Authorizer { store }
    }

    /// Looks for a rule that allows it.
    pub(crate) fn decide(&self, user: &User, wanted: &Attributes) -> Decision {
        if user.is_master() {
            return Decision::Allowed(String::new());
        }
        let namespace = match wanted {
            Attributes::Resource(resource) => resource.namespace.as_str(),
            Attributes::NonResource { .. } => "",
        };
        self.grants(user, namespace)
            .into_iter()
            .find(|grant| grant.rules.iter().any(|rule| allows(rule, wanted)))
            .map_or(Decision::Denied, |grant| Decision::Allowed(grant.reason))
    }

    /// The bindings that give `user` something cluster-wide or (unless empty) in `namespace`.
    pub(super) fn grants(&self, user: &User, namespace: &str) -> Vec<Grant> {
        let mut bindings = self.store.list(Kind::ClusterRoleBinding, None).items;
        if !namespace.is_empty() {
            bindings.extend(self.store.list(Kind::RoleBinding, Some(namespace)).items);
        }
        bindings.iter().filter_map(|binding| self.grant(user, binding)).collect()
    }

    fn grant(&self, user: &User, binding: &Arc<Object>) -> Option<Grant> {
        let subjects = binding.value()["subjects"].as_array()?;
        let subject = subjects.iter().find(|subject| is_subject(subject, user, binding.namespace()))?;
        let reference = &binding.value()["roleRef"];
        let role_name = reference["name"].as_str().unwrap_or_default();
        let (kind, namespace) = match reference["kind"].as_str() {
            Some("Role") => (Kind::Role, Some(binding.namespace())),
            _ => (Kind::ClusterRole, None),
        };
        let role = self.store.get(kind, namespace, role_name).ok()?;
        let rules = role.value()["rules"].as_array().cloned().unwrap_or_default();
        let place = if binding.namespace().is_empty() {
            binding.name().to_owned()
        } else {
            format!("{}/{}", binding.name(), binding.namespace())
        };
        let reason = format!(
            "RBAC: allowed by {} \"{place}\" of {kind} \"{role_name}\" to {}",
            binding.kind(),
            describe(subject)
        );
        Some(Grant { rules, reason })
    }
}

fn describe(subject: &Value) -> String {
    let text = |field: &str| subject[field].as_str().unwrap_or_default();
    match text("kind") {
        "ServiceAccount" => format!("ServiceAccount \"{}/{}\"", text("name"), text("namespace")),
        kind => format!("{kind} \"{}\"", text("name")),
    }
}

fn is_subject(subject: &Value, user: &User, binding_namespace: &str) -> bool {
    let text = |field: &str| subject[field].as_str().unwrap_or_default();
    match text("kind") {
        "User" => text("name") == user.name,
        "Group" => user.groups.iter().any(|group| group == text("name")),
        "ServiceAccount" => {
            let namespace = match text("namespace") {
                "" => binding_namespace,
                named => named,
            };
            user.name == format!("system:serviceaccount:{namespace}:{}", text("name"))
        }
        _ => false,
    }
}

fn allows(rule: &Value, wanted: &Attributes) -> bool {
    match wanted {
        Attributes::NonResource { verb, path } => {
            holds(rule, "verbs", verb)
                && texts(rule, "nonResourceURLs").any(|pattern| matches_path(pattern, path))
        }
        Attributes::Resource(wanted) => allows_resource(rule, wanted),
    }
}

fn allows_resource(rule: &Value, wanted: &ResourceAttributes) -> bool {
    let full = wanted.full_resource();
    let any_subresource = format!("*/{}", wanted.subresource);
    let resource = texts(rule, "resources").any(|resource| {
        resource == "*" || resource == full || (!wanted.subresource.is_empty() && resource == any_subresource)
    });
    let named = texts(rule, "resourceNames").next().is_none()
        || texts(rule, "resourceNames").any(|name| name == wanted.name);
    resource && named && holds(rule, "verbs", &wanted.verb) && holds(rule, "apiGroups", &wanted.group)
}

/// Whether a list of a rule contains the word or `*`.
fn holds(rule: &Value, field: &str, word: &str) -> bool {
    texts(rule, field).any(|entry| entry == "*" || entry == word)
}

fn texts<'a>(rule: &'a Value, field: &str) -> impl Iterator<Item = &'a str> {
    rule[field].as_array().into_iter().flatten().filter_map(Value::as_str)
}

fn matches_path(pattern: &str, path: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(prefix) => path.starts_with(prefix),
        None => pattern == path,
    }
}
