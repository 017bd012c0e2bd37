//! Golden cases: a template, its data, and what Go answered.

use std::net::IpAddr;
use std::sync::{Arc, LazyLock};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use helm_template::world::{Moment, ProgramResult, Unanswered};
use helm_template::{Error, Mode, System, Templates, Value, World};
use serde_json::Value as Json;

/// This machine, but in UTC.
#[derive(Debug)]
struct MachineInUtc;

impl World for MachineInUtc {
    fn now(&self) -> Moment {
        System.now()
    }

    fn fill_random(&self, bytes: &mut [u8]) -> Result<(), Unanswered> {
        System.fill_random(bytes)
    }

    fn variable(&self, name: &str) -> Option<String> {
        System.variable(name)
    }

    fn addresses(&self, host: &str) -> Vec<IpAddr> {
        System.addresses(host)
    }

    fn run(&self, program: &str, arguments: &[&str]) -> ProgramResult {
        System.run(program, arguments)
    }

    fn groups(&self, user: &str) -> Result<Vec<String>, Unanswered> {
        System.groups(user)
    }
}

/// A set without templates for each mode: making the functions takes longer than most cases.
static EMPTY: LazyLock<[(&str, Templates); 6]> = LazyLock::new(|| {
    [
        ("helm", Mode::Helm),
        ("strict", Mode::Strict),
        ("go", Mode::Go),
        ("sprig", Mode::Sprig),
        ("bare", Mode::Bare),
        ("barestrict", Mode::BareStrict),
    ]
    .map(|(name, mode)| (name, Templates::with_world(mode, Arc::new(MachineInUtc))))
});

/// One line of a file in `tests/golden`: what `oracle/helm` was asked, and what it answered.
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
            Some(encoded) => BASE64_STANDARD.decode(encoded).expect("Go writes base64"),
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
        Answer { output, error }
    }

    fn render(&self, output: &mut Vec<u8>) -> Result<(), Error> {
        let mode = self.text("mode").unwrap_or("helm");
        let known = EMPTY.iter().find(|(name, _)| *name == mode);
        let mut templates = known.expect("a case names a mode").1.clone();
        if let Some(files) = self.line.get("files").and_then(Json::as_object) {
            let mut names: Vec<&String> = files.keys().collect();
            names.sort();
            for name in names {
                templates.add(name, files[name].as_str().unwrap_or(""))?;
            }
        }
        let name = self.text("name").unwrap_or("job.tpl");
        templates.add(name, self.bytes("template", "template_base64"))?;
        let numbers = self.text("numbers").unwrap_or("int");
        let data = self.line.get("data").map_or(Value::Nil, |data| value_of(data, numbers));
        templates.render_into(name, &data, output)
    }
}

/// JSON as Go data: numbers without point and exponent as `numbers` says, others `float64`.
fn value_of(json: &Json, numbers: &str) -> Value {
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
