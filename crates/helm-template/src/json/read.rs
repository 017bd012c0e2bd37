//! JSON to values, with Go's words for what is wrong.

use go_text_template::{List, Map, Str, Type, Value, format};

use super::MAX_DEPTH;
use crate::data::WholeNumbers;
use crate::number::parse_float;
use crate::unicode::Characters;

/// The text is no JSON.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SyntaxError {
    /// A byte where it must not be.
    #[error("invalid character {} {context}", quoted(*byte))]
    Unexpected {
        /// The byte.
        byte: u8,
        /// Where: `looking for beginning of value`.
        context: &'static str,
    },
    /// The text ends too early.
    #[error("unexpected end of JSON input")]
    End,
    /// Too many levels.
    #[error("exceeded max depth")]
    TooDeep,
}

/// A number that `float64` cannot hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("json: cannot unmarshal number {literal} into Go value of type float64")]
pub(crate) struct RangeError {
    /// As written.
    literal: String,
}

/// What a text holds. Numbers out of range are nil, and the first of them is reported beside the rest.
#[derive(Debug)]
pub(crate) struct Decoded {
    /// All that could be read.
    pub(crate) value: Value,
    /// What could not.
    pub(crate) out_of_range: Option<RangeError>,
}

/// Reads a text. All numbers become `float64`.
pub(crate) fn read(text: &[u8]) -> Result<Decoded, SyntaxError> {
    read_with(text, WholeNumbers::Float, Room::Grown)
}

/// How far lists reach beyond their end, which `slice` can see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Room {
    /// As far as appending brought it, which is what Go's decoder does.
    Grown,
    /// Not at all.
    None,
}

impl Room {
    fn list(self, items: Vec<Value>) -> List {
        match self {
            Self::Grown => crate::growth::grown(Type::Any, items),
            Self::None => List::new(items),
        }
    }
}

/// Reads a text, with a choice about numbers without point and exponent.
pub(crate) fn read_with(text: &[u8], whole: WholeNumbers, room: Room) -> Result<Decoded, SyntaxError> {
    let mut reader = Reader { text, at: 0, whole, room, out_of_range: None };
    let value = reader.document()?;
    Ok(Decoded { value, out_of_range: reader.out_of_range })
}

/// A container that is being read.
enum Open {
    List(Vec<Value>),
    Object { key: Str, entries: Vec<(Str, Value)> },
}

struct Reader<'t> {
    text: &'t [u8],
    at: usize,
    whole: WholeNumbers,
    room: Room,
    out_of_range: Option<RangeError>,
}

const VALUE: &str = "looking for beginning of value";
const KEY: &str = "looking for beginning of object key string";

