//! Many templates in, many answers out: a JSON object a line each way.
//!
//! The same protocol is spoken by `oracle/helm`, a small Go program around Go's own text/template, Sprig and Helm's
//! functions, so that anyone can put the same lines to both and compare.
//!
//! ```text
//! {"template": "…", "files": {"a.tpl": "…"}, "data": …, "mode": "helm", "name": "job.tpl", "numbers": "int"}
//! {"output": "…"} or {"output": "what was written before", "error": "…"}
//! ```
//!
//! Nothing is required. [`Request`] says what is meant by what is left out; `template_base64` and `output_base64` carry
//! text that is no UTF-8. A line that is no request is answered with an error that begins with `request: `, and no output.
//!
//! ```
//! use helm_template::batch::Batch;
//!
//! let batch = Batch::new();
//! let answer = batch.answer_line(br#"{"template": "{{ .name | upper }}", "data": {"name": "mara"}}"#);
//! assert_eq!(answer.to_json(), r#"{"output":"MARA"}"#);
//! let answer = batch.answer_line(br#"{"template": "a{{ fail `no` }}", "mode": "bare"}"#);
//! assert_eq!(
//!     answer.to_json(),
//!     r#"{"output":"","error":"template: job.tpl:1: function \"fail\" not defined"}"#
//! );
//! ```

mod answer;
mod request;

use std::sync::{Arc, OnceLock};

use go_text_template::Limits;

pub use answer::{Answer, AnswerError};
pub use request::{Request, RequestError};

use crate::error::Error;
use crate::mode::Mode;
use crate::templates::Templates;
use crate::world::{InZone, System, World};

/// Answers requests. The functions of each mode are made once, when it is first asked for.
#[derive(Debug)]
pub struct Batch {
    world: Arc<dyn World>,
    limits: Limits,
    /// Sets without templates, in the order of [`Mode::ALL`].
    empty: [OnceLock<Templates>; Mode::ALL.len()],
}

impl Default for Batch {
    fn default() -> Self {
        Self::new()
    }
}

impl Batch {
    /// Answers as this machine sees the world, but in UTC, so that answers from different machines can be compared.
    #[must_use]
    pub fn new() -> Self {
        Self::with_world(Arc::new(InZone::utc(System)))
    }

    /// Answers in a world.
    #[must_use]
    pub fn with_world(world: Arc<dyn World>) -> Self {
        Self { world, limits: Limits::default(), empty: Default::default() }
    }

    /// With other limits to what each request may use up.
    #[must_use]
    pub fn with_limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// Answers a line, with or without its line break.
    #[must_use]
    pub fn answer_line(&self, line: &[u8]) -> Answer {
        match Request::from_json(line) {
            Ok(request) => self.answer(&request),
            Err(error) => Answer { output: None, error: Some(error.to_string()) },
        }
    }

    /// Answers a request.
    #[must_use]
    pub fn answer(&self, request: &Request) -> Answer {
        let mut output = Vec::new();
        let error = self.render(request, &mut output).err().map(|error| error.to_string());
        Answer { output: Some(output), error }
    }

    /// Renders what a request asks for, and appends it. What was written before an error stays.
    ///
    /// # Errors
    /// What stopped it.
    pub fn render(&self, request: &Request, output: &mut Vec<u8>) -> Result<(), Error> {
        let mut templates = self.empty_set(request.mode).clone().with_limits(self.limits);
        for (name, text) in &request.files {
            templates.add(name, text)?;
        }
        templates.add(&request.name, &request.template)?;
        templates.render_into(&request.name, &request.data, output)
    }

    fn empty_set(&self, mode: Mode) -> &Templates {
        self.empty[mode as usize].get_or_init(|| Templates::with_world(mode, self.world.clone()))
    }
}
