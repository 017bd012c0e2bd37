//! Reads Kubernetes' protobuf encoding: an envelope that names the kind, and the object's message in it.
//!
//! `kubectl` sends what it builds itself (`create job`, `create token`, `auth can-i`) in this form. Answers are
//! always JSON, which it accepts as well.

use base64::{Engine, engine::general_purpose::STANDARD};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::{Field, Number, Struct, Type, named};
use crate::time;

/// The envelope's first bytes.
const MAGIC: &[u8] = b"k8s\0";
/// Messages nest at most so deep.
const MAX_DEPTH: usize = 64;

/// Why a body is no object in protobuf.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ProtobufError {
    /// It does not begin as Kubernetes' encoding does.
    #[error("provided data does not appear to be a protobuf message")]
    NoMagic,
    /// It ends within a value.
    #[error("unexpected EOF")]
    Truncated,
    /// A wire type that does not exist, or not for that field.
    #[error("illegal wireType")]
    WireType,
    /// Text that is no UTF-8, or JSON that is none.
    #[error("invalid text")]
    Text,
    /// Messages within messages without end.
    #[error("nesting is too deep")]
    Depth,
}

/// The object in an envelope, with its `apiVersion` and `kind`. Its struct is found by its kind.
///
/// # Errors
/// [`ProtobufError`].
pub(crate) fn read_protobuf(bytes: &[u8]) -> Result<Value, ProtobufError> {
    let envelope = bytes.strip_prefix(MAGIC).ok_or(ProtobufError::NoMagic)?;
    let (mut api_version, mut kind, mut raw) = (String::new(), String::new(), &[][..]);
    let mut reader = Reader(envelope);
    while let Some((number, wire)) = reader.next()? {
        match (number, wire) {
            (1, Wire::Bytes(type_meta)) => {
                let mut reader = Reader(type_meta);
                while let Some((number, wire)) = reader.next()? {
                    match number {
                        1 => api_version = wire.text()?,
                        2 => kind = wire.text()?,
                        _ => {}
                    }
                }
            }
            (2, Wire::Bytes(object)) => raw = object,
            _ => {}
        }
    }
    let mut object = Map::new();
    object.insert("kind".to_owned(), json!(kind));
    object.insert("apiVersion".to_owned(), json!(api_version));
    read_struct(named(&kind), raw, &mut object, MAX_DEPTH)?;
    Ok(Value::Object(object))
}

fn read_struct(
    shape: &Struct,
    message: &[u8],
    object: &mut Map<String, Value>,
    depth: usize,
) -> Result<(), ProtobufError> {
    let depth = depth.checked_sub(1).ok_or(ProtobufError::Depth)?;
    let mut reader = Reader(message);
    while let Some((number, wire)) = reader.next()? {
        if let Some(field) = shape.numbered(Number::Own(number)) {
            read_field(field, wire, object, depth)?;
        } else if let Wire::Bytes(embedded) = wire
            && shape.embeds(number)
        {
            let mut reader = Reader(embedded);
            while let Some((inner, wire)) = reader.next()? {
                if let Some(field) = shape.numbered(Number::Embedded(number, inner)) {
                    read_field(field, wire, object, depth)?;
                }
            }
        }
    }
    Ok(())
}

impl Struct {
    fn numbered(&self, number: Number) -> Option<&Field> {
        self.fields.iter().find(|field| field.number == Some(number))
    }

    fn embeds(&self, outer: u32) -> bool {
        self.fields
            .iter()
            .any(|field| matches!(field.number, Some(Number::Embedded(number, _)) if number == outer))
    }
}

