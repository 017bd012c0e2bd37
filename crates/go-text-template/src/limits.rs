//! How much a template may do before it is stopped.

use std::time::Instant;

use crate::format::PrintLimits;

/// What a template may use up. The defaults are Go's where Go has a limit, and otherwise far beyond any honest
/// template, but below what endangers the process.
///
/// ```
/// use go_text_template::{Limits, TemplateSet, Value};
///
/// let mut set = TemplateSet::new();
/// set.parse("t", "{{ range 1000000000 }}x{{ end }}").unwrap();
/// let limits = Limits { output: 1000, ..Limits::default() };
/// let error = set.execution().limits(limits).render("t", &Value::Nil).unwrap_err();
/// assert!(error.to_string().ends_with("output exceeds the limit of 1000 bytes"));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of output, and of any one string that printing makes. Default 256 MiB.
    pub output: usize,
    /// Rounds of loops, calls of functions and runs of templates, taken together. Default 1,000,000,000.
    pub steps: u64,
    /// `template` actions inside each other. Default 100,000, as in Go.
    pub template_depth: usize,
    /// Templates that functions run (`include`) inside each other. Default 100,000.
    pub render_depth: usize,
    /// Values held by all open templates' variables and half-done calls. Default 10,000,000.
    pub stack: usize,
    /// Bytes of the texts, lists and maps that functions make, taken together, kept or not. Default 1 GiB.
    pub made: usize,
    /// Levels of values inside each other that printing follows. Default 100,000.
    pub value_depth: usize,
    /// The moment after which rendering stops. Default none.
    pub deadline: Option<Instant>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            output: PrintLimits::default().bytes,
            steps: 1_000_000_000,
            template_depth: 100_000,
            render_depth: 100_000,
            stack: 10_000_000,
            made: 1 << 30,
            value_depth: PrintLimits::default().depth,
            deadline: None,
        }
    }
}

impl Limits {
    pub(crate) fn print(&self) -> PrintLimits {
        PrintLimits { bytes: self.output, depth: self.value_depth }
    }
}
