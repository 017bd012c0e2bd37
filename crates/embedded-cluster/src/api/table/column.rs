//! Columns, and small things that many cells are made of.

use serde_json::{Value, json};

use super::age::human_duration;
use crate::time;

/// A column's heading.
#[derive(Clone, Copy, Debug)]
pub(super) struct Column {
    name: &'static str,
    value: &'static str,
    format: &'static str,
    priority: u8,
}

impl Column {
    /// The column of names.
    pub(super) const NAME: Column = Column { name: "Name", value: "string", format: "name", priority: 0 };
    /// The name as a column that is only shown when asked for (`-o wide`).
    pub(super) const WIDE_NAME: Column = Column { priority: 1, ..Column::NAME };

    /// A column that is always shown.
    pub(super) const fn text(name: &'static str) -> Column {
        Column { name, value: "string", format: "", priority: 0 }
    }

    /// A column that is shown with `-o wide`.
    pub(super) const fn wide(name: &'static str) -> Column {
        Column { priority: 1, ..Column::text(name) }
    }

    /// A point in time.
    pub(super) const fn date(name: &'static str) -> Column {
        Column { value: "date", ..Column::text(name) }
    }

    pub(super) fn definition(&self) -> Value {
        json!({
            "name": self.name, "type": self.value, "format": self.format, "description": "",
            "priority": self.priority,
        })
    }
}

/// A text field, or empty.
pub(super) fn text<'a>(object: &'a Value, pointer: &str) -> &'a str {
    object.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

/// A text, or `<none>`.
pub(super) fn or_none(text: &str) -> Value {
    json!(if text.is_empty() { "<none>" } else { text })
}

/// The items of a list, or none.
pub(super) fn items<'a>(object: &'a Value, pointer: &str) -> impl Iterator<Item = &'a Value> {
    object.pointer(pointer).and_then(Value::as_array).into_iter().flatten()
}

/// How long ago the object was made.
pub(super) fn age(object: &Value) -> Value {
    since(text(object, "/metadata/creationTimestamp"))
}

/// How long ago a time was; `<unknown>` when it is none.
pub(super) fn since(timestamp: &str) -> Value {
    match timestamp.parse::<jiff::Timestamp>() {
        Ok(then) => json!(human_duration(time::now().duration_since(then).as_secs())),
        Err(_) => json!("<unknown>"),
    }
}

/// `key=value,key=value`, or `<none>`.
pub(super) fn selector(labels: &Value) -> Value {
    let pairs: Vec<String> = labels
        .as_object()
        .into_iter()
        .flatten()
        .map(|(key, value)| format!("{key}={}", value.as_str().unwrap_or_default()))
        .collect();
    or_none(&pairs.join(","))
}

/// The field of every item, with commas between.
pub(super) fn joined<'a>(items: impl Iterator<Item = &'a Value>, field: &str) -> String {
    items.map(|item| item[field].as_str().unwrap_or_default()).collect::<Vec<_>>().join(",")
}
