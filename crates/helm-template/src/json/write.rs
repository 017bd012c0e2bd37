//! Values to JSON.

use std::vec::IntoIter;

use go_text_template::{Str, Value};

use super::write_float;
use crate::object::{Form, form_of};
use crate::unicode::Characters;

/// Which characters are escaped besides those that must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Escapes {
    /// `<`, `>` and `&`, so that the text is harmless in HTML: Go's default.
    Html,
    /// None.
    None,
}

/// How it is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    /// Without any white space.
    Compact,
    /// On lines of their own, indented by two spaces a level.
    Indented,
}

/// JSON has no such thing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum UnsupportedError {
    /// Infinity or NaN.
    #[error("json: unsupported value: {0}")]
    Number(&'static str),
    /// A function or a complex number.
    #[error("json: unsupported type: {0}")]
    Type(String),
    /// A time outside of the years 0 to 9999, or with an offset of a day.
    #[error("json: error calling MarshalJSON for type time.Time: {0}")]
    Time(String),
    /// Too many levels.
    #[error("json: unsupported value: encountered a cycle, or more than {limit} levels")]
    TooDeep {
        /// In levels.
        limit: usize,
    },
    /// Too much.
    #[error("json: output exceeds the limit of {limit} bytes")]
    TooLong {
        /// In bytes.
        limit: usize,
    },
}

/// Levels beyond which writing stops. A map that contains itself ends here.
const MOST_LEVELS: usize = 100_000;

/// A container that is being written.
enum Open {
    List(IntoIter<Value>),
    Object(IntoIter<(Str, Value)>),
}

/// Writes a value.
pub(crate) fn write(value: &Value, escapes: Escapes, layout: Layout) -> Result<Vec<u8>, UnsupportedError> {
    let limit = go_text_template::format::PrintLimits::default().bytes;
    let mut writer = Writer { out: Vec::new(), open: Vec::new(), escapes, layout };
    writer.begin(value.clone())?;
    while let Some(container) = writer.open.last_mut() {
        let is_first = matches!(writer.out.last(), Some(b'[' | b'{'));
        match container {
            Open::List(left) => match left.next() {
                Some(item) => {
                    writer.separate(is_first);
                    writer.begin(item)?;
                }
                None => writer.close(is_first, b']'),
            },
            Open::Object(left) => match left.next() {
                Some((key, value)) => {
                    writer.separate(is_first);
                    write_text(&mut writer.out, key.as_bytes(), escapes);
                    writer.out.push(b':');
                    if layout == Layout::Indented {
                        writer.out.push(b' ');
                    }
                    writer.begin(value)?;
                }
                None => writer.close(is_first, b'}'),
            },
        }
        if writer.out.len() > limit {
            return Err(UnsupportedError::TooLong { limit });
        }
    }
    Ok(writer.out)
}

struct Writer {
    out: Vec<u8>,
    open: Vec<Open>,
    escapes: Escapes,
    layout: Layout,
}

impl Writer {
    /// Writes a scalar, or opens a container.
    fn begin(&mut self, value: Value) -> Result<(), UnsupportedError> {
        match value {
            Value::Nil => self.out.extend_from_slice(b"null"),
            Value::Bool(value) => self.out.extend_from_slice(if value { b"true" } else { b"false" }),
            Value::String(text) => write_text(&mut self.out, text.as_bytes(), self.escapes),
            Value::Float64(number) => self.float(number)?,
            Value::Float32(number) => self.float(f64::from(number))?,
            Value::List(list) if list.is_nil() => self.out.extend_from_slice(b"null"),
            Value::List(list) => self.open(b'[', Open::List(list.as_slice().to_vec().into_iter()))?,
            Value::Map(map) if map.is_nil() => self.out.extend_from_slice(b"null"),
            Value::Map(map) => self.open(b'{', Open::Object(map.entries().into_owned().into_iter()))?,
            Value::Object(object) => match form_of(&*object) {
                Form::Time(time) => {
                    let text = time.to_json_text().map_err(UnsupportedError::Time)?;
                    write_text(&mut self.out, text.as_bytes(), self.escapes);
                }
                Form::Text(text) => write_text(&mut self.out, text.as_bytes(), self.escapes),
                Form::Basic(value) => self.begin(value)?,
                Form::Record(fields) => {
                    let fields: Vec<_> =
                        fields.into_iter().map(|field| (Str::from(&*field.name), field.value)).collect();
                    self.open(b'{', Open::Object(fields.into_iter()))?;
                }
            },
            other => match other.as_integer() {
                Some(number) => self.out.extend_from_slice(number.to_string().as_bytes()),
                None => return Err(UnsupportedError::Type(other.type_name())),
            },
        }
        Ok(())
    }

    fn open(&mut self, bracket: u8, container: Open) -> Result<(), UnsupportedError> {
        if self.open.len() >= MOST_LEVELS {
            return Err(UnsupportedError::TooDeep { limit: MOST_LEVELS });
        }
        self.out.push(bracket);
        self.open.push(container);
        Ok(())
    }

    fn separate(&mut self, is_first: bool) {
        if !is_first {
            self.out.push(b',');
        }
        self.break_line();
    }

    fn close(&mut self, is_empty: bool, bracket: u8) {
        self.open.pop();
        if !is_empty {
            self.break_line();
        }
        self.out.push(bracket);
    }

    fn break_line(&mut self) {
        if self.layout == Layout::Indented {
            self.out.push(b'\n');
            self.out.extend(std::iter::repeat_n(b' ', 2 * self.open.len()));
        }
    }

    fn float(&mut self, number: f64) -> Result<(), UnsupportedError> {
        if number.is_nan() {
            return Err(UnsupportedError::Number("NaN"));
        }
        if number.is_infinite() {
            return Err(UnsupportedError::Number(if number > 0.0 { "+Inf" } else { "-Inf" }));
        }
        write_float(&mut self.out, number);
        Ok(())
    }
}

/// Appends a text in quotes. What is no UTF-8 becomes U+FFFD.
pub(crate) fn write_text(out: &mut Vec<u8>, text: &[u8], escapes: Escapes) {
    out.push(b'"');
    let mut rest = Characters(text);
    loop {
        let before = rest.rest();
        let Some((character, length)) = rest.next() else { break };
        match character {
            '"' => out.extend_from_slice(b"\\\""),
            '\\' => out.extend_from_slice(b"\\\\"),
            '\u{8}' => out.extend_from_slice(b"\\b"),
            '\u{c}' => out.extend_from_slice(b"\\f"),
            '\n' => out.extend_from_slice(b"\\n"),
            '\r' => out.extend_from_slice(b"\\r"),
            '\t' => out.extend_from_slice(b"\\t"),
            '<' | '>' | '&' if escapes == Escapes::Html => escape(out, character),
            '\0'..='\u{1f}' | '\u{2028}' | '\u{2029}' => escape(out, character),
            char::REPLACEMENT_CHARACTER if length == 1 => escape(out, character),
            _ => out.extend_from_slice(&before[..length]),
        }
    }
    out.push(b'"');
}

fn escape(out: &mut Vec<u8>, character: char) {
    out.extend_from_slice(format!("\\u{:04x}", u32::from(character)).as_bytes());
}
