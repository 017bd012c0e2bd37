//! Templates of the laws themselves, parsed once, run on what a fuzzer brings.

use std::sync::Arc;

use go_text_template::{CallError, Cause, ExecError, Str};
use helm_template::{Error, Mode, Templates, Value};

use crate::world::StillWorld;

/// A template that puts functions to values `.a`, `.b`, ….
pub(crate) struct Question(Templates);

impl Question {
    /// Panics if the template cannot be parsed.
    pub(crate) fn new(template: &str) -> Self {
        let mut templates = Templates::with_world(Mode::Helm, Arc::new(StillWorld));
        if let Err(error) = templates.add("question", template) {
            panic!("{error}");
        }
        Self(templates)
    }

    /// What it prints, or the message of the function that failed.
    pub(crate) fn ask(&self, values: &[(&str, &[u8])]) -> Result<Vec<u8>, String> {
        StillWorld::restart();
        let data = values.iter().map(|&(name, text)| (name, Value::String(Str::from(text))));
        let mut out = Vec::new();
        match self.0.render_into("question", &Value::map(data), &mut out) {
            Ok(()) => Ok(out),
            Err(error) => Err(message(&error)),
        }
    }

    /// What it prints for values for which it cannot fail.
    pub(crate) fn must(&self, values: &[(&str, &[u8])]) -> Vec<u8> {
        self.ask(values).unwrap_or_else(|message| panic!("{message}"))
    }

    /// Whether it prints `true`, for values for which it cannot fail.
    pub(crate) fn holds(&self, values: &[(&str, &[u8])]) -> bool {
        self.must(values) == b"true"
    }
}

fn message(error: &Error) -> String {
    match error.engine().cause() {
        Cause::Exec(ExecError::Call { source: CallError::Panic(text), function }) => {
            panic!("{function} panicked: {text}")
        }
        Cause::Exec(ExecError::Call { source, .. }) => source.to_string(),
        other => panic!("the question itself is wrong: {other}"),
    }
}
