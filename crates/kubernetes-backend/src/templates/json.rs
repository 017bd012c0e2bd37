//! JSON to and from the values of templates and of YAML.

use helm_template::{Value, yaml};
use serde_json::{Map, Number, Value as Json};

/// JSON as templates see it: whole numbers are `int64`, others `float64`.
pub(super) fn to_value(json: &Json) -> Value {
    match json {
        Json::Null => Value::Nil,
        Json::Bool(truth) => (*truth).into(),
        Json::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => Value::Int64(whole),
            (None, Some(float)) => float.into(),
            (None, None) => Value::Nil,
        },
        Json::String(text) => text.as_str().into(),
        Json::Array(items) => Value::list(items.iter().map(to_value)),
        Json::Object(entries) => {
            Value::map(entries.iter().map(|(key, value)| (key.as_str(), to_value(value))))
        }
    }
}

/// Builds JSON out of YAML.
pub(super) struct Reader;

impl yaml::Build for Reader {
    type Key = String;
    type Value = Json;

    fn null(&mut self) -> Json {
        Json::Null
    }

    fn bool(&mut self, value: bool) -> Json {
        value.into()
    }

    fn float(&mut self, value: f64) -> Json {
        Number::from_f64(value).map_or(Json::Null, Json::Number)
    }

    fn int(&mut self, value: i64) -> Json {
        value.into()
    }

    fn uint(&mut self, value: u64) -> Json {
        value.into()
    }

    fn text(&mut self, value: &str) -> Json {
        value.into()
    }

    fn sequence(&mut self, items: Vec<Json>) -> Json {
        items.into()
    }

    fn mapping(&mut self, entries: Vec<(String, Json)>) -> Json {
        Json::Object(Map::from_iter(entries))
    }
}
