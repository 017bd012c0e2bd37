//! Go values, with Go's kinds kept apart.

mod integer;
mod list;
mod map;
mod object;
mod teardown;
mod text;
mod types;
mod weight;

use std::fmt;
use std::sync::Arc;

pub use list::List;
pub(crate) use map::Found;
pub use map::{Map, NilMap};
pub use object::{Field, Iteration, Object};
pub use text::Str;
pub use types::{Kind, ObjectType, Type};

use crate::function::Function;

/// A Go value. Cloning is cheap: containers and strings are shared.
///
/// `int` and `uint` have 64 bits. `From` turns `i64` and `i32` into `int`, `f64` into `float64`.
///
/// ```
/// use go_text_template::Value;
///
/// let data = Value::map([("name", Value::from("x")), ("sizes", Value::list([1, 2]))]);
/// assert_eq!(data.type_of().unwrap().to_string(), "map[string]interface {}");
/// ```
#[derive(Clone, Default)]
#[expect(missing_docs, reason = "each holds Go's type of the same name")]
pub enum Value {
    /// Go's untyped nil.
    #[default]
    Nil,
    Bool(bool),
    Int(i64),
    Int8(i8),
    Int16(i16),
    Int32(i32),
    Int64(i64),
    Uint(u64),
    Uint8(u8),
    Uint16(u16),
    Uint32(u32),
    Uint64(u64),
    Uintptr(u64),
    Float32(f32),
    Float64(f64),
    /// Real and imaginary part.
    Complex64(f32, f32),
    /// Real and imaginary part.
    Complex128(f64, f64),
    String(Str),
    List(List),
    Map(Map),
    Object(Arc<dyn Object>),
    Function(Arc<Function>),
}

impl Value {
    /// A `[]interface {}`.
    pub fn list<V: Into<Self>>(items: impl IntoIterator<Item = V>) -> Self {
        Self::List(items.into_iter().map(Into::into).collect())
    }

    /// A `map[string]interface {}`.
    pub fn map<K: Into<Str>, V: Into<Self>>(entries: impl IntoIterator<Item = (K, V)>) -> Self {
        Self::Map(entries.into_iter().map(|(key, value)| (key, value.into())).collect())
    }

    /// An object of the host.
    pub fn object(object: impl Object) -> Self {
        Self::Object(Arc::new(object))
    }

    /// The zero value of a type: `""`, 0, false, a nil list or map, nil.
    #[must_use]
    pub fn zero(of: &Type) -> Self {
        match of {
            Type::Any | Type::Error | Type::Object(_) | Type::Function(_) => Self::Nil,
            Type::Bool => Self::Bool(false),
            Type::Int => Self::Int(0),
            Type::Int8 => Self::Int8(0),
            Type::Int16 => Self::Int16(0),
            Type::Int32 => Self::Int32(0),
            Type::Int64 => Self::Int64(0),
            Type::Uint => Self::Uint(0),
            Type::Uint8 => Self::Uint8(0),
            Type::Uint16 => Self::Uint16(0),
            Type::Uint32 => Self::Uint32(0),
            Type::Uint64 => Self::Uint64(0),
            Type::Uintptr => Self::Uintptr(0),
            Type::Float32 => Self::Float32(0.0),
            Type::Float64 => Self::Float64(0.0),
            Type::Complex64 => Self::Complex64(0.0, 0.0),
            Type::Complex128 => Self::Complex128(0.0, 0.0),
            Type::String => Self::String(Str::default()),
            Type::Slice(element) => Self::List(List::nil((**element).clone())),
            Type::Map(element) => Self::Map(Map::nil((**element).clone())),
        }
    }

    /// The dynamic type; `None` for nil.
    #[must_use]
    pub fn type_of(&self) -> Option<Type> {
        Some(match self {
            Self::Nil => return None,
            Self::Bool(_) => Type::Bool,
            Self::Int(_) => Type::Int,
            Self::Int8(_) => Type::Int8,
            Self::Int16(_) => Type::Int16,
            Self::Int32(_) => Type::Int32,
            Self::Int64(_) => Type::Int64,
            Self::Uint(_) => Type::Uint,
            Self::Uint8(_) => Type::Uint8,
            Self::Uint16(_) => Type::Uint16,
            Self::Uint32(_) => Type::Uint32,
            Self::Uint64(_) => Type::Uint64,
            Self::Uintptr(_) => Type::Uintptr,
            Self::Float32(_) => Type::Float32,
            Self::Float64(_) => Type::Float64,
            Self::Complex64(..) => Type::Complex64,
            Self::Complex128(..) => Type::Complex128,
            Self::String(_) => Type::String,
            Self::List(list) => list.type_of(),
            Self::Map(map) => map.type_of(),
            Self::Object(object) => object.object_type(),
            Self::Function(function) => function.type_of(),
        })
    }

