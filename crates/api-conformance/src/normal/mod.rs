//! Takes out of an answer what two clusters may have different: ids, times, addresses.
//!
//! What is taken out leaves a mark of its kind (`<uid>`), so that its absence, or another form of it, still shows.

mod field;
mod random;
mod rule;
mod text;

use serde_json::{Map, Value, json};

pub use self::rule::Rule;
use self::{random::RandomNames, text::replace_all};
use crate::{Answer, names::Names};

/// The headers that count.
const HEADERS: [&str; 9] = [
    "content-type",
    "content-encoding",
    "cache-control",
    "vary",
    "warning",
    "retry-after",
    "www-authenticate",
    "x-content-type-options",
    "sec-websocket-protocol",
];

/// One cluster's accidents, as far as they were met.
#[derive(Debug, Default)]
pub(crate) struct Normaliser {
    random: RandomNames,
}

impl Normaliser {
    /// An answer as it would be on any cluster: `{"status", "headers", "body"}`.
    pub(crate) fn normal(&mut self, answer: &Answer, names: &Names) -> Value {
        let body = answer.content.value();
        self.random.learn(&body);
        let mut headers = Map::new();
        for name in HEADERS {
            let values: Vec<Value> =
                answer.header(name).map(|value| self.text(value, names).into()).collect();
            if !values.is_empty() {
                headers.insert(name.to_owned(), values.into());
            }
        }
        json!({"status": answer.status, "headers": headers, "body": self.value(&body, &mut Vec::new(), names)})
    }

    fn value<'a>(&self, value: &'a Value, path: &mut Vec<&'a str>, names: &Names) -> Value {
        match value {
            Value::Object(fields) => {
                let mut normal = Map::new();
                for (key, value) in fields {
                    path.push(key);
                    let value = match field::replace(path, value) {
                        Some(mark) => mark,
                        None => self.value(value, path, names),
                    };
                    path.pop();
                    normal.insert(self.text(key, names), value);
                }
                Value::Object(normal)
            }
            Value::Array(items) => {
                let in_table = path.last() == Some(&"cells");
                let mut item = |item: &'a Value| {
                    let mark = if in_table { field::age(item) } else { None };
                    mark.unwrap_or_else(|| self.value(item, path, names))
                };
                Value::Array(items.iter().map(&mut item).collect())
            }
            Value::String(text) => Value::String(self.text(text, names)),
            Value::Number(number) if field::is_node_port(number) => Value::String("<node port>".to_owned()),
            other => other.clone(),
        }
    }

    fn text(&self, text: &str, names: &Names) -> String {
        replace_all(&self.random.replace(&names.unfill(text)))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Normaliser;
    use crate::{Answer, Content, names::Names};

    fn body(content: Value) -> Value {
        let answer = Answer { status: 200, headers: Vec::new(), content: Content::Json(content) };
        Normaliser::default().normal(&answer, &Names::default())["body"].take()
    }

    #[test]
    fn ids_times_versions_and_addresses_leave_their_marks() {
        let found = body(json!({
            "metadata": {"uid": "67733bf9-1111-4222-8333-0123456789ab", "resourceVersion": "12",
                         "creationTimestamp": "2026-11-24T11:05:41Z"},
            "eventTime": "2026-11-24T11:05:41.436536Z",
            "hostIP": "10.200.0.1", "nodePort": 30123,
        }));
        let wanted = json!({
            "metadata": {"uid": "<uid>", "resourceVersion": "<version>", "creationTimestamp": "<time>"},
            "eventTime": "<time with 6 digits>",
            "hostIP": "<ip>", "nodePort": "<node port>",
        });
        assert_eq!(found, wanted);
    }

    #[test]
    fn a_generated_name_is_known_everywhere_once_its_object_was_seen() {
        let found = body(json!({
            "items": [{"metadata": {"name": "run-x7k2p", "generateName": "run-"}}],
            "message": "Created pod: run-x7k2p",
        }));
        assert_eq!(found["items"][0]["metadata"]["name"], "run-<random>");
        assert_eq!(found["message"], "Created pod: run-<random>");
    }

    #[test]
    fn what_is_missing_stays_missing() {
        assert_eq!(body(json!({"metadata": {"resourceVersion": ""}}))["metadata"]["resourceVersion"], "");
    }
}
