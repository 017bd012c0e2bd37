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
        "gitCommit" | "buildDate" | "goVersion" | "compiler" | "platform" => "<build>",
        "token" if text.len() > 100 => "<token>",
        "ca.crt" if text.len() > 100 => "<certificate>",
        "machineID" | "systemUUID" | "bootID" | "kernelVersion" | "osImage" | "containerRuntimeVersion"
            if parents.last() == Some(&"nodeInfo") =>
        {
            "<machine>"
        }
        _ if matches!(parents.last(), Some(&("capacity" | "allocatable"))) => "<machine>",
        "serverAddress" => "<ip>:<port>",
        "window" => return Some(Value::String(format!("<measured>{}", unit(text)))),
        "cpu" | "memory" if parents.last() == Some(&"usage") => {
            return Some(Value::String(format!("<measured>{}", unit(text))));
        }
        _ => return None,
    };
    Some(Value::String(mark.to_owned()))
}

/// The mark for a cell of a table that shows an age.
pub(super) fn age(cell: &Value) -> Option<Value> {
    let text = cell.as_str()?;
    AGE.as_ref().filter(|age| age.is_match(text)).map(|_| Value::String("<measured>".to_owned()))
}

/// What follows the number.
fn unit(text: &str) -> &str {
    text.trim_start_matches(|character: char| character.is_ascii_digit() || character == '.')
}

/// Node ports are told by their range.
pub(super) fn is_node_port(number: &Number) -> bool {
    number.as_u64().is_some_and(|number| (30_000..=32_767).contains(&number))
}
