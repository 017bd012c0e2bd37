//! Versions as templates see them.

use std::any::Any;
use std::sync::Arc;

use go_text_template::{Call, CallError, Field, Function, Kind, Object, Str, Type, Value};

use super::Version;
use crate::declare::Shape;

/// A version that is no pointer, as `IncMajor` gives it.
#[derive(Debug)]
struct Direct(Version);

/// A method without arguments: its name, the type of its result, and what it does.
type Method = (&'static str, fn() -> Type, fn(&Version, &Call<'_>) -> Result<Value, CallError>);

/// A method with a version as its argument: its name, and what is made of the order of the two.
type Comparison = (&'static str, fn(i64) -> Value);

const COMPARISONS: [Comparison; 6] = [
    ("Compare", Value::Int),
    ("Equal", |order| (order == 0).into()),
    ("LessThan", |order| (order < 0).into()),
    ("LessThanEqual", |order| (order <= 0).into()),
    ("GreaterThan", |order| (order > 0).into()),
    ("GreaterThanEqual", |order| (order >= 0).into()),
];

const SIMPLE: [Method; 10] = [
    ("Major", || Type::Uint64, |version, _| Ok(Value::Uint64(version.major))),
    ("Minor", || Type::Uint64, |version, _| Ok(Value::Uint64(version.minor))),
    ("Patch", || Type::Uint64, |version, _| Ok(Value::Uint64(version.patch))),
    ("Prerelease", || Type::String, |version, _| Ok(version.pre.as_str().into())),
    ("Metadata", || Type::String, |version, _| Ok(version.metadata.as_str().into())),
    ("Original", || Type::String, |version, _| Ok(version.original.as_str().into())),
    ("String", || Type::String, |version, _| Ok(version.to_string().into())),
    ("IncMajor", direct_type, |version, _| {
        let major = incremented(version.major, "major")?;
        Ok(Value::object(Direct(version.next(|next| {
            *next = Version { major, minor: 0, patch: 0, pre: String::new(), ..next.clone() };
        }))))
    }),
    ("IncMinor", direct_type, |version, _| {
        let minor = incremented(version.minor, "minor")?;
        Ok(Value::object(Direct(version.next(|next| {
            *next = Version { minor, patch: 0, pre: String::new(), ..next.clone() };
        }))))
    }),
    ("IncPatch", direct_type, |version, _| {
        // The release follows its pre-releases.
        let patch = if version.pre.is_empty() { incremented(version.patch, "patch")? } else { version.patch };
        Ok(Value::object(Direct(version.next(|next| {
            *next = Version { patch, pre: String::new(), ..next.clone() };
        }))))
    }),
];

fn direct_type() -> Type {
    Type::object("semver.Version", Kind::Struct)
}

fn incremented(number: u64, what: &str) -> Result<u64, CallError> {
    let overflow = || CallError::new(format!("{what} version increment would overflow uint64"));
    number.checked_add(1).ok_or_else(overflow)
}

fn method(version: &Version, name: &[u8]) -> Option<Arc<Function>> {
    let version = version.clone();
    if let Some(&(name, of_order)) = COMPARISONS.iter().find(|(known, _)| known.as_bytes() == name) {
        let result = of_order(0).type_of().unwrap_or(Type::Any);
        let function = Function::new(name).param(Shape::Version.to_type()).returns(result);
        return Some(Arc::new(function.body(move |call| match call.argument(0) {
            Value::Object(other) => match other.as_any().downcast_ref::<Version>() {
                Some(other) => Ok(of_order(version.order(other) as i64)),
                None => Err(CallError::new("argument is no version")),
            },
            _ if name == "Equal" => Ok(false.into()),
            _ => Err(CallError::new("runtime error: invalid memory address or nil pointer dereference")),
        })));
    }
    let &(name, result, body) = SIMPLE.iter().find(|(known, ..)| known.as_bytes() == name)?;
    Some(Arc::new(Function::new(name).returns(result()).body(move |call| body(&version, call))))
}

/// The fields as printing shows them; none is exported.
fn printed_fields(version: &Version) -> Vec<Field> {
    vec![
        Field::new("major", Value::Uint64(version.major)),
        Field::new("minor", Value::Uint64(version.minor)),
        Field::new("patch", Value::Uint64(version.patch)),
        Field::new("pre", version.pre.as_str()),
        Field::new("metadata", version.metadata.as_str()),
        Field::new("original", version.original.as_str()),
    ]
}

impl Object for Version {
    fn object_type(&self) -> Type {
        Shape::Version.to_type()
    }

    fn text(&self) -> Option<Str> {
        Some(self.to_string().into())
    }

    fn pointee_text(&self) -> Option<Str> {
        self.text()
    }

    fn printed_fields(&self) -> Vec<Field> {
        printed_fields(self)
    }

    fn method(&self, name: &[u8]) -> Option<Arc<Function>> {
        method(self, name)
    }

    fn equals(&self, other: &dyn Object) -> Option<bool> {
        // A pointer equals itself only.
        other.as_any().downcast_ref::<Self>().map(|other| std::ptr::eq(self, other))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl Object for Direct {
    fn object_type(&self) -> Type {
        direct_type()
    }

    fn text(&self) -> Option<Str> {
        Some(self.0.to_string().into())
    }

    fn printed_fields(&self) -> Vec<Field> {
        printed_fields(&self.0)
    }

    fn method(&self, name: &[u8]) -> Option<Arc<Function>> {
        // Go finds only the methods of the value itself here, not those of a pointer to it.
        let of_pointer = name == b"Original" || COMPARISONS.iter().any(|(known, _)| known.as_bytes() == name);
        if of_pointer { None } else { method(&self.0, name) }
    }

    fn equals(&self, other: &dyn Object) -> Option<bool> {
        other.as_any().downcast_ref::<Version>().map(|other| self.0 == *other)
    }

    fn as_any(&self) -> &dyn Any {
        // JSON and YAML know a version by its type.
        &self.0
    }
}
