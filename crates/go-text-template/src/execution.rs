//! One rendering of a template.

use std::any::Any;

use crate::error::Error;
use crate::exec::{self, Host};
use crate::limits::Limits;
use crate::set::{MissingKey, TemplateSet};
use crate::trace::Trace;
use crate::value::Value;

/// A rendering that is being prepared.
#[derive(Clone, Copy)]
pub struct Execution<'s> {
    set: &'s TemplateSet,
    limits: Limits,
    missing_key: MissingKey,
    context: &'s (dyn Any + Send + Sync),
}

impl<'s> Execution<'s> {
    pub(crate) fn of(set: &'s TemplateSet, missing_key: MissingKey) -> Self {
        Self { set, limits: Limits::default(), missing_key, context: &() }
    }

    /// Sets how much the rendering may use up.
    #[must_use]
    pub fn limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// Sets the rule for missing keys.
    #[must_use]
    pub fn missing_key(self, missing_key: MissingKey) -> Self {
        Self { missing_key, ..self }
    }

    /// Sets what functions find with [`Call::context`](crate::Call::context).
    #[must_use]
    pub fn context<T: Any + Send + Sync>(self, context: &'s T) -> Self {
        Self { context, ..self }
    }

    /// Runs a template and gives its text, with U+FFFD for broken UTF-8.
    ///
    /// # Errors
    /// What stopped it.
    pub fn render(&self, name: &str, data: &Value) -> Result<String, Error> {
        let mut out = Vec::new();
        self.render_into(name, data, &mut out)?;
        Ok(String::from_utf8(out)
            .unwrap_or_else(|broken| String::from_utf8_lossy(broken.as_bytes()).into_owned()))
    }

    /// Runs a template and appends exactly the bytes that Go would write.
    ///
    /// # Errors
    /// What stopped it. What was written before stays in `out`.
    pub fn render_into(&self, name: &str, data: &Value, out: &mut Vec<u8>) -> Result<(), Error> {
        exec::run(self.set, name.as_bytes(), data, self.host(), out)
    }

    /// The same, and tells which part of a template wrote which bytes of `out`.
    ///
    /// # Errors
    /// What stopped it. What was written before stays in `out`.
    pub fn render_traced(&self, name: &str, data: &Value, out: &mut Vec<u8>) -> Result<Trace, Error> {
        exec::run_traced(self.set, name.as_bytes(), data, self.host(), out)
    }

    fn host(&self) -> Host<'s> {
        Host { limits: self.limits, missing_key: self.missing_key, context: self.context }
    }
}

impl std::fmt::Debug for Execution<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Execution")
            .field("limits", &self.limits)
            .field("missing_key", &self.missing_key)
            .finish_non_exhaustive()
    }
}
