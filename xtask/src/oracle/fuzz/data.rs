//! The data of a question: JSON that keeps numbers as they are written, and can be made smaller.

use std::fmt::{self, Write as _};

use super::random::Random;
use super::words;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Data {
    Null,
    Bool(bool),
    /// As written: `1.0` is no `1`, `-0` is no `0`.
    Number(String),
    Text(String),
    List(Vec<Data>),
    Map(Vec<(String, Data)>),
}

/// Writes JSON.
impl fmt::Display for Data {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => write!(f, "{value}"),
            Self::Number(digits) => f.write_str(digits),
            Self::Text(text) => write!(f, "{}", serde_json::Value::from(text.as_str())),
            Self::List(items) => {
                f.write_char('[')?;
                for (at, item) in items.iter().enumerate() {
                    write!(f, "{}{item}", if at == 0 { "" } else { "," })?;
                }
                f.write_char(']')
            }
            Self::Map(entries) => {
                f.write_char('{')?;
                for (at, (key, value)) in entries.iter().enumerate() {
                    let comma = if at == 0 { "" } else { "," };
                    write!(f, "{comma}{}:{value}", serde_json::Value::from(key.as_str()))?;
                }
                f.write_char('}')
            }
        }
    }
}

/// The keys that templates ask for. Most data has them, each time with another value.
pub(crate) const KEYS: &[&str] = &[
    "n", "i", "f", "s", "e", "t", "l", "m", "big", "a", "b", "é", "k", "x", "items", "Name", "a-b", "len", "",
];

const NUMBERS: &[&str] = &[
    "0",
    "1",
    "7",
    "-1",
    "-3",
    "42",
    "2.5",
    "-2.5",
    "0.1",
    "1.0",
    "1e3",
    "1e21",
    "1e-7",
    "-0",
    "-0.0",
    "1e300",
    "5e-324",
    "9007199254740993",
    "9223372036854775807",
    "-9223372036854775808",
    "9223372036854775808",
    "1700000000",
    "123456789.125",
    "1000000",
    "0.5",
    "100000000000000000000",
    "255",
    "256",
    "65",
    "3.0",
];

impl Data {
    /// A map with most of the [`KEYS`], or, seldom, something else.
    pub(crate) fn root(random: &mut Random) -> Self {
        if random.percent(6) {
            return Self::any(random, 3);
        }
        let mut entries: Vec<(String, Self)> = Vec::new();
        for key in KEYS {
            if random.percent(60) {
                entries.push(((*key).to_owned(), Self::usual(random, key)));
            }
        }
        Self::Map(entries)
    }

    /// What a key's name makes one expect, most of the time.
    fn usual(random: &mut Random, key: &str) -> Self {
        if random.percent(20) {
            return Self::any(random, 3);
        }
        match key {
            "n" => Self::Null,
            "i" | "big" | "f" => Self::number(random),
            "s" | "Name" => Self::text(random),
            "e" => Self::Text(String::new()),
            "t" => Self::Bool(random.percent(50)),
            "l" | "items" => Self::list(random, 2),
            "m" => Self::map(random, 3),
            _ => Self::any(random, 3),
        }
    }

    fn any(random: &mut Random, depth: usize) -> Self {
        match random.below(if depth == 0 { 5 } else { 9 }) {
            0 => Self::Null,
            1 => Self::Bool(random.percent(50)),
            2 => Self::number(random),
            3 | 4 => Self::text(random),
            5 | 6 => Self::list(random, depth - 1),
            _ => Self::map(random, depth - 1),
        }
    }

    fn number(random: &mut Random) -> Self {
        Self::Number(random.word(NUMBERS).to_owned())
    }

    fn text(random: &mut Random) -> Self {
        Self::Text(String::from_utf8_lossy(&words::text(random)).into_owned())
    }

    fn list(random: &mut Random, depth: usize) -> Self {
        let length = random.below(5);
        if random.percent(40) {
            // All of a kind.
            let first = Self::any(random, 0);
            let same = |random: &mut Random| match &first {
                Self::Number(_) => Self::number(random),
                Self::Text(_) => Self::text(random),
                other => other.clone(),
            };
            return Self::List((0..length).map(|_| same(random)).collect());
        }
        Self::List((0..length).map(|_| Self::any(random, depth)).collect())
    }

    fn map(random: &mut Random, depth: usize) -> Self {
        let mut entries: Vec<(String, Self)> = Vec::new();
        for _ in 0..random.below(5) {
            let key = if random.percent(80) {
                random.word(KEYS).to_owned()
            } else {
                String::from_utf8_lossy(&words::text(random)).into_owned()
            };
            if entries.iter().all(|(known, _)| *known != key) {
                entries.push((key, Self::any(random, depth)));
            }
        }
        Self::Map(entries)
    }

    /// Chains of fields that lead to something, `.m.a`.
    pub(crate) fn chains(&self) -> Vec<(String, &Self)> {
        let mut chains = Vec::new();
        self.collect_chains("", &mut chains);
        chains
    }

    fn collect_chains<'d>(&'d self, before: &str, chains: &mut Vec<(String, &'d Self)>) {
        let Self::Map(entries) = self else { return };
        for (key, value) in entries {
            let is_name = key.chars().all(char::is_alphanumeric) && !key.is_empty();
            if is_name {
                let chain = format!("{before}.{key}");
                value.collect_chains(&chain, chains);
                chains.push((chain, value));
            }
        }
    }

    /// Everything that is one step smaller.
    pub(crate) fn smaller(&self) -> Vec<Self> {
        let mut smaller = Vec::new();
        match self {
            Self::Null => {}
            Self::Bool(_) => smaller.push(Self::Null),
            Self::Number(digits) if digits == "0" => {}
            Self::Number(_) => smaller.extend(["0", "1"].map(|digits| Self::Number(digits.to_owned()))),
            Self::Text(text) => {
                for (at, character) in text.char_indices() {
                    let mut shorter = text.clone();
                    shorter.replace_range(at..at + character.len_utf8(), "");
                    smaller.push(Self::Text(shorter));
                }
            }
            Self::List(items) => {
                smaller.push(Self::Null);
                for (at, item) in items.iter().enumerate() {
                    let mut fewer = items.clone();
                    fewer.remove(at);
                    smaller.push(Self::List(fewer));
                    for item in item.smaller() {
                        let mut items = items.clone();
                        items[at] = item;
                        smaller.push(Self::List(items));
                    }
                }
            }
            Self::Map(entries) => {
                smaller.push(Self::Null);
                for (at, (key, value)) in entries.iter().enumerate() {
                    let mut fewer = entries.clone();
                    fewer.remove(at);
                    smaller.push(Self::Map(fewer));
                    for value in value.smaller() {
                        let mut entries = entries.clone();
                        entries[at] = (key.clone(), value);
                        smaller.push(Self::Map(entries));
                    }
                }
            }
        }
        smaller
    }
}
