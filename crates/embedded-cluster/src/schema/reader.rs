//! Reads an object against the table: unknown fields are dropped and told, doubled ones told, and the first
//! value of a wrong type is an error, in Go's words.

use std::fmt;

use serde::{
    Deserializer,
    de::{DeserializeSeed, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Number, Value};

use super::{Struct, Type, named, quantity, scalar::describe_number};

/// What was found besides the object.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    /// `unknown field "spec.nope"`, `duplicate field "spec.suspend"`, in the order of the document.
    pub(crate) fields: Vec<String>,
    /// The first wrong type, as `json: cannot unmarshal …`.
    pub(crate) wrong_type: Option<String>,
}

/// Reads JSON text.
///
/// # Errors
/// When it is no JSON.
pub(crate) fn read_json(bytes: &[u8], root: &'static Struct) -> Result<(Value, Findings), serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let read = read(&mut deserializer, root)?;
    deserializer.end()?;
    Ok(read)
}

/// Reads a parsed object, as after a patch.
pub(crate) fn read_value(value: &Value, root: &'static Struct) -> (Value, Findings) {
    // A tree that exists already cannot have syntax errors.
    read(value, root).unwrap_or_else(|_| (value.clone(), Findings::default()))
}

fn read<'de, D: Deserializer<'de>>(
    deserializer: D,
    root: &'static Struct,
) -> Result<(Value, Findings), D::Error> {
    let mut findings = Findings::default();
    let wanted = Type::Struct(root.name);
    let place = Place { owner: root.name, path: String::new(), go_path: String::new() };
    let node = Node { wanted: &wanted, place: &place, findings: &mut findings };
    let value = node.deserialize(deserializer)?;
    Ok((value, findings))
}

/// Where in the object a value is.
#[derive(Clone, Debug)]
struct Place {
    /// The struct whose field this is.
    owner: &'static str,
    /// With indices: `spec.template.spec.containers[0]`.
    path: String,
    /// As Go names it, without them.
    go_path: String,
}

impl Place {
    fn field(&self, owner: &'static str, name: &str) -> Place {
        Place { owner, path: join(&self.path, name), go_path: join(&self.go_path, name) }
    }

    fn item(&self, index: usize) -> Place {
        Place { path: format!("{}[{index}]", self.path), ..self.clone() }
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

struct Node<'a> {
    wanted: &'a Type,
    place: &'a Place,
    findings: &'a mut Findings,
}

impl Node<'_> {
    /// Notes that `found` does not fit; the value is dropped.
    fn mismatch(&mut self, found: &str) -> Value {
        let Place { owner, go_path, .. } = self.place;
        let go_type = self.wanted.go_name();
        self.fault(if go_path.is_empty() {
            format!("json: cannot unmarshal {found} into Go value of type {go_type}")
        } else {
            format!("json: cannot unmarshal {found} into Go struct field {owner}.{go_path} of type {go_type}")
        })
    }

    fn fault(&mut self, text: String) -> Value {
        self.findings.wrong_type.get_or_insert(text);
        Value::Null
    }

    fn number(mut self, number: &Number) -> Value {
        match self.wanted.take_number(number) {
            Ok(value) => value,
            Err(Some(text)) => self.fault(text),
            Err(None) => {
                let found = describe_number(number, self.wanted);
                self.mismatch(&found)
            }
        }
    }
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(mut self, value: bool) -> Result<Value, E> {
        Ok(match self.wanted {
            Type::Bool | Type::Any => Value::Bool(value),
            _ => self.mismatch("bool"),
        })
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(self.number(&Number::from(value)))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(self.number(&Number::from(value)))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(match Number::from_f64(value) {
            Some(number) => self.number(&number),
            None => Value::Null,
        })
    }