    /// The kind; [`Kind::Invalid`] for nil.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::List(_) => Kind::Slice,
            Self::Map(_) => Kind::Map,
            Self::Function(_) => Kind::Func,
            other => other.type_of().map_or(Kind::Invalid, |of| of.kind()),
        }
    }

    /// Go's name of the type, `<nil>` for nil: what `%T` prints.
    #[must_use]
    pub fn type_name(&self) -> String {
        self.type_of().map_or_else(|| "<nil>".to_owned(), |of| of.to_string())
    }

    /// Whether `if` takes it for true: not nil, false, zero, or empty.
    #[must_use]
    pub fn is_true(&self) -> bool {
        match self {
            Self::Nil => false,
            Self::Bool(value) => *value,
            Self::Int(value) | Self::Int64(value) => *value != 0,
            Self::Int8(value) => *value != 0,
            Self::Int16(value) => *value != 0,
            Self::Int32(value) => *value != 0,
            Self::Uint(value) | Self::Uint64(value) | Self::Uintptr(value) => *value != 0,
            Self::Uint8(value) => *value != 0,
            Self::Uint16(value) => *value != 0,
            Self::Uint32(value) => *value != 0,
            Self::Float32(value) => *value != 0.0,
            Self::Float64(value) => *value != 0.0,
            Self::Complex64(real, imaginary) => *real != 0.0 || *imaginary != 0.0,
            Self::Complex128(real, imaginary) => *real != 0.0 || *imaginary != 0.0,
            Self::String(text) => !text.is_empty(),
            Self::List(list) => !list.is_empty(),
            Self::Map(map) => !map.is_empty(),
            Self::Object(object) => match object.underlying() {
                Some(underlying) => underlying.is_true(),
                None => !object.is_nil(),
            },
            Self::Function(_) => true,
        }
    }

    /// The structure that a pointer points at.
    pub(crate) fn pointed_at(&self) -> Option<Self> {
        match self {
            Self::Object(object) => object::Pointee::of(object).map(Self::object),
            _ => None,
        }
    }

    /// What a template prints in place of a pointer without a text of its own.
    pub(crate) fn printed_instead(&self) -> Option<Self> {
        match self {
            Self::Object(object) if object.text().is_none() => self.pointed_at(),
            _ => None,
        }
    }

    /// Whether dropping it may lead on to further values.
    fn is_container(&self) -> bool {
        matches!(self, Self::List(_) | Self::Map(_))
    }
}

impl fmt::Debug for Value {
    /// Says type and value, one level deep.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nil => f.write_str("nil"),
            Self::String(text) => write!(f, "{text:?}"),
            Self::List(list) => list.fmt(f),
            Self::Map(map) => map.fmt(f),
            Self::Object(object) => object.fmt(f),
            Self::Function(function) => function.fmt(f),
            basic => {
                let mut text = Vec::new();
                crate::format::write_value(&mut text, basic);
                write!(f, "{}({})", basic.type_name(), String::from_utf8_lossy(&text))
            }
        }
    }
}

macro_rules! from {
    ($($source:ty => $variant:ident),* $(,)?) => {$(
        impl From<$source> for Value {
            fn from(value: $source) -> Self {
                Self::$variant(value.into())
            }
        }
    )*};
}

from! {
    bool => Bool,
    i64 => Int,
    i32 => Int,
    u32 => Int,
    u8 => Uint8,
    u64 => Uint64,
    f32 => Float32,
    f64 => Float64,
    &str => String,
    String => String,
    Str => String,
    List => List,
    Map => Map,
}

impl From<usize> for Value {
    /// An `int`, as Go's `len` gives it.
    fn from(value: usize) -> Self {
        Self::Int(i64::try_from(value).unwrap_or(i64::MAX))
    }
}

impl<V: Into<Value>> From<Option<V>> for Value {
    /// Nil for `None`.
    fn from(value: Option<V>) -> Self {
        value.map_or(Self::Nil, Into::into)
    }
}

impl<V: Into<Value>> From<Vec<V>> for Value {
    /// A `[]interface {}`.
    fn from(items: Vec<V>) -> Self {
        Self::list(items)
    }
}
