//! An object against the table.

use std::fmt;

use serde_json::{Map, Number, Value};

use super::{Field, TABLE, Type};
use crate::field_path::FieldPath;
use crate::nearest::nearest;
use crate::quantity;

/// Something that Kubernetes does not take, or not as it was meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// Where. For what is missing: where it should be.
    pub path: FieldPath,
    pub kind: FaultKind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum FaultKind {
    /// There is no such field: it would be dropped without a word, or the object refused.
    Unknown { nearest: Option<&'static str> },
    /// Another type of value.
    Type { expected: String, found: String },
    /// Not one of the values that there are.
    Value { found: String, values: &'static [&'static str], nearest: Option<&'static str> },
    /// Not there, and needed.
    Missing,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = &self.path;
        match &self.kind {
            FaultKind::Unknown { .. } => write!(f, "'{path}' is unknown to Kubernetes {}", super::release()),
            FaultKind::Type { expected, found } => write!(f, "'{path}' is {found}, expected {expected}"),
            FaultKind::Value { found, values, .. } => {
                write!(f, "'{path}' is \"{found}\", expected {}", listed(values))
            }
            FaultKind::Missing => write!(f, "'{path}' is missing"),
        }
    }
}

/// At most this many values are listed.
const LISTED: usize = 8;

fn listed(values: &[&str]) -> String {
    let shown: Vec<String> = values.iter().take(LISTED).map(|value| format!("\"{value}\"")).collect();
    let dots = if values.len() > LISTED { ", …" } else { "" };
    format!("one of {}{dots}", shown.join(", "))
}

/// Everything in an object of a kind that does not fit the table.
pub(crate) fn check(kind: &'static str, object: &Value) -> Vec<Fault> {
    let mut found = Found::default();
    found.value(&Type::Struct(kind), &[], object);
    found.faults
}

#[derive(Default)]
struct Found {
    /// Where the value at hand is.
    path: FieldPath,
    faults: Vec<Fault>,
}

impl Found {
    fn fault(&mut self, kind: FaultKind) {
        self.faults.push(Fault { path: self.path.clone(), kind });
    }

    /// Null is the same as nothing, wherever it stands.
    fn value(&mut self, wanted: &Type, values: &'static [&'static str], value: &Value) {
        match (wanted, value) {
            (Type::Any, _) | (_, Value::Null) => {}
            (Type::Struct(name), Value::Object(entries)) => self.fields(name, entries),
            (Type::Map(item), Value::Object(entries)) => {
                for (key, value) in entries {
                    self.path.push_key(key);
                    self.value(item, &[], value);
                    self.path.pop();
                }
            }
            (Type::List(item), Value::Array(items)) => {
                for (index, value) in items.iter().enumerate() {
                    self.path.push_index(index);
                    self.value(item, values, value);
                    self.path.pop();
                }
            }
            // An empty text is the same as nothing.
            (Type::Text, Value::String(text)) if !values.is_empty() && !text.is_empty() => {
                if !values.contains(&text.as_str()) {
                    let nearest = nearest(text, values.iter().copied());
                    self.fault(FaultKind::Value { found: text.clone(), values, nearest });
                }
            }
            (wanted, value) => {
                if !wanted.takes(value) {
                    self.fault(FaultKind::Type { expected: wanted.in_words(), found: shown(value) });
                }
            }
        }
    }

    fn fields(&mut self, name: &str, entries: &Map<String, Value>) {
        let Some(fields) = TABLE.structs.get(name) else { return };
        for (key, value) in entries {
            self.path.push_key(key);
            match fields.get(key.as_str()) {
                Some(Field { value: wanted, values, .. }) => self.value(wanted, values, value),
                None => self.fault(FaultKind::Unknown { nearest: nearest(key, fields.keys().copied()) }),
            }
            self.path.pop();
        }
        let is_missing = |key: &str| entries.get(key).is_none_or(Value::is_null);
        let mut missing: Vec<&str> = fields
            .iter()
            .filter(|(key, field)| field.is_required && is_missing(key))
            .map(|(key, _)| *key)
            .collect();
        missing.sort_unstable();
        for key in missing {
            self.path.push_key(key);
            self.fault(FaultKind::Missing);
            self.path.pop();
        }
    }
}

impl Type {
    /// Whether a scalar, or the wrong kind of container, is one of this type.
    fn takes(&self, value: &Value) -> bool {
        match (self, value) {
            (Self::Text | Self::IntOrText, Value::String(_)) | (Self::Bool, Value::Bool(_)) => true,
            (Self::Time, Value::String(text)) => text.parse::<jiff::Timestamp>().is_ok(),
            (Self::Int32 | Self::IntOrText, Value::Number(number)) => {
                number.as_i64().is_some_and(|whole| i32::try_from(whole).is_ok())
            }
            (Self::Int64, Value::Number(number)) => number.is_i64(),
            (Self::Number, Value::Number(_)) => true,
            (Self::Quantity, Value::Number(number)) => is_quantity(&number.to_string()),
            (Self::Quantity, Value::String(text)) => is_quantity(text),
            _ => false,
        }
    }

    fn in_words(&self) -> String {
        match self {
            Self::Text => "a string".to_owned(),
            Self::Time => "a time, as \"2026-11-24T10:00:00Z\"".to_owned(),
            Self::Bool => "true or false".to_owned(),
            Self::Int32 | Self::Int64 => "a whole number".to_owned(),
            Self::Number => "a number".to_owned(),
            Self::Quantity => "a quantity, as \"500m\" or \"2Gi\"".to_owned(),
            Self::IntOrText => "a whole number or a string".to_owned(),
            Self::Any => "anything".to_owned(),
            Self::List(item) => format!("a list ({})", item.in_words()),
            Self::Map(item) => format!("a map to {}", item.in_words()),
            Self::Struct(_) => "a map".to_owned(),
        }
    }
}

fn is_quantity(text: &str) -> bool {
    text.trim() == text && quantity::parse(text).is_some()
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => format!("the string {}", Value::from(text.as_str())),
        Value::Number(number) => number_shown(number),
        Value::Bool(truth) => format!("the truth value {truth}"),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "a map".to_owned(),
        Value::Null => "nothing".to_owned(),
    }
}

fn number_shown(number: &Number) -> String {
    format!("the number {number}")
}
