//! Names that a server made.

use std::collections::BTreeMap;

use serde_json::Value;

/// How many characters a server adds.
const RANDOM: usize = 5;

/// Made names and what they are called here.
#[derive(Debug, Default)]
pub(super) struct RandomNames {
    names: BTreeMap<String, String>,
}

impl RandomNames {
    /// Notes the made names of all objects in a document.
    pub(super) fn learn(&mut self, document: &Value) {
        match document {
            Value::Object(fields) => {
                if let (Some(prefix), Some(name)) = (
                    fields.get("generateName").and_then(Value::as_str),
                    fields.get("name").and_then(Value::as_str),
                ) && let Some((given, _)) = name.split_at_checked(name.len().saturating_sub(RANDOM))
                    && !given.is_empty()
                    && prefix.starts_with(given)
                {
                    self.names.insert(name.to_owned(), format!("{given}<random>"));
                }
                fields.values().for_each(|value| self.learn(value));
            }
            Value::Array(items) => items.iter().for_each(|item| self.learn(item)),
            _ => {}
        }
    }

    pub(super) fn replace(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (name, mark) in &self.names {
            if text.contains(name.as_str()) {
                text = text.replace(name.as_str(), mark);
            }
        }
        text
    }
}
