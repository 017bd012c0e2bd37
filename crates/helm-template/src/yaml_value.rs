//! The engine's values as YAML data, and YAML data as the engine's values.

use std::vec::IntoIter;

use go_text_template::{List, Map, Str, Type, Value};

use crate::data::WholeNumbers;
use crate::object::{Form, form_of};
use crate::yaml::{Build, Data, Node};

/// A value on the way through JSON: nil lists and maps are null, structures are maps.
#[derive(Debug)]
pub(crate) struct Through(Value);

impl Through {
    /// As `toYaml` sees it.
    pub(crate) fn json(value: Value) -> Self {
        Self(value)
    }
}

/// A value as go-yaml v3 sees it: nil lists and maps are empty, structures keep the order of their fields.
#[derive(Debug)]
pub(crate) struct Pretty(Value);

impl Pretty {
    /// As `toYamlPretty` sees it.
    pub(crate) fn new(value: Value) -> Self {
        Self(value)
    }
}

/// Builds the engine's values.
#[derive(Debug)]
pub(crate) struct Values(pub(crate) WholeNumbers);

/// What both ways have in common.
fn scalar<D: Data<Text = Str>>(value: &Value) -> Node<D> {
    match value {
        Value::Bool(value) => Node::Bool(*value),
        Value::String(text) => Node::Text(text.clone()),
        Value::Float64(number) => Node::Float(*number),
        Value::Float32(number) => Node::Float32(*number),
        other => match other.as_integer() {
            Some(number) => match (i64::try_from(number), u64::try_from(number)) {
                (Ok(number), _) => Node::Int(number),
                (_, Ok(number)) => Node::Uint(number),
                _ => Node::Null,
            },
            None => match other {
                Value::Complex64(..) => Node::Unsupported("complex64"),
                Value::Complex128(..) => Node::Unsupported("complex128"),
                Value::Function(_) => Node::Unsupported("func"),
                _ => Node::Null,
            },
        },
    }
}

fn entries<D>(map: &Map, wrap: fn(Value) -> D) -> Vec<(Str, D)> {
    map.entries().iter().map(|(key, value)| (key.clone(), wrap(value.clone()))).collect()
}

fn items<D>(list: &List, wrap: fn(Value) -> D) -> IntoIter<D> {
    list.as_slice().iter().cloned().map(wrap).collect::<Vec<D>>().into_iter()
}

impl Data for Through {
    type Text = Str;
    type Sequence = IntoIter<Self>;

    fn into_node(self) -> Node<Self> {
        match &self.0 {
            Value::List(list) if !list.is_nil() => Node::Sequence(items(list, Self)),
            Value::Map(map) if !map.is_nil() => Node::Mapping(entries(map, Self)),
            Value::List(_) | Value::Map(_) => Node::Null,
            Value::Object(object) => match form_of(&**object) {
                Form::Time(time) => match time.to_json_text() {
                    Ok(text) => Node::Text(text.into()),
                    Err(_) => Node::Float(f64::NAN),
                },
                Form::Text(text) => Node::Text(text),
                Form::Basic(value) => scalar(&value),
                Form::Record(fields) => Node::Record(
                    fields.into_iter().map(|field| (Str::from(&*field.name), Self(field.value))).collect(),
                ),
            },
            other => scalar(other),
        }
    }
}

impl Data for Pretty {
    type Text = Str;
    type Sequence = IntoIter<Self>;

    fn into_node(self) -> Node<Self> {
        match &self.0 {
            Value::List(list) => Node::Sequence(items(list, Self)),
            Value::Map(map) => Node::Mapping(entries(map, Self)),
            Value::Object(object) => match form_of(&**object) {
                Form::Time(time) => Node::Timestamp(time.to_rfc3339().into()),
                Form::Text(text) => Node::Text(text),
                // A duration is a number to JSON and a text here.
                Form::Basic(Value::Int64(_)) => Node::Text(object.text().unwrap_or_default()),
                Form::Basic(value) => scalar(&value),
                Form::Record(fields) => Node::Record(
                    fields
                        .into_iter()
                        .map(|field| (Str::from(field.name.to_lowercase()), Self(field.value)))
                        .collect(),
                ),
            },
            other => scalar(other),
        }
    }
}

impl Build for Values {
    type Key = Str;
    type Value = Value;

    fn null(&mut self) -> Value {
        Value::Nil
    }

    fn bool(&mut self, value: bool) -> Value {
        Value::Bool(value)
    }

    fn float(&mut self, value: f64) -> Value {
        Value::Float64(value)
    }

    fn int(&mut self, value: i64) -> Value {
        match self.0 {
            WholeNumbers::Int => Value::Int(value),
            WholeNumbers::Int64 => Value::Int64(value),
            WholeNumbers::Float => Value::Float64(value as f64),
        }
    }

    fn text(&mut self, value: &str) -> Value {
        Value::from(value)
    }

    fn sequence(&mut self, items: Vec<Value>) -> Value {
        Value::List(crate::growth::grown(Type::Any, items))
    }

    fn mapping(&mut self, entries: Vec<(Str, Value)>) -> Value {
        Value::Map(Map::new(entries))
    }
}
