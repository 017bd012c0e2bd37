//! TOML. What cannot be written or read is told in the result.

use go_text_template::{CallError, Map, Value};

use super::json::helm::with_reason;
use crate::declare::functions;
use crate::toml::{self, WriteError};

functions! {
    "toToml"(value: Any) -> Text = to_toml, "A value as TOML; the reason when TOML has no such value.",
        fails "the value is nil",
        example r#"{{ toToml (dict "a" 1 "t" (dict "b" true)) }}"# => "a = 1\n\n[t]\n  b = true\n";
    "fromToml"(text: Text) -> Map = from_toml,
        "The map in a TOML text; when it is none, a map with the reason under `Error`.",
        example r#"{{ (fromToml "[t]\na = 1").t.a }}"# => "1";
}

fn to_toml(value: &Value) -> Result<Vec<u8>, CallError> {
    match toml::write(value) {
        Err(error @ WriteError::Nothing) => Err(CallError::new(error.to_string())),
        Err(error) => Ok(error.to_string().into_bytes()),
        Ok(text) => Ok(text),
    }
}

fn from_toml(text: &[u8]) -> Map {
    toml::read(text).unwrap_or_else(|error| {
        let map = Map::new::<&str>([]);
        with_reason(&map, error.to_string());
        map
    })
}
