//! Everything that a user may do in a namespace: `SelfSubjectRulesReview`.

use serde_json::{Value, json};

use super::{Authorizer, User};

/// The `status` of a rules review.
#[derive(Debug)]
pub(crate) struct RulesReview {
    resource_rules: Vec<Value>,
    non_resource_rules: Vec<Value>,
}

impl RulesReview {
    /// The rules of all roles that are bound to `user`, cluster-wide or in `namespace`.
    pub(crate) fn of(authorizer: &Authorizer, user: &User, namespace: &str) -> Self {
        let mut review = RulesReview { resource_rules: Vec::new(), non_resource_rules: Vec::new() };
        if user.is_master() {
            review.resource_rules.push(json!({"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]}));
            review.non_resource_rules.push(json!({"verbs": ["*"], "nonResourceURLs": ["*"]}));
        }
        for rule in authorizer.grants(user, namespace).into_iter().flat_map(|grant| grant.rules) {
            if rule["resources"].is_array() {
                let mut shown = json!({
                    "verbs": rule["verbs"], "apiGroups": rule["apiGroups"], "resources": rule["resources"]
                });
                if rule["resourceNames"].is_array() {
                    shown["resourceNames"] = rule["resourceNames"].clone();
                }
                review.resource_rules.push(shown);
            }
            if rule["nonResourceURLs"].is_array() {
                review
                    .non_resource_rules
                    .push(json!({"verbs": rule["verbs"], "nonResourceURLs": rule["nonResourceURLs"]}));
            }
        }
        review
    }

    pub(crate) fn to_value(&self) -> Value {
        json!({
            "resourceRules": self.resource_rules,
            "nonResourceRules": self.non_resource_rules,
            "incomplete": false,
        })
    }
}
