//! Values and documents at random, most of them near the places where YAML is strange.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value as Json, json};

use super::corpus::{FRAGMENTS, SEEDS, WORDS};
use super::styled;

/// Numbers at random, the same for the same seed (xorshift64*).
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// A number from 0 up to, not including, `limit`.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        ((self.next() >> 33) as usize) % limit.max(1)
    }

    fn one_in(&mut self, chances: usize) -> bool {
        self.below(chances) == 0
    }

    pub(crate) fn pick<'a, T: ?Sized>(&mut self, list: &[&'a T]) -> &'a T {
        list[self.below(list.len())]
    }
}

/// A string.
pub(crate) fn string(random: &mut Random) -> Vec<u8> {
    if random.one_in(80) {
        // Around the lengths at which keys need `?` and at which JSON's keys are too long.
        let piece = random.pick(&["k", "é", "<", "\"", "\u{1}", "k ", "\u{2028}", "😀"]);
        let length = [128, 170, 512, 1022][random.below(4)] / piece.chars().count() + random.below(3);
        return piece.repeat(length).into_bytes();
    }
    match random.below(10) {
        0..=5 => random.pick(WORDS).as_bytes().to_vec(),
        6 | 7 => {
            let mut joined = String::new();
            for _ in 0..=random.below(4) {
                joined += random.pick(WORDS);
                joined +=
                    random.pick(&["", " ", "  ", "\n", ": ", " #", "'", "\"", ".", "-", "\u{2028}", "1"]);
            }
            joined.into_bytes()
        }
        8 => {
            const LETTERS: &[&str] = &[
                "a", "z", "A", "0", "1", "9", "_", "-", ".", ":", " ", "#", ",", "\n", "\t", "é", "中", "😀",
                "\u{85}", "\u{2028}", "'", "\"", "\\", "/", "+", "e", "x", "o", "b", "T", "Z", "?", "!", "%",
                "\r",
            ];
            (0..random.below(12)).map(|_| random.pick(LETTERS)).collect::<String>().into_bytes()
        }
        _ => {
            let mut bytes = random.pick(WORDS).as_bytes().to_vec();
            bytes.insert(random.below(bytes.len() + 1), 0x80 + random.below(128) as u8);
            bytes
        }
    }
}

/// A value, in the form of a question.
pub(crate) fn value(random: &mut Random, depth: usize) -> Json {
    match random.below(if depth == 0 { 6 } else { 12 }) {
        0 => json!(random.one_in(2)),
        1 => Json::Null,
        2 => number(random),
        3..=5 => text(&string(random)),
        6..=8 => (0..random.below(5)).map(|_| value(random, depth - 1)).collect(),
        _ => {
            let mut keys: Vec<Vec<u8>> = (0..random.below(6)).map(|_| string(random)).collect();
            keys.sort();
            keys.dedup();
            let entries: Vec<Json> =
                keys.iter().map(|key| json!([text(key), value(random, depth - 1)])).collect();
            json!({ "map": entries })
        }
    }
}

fn number(random: &mut Random) -> Json {
    const INTS: &[&str] = &["0", "1", "-1", "42", "1000000", "-9223372036854775808", "9223372036854775807"];
    const FLOATS: &[&str] = &[
        "0",
        "-0",
        "1",
        "1.5",
        "1e6",
        "1e20",
        "1e21",
        "-1e19",
        "1.8446744073709552e19",
        "9.3e18",
        "-9.3e18",
        "1e-5",
        "1e-6",
        "1e-7",
        "123456789.125",
        "1234567.5",
        "0.1",
        "1e100",
        "5e-324",
        "1.7976931348623157e308",
        "NaN",
        "inf",
    ];
    match random.below(6) {
        0 => json!({ "int": random.pick(INTS) }),
        1 => json!({ "int": (random.next() as i64 >> random.below(64)).to_string() }),
        2 => json!({ "uint": (random.next() >> random.below(64)).to_string() }),
        3 => json!({ "float": random.pick(FLOATS) }),
        4 => {
            let value = f64::from_bits(random.next());
            json!({ "float": if value.is_finite() { value.to_string() } else { "1".to_owned() } })
        }
        _ => {
            let value = f32::from_bits(random.next() as u32);
            json!({ "float32": if value.is_finite() { value.to_string() } else { "1".to_owned() } })
        }
    }
}

