//! Literals and the parameters they are given to.

use crate::ast::{Arena, NodeId};
use crate::error::ExecError;
use crate::program::Literal;
use crate::value::{Kind, Type, Value};

/// The value of a literal that stands for itself: an int, or a float if it is written as one.
pub(crate) fn ideal(literal: &Literal, arena: &Arena, node: NodeId) -> Result<Value, ExecError> {
    let number = match literal {
        Literal::Nil => return Ok(Value::Nil),
        Literal::Bool(value) => return Ok(Value::Bool(*value)),
        Literal::String(text) => return Ok(Value::String(text.clone())),
        Literal::Number(number) => number,
    };
    match (number.complex, number.float, number.int) {
        (Some((real, imaginary)), ..) => Ok(Value::Complex128(real, imaginary)),
        (None, Some(float), _) if number.looks_like_float => Ok(Value::Float64(float)),
        (None, _, Some(int)) => Ok(Value::Int(int)),
        _ => Err(ExecError::Overflow { literal: String::from_utf8_lossy(arena.written(node)).into_owned() }),
    }
}

/// The value of a literal for a parameter of a type.
pub(crate) fn fit(literal: &Literal, of: &Type, arena: &Arena, node: NodeId) -> Result<Value, ExecError> {
    if let Literal::Nil = literal {
        if of.has_nil() {
            return Ok(Value::zero(of));
        }
        return Err(ExecError::NilArgument { expected: of.to_string() });
    }
    let number = match literal {
        Literal::Number(number) => Some(number),
        _ => None,
    };
    let wrong = |expected| ExecError::WrongLiteral { expected, found: arena.display(node) };
    let int = number.and_then(|number| number.int).ok_or_else(|| wrong("integer"));
    let uint = number.and_then(|number| number.uint).ok_or_else(|| wrong("unsigned integer"));
    let float = number.and_then(|number| number.float).ok_or_else(|| wrong("float"));
    let complex = number.and_then(|number| number.complex).ok_or_else(|| wrong("complex"));
    // Like Go's SetInt and SetUint, small types take the low bits.
    Ok(match of.kind() {
        Kind::Interface if *of == Type::Any => return ideal(literal, arena, node),
        Kind::Bool => match literal {
            Literal::Bool(value) => Value::Bool(*value),
            _ => return Err(wrong("bool")),
        },
        Kind::String => match literal {
            Literal::String(text) => Value::String(text.clone()),
            _ => return Err(wrong("string")),
        },
        Kind::Int => Value::Int(int?),
        Kind::Int8 => Value::Int8(int? as i8),
        Kind::Int16 => Value::Int16(int? as i16),
        Kind::Int32 => Value::Int32(int? as i32),
        Kind::Int64 => Value::Int64(int?),
        Kind::Uint => Value::Uint(uint?),
        Kind::Uint8 => Value::Uint8(uint? as u8),
        Kind::Uint16 => Value::Uint16(uint? as u16),
        Kind::Uint32 => Value::Uint32(uint? as u32),
        Kind::Uint64 => Value::Uint64(uint?),
        Kind::Uintptr => Value::Uintptr(uint?),
        Kind::Float32 => Value::Float32(float? as f32),
        Kind::Float64 => Value::Float64(float?),
        Kind::Complex64 => {
            let (real, imaginary) = complex?;
            Value::Complex64(real as f32, imaginary as f32)
        }
        Kind::Complex128 => {
            let (real, imaginary) = complex?;
            Value::Complex128(real, imaginary)
        }
        _ => {
            return Err(ExecError::UnfitLiteral { found: arena.display(node), expected: of.to_string() });
        }
    })
}
