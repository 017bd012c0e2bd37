//! A plain tree for those who bring no values of their own.

use super::read::Build;
use super::write::{Data, Node};

/// A tree of data. Mappings keep the order they were given.
///
/// Dropping it takes no stack however deep it is; the price is that its parts cannot be moved out of it.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A whole number that fits `i64`.
    Int(i64),
    /// A whole number, usually beyond `i64`.
    Uint(u64),
    /// Any other number.
    Float(f64),
    /// A text.
    Text(String),
    /// A list.
    Sequence(Vec<Self>),
    /// Keys with their values.
    Mapping(Vec<(String, Self)>),
}

/// Builds [`Value`]s, with whole numbers kept whole.
#[derive(Clone, Copy, Debug, Default)]
pub struct Values;

impl Build for Values {
    type Key = String;
    type Value = Value;

    fn null(&mut self) -> Value {
        Value::Null
    }

    fn bool(&mut self, value: bool) -> Value {
        Value::Bool(value)
    }

    fn int(&mut self, value: i64) -> Value {
        Value::Int(value)
    }

    fn uint(&mut self, value: u64) -> Value {
        Value::Uint(value)
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

impl<'v> Data for &'v Value {
    type Text = &'v str;
    type Sequence = std::slice::Iter<'v, Value>;

    fn into_node(self) -> Node<Self> {
        match self {
            Value::Null => Node::Null,
            Value::Bool(value) => Node::Bool(*value),
            Value::Int(value) => Node::Int(*value),
            Value::Uint(value) => Node::Uint(*value),
            Value::Float(value) => Node::Float(*value),
            Value::Text(text) => Node::Text(text.as_str()),
            Value::Sequence(items) => Node::Sequence(items.iter()),
            Value::Mapping(entries) => {
                Node::Mapping(entries.iter().map(|(key, value)| (key.as_str(), value)).collect())
            }
        }
    }
}

impl Drop for Value {
    /// Takes deep trees apart without recursion.
    fn drop(&mut self) {
        let mut open = Vec::new();
        self.move_containers_to(&mut open);
        while let Some(mut value) = open.pop() {
            value.move_containers_to(&mut open);
        }
    }
}

impl Value {
    fn is_full(&self) -> bool {
        match self {
            Self::Sequence(items) => !items.is_empty(),
            Self::Mapping(entries) => !entries.is_empty(),
            _ => false,
        }
    }

    fn move_containers_to(&mut self, open: &mut Vec<Self>) {
        match self {
            Self::Sequence(items) => open.extend(items.drain(..).filter(Self::is_full)),
            Self::Mapping(entries) => {
                open.extend(entries.drain(..).map(|(_, value)| value).filter(Self::is_full));
            }
            _ => {}
        }
    }
}
