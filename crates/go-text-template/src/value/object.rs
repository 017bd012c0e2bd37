//! Values with fields or methods that the host brings along: times, versions, results of programs.

use std::any::Any;
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use super::{Kind, Str, Type, Value};
use crate::function::Function;

/// A structure, a pointer to one, or a named basic type of the host, as Go's `reflect` would show it.
///
/// Only [`object_type`](Object::object_type) must be written; what is left out is absent in the template's eyes.
///
/// ```
/// use std::any::Any;
/// use go_text_template::{Field, Kind, Object, Str, TemplateSet, Type, Value};
///
/// #[derive(Debug)]
/// struct Version { major: i64, minor: i64 }
///
/// impl Object for Version {
///     fn object_type(&self) -> Type { Type::object("app.Version", Kind::Struct) }
///     fn text(&self) -> Option<Str> { Some(format!("v{}.{}", self.major, self.minor).into()) }
///     fn fields(&self) -> Vec<Field> {
///         vec![Field::new("Major", self.major), Field::new("Minor", self.minor)]
///     }
///     fn as_any(&self) -> &dyn Any { self }
/// }
///
/// let mut set = TemplateSet::new();
/// set.parse("t", "{{ .v }} {{ .v.Minor }}").unwrap();
/// let data = Value::map([("v", Value::object(Version { major: 3, minor: 7 }))]);
/// assert_eq!(set.render("t", &data).unwrap(), "v3.7 7");
/// ```
pub trait Object: fmt::Debug + Send + Sync + 'static {
    /// The type: [`Type::object`] with its name in Go and its kind.
    fn object_type(&self) -> Type;

    /// What its `Error` or `String` method answers: then it prints as this text.
    fn text(&self) -> Option<Str> {
        None
    }

    /// What its `GoString` method answers: what `%#v` prints.
    fn go_text(&self) -> Option<Str> {
        None
    }

    /// For a pointer: what the structure itself prints as, if its `Error` or `String` method is not the pointer's alone.
    fn pointee_text(&self) -> Option<Str> {
        None
    }

    /// Whether [`text`](Object::text) is an error's, so that the object may stand where Go wants an `error`.
    fn is_error(&self) -> bool {
        false
    }

    /// Its exported fields, in order.
    fn fields(&self) -> Vec<Field> {
        Vec::new()
    }

    /// All its fields, in order, as printing shows them where [`text`](Object::text) is not asked: also those that are
    /// not exported.
    fn printed_fields(&self) -> Vec<Field> {
        self.fields()
    }

    /// One field.
    fn field(&self, name: &[u8]) -> Option<Field> {
        self.fields().into_iter().find(|field| field.name.as_bytes() == name)
    }

    /// A method, with its receiver bound.
    fn method(&self, _name: &[u8]) -> Option<Arc<Function>> {
        None
    }

    /// The basic value of a named basic type (a duration's `int64`).
    fn underlying(&self) -> Option<Value> {
        None
    }

    /// Another number of a named integer type, for `range` over a number of that type.
    fn with_number(&self, _number: i64) -> Option<Value> {
        None
    }

    /// Whether this is a nil pointer.
    fn is_nil(&self) -> bool {
        false
    }

    /// What `range` goes through, for an object that is an iterator function in Go.
    fn iterate(&self) -> Option<Iteration> {
        None
    }

    /// Whether `==` holds; `None` when Go could not compare the two.
    fn equals(&self, _other: &dyn Object) -> Option<bool> {
        None
    }

    /// The object itself, for functions that know its Rust type.
    fn as_any(&self) -> &dyn Any;
}

/// A field of an [`Object`].
#[derive(Clone, Debug)]
pub struct Field {
    /// The name, as a template writes it.
    pub name: Cow<'static, str>,
    /// What it holds.
    pub value: Value,
    /// The declared type, which differs from the value's for `interface {}` and `error`.
    pub declared: Type,
}

impl Field {
    /// A field whose declared type is that of its value (`interface {}` for nil).
    pub fn new(name: impl Into<Cow<'static, str>>, value: impl Into<Value>) -> Self {
        let value = value.into();
        let declared = value.type_of().unwrap_or(Type::Any);
        Self { name: name.into(), value, declared }
    }

    /// The same field, declared as `interface {}` or `error`.
    #[must_use]
    pub fn declared_as(self, declared: Type) -> Self {
        Self { declared, ..self }
    }
}

/// What `range` goes through: single values (Go's `iter.Seq`) or pairs (`iter.Seq2`).
pub enum Iteration {
    /// One variable at most.
    Values(Box<dyn Iterator<Item = Value> + Send>),
    /// Two variables at most.
    Pairs(Box<dyn Iterator<Item = (Value, Value)> + Send>),
}

impl fmt::Debug for Iteration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Values(_) => "Values",
            Self::Pairs(_) => "Pairs",
        })
    }
}

/// What a pointer points at.
#[derive(Debug)]
pub(super) struct Pointee(Arc<dyn Object>);

impl Pointee {
    /// For a pointer that is not nil.
    pub(super) fn of(object: &Arc<dyn Object>) -> Option<Self> {
        let is_pointer = object.object_type().kind() == Kind::Ptr;
        (is_pointer && !object.is_nil()).then(|| Self(object.clone()))
    }
}

impl Object for Pointee {
    fn object_type(&self) -> Type {
        let name = self.0.object_type().to_string();
        Type::object(name.strip_prefix('*').unwrap_or(&name).to_owned(), Kind::Struct)
    }

    fn text(&self) -> Option<Str> {
        self.0.pointee_text()
    }

    fn fields(&self) -> Vec<Field> {
        self.0.fields()
    }

    fn printed_fields(&self) -> Vec<Field> {
        self.0.printed_fields()
    }

    fn method(&self, name: &[u8]) -> Option<Arc<Function>> {
        self.0.method(name)
    }

    fn as_any(&self) -> &dyn Any {
        self.0.as_any()
    }
}
