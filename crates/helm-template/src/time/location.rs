//! Go's `*time.Location` as printing shows it, and its only method.

use std::any::Any;
use std::sync::Arc;

use go_text_template::{Call, Field, Function, Kind, List, Object, Str, Type, Value};

use super::zone::Zone;

/// Go's `*time.Location`.
#[derive(Debug)]
pub(super) struct Location(pub(super) Zone);

/// A structure or pointer within a location, which only printing sees.
#[derive(Debug)]
struct Inner {
    name: &'static str,
    shape: Shape,
}

#[derive(Debug)]
enum Shape {
    Structure(Vec<Field>),
    Nil,
    /// To a structure of these fields; mostly its address is all that is shown.
    Pointer(Vec<Field>),
}

/// What a time holds of its zone: nothing for UTC.
pub(super) fn pointer_to(zone: &Zone) -> Value {
    match zone {
        Zone::Utc => Value::object(Inner { name: LOCATION, shape: Shape::Nil }),
        zone => Value::object(Location(zone.clone())),
    }
}

/// The zone of a location; none for nil.
pub(super) fn zone_of(value: &Value) -> Option<Zone> {
    match value {
        Value::Object(object) => {
            object.as_any().downcast_ref::<Location>().map(|location| location.0.clone())
        }
        _ => None,
    }
}

/// What a copy of a value is that Go copies field by field, if that is a location.
pub(crate) fn copy_of(object: &dyn Object) -> Option<Value> {
    object.as_any().is::<Location>().then(|| Value::object(Location(Zone::Blank)))
}

pub(super) fn location_type() -> Type {
    Type::object(LOCATION, Kind::Ptr)
}

const LOCATION: &str = "*time.Location";

impl Object for Location {
    fn object_type(&self) -> Type {
        location_type()
    }

    /// Zones of the database hold their whole history there, which is left out.
    fn printed_fields(&self) -> Vec<Field> {
        let (mut zones, mut transitions) = (Vec::new(), Vec::new());
        let (mut cache_start, mut cache_end, mut cache_zone) = (0, 0, Shape::Nil);
        if let Zone::Fixed { offset, abbreviation } = &self.0 {
            let zone = vec![
                Field::new("name", abbreviation.clone()),
                Field::new("offset", Value::Int(i64::from(*offset))),
                Field::new("isDST", Value::Bool(false)),
            ];
            zones.push(zone.clone());
            transitions.push(vec![
                Field::new("when", Value::Int64(i64::MIN)),
                Field::new("index", Value::Uint8(0)),
                Field::new("isstd", Value::Bool(false)),
                Field::new("isutc", Value::Bool(false)),
            ]);
            (cache_start, cache_end, cache_zone) = (i64::MIN, i64::MAX, Shape::Pointer(zone));
        }
        vec![
            Field::new("name", self.0.name()),
            Field::new("zone", structures("time.zone", zones)),
            Field::new("tx", structures("time.zoneTrans", transitions)),
            Field::new("extend", ""),
            Field::new("cacheStart", Value::Int64(cache_start)),
            Field::new("cacheEnd", Value::Int64(cache_end)),
            Field::new("cacheZone", Value::object(Inner { name: "*time.zone", shape: cache_zone })),
        ]
    }

    fn text(&self) -> Option<Str> {
        Some(self.0.name())
    }

    fn method(&self, name: &[u8]) -> Option<Arc<Function>> {
        let text = self.0.name();
        let string = move |_: &Call<'_>| Ok(text.clone());
        (name == b"String").then(|| Arc::new(Function::new("String").returns(Type::String).body(string)))
    }

    fn equals(&self, other: &dyn Object) -> Option<bool> {
        other.as_any().downcast_ref::<Self>().map(|other| self.0 == other.0)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// A list of structures; nil if there are none.
fn structures(name: &'static str, all: Vec<Vec<Field>>) -> Value {
    let element = Type::object(name, Kind::Struct);
    if all.is_empty() {
        return Value::List(List::nil(element));
    }
    let values = all.into_iter().map(|fields| Value::object(Inner { name, shape: Shape::Structure(fields) }));
    Value::List(List::of(element, values.collect()))
}

impl Object for Inner {
    fn object_type(&self) -> Type {
        let kind = if matches!(self.shape, Shape::Structure(_)) { Kind::Struct } else { Kind::Ptr };
        Type::object(self.name, kind)
    }

    fn printed_fields(&self) -> Vec<Field> {
        match &self.shape {
            Shape::Structure(fields) | Shape::Pointer(fields) => fields.clone(),
            Shape::Nil => Vec::new(),
        }
    }

    fn is_nil(&self) -> bool {
        matches!(self.shape, Shape::Nil)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
