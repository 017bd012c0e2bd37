//! YAML. What cannot be written is an empty text; what cannot be read is told in the result.

use go_text_template::{CallError, List, Map, Value};

use super::json::helm::{reason_alone, with_reason};
use crate::data::WholeNumbers;
use crate::declare::functions;
use crate::yaml::{self, Root, WriteError};
use crate::yaml_value::{Pretty, Through, Values};

functions! {
    "toYaml"(value: Any) -> Text = to_yaml, "A value as YAML, without a final line break.",
        example r#"{{ toYaml (dict "a" (list 1 "yes")) }}"# => "a:\n- 1\n- \"yes\"";
    "toYamlPretty"(value: Any) -> Text = to_yaml_pretty,
        "A value as YAML, with lists indented and long lines kept, without a final line break.",
        fails "there is a complex number or a function in the value",
        example r#"{{ toYamlPretty (dict "a" (list 1 "yes")) }}"# => "a:\n  - 1\n  - \"yes\"";
    "fromYaml"(text: Text) -> Map = from_yaml,
        "The map in a YAML text; when it is none, a map with the reason under `Error`.",
        example r#"{{ (fromYaml "a: [1, yes]").a }}"# => "[1 true]";
    "fromYamlArray"(text: Text) -> List = from_yaml_array,
        "The list in a YAML text; when it is none, a list with the reason alone.",
        example r#"{{ fromYamlArray "[1, yes]" }}"# => "[1 true]";
}

fn to_yaml(value: &Value) -> String {
    without_final_break(yaml::to_yaml(Through::json(value.clone())).unwrap_or_default())
}

fn to_yaml_pretty(value: &Value) -> Result<String, CallError> {
    match yaml::to_yaml_pretty(Pretty::new(value.clone())) {
        Ok(text) => Ok(without_final_break(text)),
        Err(error @ WriteError::Unsupported { .. }) => Err(CallError::new(error.to_string())),
        Err(_) => Ok(String::new()),
    }
}

fn without_final_break(mut text: String) -> String {
    if text.ends_with('\n') {
        text.pop();
    }
    text
}

fn from_yaml(text: &[u8]) -> Map {
    match yaml::read(text, Root::Mapping, &mut Values(WholeNumbers::Float)) {
        Ok(Value::Map(map)) => map,
        Ok(_) => Map::new::<&str>([]),
        Err(error) => {
            let map = Map::new::<&str>([]);
            with_reason(&map, error.to_string());
            map
        }
    }
}

fn from_yaml_array(text: &[u8]) -> List {
    match yaml::read(text, Root::Sequence, &mut Values(WholeNumbers::Float)) {
        Ok(Value::List(list)) => list,
        Ok(_) => List::new(Vec::new()),
        Err(error) => List::new(reason_alone(error.to_string())),
    }
}
