//! A line that answers.

use std::borrow::Cow;

use go_text_template::Value;

use crate::data::WholeNumbers;
use crate::functions::encoding::{b64enc, decode64};
use crate::json::{self, Escapes, Room};

/// What came of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// What was written, also before an error. Nothing if the line was no request.
    pub output: Option<Vec<u8>>,
    /// What stopped it, in Go's words.
    pub error: Option<String>,
}

/// A line that is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no answer: {reason}")]
pub struct AnswerError {
    /// Why.
    pub reason: String,
}

impl Answer {
    /// The answer as JSON on one line, without a line break.
    #[must_use]
    pub fn to_json(&self) -> String {
        let output = self.output.as_deref().map(|bytes| match std::str::from_utf8(bytes) {
            Ok(text) => ("output", Cow::Borrowed(text)),
            Err(_) => ("output_base64", Cow::Owned(b64enc(bytes))),
        });
        let error = self.error.as_deref().map(|error| ("error", Cow::Borrowed(error)));
        let mut line = vec![b'{'];
        for (number, (key, text)) in output.into_iter().chain(error).enumerate() {
            if number > 0 {
                line.push(b',');
            }
            json::write_text(&mut line, key.as_bytes(), Escapes::None);
            line.push(b':');
            json::write_text(&mut line, text.as_bytes(), Escapes::None);
        }
        line.push(b'}');
        String::from_utf8_lossy(&line).into_owned()
    }

    /// Reads an answer. Other keys are passed over: a golden case holds its question, too.
    ///
    /// # Errors
    /// When it is no JSON object, or holds something that no answer has.
    pub fn from_json(line: &[u8]) -> Result<Self, AnswerError> {
        let failed = |reason: &dyn ToString| AnswerError { reason: reason.to_string() };
        let decoded = json::read_with(line, WholeNumbers::Int, Room::None).map_err(|error| failed(&error))?;
        let Value::Map(fields) = decoded.value else {
            return Err(failed(&"it is no object"));
        };
        let text = |key: &str| match fields.get(key) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(failed(&format!("`{key}` is no text"))),
        };
        let output = match (text("output")?, text("output_base64")?) {
            (_, Some(encoded)) => Some(decode64(encoded.as_bytes()).map_err(|error| failed(&error))?),
            (plain, None) => plain.map(|text| text.as_bytes().to_vec()),
        };
        Ok(Self { output, error: text("error")?.map(|error| error.to_text().into_owned()) })
    }
}
