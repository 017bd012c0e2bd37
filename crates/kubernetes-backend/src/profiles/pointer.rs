//! JSON pointers (RFC 6901) that set values.

use std::fmt;
use std::str::FromStr;

use serde_json::{Map, Value};

/// A place in a JSON document: `/spec/template/spec/tolerations/-`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pointer {
    text: String,
    tokens: Vec<String>,
}

/// Why a text is no pointer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PointerError {
    /// It does not begin with a slash.
    #[error("a JSON pointer begins with '/', as in '/spec/template/spec/hostAliases'")]
    NoSlash,
    /// A tilde that escapes nothing.
    #[error("'~' is written '~0' in a JSON pointer, and '/' within a name '~1'")]
    Tilde,
}

/// Why a value can't be set. The place is where it went wrong, as a pointer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SetError {
    /// The way leads into something that has no parts.
    #[error("'{place}' is {found}, which has no parts")]
    Scalar {
        /// Where.
        place: String,
        /// What is there.
        found: &'static str,
    },
    /// A list has no such item.
    #[error(
        "'{place}' is a list of {length} items, which has no item '{token}': items are 0, 1, …, and '-' adds one"
    )]
    Item {
        /// Where.
        place: String,
        /// The item asked for.
        token: String,
        /// How many there are.
        length: usize,
    },
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl FromStr for Pointer {
    type Err = PointerError;

    fn from_str(text: &str) -> Result<Self, PointerError> {
        let tokens = match text.strip_prefix('/') {
            Some(rest) => rest.split('/').map(unescaped).collect::<Result<_, _>>()?,
            None if text.is_empty() => Vec::new(),
            None => return Err(PointerError::NoSlash),
        };
        Ok(Self { text: text.to_owned(), tokens })
    }
}

fn unescaped(token: &str) -> Result<String, PointerError> {
    let mut parts = token.split('~');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (meant, rest) = match part.as_bytes().first() {
            Some(b'0') => ('~', &part[1..]),
            Some(b'1') => ('/', &part[1..]),
            _ => return Err(PointerError::Tilde),
        };
        text.push(meant);
        text.push_str(rest);
    }
    Ok(text)
}

impl Pointer {
    /// The names on the way, without escapes.
    pub(crate) fn tokens(&self) -> &[String] {
        &self.tokens
    }

    /// Puts a value there, in place of what may be there.
    ///
    /// Where nothing is on the way (or `null`), a parent is made: a list for `-` and `0`, else an object.
    ///
    /// # Errors
    /// [`SetError`]; the document is of no use then.
    pub fn set(&self, document: &mut Value, value: Value) -> Result<(), SetError> {
        let mut place = document;
        for (depth, token) in self.tokens.iter().enumerate() {
            if place.is_null() {
                *place = match token.as_str() {
                    "-" | "0" => Value::Array(Vec::new()),
                    _ => Value::Object(Map::new()),
                };
            }
            place = match place {
                Value::Object(map) => map.entry(token.as_str()).or_insert(Value::Null),
                Value::Array(list) => {
                    let length = list.len();
                    match index(token, length) {
                        Some(index) if index < length => &mut list[index],
                        Some(_) => {
                            list.push(Value::Null);
                            &mut list[length]
                        }
                        None => {
                            let place = self.until(depth);
                            return Err(SetError::Item { place, token: token.clone(), length });
                        }
                    }
                }
                Value::String(_) => return Err(self.scalar(depth, "a text")),
                Value::Number(_) => return Err(self.scalar(depth, "a number")),
                Value::Bool(_) => return Err(self.scalar(depth, "a boolean")),
                // Made into one of the others above.
                Value::Null => return Err(self.scalar(depth, "null")),
            };
        }
        *place = value;
        Ok(())
    }

    fn scalar(&self, depth: usize, found: &'static str) -> SetError {
        SetError::Scalar { place: self.until(depth), found }
    }

    /// The pointer to what the first `depth` names lead to.
    fn until(&self, depth: usize) -> String {
        let end = self.text.match_indices('/').nth(depth).map_or(self.text.len(), |(at, _)| at);
        self.text[..end].to_owned()
    }
}

/// The place of an item in a list, at most the one after the last. RFC 6901 has no leading zeros.
fn index(token: &str, length: usize) -> Option<usize> {
    if token == "-" {
        return Some(length);
    }
    let is_plain =
        token.bytes().all(|byte| byte.is_ascii_digit()) && (token == "0" || !token.starts_with('0'));
    token.parse().ok().filter(|index| is_plain && *index <= length)
}
