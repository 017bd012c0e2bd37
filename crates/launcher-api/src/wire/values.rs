//! Reading the plain values: texts, flags, numbers, lists.

use serde_json::{Map, Number, Value};

use super::{FromWire, Path};
use crate::field_error::FieldError;
use crate::ids::{ClusterName, JobId, RequestId, Username};

/// Above this, a number with a fraction can't tell one whole number from the next.
const EXACT_WHOLE_NUMBERS: f64 = 9_007_199_254_740_992.0;

impl FromWire for String {
    const EXPECTED: &'static str = "a string";

    fn from_wire(value: Value, path: &Path<'_>) -> Result<Self, FieldError> {
        match value {
            Value::String(text) => Ok(text),
            other => Err(FieldError::mismatch(path, Self::EXPECTED, &other)),
        }
    }
}

macro_rules! text_from_wire {
    ($($type:ty),*) => {$(
        impl FromWire for $type {
            const EXPECTED: &'static str = String::EXPECTED;

            fn from_wire(value: Value, path: &Path<'_>) -> Result<Self, FieldError> {
                String::from_wire(value, path).map(Self::from)
            }
        }
    )*};
}

text_from_wire!(JobId, Username, ClusterName);

impl FromWire for bool {
    const EXPECTED: &'static str = "true or false";

    fn from_wire(value: Value, path: &Path<'_>) -> Result<Self, FieldError> {
        value.as_bool().ok_or_else(|| FieldError::mismatch(path, Self::EXPECTED, &value))
    }
}

macro_rules! whole_number_from_wire {
    ($($type:ty: $expected:literal),*) => {$(
        /// Accepts `1.0` for `1`.
        impl FromWire for $type {
            const EXPECTED: &'static str = $expected;

            fn from_wire(value: Value, path: &Path<'_>) -> Result<Self, FieldError> {
                value
                    .as_number()
                    .and_then(whole)
                    .and_then(|number| Self::try_from(number).ok())
                    .ok_or_else(|| FieldError::mismatch(path, Self::EXPECTED, &value))
            }
        }
    )*};
}

whole_number_from_wire!(
    u16: "a whole number from 0 to 65535",
    u32: "a whole number from 0 to 4294967295",
    u64: "a whole number, not negative",
    i32: "a whole number from -2147483648 to 2147483647",
    i64: "a whole number"
);

/// The number if it is a whole one.
fn whole(number: &Number) -> Option<i128> {
    if let Some(number) = number.as_u64() {
        return Some(i128::from(number));
    }
    if let Some(number) = number.as_i64() {
        return Some(i128::from(number));
    }
    let number = number.as_f64()?;
    let is_whole = number.fract() == 0.0 && number.abs() <= EXACT_WHOLE_NUMBERS;
    #[expect(clippy::cast_possible_truncation, reason = "a whole number of at most 2^53 is kept exactly")]
    is_whole.then_some(number as i128)
}

impl FromWire for RequestId {
    const EXPECTED: &'static str = u64::EXPECTED;

    fn from_wire(value: Value, path: &Path<'_>) -> Result<Self, FieldError> {
        u64::from_wire(value, path).map(Self)
    }
}

impl FromWire for f64 {
    const EXPECTED: &'static str = "a number";

    fn from_wire(value: Value, path: &Path<'_>) -> Result<Self, FieldError> {
        value.as_f64().ok_or_else(|| FieldError::mismatch(path, Self::EXPECTED, &value))
    }
}

impl FromWire for Map<String, Value> {
    const EXPECTED: &'static str = "an object";

    fn from_wire(value: Value, path: &Path<'_>) -> Result<Self, FieldError> {
        match value {
            Value::Object(entries) => Ok(entries),
            other => Err(FieldError::mismatch(path, Self::EXPECTED, &other)),
        }
    }
}

impl<T: FromWire> FromWire for Vec<T> {
    const EXPECTED: &'static str = "an array";

    fn from_wire(value: Value, path: &Path<'_>) -> Result<Self, FieldError> {
        match value {
            Value::Array(items) => items
                .into_iter()
                .enumerate()
                .map(|(index, item)| T::from_wire(item, &Path::Item(path, index)))
                .collect(),
            other => Err(FieldError::mismatch(path, Self::EXPECTED, &other)),
        }
    }
}
