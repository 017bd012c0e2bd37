//! The side of `helm-template`.

use helm_template::{Templates, Value};
use serde_json::Value as Json;

use crate::{Action, Failure, Row, Work};

pub(crate) fn work(row: &Row) -> Result<Work, Failure> {
    let data = value_of(&row.data);
    let (files, name) = (row.files.clone(), row.name);
    if row.action == Action::Start {
        return Ok(Box::new(move |out| {
            let templates = parsed(Templates::new(), &files)?;
            Ok(templates.render_into(name, &data, out)?)
        }));
    }
    let templates = parsed(Templates::new(), &files)?;
    if row.action == Action::Parse {
        return Ok(Box::new(move |_| parsed(templates.clone(), &files).map(drop)));
    }
    Ok(Box::new(move |out| Ok(templates.render_into(name, &data, out)?)))
}

fn parsed(mut templates: Templates, files: &[(&str, &str)]) -> Result<Templates, Failure> {
    for (name, text) in files {
        templates.add(name, text)?;
    }
    Ok(templates)
}

fn value_of(json: &Json) -> Value {
    match json {
        Json::Null => Value::Nil,
        Json::Bool(value) => Value::Bool(*value),
        Json::Number(number) => {
            number.as_i64().map_or_else(|| Value::Float64(number.as_f64().unwrap_or(0.0)), Value::Int)
        }
        Json::String(text) => Value::from(text.as_str()),
        Json::Array(items) => Value::list(items.iter().map(value_of)),
        Json::Object(entries) => {
            Value::map(entries.iter().map(|(key, value)| (key.as_str(), value_of(value))))
        }
    }
}