fn read_field(
    field: &Field,
    wire: Wire<'_>,
    object: &mut Map<String, Value>,
    depth: usize,
) -> Result<(), ProtobufError> {
    match &field.value {
        Type::List(item) => {
            let value = read_value(item, wire, depth)?;
            let list = object.entry(field.name).or_insert_with(|| json!([]));
            if let Value::Array(list) = list {
                list.push(value);
            }
        }
        Type::Map(item) => {
            let (mut key, mut value) = (String::new(), Value::Null);
            let mut reader = Reader(wire.bytes()?);
            while let Some((number, wire)) = reader.next()? {
                match number {
                    1 => key = wire.text()?,
                    2 => value = read_value(item, wire, depth)?,
                    _ => {}
                }
            }
            let map = object.entry(field.name).or_insert_with(|| json!({}));
            if let Value::Object(map) = map {
                map.insert(key, value);
            }
        }
        single => {
            let value = read_value(single, wire, depth)?;
            let zero = value == json!("") || value == json!(0) || value == json!(false);
            let absent = value.is_null() || (field.omits_zero && zero);
            if !absent {
                object.insert(field.name.to_owned(), value);
            }
        }
    }
    Ok(())
}

fn read_value(wanted: &Type, wire: Wire<'_>, depth: usize) -> Result<Value, ProtobufError> {
    Ok(match wanted {
        Type::String => json!(wire.text()?),
        Type::Bool => json!(wire.varint()? != 0),
        Type::Int32 | Type::Int64 => json!(wire.varint()?.cast_signed()),
        Type::Float => match wire {
            Wire::Fixed64(bits) => json!(f64::from_bits(bits)),
            _ => return Err(ProtobufError::WireType),
        },
        Type::Bytes => json!(STANDARD.encode(wire.bytes()?)),
        Type::Time => read_time(wire.bytes()?)?,
        Type::Quantity => match single(wire.bytes()?, 1)? {
            Some(text) => json!(text.text()?),
            None => json!("0"),
        },
        Type::IntOrString => {
            let message = wire.bytes()?;
            let is_text = single(message, 1)?.map_or(Ok(0), Wire::varint)? == 1;
            match (is_text, single(message, 2)?, single(message, 3)?) {
                (true, _, Some(text)) => json!(text.text()?),
                (false, Some(number), _) => json!(number.varint()?.cast_signed()),
                _ => Value::Null,
            }
        }
        Type::Any => match single(wire.bytes()?, 1)? {
            Some(raw) => serde_json::from_slice(raw.bytes()?).map_err(|_| ProtobufError::Text)?,
            None => Value::Null,
        },
        Type::Struct(name) => {
            let mut object = Map::new();
            read_struct(named(name), wire.bytes()?, &mut object, depth)?;
            Value::Object(object)
        }
        // Kubernetes wraps such lists in a message; none is in a request that is read here.
        Type::List(_) | Type::Map(_) => Value::Null,
    })
}

/// Seconds and nanoseconds; an empty message is no time at all.
fn read_time(message: &[u8]) -> Result<Value, ProtobufError> {
    let Some(seconds) = single(message, 1)? else {
        return Ok(Value::Null);
    };
    let nanos = single(message, 2)?.map_or(Ok(0), Wire::varint)?;
    let nanos = i32::try_from(nanos).unwrap_or(0);
    let time = Timestamp::new(seconds.varint()?.cast_signed(), nanos).map_err(|_| ProtobufError::Text)?;
    Ok(json!(if nanos == 0 { time::seconds(time) } else { time::micros(time) }))
}

/// The last value of a field in a message.
fn single(message: &[u8], wanted: u32) -> Result<Option<Wire<'_>>, ProtobufError> {
    let mut reader = Reader(message);
    let mut found = None;
    while let Some((number, wire)) = reader.next()? {
        if number == wanted {
            found = Some(wire);
        }
    }
    Ok(found)
}

/// A value as it is on the wire.
#[derive(Clone, Copy, Debug)]
enum Wire<'a> {
    Varint(u64),
    Fixed64(u64),
    Bytes(&'a [u8]),
    Fixed32,
}

impl<'a> Wire<'a> {
    fn varint(self) -> Result<u64, ProtobufError> {
        match self {
            Wire::Varint(value) => Ok(value),
            _ => Err(ProtobufError::WireType),
        }
    }

