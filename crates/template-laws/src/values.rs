//! Values of every kind, from bytes.

use arbitrary::{Result, Unstructured};
use go_text_template::{List, Map, Str, Type, Value};

/// Containers inside each other.
const MOST_LEVELS: u32 = 4;

/// A value of any kind.
///
/// # Errors
/// Never for lack of bytes: what is missing is taken for zeros.
pub(crate) fn value(from: &mut Unstructured<'_>) -> Result<Value> {
    nested(from, 0)
}

fn nested(from: &mut Unstructured<'_>, level: u32) -> Result<Value> {
    let kinds = if level < MOST_LEVELS { 27 } else { 21 };
    Ok(match from.int_in_range(0..=kinds - 1)? {
        0 => Value::Nil,
        1 => Value::Bool(from.arbitrary()?),
        2 => Value::Int(from.arbitrary()?),
        3 => Value::Int8(from.arbitrary()?),
        4 => Value::Int16(from.arbitrary()?),
        5 => Value::Int32(from.arbitrary()?),
        6 => Value::Int64(from.arbitrary()?),
        7 => Value::Uint(from.arbitrary()?),
        8 => Value::Uint8(from.arbitrary()?),
        9 => Value::Uint16(from.arbitrary()?),
        10 => Value::Uint32(from.arbitrary()?),
        11 => Value::Uint64(from.arbitrary()?),
        12 => Value::Uintptr(from.arbitrary()?),
        13 => Value::Float32(from.arbitrary()?),
        14 => Value::Float64(from.arbitrary()?),
        15 => Value::Complex64(from.arbitrary()?, from.arbitrary()?),
        16 => Value::Complex128(from.arbitrary()?, from.arbitrary()?),
        17 => Value::Int(i64::from(from.arbitrary::<i8>()?)),
        18 => Value::Float64(*from.choose(&[f64::NAN, f64::INFINITY, -0.0, 1e21, 0.1])?),
        19 | 20 => Value::String(text(from)?),
        21 => Value::List(items(from, level)?.into_iter().collect()),
        22 => Value::List(List::of(Type::String, strings(from)?)),
        23 => Value::List(List::of(
            Type::Uint8,
            from.arbitrary::<&[u8]>()?.iter().map(|&byte| byte.into()).collect(),
        )),
        24 => {
            let items = items(from, level)?;
            let names = (0..items.len()).map(|_| text(from)).collect::<Result<Vec<_>>>()?;
            Value::Map(Map::new(names.into_iter().zip(items)))
        }
        25 => Value::List(List::nil(Type::Any)),
        _ => Value::Map(Map::nil(Type::Any)),
    })
}

fn items(from: &mut Unstructured<'_>, level: u32) -> Result<Vec<Value>> {
    (0..from.int_in_range(0..=5)?).map(|_: u8| nested(from, level + 1)).collect()
}

fn strings(from: &mut Unstructured<'_>) -> Result<Vec<Value>> {
    (0..from.int_in_range(0..=5)?).map(|_: u8| text(from).map(Value::String)).collect()
}

/// Any bytes, usually few.
fn text(from: &mut Unstructured<'_>) -> Result<Str> {
    let length = from.int_in_range(0..=40)?;
    let length = length.min(from.len());
    Ok(Str::from(from.bytes(length)?))
}
