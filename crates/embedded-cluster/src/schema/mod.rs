//! The fields of every kind, as one table: names, types, and how lists are patched.
//!
//! The table (`fields.txt`) lists the structs of the Kubernetes API (1.37) that the kinds kept here are made of:
//! a struct's name, then one line a field: its name, its type, its number in Kubernetes' protobuf encoding
//! (`2.19`: field 19 of the message that is field 2, which JSON does not show), `omit` where that encoding cannot
//! tell zero from absent, and, for lists that a strategic merge patch merges, the key (`merge=name`).
//!
//! Strict field validation, type errors, patches, protobuf bodies and OpenAPI are all made from it.

mod protobuf;
mod quantity;
mod reader;
mod scalar;

use std::{collections::HashMap, sync::LazyLock};

pub(crate) use self::{
    protobuf::read_protobuf,
    quantity::compare_quantities,
    reader::{Findings, read_json, read_value},
};
use crate::kind::Kind;

/// The type of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    String,
    Bool,
    Int32,
    Int64,
    Float,
    /// `meta/v1.Time` and `MicroTime`: RFC 3339.
    Time,
    Quantity,
    IntOrString,
    /// Base64 in JSON.
    Bytes,
    Any,
    Map(Box<Type>),
    List(Box<Type>),
    Struct(&'static str),
}

/// How a strategic merge patch treats a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ListMerge {
    /// The patch's list replaces the old one.
    Replace,
    /// Objects with the same value of this field are merged, others are added.
    ByKey(&'static str),
    /// New scalars are added.
    Union,
}

/// One field of a struct.
#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) value: Type,
    pub(crate) merge: ListMerge,
    /// Its number in protobuf; `None` for what the envelope carries.
    number: Option<Number>,
    /// Protobuf writes a zero for "absent".
    omits_zero: bool,
}

/// Where a field is in its struct's protobuf message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Number {
    Own(u32),
    /// Within a message that is embedded in the JSON: its number, then the field's in it.
    Embedded(u32, u32),
}

/// A struct of the Kubernetes API.
#[derive(Debug)]
pub(crate) struct Struct {
    /// The Go type's name.
    pub(crate) name: &'static str,
    /// Sorted by name.
    pub(crate) fields: Vec<Field>,
}

impl Struct {
    pub(crate) fn field(&self, name: &str) -> Option<&Field> {
        self.fields.binary_search_by(|field| field.name.cmp(name)).ok().map(|index| &self.fields[index])
    }
}

static STRUCTS: LazyLock<HashMap<&'static str, Struct>> = LazyLock::new(|| parse(include_str!("fields.txt")));

/// The struct of a kind.
pub(crate) fn of_kind(kind: Kind) -> &'static Struct {
    named(kind.info().name)
}

/// A struct by its Go name. One that the table lacks has no fields.
pub(crate) fn named(name: &str) -> &'static Struct {
    static EMPTY: Struct = Struct { name: "", fields: Vec::new() };
    STRUCTS.get(name).unwrap_or(&EMPTY)
}

fn parse(table: &'static str) -> HashMap<&'static str, Struct> {
    let mut structs: HashMap<&'static str, Struct> = HashMap::new();
    let mut current = "";
    for line in table.lines() {
        match line.strip_prefix(' ') {
            None => {
                current = line;
                structs.insert(line, Struct { name: line, fields: Vec::new() });
            }
            Some(field) => {
                if let Some(parsed) = parse_field(field)
                    && let Some(owner) = structs.get_mut(current)
                {
                    owner.fields.push(parsed);
                }
            }
        }
    }
    for owner in structs.values_mut() {
        owner.fields.sort_by_key(|field| field.name);
    }
    structs
}

fn parse_field(line: &'static str) -> Option<Field> {
    let mut parts = line.split(' ');
    let name = parts.next()?;
    let value = parse_type(parts.next()?);
    let mut field = Field { name, value, merge: ListMerge::Replace, number: None, omits_zero: false };
    for part in parts {
        if part == "omit" {
            field.omits_zero = true;
        } else if let Some(key) = part.strip_prefix("merge=") {
            field.merge = ListMerge::ByKey(key);
        } else if part == "merge" {
            field.merge = ListMerge::Union;
        } else {
            field.number = parse_number(part);
        }
    }
    Some(field)
}

fn parse_number(text: &str) -> Option<Number> {
    match text.split_once('.') {
        None => text.parse().ok().map(Number::Own),
        Some((outer, inner)) => Some(Number::Embedded(outer.parse().ok()?, inner.parse().ok()?)),
    }
}

fn parse_type(text: &'static str) -> Type {
    if let Some(item) = text.strip_prefix("[]") {
        return Type::List(Box::new(parse_type(item)));
    }
    if let Some(item) = text.strip_prefix("map:") {
        return Type::Map(Box::new(parse_type(item)));
    }
    match text {
        "string" => Type::String,
        "bool" => Type::Bool,
        "int32" => Type::Int32,
        "int64" => Type::Int64,
        "float" => Type::Float,
        "time" | "microtime" => Type::Time,
        "quantity" => Type::Quantity,
        "intstr" => Type::IntOrString,
        "bytes" => Type::Bytes,
        "any" => Type::Any,
        name => Type::Struct(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_struct_that_a_field_names_is_in_the_table() {
        fn inner(value: &Type) -> Option<&'static str> {
            match value {
                Type::Struct(name) => Some(name),
                Type::List(item) | Type::Map(item) => inner(item),
                _ => None,
            }
        }
        for owner in STRUCTS.values() {
            for name in owner.fields.iter().filter_map(|field| inner(&field.value)) {
                assert!(STRUCTS.contains_key(name), "{}: {name}", owner.name);
            }
        }
        assert_eq!(named("Volume").field("secret").unwrap().number, Some(Number::Embedded(2, 6)));
        for kind in Kind::ALL {
            assert!(!of_kind(kind).fields.is_empty(), "{kind}");
        }
    }
}