    fn bytes(self) -> Result<&'a [u8], ProtobufError> {
        match self {
            Wire::Bytes(bytes) => Ok(bytes),
            _ => Err(ProtobufError::WireType),
        }
    }

    fn text(self) -> Result<String, ProtobufError> {
        String::from_utf8(self.bytes()?.to_vec()).map_err(|_| ProtobufError::Text)
    }
}

/// Goes through the fields of a message.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn next(&mut self) -> Result<Option<(u32, Wire<'a>)>, ProtobufError> {
        if self.0.is_empty() {
            return Ok(None);
        }
        let key = self.varint()?;
        let number = u32::try_from(key >> 3).map_err(|_| ProtobufError::WireType)?;
        let wire = match key & 7 {
            0 => Wire::Varint(self.varint()?),
            1 => {
                let bytes = self.take(8)?;
                Wire::Fixed64(u64::from_le_bytes(bytes.try_into().map_err(|_| ProtobufError::Truncated)?))
            }
            2 => {
                let length = usize::try_from(self.varint()?).map_err(|_| ProtobufError::Truncated)?;
                Wire::Bytes(self.take(length)?)
            }
            5 => {
                self.take(4)?;
                Wire::Fixed32
            }
            _ => return Err(ProtobufError::WireType),
        };
        Ok(Some((number, wire)))
    }

    fn varint(&mut self) -> Result<u64, ProtobufError> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.take(1)?[0];
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(ProtobufError::Truncated)
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8], ProtobufError> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(ProtobufError::Truncated)?;
        self.0 = rest;
        Ok(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(number: u32, bytes: &[u8]) -> Vec<u8> {
        let mut field = vec![u8::try_from(number << 3 | 2).unwrap(), u8::try_from(bytes.len()).unwrap()];
        field.extend_from_slice(bytes);
        field
    }

    fn envelope(api_version: &str, kind: &str, object: &[u8]) -> Vec<u8> {
        let type_meta = [field(1, api_version.as_bytes()), field(2, kind.as_bytes())].concat();
        [MAGIC.to_vec(), field(1, &type_meta), field(2, object)].concat()
    }

    #[test]
    fn an_object_is_read_by_the_numbers_of_its_fields() {
        let metadata =
            [field(1, b"s"), field(8, b""), field(11, &[field(1, b"a"), field(2, b"b")].concat())].concat();
        // spec: parallelism 2, backoffLimit 0 (a pointer: kept), suspend true
        let spec = [vec![0x08, 2], vec![0x38, 0], vec![0x50, 1]].concat();
        let job = [field(1, &metadata), field(2, &spec)].concat();
        let read = read_protobuf(&envelope("batch/v1", "Job", &job)).unwrap();
        assert_eq!(
            read,
            json!({
                "kind": "Job", "apiVersion": "batch/v1", "metadata": {"name": "s", "labels": {"a": "b"}},
                "spec": {"parallelism": 2, "backoffLimit": 0, "suspend": true},
            })
        );
    }

    #[test]
    fn what_json_embeds_is_taken_out_of_its_message() {
        let source = field(6, &field(1, b"sec"));
        let volume = [field(1, b"v"), field(2, &source)].concat();
        let pod = field(2, &field(1, &volume));
        let read = read_protobuf(&envelope("v1", "Pod", &pod)).unwrap();
        assert_eq!(read["spec"]["volumes"], json!([{"name": "v", "secret": {"secretName": "sec"}}]));
    }

    #[test]
    fn rubbish_is_an_error_and_nothing_worse() {
        let whole = envelope("v1", "Pod", &field(2, &field(1, &field(1, b"v"))));
        assert_eq!(read_protobuf(b"{}"), Err(ProtobufError::NoMagic));
        for end in 5..whole.len() - 1 {
            assert!(read_protobuf(&whole[..end]).is_err() || end < 20, "{end}");
        }
    }
}
