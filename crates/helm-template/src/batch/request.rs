//! A line that asks.

use std::collections::BTreeMap;

use go_text_template::{Str, Value};

use crate::data::WholeNumbers;
use crate::functions::encoding::decode64;
use crate::json::{self, Room};
use crate::mode::Mode;

/// What is to be rendered.
#[derive(Clone, Debug)]
pub struct Request {
    /// The text to render.
    pub template: Vec<u8>,
    /// Other texts that belong to the set, by name; they are parsed before it, in the order of their names.
    pub files: BTreeMap<String, Vec<u8>>,
    /// The root of the data; nil if there is none.
    pub data: Value,
    /// Which functions there are, and what a missing key gives.
    pub mode: Mode,
    /// The name of `template`: `job.tpl` unless something else is asked for.
    pub name: String,
}

impl Default for Request {
    fn default() -> Self {
        Self {
            template: Vec::new(),
            files: BTreeMap::new(),
            data: Value::Nil,
            mode: Mode::default(),
            name: DEFAULT_NAME.to_owned(),
        }
    }
}

/// What the template is called unless something else is said.
const DEFAULT_NAME: &str = "job.tpl";

/// A line that is no request, in the words of Go's `encoding/json` and `encoding/base64`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("request: {reason}")]
pub struct RequestError {
    /// Why.
    pub reason: String,
}

impl RequestError {
    fn because(reason: &dyn std::error::Error) -> Self {
        Self { reason: reason.to_string() }
    }

    fn kind(of: &Value, target: &str) -> Self {
        Self { reason: format!("json: cannot unmarshal {} into Go {target}", kind_of(of)) }
    }
}

impl Request {
    /// Reads a line. The letter case of keys does not count; keys that mean nothing are passed over.
    ///
    /// `numbers` says what numbers of the data without point and exponent become: `int` (the default), `int64` or
    /// `float64`. A mode that is none is `go`. An empty name or mode is as good as none.
    ///
    /// # Errors
    /// When it is no JSON object, or something in it is not of its type.
    pub fn from_json(line: &[u8]) -> Result<Self, RequestError> {
        let mut fields = Fields::read(line, WholeNumbers::Int)?;
        match fields.take_text("numbers")?.unwrap_or_default().as_slice() {
            b"int64" => fields = Fields::read(line, WholeNumbers::Int64)?,
            b"float64" => fields = Fields::read(line, WholeNumbers::Float)?,
            _ => {}
        }
        let text = fields.take_text("template")?.unwrap_or_default();
        let encoded = fields.take_text("template_base64")?.filter(|text| !text.is_empty());
        let named = |text: Option<Vec<u8>>| {
            text.map(|text| String::from_utf8_lossy(&text).into_owned()).filter(|text| !text.is_empty())
        };
        let mode = named(fields.take_text("mode")?);
        Ok(Self {
            files: fields.take_files()?,
            name: named(fields.take_text("name")?).unwrap_or_else(|| DEFAULT_NAME.to_owned()),
            mode: mode.map_or(Mode::Helm, |mode| mode.parse().unwrap_or(Mode::Go)),
            template: match encoded {
                Some(encoded) => decode64(&encoded).map_err(|error| RequestError::because(&error))?,
                None => text,
            },
            data: fields.take("data").unwrap_or_default(),
        })
    }
}

/// What stands in a line.
struct Fields(Vec<(Str, Value)>);

impl Fields {
    fn read(line: &[u8], whole: WholeNumbers) -> Result<Self, RequestError> {
        let decoded =
            json::read_with(line, whole, Room::None).map_err(|error| RequestError::because(&error))?;
        if let Some(error) = decoded.out_of_range {
            return Err(RequestError::because(&error));
        }
        match decoded.value {
            Value::Map(fields) => Ok(Self(fields.entries().into_owned())),
            Value::Nil => Ok(Self(Vec::new())),
            other => Err(RequestError::kind(&other, "value of type main.request")),
        }
    }

    /// Takes a field out, unless it is null.
    fn take(&mut self, name: &str) -> Option<Value> {
        let (_, value) =
            self.0.iter_mut().find(|(key, _)| key.as_bytes().eq_ignore_ascii_case(name.as_bytes()))?;
        Some(std::mem::take(value)).filter(|value| !matches!(value, Value::Nil))
    }

    fn take_text(&mut self, name: &str) -> Result<Option<Vec<u8>>, RequestError> {
        self.take(name).map(|value| text_of(name, &value)).transpose()
    }

    fn take_files(&mut self) -> Result<BTreeMap<String, Vec<u8>>, RequestError> {
        const NAME: &str = "files";
        match self.take(NAME) {
            None => Ok(BTreeMap::new()),
            Some(Value::Map(files)) => {
                let entries = files.entries();
                let files = entries
                    .iter()
                    .map(|(name, text)| Ok((name.to_text().into_owned(), text_of(NAME, text)?)));
                files.collect()
            }
            Some(other) => {
                Err(RequestError::kind(&other, "struct field request.files of type map[string]string"))
            }
        }
    }
}

/// The bytes of a text; null is an empty one.
fn text_of(field: &str, value: &Value) -> Result<Vec<u8>, RequestError> {
    match value {
        Value::String(text) => Ok(text.as_bytes().to_vec()),
        Value::Nil => Ok(Vec::new()),
        other => Err(RequestError::kind(other, &format!("struct field request.{field} of type string"))),
    }
}

/// JSON's word for what a value was.
fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Bool(_) => "bool",
        Value::String(_) => "string",
        Value::List(_) => "array",
        Value::Map(_) => "object",
        _ => "number",
    }
}
