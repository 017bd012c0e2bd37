//! What a template computes with: Go's `reflect.Value`, borrowed from the data where possible.

use super::field;
use crate::program::PathStep;
use crate::value::{Found, Map, Str, Type, Value};

/// A value on its way through a pipeline.
///
/// `'d` is the lifetime of the data and of the templates: what is read from them is not copied.
#[derive(Clone, Debug)]
pub(crate) enum Operand<'d> {
    /// A variable that has not been set.
    Unset,
    /// No value at all: Go's zero `reflect.Value`.
    Nothing,
    Borrowed(&'d Value, Wrap),
    Owned(Value, Wrap),
}

/// The static type of an operand, as far as it differs from the value's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wrap {
    /// The value's own type.
    Concrete,
    /// `interface {}`
    Any,
    /// `error`
    Error,
}

impl Wrap {
    pub(crate) fn of(declared: &Type) -> Self {
        match declared {
            Type::Any => Self::Any,
            Type::Error => Self::Error,
            _ => Self::Concrete,
        }
    }
}

impl<'d> Operand<'d> {
    /// A value of its own type; nil is nothing.
    pub(crate) fn concrete(value: Value) -> Self {
        match value {
            Value::Nil => Self::Nothing,
            value => Self::Owned(value, Wrap::Concrete),
        }
    }

    /// A value of a declared type.
    pub(crate) fn declared(value: Value, declared: &Type) -> Self {
        match (value, Wrap::of(declared)) {
            (Value::Nil, Wrap::Concrete) => Self::concrete(Value::zero(declared)),
            (value, wrap) => Self::Owned(value, wrap),
        }
    }

    /// What a path leads to, when that can be borrowed for as long as the data.
    pub(crate) fn through_maps(&self, path: &[PathStep]) -> Option<(&'d Value, Wrap)> {
        match self {
            Self::Borrowed(value, _) => field::through_maps(value, path),
            _ => None,
        }
    }

    /// The value inside; nil for nothing.
    pub(crate) fn value(&self) -> &Value {
        match self {
            Self::Unset | Self::Nothing => &Value::Nil,
            Self::Borrowed(value, _) => value,
            Self::Owned(value, _) => value,
        }
    }

    pub(crate) fn into_value(self) -> Value {
        match self {
            Self::Unset | Self::Nothing => Value::Nil,
            Self::Borrowed(value, _) => value.clone(),
            Self::Owned(value, _) => value,
        }
    }

    pub(crate) fn wrap(&self) -> Wrap {
        match self {
            Self::Unset | Self::Nothing => Wrap::Concrete,
            Self::Borrowed(_, wrap) | Self::Owned(_, wrap) => *wrap,
        }
    }

    /// The name of the static type.
    pub(crate) fn type_name(&self) -> String {
        match self.wrap() {
            Wrap::Any => Type::Any.to_string(),
            Wrap::Error => Type::Error.to_string(),
            Wrap::Concrete => self.value().type_name(),
        }
    }

    /// The same operand, borrowed from this one.
    pub(crate) fn borrowed(&self) -> Operand<'_> {
        match self {
            Self::Unset => Operand::Unset,
            Self::Nothing => Operand::Nothing,
            Self::Borrowed(value, wrap) => Operand::Borrowed(value, *wrap),
            Self::Owned(value, wrap) => Operand::Borrowed(value, *wrap),
        }
    }

    /// The same operand, borrowing nothing.
    pub(crate) fn detach<'any>(self) -> Operand<'any> {
        match self {
            Self::Unset => Operand::Unset,
            Self::Nothing => Operand::Nothing,
            Self::Borrowed(value, wrap) => Operand::Owned(value.clone(), wrap),
            Self::Owned(value, wrap) => Operand::Owned(value, wrap),
        }
    }

    /// Makes of it what a pipeline does: takes it out of `interface {}`.
    pub(crate) fn unwrap(&mut self) {
        match self {
            Self::Borrowed(Value::Nil, Wrap::Any) | Self::Owned(Value::Nil, Wrap::Any) => {
                *self = Self::Nothing;
            }
            Self::Borrowed(_, wrap @ Wrap::Any) | Self::Owned(_, wrap @ Wrap::Any) => *wrap = Wrap::Concrete,
            _ => {}
        }
    }

    /// The element of a list, which is there.
    pub(crate) fn element(self, index: usize) -> Self {
        match self {
            Self::Borrowed(Value::List(list), _) => match list.as_slice().get(index) {
                Some(item) => Self::Borrowed(item, Wrap::of(list.element_type())),
                None => Self::Nothing,
            },
            Self::Owned(Value::List(list), _) => match list.as_slice().get(index) {
                Some(item) => Self::Owned(item.clone(), Wrap::of(list.element_type())),
                None => Self::Nothing,
            },
            _ => Self::Nothing,
        }
    }

    /// The entry of a map; `None` if the key is missing.
    pub(crate) fn entry_of(map: &'d Map, key: &Str) -> Option<Self> {
        Self::found(map, map.find(key.as_bytes()))
    }

    /// The entry of the map that this is.
    pub(crate) fn entry(&self, key: &[u8]) -> Option<Self> {
        match self {
            Self::Borrowed(Value::Map(map), _) => Self::found(map, map.find(key)),
            Self::Owned(Value::Map(map), _) => Operand::found(map, map.find(key)).map(Operand::detach),
            _ => None,
        }
    }

    fn found(map: &Map, found: Found<'d>) -> Option<Self> {
        let wrap = Wrap::of(map.element_type());
        match found {
            Found::Borrowed(value) => Some(Self::Borrowed(value, wrap)),
            Found::Owned(value) => Some(Self::Owned(value, wrap)),
            Found::Missing => None,
        }
    }
}
