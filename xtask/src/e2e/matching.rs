//! Partial comparison: what a behaviour expects is a part of what comes.

use serde_json::Value;

/// Where and how `actual` fails to hold `expected`; `None` when it holds. Objects may have more keys, everything
/// else must be equal; numbers are compared by value.
pub(crate) fn difference(expected: &Value, actual: &Value) -> Option<String> {
    at("", expected, actual)
}

fn at(path: &str, expected: &Value, actual: &Value) -> Option<String> {
    match (expected, actual) {
        (Value::Object(expected), Value::Object(actual)) => expected.iter().find_map(|(key, value)| {
            let path = format!("{path}/{key}");
            match actual.get(key) {
                Some(found) => at(&path, value, found),
                None => Some(format!("{path} is absent, expected {value}")),
            }
        }),
        (Value::Array(expected), Value::Array(actual)) if expected.len() == actual.len() => {
            expected.iter().zip(actual).enumerate().find_map(|(i, (e, a))| at(&format!("{path}/{i}"), e, a))
        }
        (Value::Number(expected), Value::Number(actual)) if expected.as_f64() == actual.as_f64() => None,
        (expected, actual) if expected == actual => None,
        (expected, actual) => Some(format!("{path} is {actual}, expected {expected}")),
    }
}

/// Replaces `$NAME`s in every text of a value. A text that is nothing but one name takes the variable's own type.
pub(crate) fn substitute(value: &mut Value, variable: &dyn Fn(&str) -> Option<Value>) {
    match value {
        Value::String(text) => {
            if let Some(whole) = text.strip_prefix('$').and_then(variable) {
                *value = whole;
            } else if text.contains('$') {
                *text = in_text(text, variable);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| substitute(item, variable)),
        Value::Object(map) => map.values_mut().for_each(|item| substitute(item, variable)),
        _ => {}
    }
}

/// Replaces `$NAME`s in a text; what is no variable stays.
pub(crate) fn in_text(text: &str, variable: &dyn Fn(&str) -> Option<Value>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('$') {
        out.push_str(&rest[..start]);
        let after = &rest[start + 1..];
        let end = after.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(after.len());
        match variable(&after[..end]) {
            Some(Value::String(value)) => out.push_str(&value),
            Some(value) => out.push_str(&value.to_string()),
            None => {
                out.push('$');
                out.push_str(&after[..end]);
            }
        }
        rest = &after[end..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_expected_object_may_have_fewer_keys_but_not_others() {
        assert_eq!(difference(&json!({"a": {"b": 1}}), &json!({"a": {"b": 1.0, "c": 2}, "d": 3})), None);
        assert_eq!(
            difference(&json!({"a": {"b": 1}}), &json!({"a": {}})).as_deref(),
            Some("/a/b is absent, expected 1")
        );
        assert_eq!(difference(&json!([1]), &json!([1, 2])).as_deref(), Some(" is [1,2], expected [1]"));
    }

    #[test]
    fn variables_are_replaced_in_texts_and_others_are_left() {
        let variable = |name: &str| (name == "PORT").then(|| json!(8080));
        let mut value = json!({"port": "$PORT", "url": "http://x:$PORT/", "home": "$HOME"});
        substitute(&mut value, &variable);
        assert_eq!(value, json!({"port": 8080, "url": "http://x:8080/", "home": "$HOME"}));
    }
}
