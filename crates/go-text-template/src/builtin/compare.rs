//! `eq`, `lt` and relatives, by Go's basic kinds.

use std::cmp::Ordering;

use crate::error::CallError;
use crate::exec::Operand;
use crate::format;
use crate::value::{Str, Value};

/// A value of a basic kind: integers of one sign-ness are alike, whatever their size.
enum Basic {
    Bool(bool),
    Complex(f64, f64),
    Float(f64),
    Int(i64),
    String(Str),
    Uint(u64),
}

impl Basic {
    fn of(value: &Value) -> Option<Self> {
        Some(match value {
            Value::Bool(value) => Self::Bool(*value),
            Value::Int(value) | Value::Int64(value) => Self::Int(*value),
            Value::Int8(value) => Self::Int(i64::from(*value)),
            Value::Int16(value) => Self::Int(i64::from(*value)),
            Value::Int32(value) => Self::Int(i64::from(*value)),
            Value::Uint(value) | Value::Uint64(value) | Value::Uintptr(value) => Self::Uint(*value),
            Value::Uint8(value) => Self::Uint(u64::from(*value)),
            Value::Uint16(value) => Self::Uint(u64::from(*value)),
            Value::Uint32(value) => Self::Uint(u64::from(*value)),
            Value::Float32(value) => Self::Float(f64::from(*value)),
            Value::Float64(value) => Self::Float(*value),
            Value::Complex64(real, imaginary) => Self::Complex(f64::from(*real), f64::from(*imaginary)),
            Value::Complex128(real, imaginary) => Self::Complex(*real, *imaginary),
            Value::String(text) => Self::String(text.clone()),
            Value::Object(object) => return object.underlying().as_ref().and_then(Self::of),
            Value::Nil | Value::List(_) | Value::Map(_) | Value::Function(_) => return None,
        })
    }
}

/// `eq`: whether the first equals any of the others.
pub(super) fn equal(first: &Value, others: &[Operand<'_>]) -> Result<bool, CallError> {
    if others.is_empty() {
        return Err(CallError::new("missing argument for comparison"));
    }
    for other in others {
        if equal_two(first, other.value())? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn equal_two(a: &Value, b: &Value) -> Result<bool, CallError> {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => return Ok(a == b),
        (Value::String(a), Value::String(b)) => return Ok(a == b),
        _ => {}
    }
    match (Basic::of(a), Basic::of(b)) {
        (Some(Basic::Bool(a)), Some(Basic::Bool(b))) => Ok(a == b),
        (Some(Basic::Complex(a, i)), Some(Basic::Complex(b, j))) => Ok(a == b && i == j),
        (Some(Basic::Float(a)), Some(Basic::Float(b))) => Ok(a == b),
        (Some(Basic::Int(a)), Some(Basic::Int(b))) => Ok(a == b),
        (Some(Basic::String(a)), Some(Basic::String(b))) => Ok(a == b),
        (Some(Basic::Uint(a)), Some(Basic::Uint(b))) => Ok(a == b),
        (Some(Basic::Int(a)), Some(Basic::Uint(b))) | (Some(Basic::Uint(b)), Some(Basic::Int(a))) => {
            Ok(u64::try_from(a) == Ok(b))
        }
        (None, None) => equal_others(a, b),
        _ if matches!(a, Value::Nil) || matches!(b, Value::Nil) => Ok(false),
        _ => Err(incompatible(a, b)),
    }
}

/// Equality of what is of no basic kind.
fn equal_others(a: &Value, b: &Value) -> Result<bool, CallError> {
    let a_is_nothing = matches!(a, Value::Nil);
    let b_is_nothing = matches!(b, Value::Nil);
    if a.kind() != b.kind() && !a_is_nothing && !b_is_nothing {
        return Err(CallError::new(format!(
            "non-comparable types {}: {}, {}: {}",
            as_string(a),
            a.type_name(),
            b.type_name(),
            as_value(b)
        )));
    }
    if is_nil(a) || is_nil(b) {
        return Ok(is_nil(a) == is_nil(b));
    }
    let comparable = match (a, b) {
        (Value::Object(a), Value::Object(b)) => a.equals(&**b),
        _ => None,
    };
    comparable
        .ok_or_else(|| CallError::new(format!("non-comparable type {}: {}", as_string(b), b.type_name())))
}

fn is_nil(value: &Value) -> bool {
    match value {
        Value::Nil => true,
        Value::List(list) => list.is_nil(),
        Value::Map(map) => map.is_nil(),
        Value::Object(object) => object.is_nil(),
        _ => false,
    }
}

/// `lt`
pub(super) fn less(a: &Value, b: &Value) -> Result<bool, CallError> {
    if let (Value::Int(a), Value::Int(b)) = (a, b) {
        return Ok(a < b);
    }
    let unfit = || CallError::new("invalid type for comparison");
    let ordering = match (Basic::of(a).ok_or_else(unfit)?, Basic::of(b).ok_or_else(unfit)?) {
        (Basic::Bool(_), Basic::Bool(_)) | (Basic::Complex(..), Basic::Complex(..)) => return Err(unfit()),
        (Basic::Float(a), Basic::Float(b)) => a.partial_cmp(&b),
        (Basic::Int(a), Basic::Int(b)) => Some(a.cmp(&b)),
        (Basic::String(a), Basic::String(b)) => Some(a.cmp(&b)),
        (Basic::Uint(a), Basic::Uint(b)) => Some(a.cmp(&b)),
        (Basic::Int(a), Basic::Uint(b)) => Some(i128::from(a).cmp(&i128::from(b))),
        (Basic::Uint(a), Basic::Int(b)) => Some(i128::from(a).cmp(&i128::from(b))),
        _ => return Err(incompatible(a, b)),
    };
    Ok(ordering == Some(Ordering::Less))
}

/// `le`
pub(super) fn less_or_equal(a: &Operand<'_>, b: &Operand<'_>) -> Result<bool, CallError> {
    Ok(less(a.value(), b.value())? || equal_two(a.value(), b.value())?)
}

fn incompatible(a: &Value, b: &Value) -> CallError {
    CallError::new(format!("incompatible types for comparison: {} and {}", a.type_name(), b.type_name()))
}

fn as_string(value: &Value) -> String {
    let text = format::sprintf("%s", &[value]).unwrap_or_default();
    String::from_utf8_lossy(&text).into_owned()
}

fn as_value(value: &Value) -> String {
    let mut text = Vec::new();
    format::write_value(&mut text, value);
    String::from_utf8_lossy(&text).into_owned()
}
