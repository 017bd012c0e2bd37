//! What came back.

use serde_json::Value;

/// A whole answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The HTTP status; 101 for a websocket that was opened.
    pub status: u16,
    /// All headers, names in lower case, in the order in which they came.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub content: Content,
}

/// A body, as far as it can be read.
#[derive(Clone, Debug)]
pub enum Content {
    /// One JSON document. What a websocket said is one too: `first` message, whole text by channel (`channels`), and
    /// how it `closes`.
    Json(Value),
    /// A JSON document a line, as watches answer.
    Lines(Vec<Value>),
    /// Any other text.
    Text(String),
}

impl Content {
    /// Reads a body as what it looks like.
    pub(crate) fn read(body: &[u8], watch: bool) -> Content {
        if !watch
            && let Ok(document) = serde_json::from_slice::<Value>(body)
            && document.is_object()
        {
            return Content::Json(document);
        }
        let text = String::from_utf8_lossy(body).into_owned();
        match text.lines().map(serde_json::from_str).collect::<Result<Vec<Value>, _>>() {
            Ok(lines) if watch => Content::Lines(lines),
            _ => Content::Text(text),
        }
    }

    /// As a JSON value, in which two answers can be compared.
    pub(crate) fn value(&self) -> Value {
        match self {
            Content::Json(document) => document.clone(),
            Content::Lines(lines) => Value::Array(lines.clone()),
            Content::Text(text) => Value::String(text.clone()),
        }
    }

    /// As text, cut to what a person reads.
    pub(crate) fn excerpt(&self) -> String {
        let text = match self {
            Content::Text(text) => text.clone(),
            Content::Json(_) | Content::Lines(_) => self.value().to_string(),
        };
        text.chars().take(1500).collect()
    }
}

impl Answer {
    /// The values of a header.
    pub fn header<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers.iter().filter(move |(found, _)| found == name).map(|(_, value)| value.as_str())
    }
}
