//! The types of parameters and results.

use go_text_template::{Kind, Type};

/// A type of a parameter or a result, as a constant. The words are Go's, in [`Shape::to_type`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Anything, also nil.
    Any,
    /// `bool`
    Bool,
    /// `int`
    Int,
    /// `int64`
    Int64,
    /// `uint32`
    Uint32,
    /// `float64`
    Float,
    /// `string`
    Text,
    /// `[]interface {}`
    List,
    /// `[]string`
    Texts,
    /// `[]int`
    Ints,
    /// `[][]interface {}`
    Lists,
    /// `map[string]interface {}`
    Map,
    /// `map[string]string`
    TextMap,
    /// `time.Time`
    Time,
    /// `*semver.Version`
    Version,
    /// `sprig.certificate`
    Certificate,
    /// `main.ExecResult`
    Program,
}

impl Shape {
    /// The engine's type.
    #[must_use]
    pub fn to_type(self) -> Type {
        match self {
            Self::Any => Type::Any,
            Self::Bool => Type::Bool,
            Self::Int => Type::Int,
            Self::Int64 => Type::Int64,
            Self::Uint32 => Type::Uint32,
            Self::Float => Type::Float64,
            Self::Text => Type::String,
            Self::List => Type::slice(Type::Any),
            Self::Texts => Type::slice(Type::String),
            Self::Ints => Type::slice(Type::Int),
            Self::Lists => Type::slice(Type::slice(Type::Any)),
            Self::Map => Type::map(Type::Any),
            Self::TextMap => Type::map(Type::String),
            Self::Time => Type::object("time.Time", Kind::Struct),
            Self::Version => Type::object("*semver.Version", Kind::Ptr),
            Self::Certificate => Type::object("sprig.certificate", Kind::Struct),
            Self::Program => Type::object("main.ExecResult", Kind::Struct),
        }
    }

    /// What a person calls it, on the reference page.
    #[must_use]
    pub fn plain_name(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::Bool => "bool",
            Self::Int => "int",
            Self::Int64 => "int64",
            Self::Uint32 => "uint32",
            Self::Float => "float64",
            Self::Text => "string",
            Self::List => "list",
            Self::Texts => "list of strings",
            Self::Ints => "list of ints",
            Self::Lists => "list of lists",
            Self::Map => "map",
            Self::TextMap => "map of strings",
            Self::Time => "time",
            Self::Version => "version",
            Self::Certificate => "certificate",
            Self::Program => "program result",
        }
    }
}
