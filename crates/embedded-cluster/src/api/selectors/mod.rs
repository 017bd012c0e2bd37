//! Label and field selectors: read once, then asked for every object.

mod fields;
mod labels;

use serde_json::Value;

pub(crate) use self::{fields::FieldSelector, labels::LabelSelector};
use super::query::Query;
use crate::{kind::Kind, status_error::StatusError, store::Object};

/// Which objects of a kind a list or watch is about.
#[derive(Clone, Debug, Default)]
pub(crate) struct Selection {
    namespace: Option<String>,
    labels: LabelSelector,
    fields: FieldSelector,
}

impl Selection {
    /// Reads `labelSelector` and `fieldSelector`.
    ///
    /// # Errors
    /// 400 when one cannot be read, or names a field that the kind cannot be selected by.
    pub(crate) fn read(kind: Kind, namespace: Option<&str>, query: &Query) -> Result<Self, StatusError> {
        Ok(Selection {
            namespace: namespace.map(str::to_owned),
            labels: LabelSelector::parse(query.get("labelSelector").unwrap_or_default())?,
            fields: FieldSelector::parse(kind, query.get("fieldSelector").unwrap_or_default())?,
        })
    }

    /// Whether every object of the namespace is meant.
    pub(crate) fn takes_all(&self) -> bool {
        self.labels.is_empty() && self.fields.is_empty()
    }

    pub(crate) fn matches(&self, object: &Object) -> bool {
        self.namespace.as_deref().is_none_or(|namespace| namespace == object.namespace())
            && self.labels.matches(object.labels())
            && self.fields.matches(object.value())
    }
}

/// Looks up `a.b.c` as text; what is not there is empty.
fn text_at(object: &Value, path: &str) -> String {
    let found = path.split('.').fold(object, |value, part| &value[part]);
    match found {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}
