//! Collects what is wrong with an object, in the words of the API server's field errors.

use serde_json::Value;

use crate::{
    kind::Kind,
    status_error::{Cause, StatusError},
};

/// The faults of one object, in the order in which they were found.
#[derive(Debug, Default)]
pub(super) struct Causes {
    list: Vec<Cause>,
}

impl Causes {
    pub(super) fn required(&mut self, field: impl Into<String>) {
        self.push("FieldValueRequired", "Required value".to_owned(), field);
    }

    pub(super) fn required_because(&mut self, field: impl Into<String>, why: &str) {
        self.push("FieldValueRequired", format!("Required value: {why}"), field);
    }

    pub(super) fn invalid(&mut self, field: impl Into<String>, value: &Value, why: &str) {
        self.push("FieldValueInvalid", format!("Invalid value: {value}: {why}"), field);
    }

    pub(super) fn forbidden(&mut self, field: impl Into<String>, why: &str) {
        self.push("FieldValueForbidden", format!("Forbidden: {why}"), field);
    }

    pub(super) fn duplicate(&mut self, field: impl Into<String>, value: &Value) {
        self.push("FieldValueDuplicate", format!("Duplicate value: {value}"), field);
    }

    pub(super) fn not_found(&mut self, field: impl Into<String>, value: &Value) {
        self.push("FieldValueNotFound", format!("Not found: {value}"), field);
    }

    pub(super) fn too_long(&mut self, field: impl Into<String>, limit: usize) {
        self.push("FieldValueTooLong", format!("Too long: may not be more than {limit} bytes"), field);
    }

    pub(super) fn unsupported(&mut self, field: impl Into<String>, value: &str, supported: &[&str]) {
        let supported: Vec<String> = supported.iter().map(|value| format!("\"{value}\"")).collect();
        let text = format!("Unsupported value: \"{value}\": supported values: {}", supported.join(", "));
        self.push("FieldValueNotSupported", text, field);
    }

    /// A text field that, if it is there, must be one of some words.
    pub(super) fn one_of(&mut self, field: impl Into<String>, value: &Value, supported: &[&str]) {
        if let Some(text) = value.as_str()
            && !supported.contains(&text)
        {
            self.unsupported(field, text, supported);
        }
    }

    /// A number that, if it is there, must not be below zero.
    pub(super) fn not_negative(&mut self, field: impl Into<String>, value: &Value) {
        if value.as_i64().is_some_and(|number| number < 0) {
            self.invalid(field, value, "must be greater than or equal to 0");
        }
    }

    /// A number that, if it is there, must be within these bounds.
    pub(super) fn between(&mut self, field: impl Into<String>, value: &Value, low: i64, high: i64) {
        if value.as_i64().is_some_and(|number| !(low..=high).contains(&number)) {
            self.invalid(field, value, &format!("must be between {low} and {high}, inclusive"));
        }
    }

    /// A text that breaks the rule, if `why` is one.
    pub(super) fn check(&mut self, field: impl Into<String>, value: &str, why: Option<&str>) {
        if let Some(why) = why {
            self.invalid(field, &Value::from(value), why);
        }
    }

    /// `Ok` when nothing was found.
    ///
    /// # Errors
    /// 422 with all of it.
    pub(super) fn into_result(self, kind: Kind, name: &str) -> Result<(), StatusError> {
        if self.list.is_empty() { Ok(()) } else { Err(StatusError::invalid(kind, name, self.list)) }
    }

    fn push(&mut self, reason: &'static str, message: String, field: impl Into<String>) {
        let cause = Cause { reason, message, field: field.into() };
        if !self.list.contains(&cause) {
            self.list.push(cause);
        }
    }
}