impl Reader<'_> {
    fn document(&mut self) -> Result<Value, SyntaxError> {
        let mut open: Vec<Open> = Vec::new();
        loop {
            let mut done = self.begin(&mut open)?;
            // Closes what ends here and goes on to the next value.
            loop {
                let Some(value) = done.take() else { break };
                self.skip_space();
                match open.last_mut() {
                    None => {
                        return match self.peek() {
                            None => Ok(value),
                            Some(byte) => {
                                Err(SyntaxError::Unexpected { byte, context: "after top-level value" })
                            }
                        };
                    }
                    Some(Open::List(items)) => {
                        items.push(value);
                        match self.next()? {
                            b',' => {}
                            b']' => done = open.pop().map(|it| self.finish(it)),
                            byte => {
                                return Err(SyntaxError::Unexpected { byte, context: "after array element" });
                            }
                        }
                    }
                    Some(Open::Object { key, entries }) => {
                        entries.push((std::mem::take(key), value));
                        match self.next()? {
                            b',' => {
                                self.skip_space();
                                *key = self.key()?;
                            }
                            b'}' => done = open.pop().map(|it| self.finish(it)),
                            byte => {
                                let context = "after object key:value pair";
                                return Err(SyntaxError::Unexpected { byte, context });
                            }
                        }
                    }
                }
            }
        }
    }

    /// Reads a scalar or an empty container; opens another, up to its first value.
    fn begin(&mut self, open: &mut Vec<Open>) -> Result<Option<Value>, SyntaxError> {
        self.skip_space();
        match self.next()? {
            b'{' => {
                deeper(open)?;
                self.skip_space();
                if self.peek() == Some(b'}') {
                    self.at += 1;
                    return Ok(Some(Value::Map(Map::new::<Str>([]))));
                }
                let key = self.key()?;
                open.push(Open::Object { key, entries: Vec::new() });
                Ok(None)
            }
            b'[' => {
                deeper(open)?;
                self.skip_space();
                if self.peek() == Some(b']') {
                    self.at += 1;
                    return Ok(Some(Value::List(List::new(Vec::new()))));
                }
                open.push(Open::List(Vec::new()));
                Ok(None)
            }
            b'"' => Ok(Some(Value::String(self.string()?))),
            b't' => self.literal("rue", true.into()),
            b'f' => self.literal("alse", false.into()),
            b'n' => self.literal("ull", Value::Nil),
            byte @ (b'-' | b'0'..=b'9') => self.number(byte).map(Some),
            byte => Err(SyntaxError::Unexpected { byte, context: VALUE }),
        }
    }

    fn finish(&self, container: Open) -> Value {
        match container {
            Open::List(items) => Value::List(self.room.list(items)),
            Open::Object { entries, .. } => Value::Map(Map::new(entries)),
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn next(&mut self) -> Result<u8, SyntaxError> {
        let byte = self.peek().ok_or(SyntaxError::End)?;
        self.at += 1;
        Ok(byte)
    }

    /// The next byte; inside of what no space may interrupt, Go takes the end for one.
    fn next_or_space(&mut self) -> u8 {
        let byte = self.peek();
        self.at += usize::from(byte.is_some());
        byte.unwrap_or(b' ')
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    /// A key and its colon.
    fn key(&mut self) -> Result<Str, SyntaxError> {
        match self.next()? {
            b'"' => {}
            byte => return Err(SyntaxError::Unexpected { byte, context: KEY }),
        }
        let key = self.string()?;
        self.skip_space();
        match self.next()? {
            b':' => Ok(key),
            byte => Err(SyntaxError::Unexpected { byte, context: "after object key" }),
        }
    }

    fn literal(&mut self, rest: &'static str, value: Value) -> Result<Option<Value>, SyntaxError> {
        for (at, expected) in rest.bytes().enumerate() {
            let byte = self.next_or_space();
            if byte != expected {
                let context = match (rest, at) {
                    ("rue", 0) => "in literal true (expecting 'r')",
                    ("rue", 1) => "in literal true (expecting 'u')",
                    ("rue", _) => "in literal true (expecting 'e')",
                    ("alse", 0) => "in literal false (expecting 'a')",
                    ("alse", 1) => "in literal false (expecting 'l')",
                    ("alse", 2) => "in literal false (expecting 's')",
                    ("alse", _) => "in literal false (expecting 'e')",
                    (_, 0) => "in literal null (expecting 'u')",
                    _ => "in literal null (expecting 'l')",
                };
                return Err(SyntaxError::Unexpected { byte, context });
            }
        }
        Ok(Some(value))
    }

    fn number(&mut self, first: u8) -> Result<Value, SyntaxError> {
        let start = self.at - 1;
        let first = if first == b'-' { self.digit("in numeric literal")? } else { first };
        if first != b'0' {
            self.digits();
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digit("after decimal point in numeric literal")?;
            self.digits();
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digit("in exponent of numeric literal")?;
            self.digits();
        }
        let literal = &self.text[start..self.at];
        let is_whole = !literal.iter().any(|byte| matches!(byte, b'.' | b'e' | b'E'));
        if is_whole && let Some(number) = self.whole.value_of(literal) {
            return Ok(number);
        }
        Ok(match parse_float(literal) {
            Some(number) => Value::Float64(number),
            None => {
                let literal = String::from_utf8_lossy(literal).into_owned();
                self.out_of_range.get_or_insert(RangeError { literal });
                Value::Nil
            }
        })
    }

    fn digit(&mut self, context: &'static str) -> Result<u8, SyntaxError> {
        match self.next_or_space() {
            byte @ b'0'..=b'9' => Ok(byte),
            byte => Err(SyntaxError::Unexpected { byte, context }),
        }
    }

    fn digits(&mut self) {
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
    }

    /// The rest of a string whose first quote was read.
    fn string(&mut self) -> Result<Str, SyntaxError> {
        let start = self.at;
        let mut is_plain = true;
        loop {
            match self.next()? {
                b'"' => break,
                b'\\' => {
                    is_plain = false;
                    self.escape()?;
                }
                byte @ 0..=0x1f => {
                    return Err(SyntaxError::Unexpected { byte, context: "in string literal" });
                }
                byte => is_plain &= byte.is_ascii(),
            }
        }
        let raw = &self.text[start..self.at - 1];
        Ok(if is_plain { raw.into() } else { unescaped(raw).into() })
    }

    fn escape(&mut self) -> Result<(), SyntaxError> {
        match self.next_or_space() {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Ok(()),
            b'u' => {
                for _ in 0..4 {
                    let byte = self.next_or_space();
                    if !byte.is_ascii_hexdigit() {
                        let context = "in \\u hexadecimal character escape";
                        return Err(SyntaxError::Unexpected { byte, context });
                    }
                }
                Ok(())
            }
            byte => Err(SyntaxError::Unexpected { byte, context: "in string escape code" }),
        }
    }
}

fn deeper(open: &[Open]) -> Result<(), SyntaxError> {
    if open.len() >= MAX_DEPTH { Err(SyntaxError::TooDeep) } else { Ok(()) }
}

/// A string that was checked, with its escapes replaced and broken UTF-8 mended.
fn unescaped(raw: &[u8]) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut rest = Characters(raw);
    while let Some((character, _)) = rest.next() {
        if character != '\\' {
            out.push(character);
            continue;
        }
        let Some((escape, _)) = rest.next() else { break };
        out.push(match escape {
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => unit(&mut rest),
            other => other,
        });
    }
    out
}

/// A character written with `\u`, or two that make one; half of a pair is U+FFFD.
fn unit(rest: &mut Characters<'_>) -> char {
    let first = hexadecimal(rest);
    if let Some(character) = char::from_u32(first) {
        return character;
    }
    let mut ahead = rest.clone();
    if ahead.rest().starts_with(b"\\u") {
        ahead.next();
        ahead.next();
        let second = hexadecimal(&mut ahead);
        if (0xd800..0xdc00).contains(&first) && (0xdc00..0xe000).contains(&second) {
            *rest = ahead;
            let code = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
            return char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
        }
    }
    char::REPLACEMENT_CHARACTER
}

fn hexadecimal(rest: &mut Characters<'_>) -> u32 {
    rest.take(4).fold(0, |code, (digit, _)| code * 16 + digit.to_digit(16).unwrap_or(0))
}

/// A byte as Go's message shows it.
fn quoted(byte: u8) -> String {
    match byte {
        b'\'' => "'\\''".to_owned(),
        b'"' => "'\"'".to_owned(),
        other => {
            let text = format::quote(char::from(other).to_string());
            let text = String::from_utf8_lossy(&text).into_owned();
            format!("'{}'", &text[1..text.len() - 1])
        }
    }
}
