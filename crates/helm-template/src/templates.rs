//! Sets of templates, from files to text.

use std::sync::Arc;

use go_text_template::{Function, Limits, TemplateSet, Trace, Value};

use crate::bytes;
use crate::declare::Outside;
use crate::error::Error;
use crate::functions::rendering::Includes;
use crate::mode::Mode;
use crate::world::{System, World};

/// The name of the set itself, which `tpl` gives to its texts.
pub(crate) const SET_NAME: &str = "gotpl";

/// What Go prints for nothing, and Helm removes.
pub(crate) const NO_VALUE: &[u8] = b"<no value>";

/// Templates that are rendered together, with all functions.
///
/// Parse once, render many times, from many threads. Cloning is cheap.
///
/// ```
/// use helm_template::{Templates, Value};
///
/// let mut templates = Templates::new();
/// templates.add("_labels.tpl", r#"{{ define "labels" }}app: {{ .name | kebabcase }}{{ end }}"#)?;
/// templates.add("job.yaml", "metadata:\n  labels:\n    {{- include \"labels\" . | nindent 4 }}\n")?;
/// let data = Value::map([("name", "MyJob")]);
/// assert_eq!(templates.render("job.yaml", &data)?, "metadata:\n  labels:\n    app: my-job\n");
/// # Ok::<(), helm_template::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Templates {
    set: TemplateSet,
    mode: Mode,
    limits: Limits,
}

impl Default for Templates {
    fn default() -> Self {
        Self::new()
    }
}

impl Templates {
    /// An empty set with Helm's functions on this machine.
    #[must_use]
    pub fn new() -> Self {
        Self::with_world(Mode::Helm, Arc::new(System))
    }

    /// An empty set with the functions of a mode, in a world.
    #[must_use]
    pub fn with_world(mode: Mode, world: Arc<dyn World>) -> Self {
        let set = TemplateSet::new()
            .with_function_table(mode.functions())
            .with_host(Arc::new(Outside(world)))
            .with_missing_key(mode.missing_key());
        Self { set, mode, limits: Limits::default() }
    }

    /// The set with functions of the host besides; one of a name that is taken replaces that.
    #[must_use]
    pub fn with_functions(self, functions: impl IntoIterator<Item = Function>) -> Self {
        Self { set: self.set.with_functions(functions), ..self }
    }

    /// The set with other limits to what a rendering may use up.
    #[must_use]
    pub fn with_limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// Adds a file: a template of its name, and all that it defines.
    ///
    /// A definition that is already there is replaced, unless the new one is empty. Helm parses the files of a chart with
    /// deeper paths first, and of equal depth in reverse order.
    ///
    /// # Errors
    /// When it cannot be parsed. Nothing is added then.
    pub fn add(&mut self, name: &str, text: impl AsRef<[u8]>) -> Result<(), Error> {
        self.set.parse(name, text)?;
        Ok(())
    }

    /// All that is known to be wrong with a file before it is run: what cannot be parsed, unknown functions, wrong
    /// numbers of arguments. It is not added.
    #[must_use]
    pub fn check(&self, name: &str, text: impl AsRef<[u8]>) -> Vec<Error> {
        self.set.check(name, text).into_iter().map(Error::from).collect()
    }

    /// The names of all templates, in order.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        self.set.names()
    }

    /// The engine's set.
    #[must_use]
    pub fn engine(&self) -> &TemplateSet {
        &self.set
    }

    /// Renders a template, with U+FFFD for broken UTF-8.
    ///
    /// # Errors
    /// What stopped it.
    pub fn render(&self, name: &str, data: &Value) -> Result<String, Error> {
        let mut out = Vec::new();
        self.render_into(name, data, &mut out)?;
        Ok(String::from_utf8_lossy(&out).into_owned())
    }

    /// Renders a template and appends exactly the bytes that Go would give.
    ///
    /// # Errors
    /// What stopped it. What was written before stays in `out`.
    pub fn render_into(&self, name: &str, data: &Value, out: &mut Vec<u8>) -> Result<(), Error> {
        let includes = Includes::default();
        let execution = self.set.execution().limits(self.limits).context(&includes);
        let start = out.len();
        execution.render_into(name, data, out)?;
        if self.mode == Mode::Helm {
            let written = &out[start..];
            if bytes::find(written, NO_VALUE).is_some() {
                let cleaned = bytes::without(written, NO_VALUE);
                out.truncate(start);
                out.extend_from_slice(&cleaned);
            }
        }
        Ok(())
    }

    /// Renders a template, and tells which part of a template wrote which bytes of the text.
    ///
    /// # Errors
    /// What stopped it.
    pub fn render_traced(&self, name: &str, data: &Value) -> Result<(Vec<u8>, Trace), Error> {
        let includes = Includes::default();
        let execution = self.set.execution().limits(self.limits).context(&includes);
        let mut out = Vec::new();
        let mut trace = execution.render_traced(name, data, &mut out)?;
        if self.mode == Mode::Helm {
            let mut from = 0;
            while let Some(at) = bytes::find(&out[from..], NO_VALUE) {
                from += at;
                let cut = from..from + NO_VALUE.len();
                out.drain(cut.clone());
                trace.cut(cut);
            }
        }
        Ok((out, trace))
    }
}
