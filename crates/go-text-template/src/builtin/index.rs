//! `index`, `slice` and `len`.

use crate::error::CallError;
use crate::exec::{Operand, Wrap};
use crate::value::{Kind, Str, Type, Value};

/// `index item i j …`
pub(super) fn index<'d>(arguments: &[Operand<'d>]) -> Result<Operand<'d>, CallError> {
    let Some((first, indexes)) = arguments.split_first() else {
        return Err(CallError::new("index of untyped nil"));
    };
    let mut item = first.clone();
    item.unwrap();
    if let Value::Nil = item.value() {
        return Err(CallError::new("index of untyped nil"));
    }
    for index in indexes {
        item = index_once(item, index.value())?;
    }
    Ok(item)
}

fn index_once<'d>(item: Operand<'d>, index: &Value) -> Result<Operand<'d>, CallError> {
    match item.value() {
        Value::Nil => Err(CallError::new("index of nil pointer")),
        Value::List(list) => {
            let at = position(index, list.len())?;
            if at == list.len() {
                return Err(CallError::new("reflect: slice index out of range"));
            }
            Ok(item.element(at))
        }
        Value::String(text) => match text.as_bytes().get(position(index, text.len())?) {
            Some(&byte) => Ok(Operand::concrete(Value::Uint8(byte))),
            None => Err(CallError::new("reflect: string index out of range")),
        },
        Value::Map(map) => {
            let key = match index {
                Value::String(key) => key.clone(),
                Value::Nil => return Err(CallError::new("value is nil; should be of type string")),
                other => {
                    let found = other.type_name();
                    return Err(CallError::new(format!("value has type {found}; should be string")));
                }
            };
            let element = map.element_type().clone();
            Ok(item.entry(key.as_bytes()).unwrap_or_else(|| missing(&element)))
        }
        Value::Object(object) if object.is_nil() => Err(CallError::new("index of nil pointer")),
        other => Err(CallError::new(format!("can't index item of type {}", pointed_at(other)))),
    }
}

/// The name of a value's type; of a pointer, that of what it points at.
fn pointed_at(value: &Value) -> String {
    let name = value.type_name();
    match name.strip_prefix('*') {
        Some(inner) if value.kind() == Kind::Ptr => inner.to_owned(),
        _ => name,
    }
}

fn missing<'d>(element: &Type) -> Operand<'d> {
    Operand::Owned(Value::zero(element), Wrap::of(element))
}

/// An index or bound; `limit` itself is still allowed.
fn position(index: &Value, limit: usize) -> Result<usize, CallError> {
    let Some(number) = index.as_integer_of_any_name() else {
        return Err(CallError::new(match index {
            Value::Nil => "cannot index slice/array with nil".to_owned(),
            other => format!("cannot index slice/array with type {}", other.type_name()),
        }));
    };
    // Go takes the number for an int, which the largest unsigned ones are not.
    let number = number as i64;
    match usize::try_from(number) {
        Ok(at) if at <= limit => Ok(at),
        _ => Err(CallError::new(format!("index out of range: {number}"))),
    }
}

/// `slice item from to limit`
pub(super) fn slice<'d>(arguments: &[Operand<'d>]) -> Result<Operand<'d>, CallError> {
    let Some((item, indexes)) = arguments.split_first() else {
        return Err(CallError::new("slice of untyped nil"));
    };
    let item = item.value();
    if let Value::Nil = item {
        return Err(CallError::new("slice of untyped nil"));
    }
    if indexes.len() > 3 {
        return Err(CallError::new(format!("too many slice indexes: {}", indexes.len())));
    }
    let (length, capacity) = match item {
        Value::String(_) if indexes.len() == 3 => {
            return Err(CallError::new("cannot 3-index slice a string"));
        }
        Value::String(text) => (text.len(), text.len()),
        Value::List(list) => (list.len(), list.capacity()),
        other => {
            return Err(CallError::new(format!("can't slice item of type {}", pointed_at(other))));
        }
    };
    let mut bounds = [0, length, capacity];
    for (bound, index) in bounds.iter_mut().zip(indexes) {
        // Unlike `index`, Go does not look inside an `interface {}` here.
        if index.wrap() == Wrap::Any {
            return Err(CallError::new("cannot index slice/array with type interface {}"));
        }
        *bound = position(index.value(), capacity)?;
    }
    let [from, to, limit] = bounds;
    if from > to {
        return Err(CallError::new(format!("invalid slice index: {from} > {to}")));
    }
    if to > limit {
        return Err(CallError::new(format!("invalid slice index: {to} > {limit}")));
    }
    let cut = match item {
        Value::List(list) => list.cut_with_limit(from, to, limit).map(Value::List),
        Value::String(text) => text.as_bytes().get(from..to).map(|bytes| Value::String(Str::from(bytes))),
        _ => None,
    };
    Ok(Operand::concrete(cut.unwrap_or(Value::Nil)))
}

/// `len`
pub(super) fn length(item: &Operand<'_>) -> Result<Value, CallError> {
    match (item, item.value()) {
        (Operand::Nothing | Operand::Unset, _) => {
            Err(CallError::new("reflect: call of reflect.Value.Type on zero Value"))
        }
        (_, Value::Nil) => Err(CallError::new("len of nil pointer")),
        (_, Value::String(text)) => Ok(Value::from(text.len())),
        (_, Value::List(list)) => Ok(Value::from(list.len())),
        (_, Value::Map(map)) => Ok(Value::from(map.len())),
        (_, Value::Object(object)) if object.is_nil() => Err(CallError::new("len of nil pointer")),
        (_, other) => Err(CallError::new(format!("len of type {}", pointed_at(other)))),
    }
}