/// A document.
pub(crate) fn document(random: &mut Random) -> Vec<u8> {
    let mut bytes = match random.below(6) {
        0 => (0..=random.below(14)).map(|_| random.pick(FRAGMENTS)).collect::<String>().into_bytes(),
        1 => {
            let written = helm_template::yaml::to_yaml(super::question::Tagged(&value(random, 3)));
            written.unwrap_or_default().into_bytes()
        }
        2 | 3 => styled::document(random).into_bytes(),
        _ => random.pick(SEEDS).as_bytes().to_vec(),
    };
    for _ in 0..[0, 0, 0, 0, 1, 1, 2, 4][random.below(8)] {
        mutate(random, &mut bytes);
    }
    if random.one_in(30) {
        // Beyond the 512 bytes that Go's reader takes at a time, and the 1,024 characters of a key.
        let filler = [
            "# filler\n",
            "x ",
            "k",
            "\n",
            "é",
            "- a\n",
            " ",
            "\u{feff}",
            "a: \u{feff}b\n\u{feff}c: d\n",
            "'😀' ",
        ];
        let filler = random.pick(&filler).repeat(random.below(600));
        let at = random.below(bytes.len() + 1);
        bytes.splice(at..at, filler.into_bytes());
        (0..random.below(3)).for_each(|_| mutate(random, &mut bytes));
    }
    match random.below(60) {
        0 => [b"\xef\xbb\xbf", &bytes[..]].concat(),
        1 => utf16(&bytes, "\u{feff}", u16::to_le_bytes),
        2 => utf16(&bytes, "\u{feff}", u16::to_be_bytes),
        _ => bytes,
    }
}

fn utf16(bytes: &[u8], mark: &str, encode: fn(u16) -> [u8; 2]) -> Vec<u8> {
    let text = mark.to_owned() + &String::from_utf8_lossy(bytes);
    text.encode_utf16().flat_map(encode).collect()
}

fn mutate(random: &mut Random, bytes: &mut Vec<u8>) {
    let at = random.below(bytes.len() + 1);
    let end = (at + 1 + random.below(6)).min(bytes.len());
    match random.below(8) {
        0..=2 => drop(bytes.splice(at..at, random.pick(FRAGMENTS).bytes())),
        3 => drop(bytes.drain(at..end)),
        4 => drop(bytes.splice(at..end, random.pick(FRAGMENTS).bytes())),
        5 => {
            let copy = bytes[at..end].to_vec();
            let to = random.below(bytes.len() + 1);
            bytes.splice(to..to, copy);
        }
        6 => bytes.truncate(at),
        _ => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte =
                    if random.one_in(3) { random.below(256) as u8 } else { b' ' + random.below(95) as u8 };
            }
        }
    }
}

/// A question of any kind.
pub(crate) fn question(random: &mut Random) -> Json {
    match random.below(8) {
        0 | 1 => json!({ "op": "toYaml", "value": value(random, 3) }),
        2 => json!({ "op": "toYamlPretty", "value": value(random, 3) }),
        3 | 4 => json!({ "op": "toJson", "text": text(&document(random)) }),
        5 => json!({ "op": "fromYaml", "text": text(&document(random)) }),
        6 => json!({ "op": "fromYamlArray", "text": text(&document(random)) }),
        _ => json!({ "op": "toJsonStrict", "text": text(&document(random)) }),
    }
}

/// A text as it stands in a question.
pub(crate) fn text(bytes: &[u8]) -> Json {
    match std::str::from_utf8(bytes) {
        Ok(text) => json!(text),
        Err(_) => json!({ "base64": BASE64_STANDARD.encode(bytes) }),
    }
}
