//! Go's types and kinds, as far as a template can meet them.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

/// A Go type. Its `Display` is what `%T` prints.
///
/// ```
/// use go_text_template::Type;
///
/// assert_eq!(Type::map(Type::Any).to_string(), "map[string]interface {}");
/// assert_eq!(Type::slice(Type::String).to_string(), "[]string");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// `interface {}`: anything, also nil.
    Any,
    /// `error`: an object that has an error text, or nil.
    Error,
    /// `bool`
    Bool,
    /// `int`, which has 64 bits
    Int,
    /// `int8`
    Int8,
    /// `int16`
    Int16,
    /// `int32`
    Int32,
    /// `int64`
    Int64,
    /// `uint`, which has 64 bits
    Uint,
    /// `uint8`
    Uint8,
    /// `uint16`
    Uint16,
    /// `uint32`
    Uint32,
    /// `uint64`
    Uint64,
    /// `uintptr`
    Uintptr,
    /// `float32`
    Float32,
    /// `float64`
    Float64,
    /// `complex64`
    Complex64,
    /// `complex128`
    Complex128,
    /// `string`
    String,
    /// `[]T`
    Slice(Arc<Type>),
    /// `map[string]T`
    Map(Arc<Type>),
    /// The type of a host's object, by its name in Go (`time.Time`, `*semver.Version`).
    Object(Arc<ObjectType>),
    /// The type of a function, as Go writes it (`func(string) int`).
    Function(Arc<str>),
}

/// Name and kind of a host object's type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectType {
    /// As `%T` prints it: `time.Time`, `*semver.Version`.
    pub name: Cow<'static, str>,
    /// `struct`, `ptr`, or the kind of the underlying basic value.
    pub kind: Kind,
}

impl Type {
    /// `[]element`
    #[must_use]
    pub fn slice(element: Self) -> Self {
        Self::Slice(Arc::new(element))
    }

    /// `map[string]element`
    #[must_use]
    pub fn map(element: Self) -> Self {
        Self::Map(Arc::new(element))
    }

    /// The type of an object.
    #[must_use]
    pub fn object(name: impl Into<Cow<'static, str>>, kind: Kind) -> Self {
        Self::Object(Arc::new(ObjectType { name: name.into(), kind }))
    }

    /// The kind of values of this type.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Any | Self::Error => Kind::Interface,
            Self::Bool => Kind::Bool,
            Self::Int => Kind::Int,
            Self::Int8 => Kind::Int8,
            Self::Int16 => Kind::Int16,
            Self::Int32 => Kind::Int32,
            Self::Int64 => Kind::Int64,
            Self::Uint => Kind::Uint,
            Self::Uint8 => Kind::Uint8,
            Self::Uint16 => Kind::Uint16,
            Self::Uint32 => Kind::Uint32,
            Self::Uint64 => Kind::Uint64,
            Self::Uintptr => Kind::Uintptr,
            Self::Float32 => Kind::Float32,
            Self::Float64 => Kind::Float64,
            Self::Complex64 => Kind::Complex64,
            Self::Complex128 => Kind::Complex128,
            Self::String => Kind::String,
            Self::Slice(_) => Kind::Slice,
            Self::Map(_) => Kind::Map,
            Self::Object(object) => object.kind,
            Self::Function(_) => Kind::Func,
        }
    }

    /// Whether nil is a value of this type.
    pub(crate) fn has_nil(&self) -> bool {
        matches!(self.kind(), Kind::Interface | Kind::Slice | Kind::Map | Kind::Func | Kind::Ptr)
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Types nest only as deep as a host wrote them down, but a loop costs nothing.
        let mut inner = self;
        loop {
            match inner {
                Self::Slice(element) => {
                    f.write_str("[]")?;
                    inner = element;
                }
                Self::Map(element) => {
                    f.write_str("map[string]")?;
                    inner = element;
                }
                Self::Any => return f.write_str("interface {}"),
                Self::Error => return f.write_str("error"),
                Self::Object(object) => return f.write_str(&object.name),
                Self::Function(signature) => return f.write_str(signature),
                basic => return basic.kind().fmt(f),
            }
        }
    }
}

/// Go's `reflect.Kind`. Its `Display` is Go's name of the kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is Go's kind of the same name")]
pub enum Kind {
    Invalid,
    Bool,
    Int,
    Int8,
    Int16,
    Int32,
    Int64,
    Uint,
    Uint8,
    Uint16,
    Uint32,
    Uint64,
    Uintptr,
    Float32,
    Float64,
    Complex64,
    Complex128,
    Func,
    Interface,
    Map,
    Ptr,
    Slice,
    String,
    Struct,
}

impl Kind {
    /// The name, as Go's `Kind.String` gives it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Invalid => "invalid",
            Self::Bool => "bool",
            Self::Int => "int",
            Self::Int8 => "int8",
            Self::Int16 => "int16",
            Self::Int32 => "int32",
            Self::Int64 => "int64",
            Self::Uint => "uint",
            Self::Uint8 => "uint8",
            Self::Uint16 => "uint16",
            Self::Uint32 => "uint32",
            Self::Uint64 => "uint64",
            Self::Uintptr => "uintptr",
            Self::Float32 => "float32",
            Self::Float64 => "float64",
            Self::Complex64 => "complex64",
            Self::Complex128 => "complex128",
            Self::Func => "func",
            Self::Interface => "interface",
            Self::Map => "map",
            Self::Ptr => "ptr",
            Self::Slice => "slice",
            Self::String => "string",
            Self::Struct => "struct",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
