//! OpenAPI v3 as the backend's table has it: a line a struct, a line a field.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::Value;

use crate::failure::Failure;

/// What a field that is no struct of its own is made of, by the end of its name.
const SCALARS: [(&str, &str); 5] = [
    ("Quantity", "quantity"),
    ("IntOrString", "int-or-string"),
    ("MicroTime", "time"),
    ("Time", "time"),
    ("FieldsV1", "any"),
];

/// The table of all that is reached from some structs, each with the schemas of its document.
///
/// # Errors
/// A struct that the document lacks, or something that the table has no word for.
pub(super) fn text(release: &str, roots: &[(&Value, &str)]) -> Result<String, Failure> {
    let mut structs = BTreeMap::new();
    for (schemas, root) in roots {
        let mut waiting = BTreeSet::from([(*root).to_owned()]);
        while let Some(name) = waiting.pop_first() {
            let short = short(&name).to_owned();
            if structs.contains_key(&short) {
                continue;
            }
            let schema = schemas.get(&name).ok_or_else(|| Failure::new(format!("there is no {name}")))?;
            structs.insert(short, fields(&name, schema, &mut waiting)?);
        }
    }
    let mut text = format!(
        "# Kubernetes {release}\n# The fields of Job (batch/v1) and Service (v1). Written by `cargo xtask schema`.\n"
    );
    for (name, fields) in structs {
        // Writing to a String cannot fail.
        let _ = write!(text, "{name}\n{fields}");
    }
    Ok(text)
}

/// The lines of a struct's fields. The structs that they name are to be looked at, too.
fn fields(owner: &str, schema: &Value, waiting: &mut BTreeSet<String>) -> Result<String, Failure> {
    let required: Vec<&str> =
        schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let fields: BTreeMap<&String, &Value> = schema["properties"].as_object().into_iter().flatten().collect();
    let mut text = String::new();
    for (name, field) in fields {
        let word = word(field, waiting)
            .ok_or_else(|| Failure::new(format!("{owner}.{name} is of no known type")))?;
        let _ = write!(text, " {name} {word}");
        if required.contains(&name.as_str()) {
            text.push_str(" required");
        }
        let values = field.get("enum").or_else(|| field["items"].get("enum")).and_then(Value::as_array);
        let values: Vec<&str> = values.into_iter().flatten().filter_map(Value::as_str).collect();
        if !values.is_empty() {
            let _ = write!(text, " in={}", values.join(","));
        }
        text.push('\n');
    }
    Ok(text)
}

fn word(schema: &Value, waiting: &mut BTreeSet<String>) -> Option<String> {
    // A description or default beside a reference puts it into a list of one.
    if let Some(reference) = schema.get("$ref").or_else(|| schema["allOf"][0].get("$ref")) {
        let name = reference.as_str()?.rsplit('/').next()?;
        let scalar = SCALARS.iter().find(|(end, _)| short(name) == *end);
        return Some(match scalar {
            Some((_, word)) => (*word).to_owned(),
            None => {
                waiting.insert(name.to_owned());
                short(name).to_owned()
            }
        });
    }
    if schema["x-kubernetes-preserve-unknown-fields"] == true {
        return Some("any".to_owned());
    }
    match (schema["type"].as_str()?, schema["format"].as_str()) {
        ("array", _) => Some(format!("[]{}", word(&schema["items"], waiting)?)),
        ("object", _) => match schema.get("additionalProperties") {
            Some(item) => Some(format!("map:{}", word(item, waiting)?)),
            None => Some("any".to_owned()),
        },
        ("string", Some("date-time")) => Some("time".to_owned()),
        ("string", _) => Some("string".to_owned()),
        ("boolean", _) => Some("bool".to_owned()),
        ("integer", Some("int32")) => Some("int32".to_owned()),
        ("integer", _) => Some("int64".to_owned()),
        ("number", _) => Some("number".to_owned()),
        _ => None,
    }
}

/// `PodSpec` of `io.k8s.api.core.v1.PodSpec`: no two that are reached have the same.
fn short(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}
