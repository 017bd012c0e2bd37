//! What is accidental because of the field that it is in.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::{Number, Value};

static AGE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^(\d+[smhdy])+$").ok());

/// The mark for a field's value, if its place makes it accidental.
pub(super) fn replace(path: &[&str], value: &Value) -> Option<Value> {
    let (key, parents) = path.split_last()?;
    let text = value.as_str().unwrap_or_default();
    let mark = match *key {
        "resourceVersion" if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) => {
            "<version>"
        }
        "continue" if !text.is_empty() => "<continue>",
        "remainingItemCount" if value.is_number() => "<count>",
        "gitCommit" | "buildDate" | "goVersion" | "platform" if !text.is_empty() => "<build>",
        "token" if text.len() > 100 => "<token>",
        "ca.crt" if text.len() > 100 => "<certificate>",
        "cells" => return Some(cells(value)),
        "window" => return Some(Value::String(format!("<measured>{}", unit(text)))),
        "cpu" | "memory" if parents.last() == Some(&"usage") => {
            return Some(Value::String(format!("<measured>{}", unit(text))));
        }
        _ => return None,
    };
    Some(Value::String(mark.to_owned()))
}

/// A table's row: ages are measured, ids and the like are left to the rules of texts by the caller's next round.
fn cells(value: &Value) -> Value {
    let cell = |cell: &Value| match cell {
        Value::String(text) if AGE.as_ref().is_some_and(|age| age.is_match(text)) => {
            Value::String("<measured>".to_owned())
        }
        Value::String(text) => Value::String(super::text::replace_all(text)),
        other => other.clone(),
    };
    value.as_array().map_or_else(|| value.clone(), |cells| Value::Array(cells.iter().map(cell).collect()))
}

/// What follows the number.
fn unit(text: &str) -> &str {
    text.trim_start_matches(|character: char| character.is_ascii_digit() || character == '.')
}

/// Node ports are told by their range.
pub(super) fn is_node_port(number: &Number) -> bool {
    number.as_u64().is_some_and(|number| (30_000..=32_767).contains(&number))
}
