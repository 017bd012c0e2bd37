//! What the API server warns of, as of a field that it does not know: for the administrator, once.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use http::HeaderMap;
use http::header::WARNING;

use super::{Operation, Resource, Verb};
use crate::templates::ObjectKind;

/// How many texts are remembered; then all are forgotten, and told again.
const REMEMBERED: usize = 1000;

/// The warnings that were told already.
#[derive(Debug, Default)]
pub(super) struct Warned(Mutex<HashSet<String>>);

impl Warned {
    /// Tells the log what is new among the warnings of an answer.
    pub(super) fn pass_on(&self, operation: &Operation, headers: &HeaderMap) {
        for warning in warnings(headers) {
            if self.is_new(&warning) {
                let template = template_of(operation).map(ObjectKind::file);
                tracing::warn!(%operation, template, "the API server warns: {warning}");
            }
        }
    }

    fn is_new(&self, warning: &str) -> bool {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if told.len() >= REMEMBERED {
            told.clear();
        }
        told.insert(warning.to_owned())
    }
}

/// The template that made what was sent.
fn template_of(operation: &Operation) -> Option<ObjectKind> {
    match (operation.verb, operation.resource) {
        (Verb::Create, Resource::Jobs) => Some(ObjectKind::Job),
        (Verb::Create, Resource::Services) => Some(ObjectKind::Service),
        _ => None,
    }
}

/// The texts of an answer's warnings, without code and agent (RFC 7234, 5.5).
pub(crate) fn warnings(headers: &HeaderMap) -> Vec<String> {
    let headers = headers.get_all(WARNING);
    headers.into_iter().map(|header| text(&String::from_utf8_lossy(header.as_bytes()))).collect()
}

fn text(header: &str) -> String {
    let quoted = header.split_once('"').and_then(|(_, rest)| rest.rsplit_once('"')).map(|(text, _)| text);
    quoted.unwrap_or(header).replace("\\\"", "\"").replace("\\\\", "\\")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_warning_is_told_without_its_code_and_agent() {
        assert_eq!(text("299 - \"unknown field \\\"spec.x\\\"\""), "unknown field \"spec.x\"");
        assert_eq!(text("odd"), "odd");
    }

    #[test]
    fn a_warning_is_new_once() {
        let warned = Warned::default();
        assert!(warned.is_new("a"));
        assert!(warned.is_new("b"));
        assert!(!warned.is_new("a"));
        for number in 0..REMEMBERED {
            warned.is_new(&number.to_string());
        }
        assert!(warned.is_new("a"), "a plugin that runs for long says it again at times");
    }

    #[test]
    fn what_a_template_made_is_told_with_its_file() {
        let operation = |verb, resource| Operation { verb, resource, namespace: None };
        let file = |verb, resource| template_of(&operation(verb, resource)).map(ObjectKind::file);
        assert_eq!(file(Verb::Create, Resource::Jobs), Some("job.tpl"));
        assert_eq!(file(Verb::Create, Resource::Services), Some("service.tpl"));
        assert_eq!(file(Verb::Patch, Resource::Jobs), None);
    }
}
