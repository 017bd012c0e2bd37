//! Golden cases: a template, its data, and what Go answered.

mod kinds;
mod objects;

use go_text_template::{Delimiters, Error, MissingKey, TemplateSet, Value};
use serde_json::Value as Json;

/// One line of a file in `tests/cases`: what `oracle/gotemplate` was asked, and what it answered.
pub(crate) struct Case {
    line: Json,
}

/// What a template gave: its output, also before an error, and the error.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) output: Vec<u8>,
    pub(crate) error: Option<String>,
}

impl Case {
    pub(crate) fn read(line: &str) -> Self {
        Self { line: serde_json::from_str(line).expect("a case is a JSON object") }
    }

    fn text(&self, key: &str) -> Option<&str> {
        self.line.get(key).and_then(Json::as_str)
    }

    fn bytes(&self, key: &str, encoded_key: &str) -> Vec<u8> {
        match self.text(encoded_key) {
            Some(encoded) => decode_base64(encoded),
            None => self.text(key).unwrap_or("").as_bytes().to_vec(),
        }
    }

    /// What was asked, for a person to read.
    pub(crate) fn question(&self) -> String {
        let mode = self.text("mode").map(|mode| format!(" ({mode})")).unwrap_or_default();
        format!("{}{mode}", String::from_utf8_lossy(&self.bytes("template", "template_base64")))
    }

    /// What Go answered.
    pub(crate) fn expected(&self) -> Answer {
        let output = self.bytes("output", "output_base64");
        Answer { output, error: self.text("error").map(str::to_owned) }
    }

    /// What this crate answers.
    pub(crate) fn actual(&self) -> Answer {
        let mut output = Vec::new();
        let error = self.render(&mut output).err().map(|error| error.to_string());
        if error.is_none() && self.text("mode") == Some("helm") {
            output = remove_no_value(&output);
        }
        Answer { output, error }
    }

    fn render(&self, output: &mut Vec<u8>) -> Result<(), Error> {
        let missing_key = match self.text("mode") {
            Some("helm" | "zero") => MissingKey::Zero,
            Some("strict") => MissingKey::Error,
            _ => MissingKey::NoValue,
        };
        let mut set = TemplateSet::new().with_missing_key(missing_key);
        let is_set = |key: &str| self.line.get(key) == Some(&Json::Bool(true));
        if is_set("kinds") || is_set("sample") {
            set = set.with_functions(kinds::functions());
        }
        if let Some([left, right]) = self.line.get("delims").and_then(Json::as_array).map(Vec::as_slice) {
            let text = |delimiter: &Json| delimiter.as_str().unwrap_or("").to_owned();
            set = set.with_delimiters(Delimiters::new(&text(left), &text(right)));
        }
        if let Some(files) = self.line.get("files").and_then(Json::as_object) {
            let mut names: Vec<&String> = files.keys().collect();
            names.sort();
            for name in names {
                set.parse(name, files[name].as_str().unwrap_or(""))?;
            }
        }
        let name = self.text("name").unwrap_or("job.tpl");
        set.parse(name, self.bytes("template", "template_base64"))?;
        let numbers = self.text("numbers").unwrap_or("int");
        let data = match self.line.get("data") {
            Some(data) => value_of(data, numbers),
            None if is_set("sample") => value_of(&sample(), numbers),
            None => Value::Nil,
        };
        set.execution().render_into(name, &data, output)
    }
}

/// The data of most cases.
fn sample() -> Json {
    serde_json::json!({
        "i": 7, "z": 0, "f": 2.5, "s": "text", "e": "", "t": true, "n": null, "l": [1, "two", null, [3]], "el": [],
        "m": {"a": 1, "b": {"c": "deep"}, "k": null}, "em": {}, "é": "accent",
    })
}

/// JSON as Go data: numbers without point and exponent as `numbers` says, others `float64`.
pub(crate) fn value_of(json: &Json, numbers: &str) -> Value {
    match json {
        Json::Null => Value::Nil,
        Json::Bool(value) => Value::Bool(*value),
        Json::Number(number) => match number.as_i64() {
            Some(integer) if numbers == "int" => Value::Int(integer),
            Some(integer) if numbers == "int64" => Value::Int64(integer),
            _ => Value::Float64(number.as_f64().unwrap_or(f64::NAN)),
        },
        Json::String(text) => Value::from(text.as_str()),
        Json::Array(items) => Value::list(items.iter().map(|item| value_of(item, numbers))),
        Json::Object(entries) => {
            Value::map(entries.iter().map(|(key, value)| (key.as_str(), value_of(value, numbers))))
        }
    }
}

fn remove_no_value(text: &[u8]) -> Vec<u8> {
    let marker = b"<no value>";
    let mut cleaned = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix(marker) {
            rest = after;
        } else {
            cleaned.push(rest[0]);
            rest = &rest[1..];
        }
    }
    cleaned
}

fn decode_base64(text: &str) -> Vec<u8> {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bytes = Vec::new();
    let (mut bits, mut count) = (0u32, 0);
    for byte in text.bytes().filter(|&byte| byte != b'=') {
        let digit = ALPHABET.iter().position(|&letter| letter == byte).expect("base64 has 64 letters");
        bits = bits << 6 | u32::try_from(digit).expect("a digit is small");
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
            bits &= (1 << count) - 1;
        }
    }
    bytes
}