    fn visit_str<E>(mut self, value: &str) -> Result<Value, E> {
        Ok(match self.wanted.take_text(value) {
            Ok(value) => value,
            Err(Some(text)) => self.fault(text),
            Err(None) => self.mismatch("string"),
        })
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<Value, A::Error> {
        let item_type = match self.wanted {
            Type::List(item) => item.as_ref(),
            Type::Any => &Type::Any,
            Type::Quantity => {
                self.fault(not_a_quantity());
                &Type::Any
            }
            _ => {
                self.mismatch("array");
                &Type::Any
            }
        };
        let mut list = Vec::new();
        loop {
            let place = self.place.item(list.len());
            let node = Node { wanted: item_type, place: &place, findings: self.findings };
            match items.next_element_seed(node)? {
                Some(item) => list.push(item),
                None => return Ok(Value::Array(list)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut fields: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        let shape = match self.wanted {
            Type::Struct(name) => Shape::Struct(named(name)),
            Type::Map(item) => Shape::Map(item),
            Type::Any => Shape::Map(&Type::Any),
            Type::Quantity => {
                self.fault(not_a_quantity());
                Shape::Map(&Type::Any)
            }
            _ => {
                self.mismatch("object");
                Shape::Map(&Type::Any)
            }
        };
        while let Some(key) = fields.next_key::<String>()? {
            let (wanted, place) = match shape {
                Shape::Struct(owner) => match owner.field(&key) {
                    Some(field) => (&field.value, self.place.field(owner.name, &key)),
                    None => {
                        let path = join(&self.place.path, &key);
                        self.findings.fields.push(format!("unknown field \"{path}\""));
                        fields.next_value::<serde::de::IgnoredAny>()?;
                        continue;
                    }
                },
                Shape::Map(item) => {
                    let path = join(&self.place.path, &key);
                    (item, Place { path, ..self.place.clone() })
                }
            };
            let path = place.path.clone();
            let node = Node { wanted, place: &place, findings: self.findings };
            let value = fields.next_value_seed(node)?;
            let in_struct = matches!(shape, Shape::Struct(_));
            let before = if value.is_null() && in_struct {
                object.shift_remove(&key)
            } else {
                object.insert(key, value)
            };
            if before.is_some() {
                self.findings.fields.push(format!("duplicate field \"{path}\""));
            }
        }
        Ok(Value::Object(object))
    }
}

/// What is said of a list or map where a quantity should be.
fn not_a_quantity() -> String {
    quantity::canonical("").err().unwrap_or_default().to_owned()
}

#[derive(Clone, Copy)]
enum Shape<'a> {
    Struct(&'static Struct),
    Map(&'a Type),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{kind::Kind, schema};

    fn read(text: &str) -> (Value, Findings) {
        read_json(text.as_bytes(), schema::of_kind(Kind::Job)).unwrap()
    }

    #[test]
    fn unknown_and_doubled_fields_are_told_in_the_order_of_the_document() {
        let (value, findings) = read(
            r#"{"metadata":{"name":"x","nope":1},"foo":1,"spec":{"suspend":true,"suspend":false,
                "template":{"spec":{"containers":[{"Image":"a","name":"c","name":"d"}],"zz":{"a":1}}}}}"#,
        );
        assert_eq!(findings.wrong_type, None);
        assert_eq!(
            findings.fields,
            [
                "unknown field \"metadata.nope\"",
                "unknown field \"foo\"",
                "duplicate field \"spec.suspend\"",
                "unknown field \"spec.template.spec.containers[0].Image\"",
                "duplicate field \"spec.template.spec.containers[0].name\"",
                "unknown field \"spec.template.spec.zz\"",
            ]
        );
        assert_eq!(value["spec"]["suspend"], false);
        assert_eq!(value["spec"]["template"]["spec"]["containers"][0]["name"], "d");
        assert_eq!(value.get("foo"), None);
    }

    #[test]
    fn the_first_wrong_type_is_told_in_the_words_of_go() {
        for (spec, wanted) in [
            (
                r#"{"backoffLimit":"a"}"#,
                "string into Go struct field JobSpec.spec.backoffLimit of type int32",
            ),
            (
                r#"{"backoffLimit":1.5}"#,
                "number 1.5 into Go struct field JobSpec.spec.backoffLimit of type int32",
            ),
            (
                r#"{"backoffLimit":3000000000}"#,
                "number 3000000000 into Go struct field JobSpec.spec.backoffLimit of type int32",
            ),
            (
                r#"{"template":[]}"#,
                "array into Go struct field JobSpec.spec.template of type v1.PodTemplateSpec",
            ),
            (r#""x""#, "string into Go struct field Job.spec of type v1.JobSpec"),
            (
                r#"{"template":{"spec":{"containers":{}}}}"#,
                "object into Go struct field PodSpec.spec.template.spec.containers of type []v1.Container",
            ),
            (
                r#"{"template":{"spec":{"containers":["a"]}}}"#,
                "string into Go struct field PodSpec.spec.template.spec.containers of type v1.Container",
            ),
            (
                r#"{"template":{"spec":{"containers":[{"args":[1]}]}}}"#,
                "number into Go struct field Container.spec.template.spec.containers.args of type string",
            ),
            (
                r#"{"template":{"metadata":{"labels":[]}}}"#,
                "array into Go struct field ObjectMeta.spec.template.metadata.labels of type map[string]string",
            ),
        ] {
            let (_, findings) = read(&format!("{{\"spec\":{spec}}}"));
            assert_eq!(findings.wrong_type, Some(format!("json: cannot unmarshal {wanted}")), "{spec}");
        }
    }
}
