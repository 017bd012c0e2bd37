//! JSON. Helm's `toJson` is Sprig's; its `fromJson` takes objects only and says what is wrong in its result.

use go_text_template::{CallError, List, Map, Type, Value};

use crate::declare::functions;
use crate::json::{self, Escapes, Layout, UnsupportedError};

functions! {
    "toJson"(value: Any) -> Text = to_json,
        "A value as JSON, with `<`, `>` and `&` escaped; an empty text when JSON has no such value.",
        example r#"{{ toJson (dict "a" (list 1 "<")) }}"# => r#"{"a":[1,"\u003c"]}"#;
    "mustToJson"(value: Any) -> Text = must_to_json, "A value as JSON, with `<`, `>` and `&` escaped.",
        fails "JSON has no such value", example "{{ mustToJson (list 1) }}" => "[1]";
    "toPrettyJson"(value: Any) -> Text = to_pretty_json,
        "A value as JSON on several lines; an empty text when JSON has no such value.",
        example "{{ toPrettyJson (list 1) }}" => "[\n  1\n]";
    "mustToPrettyJson"(value: Any) -> Text = must_to_pretty_json, "A value as JSON on several lines.",
        fails "JSON has no such value", example "{{ mustToPrettyJson (list) }}" => "[]";
    "toRawJson" | "mustToRawJson"(value: Any) -> Text = to_raw_json,
        "A value as JSON, with `<`, `>` and `&` as they are.",
        fails "JSON has no such value", example r#"{{ toRawJson (list "<") }}"# => r#"["<"]"#;
    "mustFromJson"(text: Text) -> Any = must_from_json, "The value of a JSON text; numbers become `float64`.",
        fails "the text is no JSON, or has a number out of range",
        example r#"{{ (mustFromJson "{\"a\":[1,2]}").a }}"# => "[1 2]";
}

/// Sprig's `fromJson`, which Helm replaces.
pub(super) mod sprig {
    use go_text_template::Value;

    use crate::declare::functions;
    use crate::json;

    functions! {
        "fromJson"(text: Text) -> Any = from_json,
            "The value of a JSON text, nil when it is none; numbers become `float64`.",
            example r#"{{ fromJson "[1,2]" }}"# => "[1 2]";
    }

    fn from_json(text: &[u8]) -> Value {
        json::read(text).map(|decoded| decoded.value).unwrap_or_default()
    }
}

/// Helm's additions.
pub(super) mod helm {
    use super::{Map, Value, from_json, from_json_array};
    use crate::declare::functions;

    functions! {
        "fromJson"(text: Text) -> Map = from_json,
            "The map in a JSON text; when it is none, a map with the reason under `Error`.",
            example r#"{{ (fromJson "{\"a\":1}").a }} {{ fromJson "[" }}"#
                => "1 map[Error:unexpected end of JSON input]";
        "fromJsonArray"(text: Text) -> List = from_json_array,
            "The list in a JSON text; when it is none, a list with the reason alone.",
            example r#"{{ fromJsonArray "[1,2]" }}"# => "[1 2]";
    }

    /// What is given in place of a list that cannot be read.
    pub(in crate::functions) fn reason_alone(reason: String) -> Vec<Value> {
        vec![Value::from(reason)]
    }

    /// What is given in place of a map that cannot be read.
    pub(in crate::functions) fn with_reason(map: &Map, reason: String) {
        // The map was just made here and is not nil.
        let _ = map.insert("Error", Value::from(reason));
    }
}

fn must_to_json(value: &Value) -> Result<Vec<u8>, CallError> {
    json::write(value, Escapes::Html, Layout::Compact).map_err(|error| unsupported(&error))
}

fn to_json(value: &Value) -> Vec<u8> {
    must_to_json(value).unwrap_or_default()
}

fn must_to_pretty_json(value: &Value) -> Result<Vec<u8>, CallError> {
    json::write(value, Escapes::Html, Layout::Indented).map_err(|error| unsupported(&error))
}

fn to_pretty_json(value: &Value) -> Vec<u8> {
    must_to_pretty_json(value).unwrap_or_default()
}

fn to_raw_json(value: &Value) -> Result<Vec<u8>, CallError> {
    json::write(value, Escapes::None, Layout::Compact).map_err(|error| unsupported(&error))
}

fn unsupported(error: &UnsupportedError) -> CallError {
    CallError::new(error.to_string())
}

fn must_from_json(text: &[u8]) -> Result<Value, CallError> {
    let decoded = json::read(text).map_err(|error| CallError::new(error.to_string()))?;
    match decoded.out_of_range {
        Some(error) => Err(CallError::new(error.to_string())),
        None => Ok(decoded.value),
    }
}

fn from_json(text: &[u8]) -> Map {
    let failed = |reason: String| {
        let map = Map::new::<&str>([]);
        helm::with_reason(&map, reason);
        map
    };
    match json::read(text) {
        Err(error) => failed(error.to_string()),
        Ok(decoded) => match decoded.value {
            Value::Map(map) => {
                if let Some(error) = decoded.out_of_range {
                    helm::with_reason(&map, error.to_string());
                }
                map
            }
            Value::Nil if decoded.out_of_range.is_none() => Map::nil(Type::Any),
            other => failed(mismatch(&other, "map[string]interface {}")),
        },
    }
}

fn from_json_array(text: &[u8]) -> List {
    match json::read(text) {
        Err(error) => List::new(helm::reason_alone(error.to_string())),
        Ok(decoded) => match (decoded.value, decoded.out_of_range) {
            (Value::List(list), None) => list,
            (Value::List(_), Some(error)) => List::new(helm::reason_alone(error.to_string())),
            (Value::Nil, None) => List::nil(Type::Any),
            (other, _) => List::new(helm::reason_alone(mismatch(&other, "[]interface {}"))),
        },
    }
}

fn mismatch(value: &Value, wanted: &str) -> String {
    let found = match value {
        Value::List(_) => "array",
        Value::Map(_) => "object",
        Value::String(_) => "string",
        Value::Bool(_) => "bool",
        _ => "number",
    };
    format!("json: cannot unmarshal {found} into Go value of type {wanted}")
}
