//! The fields that Jobs and Services have in Kubernetes: a table of one release, carried along.
//!
//! The table (`fields.txt`, written by `cargo xtask schema` from what a real API server publishes) has a line for each
//! struct, and one for each of its fields: its name, its type, `required`, and `in=` with the values it may have.

mod check;

use std::collections::HashMap;
use std::sync::LazyLock;

pub(crate) use check::{Fault, FaultKind, check};

/// The type of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Type {
    Text,
    /// RFC 3339.
    Time,
    Bool,
    Int32,
    Int64,
    Number,
    /// A number, perhaps with a unit: `1500m`, `2Gi`.
    Quantity,
    IntOrText,
    Any,
    Map(Box<Type>),
    List(Box<Type>),
    Struct(&'static str),
}

#[derive(Debug)]
struct Field {
    value: Type,
    is_required: bool,
    /// What it may be; empty for anything.
    values: Vec<&'static str>,
}

type Fields = HashMap<&'static str, Field>;

#[derive(Debug)]
struct Table {
    release: &'static str,
    structs: HashMap<&'static str, Fields>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| Table::parse(include_str!("fields.txt")));

/// The release that the table is from, as `1.37`.
pub(crate) fn release() -> &'static str {
    TABLE.release
}

impl Table {
    fn parse(text: &'static str) -> Self {
        let mut table = Self { release: "", structs: HashMap::new() };
        let mut current = "";
        for line in text.lines() {
            if let Some(release) = line.strip_prefix("# Kubernetes ") {
                table.release = release;
            } else if let Some(field) = line.strip_prefix(' ') {
                let fields = table.structs.entry(current).or_default();
                fields.extend(parse_field(field));
            } else if !line.starts_with('#') {
                current = line;
                table.structs.entry(current).or_default();
            }
        }
        table
    }
}

fn parse_field(line: &'static str) -> Option<(&'static str, Field)> {
    let mut words = line.split(' ');
    let name = words.next()?;
    let mut field = Field { value: parse_type(words.next()?), is_required: false, values: Vec::new() };
    for word in words {
        if word == "required" {
            field.is_required = true;
        } else if let Some(values) = word.strip_prefix("in=") {
            field.values = values.split(',').collect();
        }
    }
    Some((name, field))
}

fn parse_type(word: &'static str) -> Type {
    if let Some(item) = word.strip_prefix("[]") {
        return Type::List(Box::new(parse_type(item)));
    }
    if let Some(item) = word.strip_prefix("map:") {
        return Type::Map(Box::new(parse_type(item)));
    }
    match word {
        "string" => Type::Text,
        "time" => Type::Time,
        "bool" => Type::Bool,
        "int32" => Type::Int32,
        "int64" => Type::Int64,
        "number" => Type::Number,
        "quantity" => Type::Quantity,
        "int-or-string" => Type::IntOrText,
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
        let fields = || TABLE.structs.values().flat_map(|fields| fields.values());
        for name in fields().filter_map(|field| inner(&field.value)) {
            assert!(TABLE.structs.contains_key(name), "{name}");
        }
        for name in ["Job", "Service", "Container", "ObjectMeta"] {
            assert!(TABLE.structs.contains_key(name), "{name}");
        }
        assert!(release().starts_with("1."), "{}", release());
    }
}
