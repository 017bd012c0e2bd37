//! Integers of all sizes, read and converted as Go does.

use super::{Type, Value};

impl Value {
    /// An integer of any type, as the number it is.
    #[must_use]
    pub fn as_integer(&self) -> Option<i128> {
        Some(match self {
            Self::Int(number) | Self::Int64(number) => i128::from(*number),
            Self::Int8(number) => i128::from(*number),
            Self::Int16(number) => i128::from(*number),
            Self::Int32(number) => i128::from(*number),
            Self::Uint(number) | Self::Uint64(number) | Self::Uintptr(number) => i128::from(*number),
            Self::Uint8(number) => i128::from(*number),
            Self::Uint16(number) => i128::from(*number),
            Self::Uint32(number) => i128::from(*number),
            _ => return None,
        })
    }

    /// The same, also of a type with a name, such as a duration's.
    pub(crate) fn as_integer_of_any_name(&self) -> Option<i128> {
        match self {
            Self::Object(object) => object.underlying()?.as_integer(),
            other => other.as_integer(),
        }
    }

    /// The integer as one of another type; one that is too large loses its high bits, as in Go.
    #[must_use]
    pub fn converted_to(&self, of: &Type) -> Option<Self> {
        let number = self.as_integer()?;
        Some(match of {
            Type::Int => Self::Int(number as i64),
            Type::Int8 => Self::Int8(number as i8),
            Type::Int16 => Self::Int16(number as i16),
            Type::Int32 => Self::Int32(number as i32),
            Type::Int64 => Self::Int64(number as i64),
            Type::Uint => Self::Uint(number as u64),
            Type::Uint8 => Self::Uint8(number as u8),
            Type::Uint16 => Self::Uint16(number as u16),
            Type::Uint32 => Self::Uint32(number as u32),
            Type::Uint64 => Self::Uint64(number as u64),
            Type::Uintptr => Self::Uintptr(number as u64),
            _ => return None,
        })
    }
}
