//! Rendered text as one object of the right kind.

use helm_template::yaml::{self, Root};
use serde_json::Value;

use super::error::{ObjectKind, TemplateFault};
use super::json::Reader;

/// Reads the object.
pub(super) fn object(text: &str, kind: ObjectKind) -> Result<Value, TemplateFault> {
    if let Some(line) = second_document(text) {
        return Err(TemplateFault::SecondDocument { line });
    }
    let object = yaml::read(text.as_bytes(), Root::Any, &mut Reader).map_err(|error| {
        let line = error.line();
        let quoted = line.and_then(|line| text.lines().nth(line.saturating_sub(1)));
        TemplateFault::Yaml { reason: error.to_string(), line, text: quoted.map(str::to_owned) }
    })?;
    let told = |key: &str| object.get(key).and_then(Value::as_str).unwrap_or_default();
    let (version, word) = kind.identity();
    if told("apiVersion") == version && told("kind") == word {
        return Ok(object);
    }
    let found = match &object {
        Value::Object(_) if told("kind").is_empty() => "an object without a kind".to_owned(),
        Value::Object(_) => format!("an object of kind {} ({})", told("kind"), told("apiVersion")),
        other => what(other).to_owned(),
    };
    Err(TemplateFault::Kind { expected: kind, found })
}

/// What a value is, in words.
pub(crate) fn what(value: &Value) -> &'static str {
    match value {
        Value::Null => "empty",
        Value::Bool(_) => "a truth value",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "a map",
    }
}

/// The line that begins another document: `---` in the first column, after something that is no comment.
fn second_document(text: &str) -> Option<usize> {
    let mut content = false;
    for (index, line) in text.lines().enumerate() {
        let mark =
            line.strip_prefix("---").is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']));
        if mark && content {
            return Some(index + 1);
        }
        content |= !mark && !line.trim().is_empty() && !line.trim_start().starts_with('#');
    }
    None
}
