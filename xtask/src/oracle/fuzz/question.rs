//! What both sides are asked: the request of the line protocol.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use helm_template::Mode;
use helm_template::data::WholeNumbers;
use serde_json::Value as Json;

use super::data::Data;

#[derive(Clone, Debug)]
pub(crate) struct Question {
    pub(crate) template: Vec<u8>,
    pub(crate) files: BTreeMap<String, String>,
    pub(crate) data: Data,
    pub(crate) mode: Mode,
    pub(crate) numbers: WholeNumbers,
}

impl Question {
    /// As a line of the protocol, without its end. What is at its default is left out.
    pub(crate) fn line(&self) -> String {
        let mut line = match std::str::from_utf8(&self.template) {
            Ok(text) => format!(r#"{{"template":{}"#, Json::from(text)),
            Err(_) => format!(r#"{{"template_base64":"{}""#, BASE64_STANDARD.encode(&self.template)),
        };
        let mut field = |name: &str, value: &dyn std::fmt::Display| {
            write!(line, r#","{name}":{value}"#).unwrap_or_default();
        };
        if self.mode != Mode::Helm {
            field("mode", &format_args!("\"{}\"", self.mode));
        }
        match self.numbers {
            WholeNumbers::Int => {}
            WholeNumbers::Int64 => field("numbers", &"\"int64\""),
            WholeNumbers::Float => field("numbers", &"\"float64\""),
        }
        if self.data != Data::Null {
            field("data", &self.data);
        }
        if !self.files.is_empty() {
            field("files", &serde_json::json!(self.files));
        }
        line.push('}');
        line
    }
}
