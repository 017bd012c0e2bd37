//! Questions that both Go (`oracle/yaml`) and this crate answer, in the oracle's JSON.

use std::borrow::Cow;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use helm_template::yaml::{
    Build, Data, Duplicates, Node, ReadError, Root, Value, Values, WriteError, read_with, to_yaml,
    to_yaml_pretty,
};
use serde_json::{Value as Json, json};

/// What this crate answers to a question.
pub(crate) fn answer(question: &Json) -> Json {
    let written = |result: Result<String, WriteError>| match result {
        Ok(text) => json!({ "out": text }),
        Err(error) => json!({ "error": error.to_string() }),
    };
    let op = question["op"].as_str().unwrap();
    match op {
        "toYaml" => written(to_yaml(Tagged(&question["value"]))),
        "toYamlPretty" => written(to_yaml_pretty(Tagged(&question["value"]))),
        _ => {
            let text = bytes(&question["text"]);
            let read = |root, duplicates| read_with(&text, root, duplicates, &mut Values);
            let read_floats = |root| read_with(&text, root, Duplicates::LastCounts, &mut JsonValues);
            match op {
                "fromYaml" => read_answer(read_floats(Root::Mapping), ""),
                "fromYamlArray" => read_answer(read_floats(Root::Sequence), ""),
                // Go's `YAMLToJSON` gives the error without the prefix that `Unmarshal` adds.
                "toJson" => read_answer(read(Root::Any, Duplicates::LastCounts), PREFIX),
                "toJsonStrict" => read_answer(read(Root::Any, Duplicates::Refused), PREFIX),
                other => panic!("unknown op {other}"),
            }
        }
    }
}

const PREFIX: &str = "error converting YAML to JSON: ";

fn read_answer(result: Result<Value, ReadError>, prefix: &str) -> Json {
    match result {
        Ok(value) => json!({ "json": as_json(&value) }),
        Err(error) => {
            let text = error.to_string();
            json!({ "error": text.strip_prefix(prefix).unwrap_or(&text) })
        }
    }
}

/// Values whose numbers are floats, as Helm's functions have them.
struct JsonValues;

impl Build for JsonValues {
    type Key = String;
    type Value = Value;

    fn null(&mut self) -> Value {
        Value::Null
    }

    fn bool(&mut self, value: bool) -> Value {
        Value::Bool(value)
    }

    fn float(&mut self, value: f64) -> Value {
        Value::Float(value)
    }

    fn text(&mut self, value: &str) -> Value {
        Value::Text(value.to_owned())
    }

    fn sequence(&mut self, items: Vec<Value>) -> Value {
        Value::Sequence(items)
    }

    fn mapping(&mut self, entries: Vec<(String, Value)>) -> Value {
        Value::Mapping(entries)
    }
}

/// Whether this crate answers as Go does. Errors of writing only have to be errors: Helm shows nothing of them.
pub(crate) fn is_same(question: &Json, go: &Json, ours: &Json) -> bool {
    match (&go["json"], &ours["json"]) {
        (Json::String(text), ours) if !ours.is_null() || text == "null" => {
            serde_json::from_str(text).is_ok_and(|go: Json| is_same_json(&go, ours))
        }
        _ => {
            let is_writing = question.get("value").is_some();
            if is_writing && go.get("error").is_some() { ours.get("error").is_some() } else { go == ours }
        }
    }
}

/// Numbers are the same when their values are: Go's JSON has no difference between 1 and 1.0.
fn is_same_json(a: &Json, b: &Json) -> bool {
    match (a, b) {
        (Json::Number(a), Json::Number(b)) => {
            a == b
                || ((a.is_f64() || b.is_f64())
                    && a.as_f64().map(f64::to_bits) == b.as_f64().map(f64::to_bits))
        }
        (Json::Array(a), Json::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_same_json(a, b))
        }
        (Json::Object(a), Json::Object(b)) => {
            a.len() == b.len()
                && a.iter().all(|(key, value)| b.get(key).is_some_and(|other| is_same_json(value, other)))
        }
        _ => a == b,
    }
}

fn as_json(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(value) => json!(value),
        Value::Int(value) => json!(value),
        Value::Uint(value) => json!(value),
        Value::Float(value) => json!(value),
        Value::Text(text) => json!(text),
        Value::Sequence(items) => items.iter().map(as_json).collect(),
        Value::Mapping(entries) => entries.iter().map(|(key, value)| (key.clone(), as_json(value))).collect(),
    }
}

/// A text given as `[[PIECE, TIMES]…]`.
pub(crate) fn joined(parts: &Json) -> String {
    let parts = parts.as_array().unwrap();
    parts.iter().map(|part| part[0].as_str().unwrap().repeat(part[1].as_u64().unwrap() as usize)).collect()
}

/// The bytes of a text in a question.
pub(crate) fn bytes(text: &Json) -> Cow<'_, [u8]> {
    match text {
        Json::String(text) => Cow::Borrowed(text.as_bytes()),
        other => Cow::Owned(BASE64_STANDARD.decode(other["base64"].as_str().unwrap()).unwrap()),
    }
}

/// A value of a question, to be written.
pub(crate) struct Tagged<'q>(pub(crate) &'q Json);

impl<'q> Data for Tagged<'q> {
    type Text = Cow<'q, [u8]>;
    type Sequence = std::iter::Map<std::slice::Iter<'q, Json>, fn(&'q Json) -> Self>;

    fn into_node(self) -> Node<Self> {
        match self.0 {
            Json::Null => Node::Null,
            Json::Bool(value) => Node::Bool(*value),
            Json::Array(items) => Node::Sequence(items.iter().map(Tagged as fn(&'q Json) -> Self)),
            Json::Object(tagged) => match tagged.iter().next() {
                Some((tag, Json::String(number))) if tag != "base64" => match tag.as_str() {
                    "int" => Node::Int(number.parse().unwrap()),
                    "uint" => Node::Uint(number.parse().unwrap()),
                    "float32" => Node::Float32(number.parse().unwrap()),
                    _ => Node::Float(number.parse().unwrap()),
                },
                Some((_, Json::Array(entries))) => {
                    Node::Mapping(entries.iter().map(|entry| (bytes(&entry[0]), Tagged(&entry[1]))).collect())
                }
                _ => Node::Text(bytes(self.0)),
            },
            _ => Node::Text(bytes(self.0)),
        }
    }
}
