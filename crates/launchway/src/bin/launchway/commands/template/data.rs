//! Where the data comes from, and reading it.

use std::ffi::OsString;
use std::fmt;
use std::io::{self, Read};
use std::path::PathBuf;

use helm_template::Value;
use helm_template::data::{WholeNumbers, from_json, from_yaml};
use helm_template::yaml::ReadError;

use crate::failure::Failure;

/// As typed.
#[derive(Clone, Debug)]
pub(super) enum DataArgument {
    Stdin,
    File(PathBuf),
}

impl From<OsString> for DataArgument {
    fn from(typed: OsString) -> Self {
        if typed == "-" { Self::Stdin } else { Self::File(typed.into()) }
    }
}

impl DataArgument {
    /// Standard input is read at once, for it can be read only once; a file each time that it is rendered.
    pub(super) fn open(self) -> Result<DataSource, Failure> {
        match self {
            Self::File(path) => Ok(DataSource::File(path)),
            Self::Stdin => {
                let mut text = Vec::new();
                let read = io::stdin().lock().read_to_end(&mut text);
                read.map_err(|source| Failure::System {
                    doing: "read the data from standard input",
                    source,
                })?;
                Ok(DataSource::Stdin(text))
            }
        }
    }
}

/// Data that can be read again and again.
#[derive(Clone, Debug)]
pub(super) enum DataSource {
    Stdin(Vec<u8>),
    File(PathBuf),
}

impl fmt::Display for DataSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stdin(_) => f.write_str("standard input"),
            Self::File(path) => path.display().fmt(f),
        }
    }
}

impl DataSource {
    pub(super) fn text(&self) -> Result<Vec<u8>, Failure> {
        match self {
            Self::Stdin(text) => Ok(text.clone()),
            Self::File(path) => {
                std::fs::read(path).map_err(|source| Failure::ReadFile { path: path.clone(), source })
            }
        }
    }
}

/// Reads JSON, or else YAML. JSON goes first because YAML 1.1 does not know all of its escapes.
pub(super) fn parse(text: &[u8]) -> Result<Value, ReadError> {
    let is_json_like = matches!(text.trim_ascii_start().first(), Some(b'{' | b'['));
    if is_json_like && let Ok(value) = from_json(text, WholeNumbers::Int) {
        return Ok(value);
    }
    from_yaml(text, WholeNumbers::Int)
}

/// No data: an empty map.
pub(super) fn empty() -> Value {
    Value::map::<&str, Value>([])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_and_yaml_are_told_apart_by_what_they_are() {
        let json = parse(br#" {"a": "\ud83d\ude00", "count": 1}"#).unwrap();
        let yaml = parse("a: \u{1f600}\ncount: 1".as_bytes()).unwrap();
        let flow = parse("{a: \u{1f600}, 'count': 1,}".as_bytes()).unwrap();
        for value in [json, yaml, flow] {
            let Value::Map(map) = value else { panic!("{value:?} is no map") };
            assert!(matches!(map.get("a"), Some(Value::String(text)) if text.to_text() == "\u{1f600}"));
            assert!(matches!(map.get("count"), Some(Value::Int(1))));
        }
    }
}
