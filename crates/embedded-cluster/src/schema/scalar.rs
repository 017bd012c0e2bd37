//! The types at the leaves: what JSON they accept, and what Go says about other JSON.

use base64::{DecodeError, Engine, engine::general_purpose::STANDARD};
use serde_json::{Number, Value};

use super::{Type, quantity::canonical};

impl Type {
    /// The type as Go's error messages name it.
    pub(super) fn go_name(&self) -> String {
        match self {
            Type::String | Type::Time | Type::Quantity => "string".to_owned(),
            Type::Bool => "bool".to_owned(),
            Type::Int32 | Type::IntOrString => "int32".to_owned(),
            Type::Int64 => "int64".to_owned(),
            Type::Float => "float64".to_owned(),
            Type::Bytes => "[]uint8".to_owned(),
            Type::Any => "interface {}".to_owned(),
            Type::Map(item) => format!("map[string]{}", item.go_name()),
            Type::List(item) => format!("[]{}", item.go_name()),
            Type::Struct(name) => format!("v1.{name}"),
        }
    }

    /// Takes a text for a field of this type. `Err`: it has the wrong JSON type (`None`) or a bad form.
    pub(super) fn take_text(&self, text: &str) -> Result<Value, Option<String>> {
        match self {
            Type::String | Type::IntOrString | Type::Any => Ok(Value::from(text)),
            Type::Bytes => check_base64(text).map(|()| Value::from(text)).map_err(Some),
            Type::Time => check_time(text).map(|()| Value::from(text)).map_err(Some),
            Type::Quantity => canonical(text).map(Value::from).map_err(|why| Some(why.to_owned())),
            _ => Err(None),
        }
    }

    /// Takes a number; as [`Type::take_text`].
    pub(super) fn take_number(&self, number: &Number) -> Result<Value, Option<String>> {
        match self {
            Type::Int32 | Type::IntOrString if in_range(number, i64::from(i32::MIN), i64::from(i32::MAX)) => {
                Ok(Value::Number(number.clone()))
            }
            Type::Int64 if number.is_i64() => Ok(Value::Number(number.clone())),
            Type::Float | Type::Any => Ok(Value::Number(number.clone())),
            Type::Quantity => self.take_text(&number.to_string()),
            _ => Err(None),
        }
    }
}

/// A number as Go names it in "cannot unmarshal …": with its digits where only they are wrong.
pub(super) fn describe_number(number: &Number, wanted: &Type) -> String {
    match wanted {
        Type::Int32 | Type::Int64 | Type::IntOrString => format!("number {number}"),
        _ => "number".to_owned(),
    }
}

fn in_range(number: &Number, low: i64, high: i64) -> bool {
    number.as_i64().is_some_and(|value| (low..=high).contains(&value))
}

fn check_base64(text: &str) -> Result<(), String> {
    let place = match STANDARD.decode(text) {
        Ok(_) => return Ok(()),
        Err(DecodeError::InvalidByte(place, _)) => place,
        Err(_) => text.len() / 4 * 4,
    };
    Err(format!("illegal base64 data at input byte {place}"))
}

fn check_time(text: &str) -> Result<(), String> {
    if text.parse::<jiff::Timestamp>().is_ok() {
        return Ok(());
    }
    Err(format!(
        "parsing time \"{text}\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"{text}\" as \"2006\""
    ))
}
