//! A pair of templates, ready to render.

use std::sync::Arc;
use std::time::{Duration, Instant};

use helm_template::go_text_template::{Limits, Trace};
use helm_template::{Mode, System, Templates, Value};
use serde_json::Value as Json;

use super::error::{ObjectKind, TemplateError, TemplateFault};
use super::{functions, rendered};

/// What may be rendered at the most: more than the cluster takes as an object.
const LARGEST: usize = 8 * 1024 * 1024;
/// What functions may make on the way there, kept or not: a standard input passes through several.
const MOST_MADE: usize = 32 * LARGEST;
/// How long a rendering may take.
const LONGEST: Duration = Duration::from_secs(30);

/// The templates that objects are made by.
#[derive(Clone, Debug)]
pub struct ObjectTemplates {
    templates: Templates,
    origin: Origin,
}

/// Where templates come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    /// This crate.
    BuiltIn,
    /// An administrator's files.
    Folder,
}

impl ObjectTemplates {
    /// The templates that come with the plugin.
    ///
    /// # Panics
    /// Never: the tests of this crate render them.
    pub fn built_in() -> Self {
        let mut templates =
            Templates::with_world(Mode::Go, Arc::new(System)).with_functions(functions::all());
        for (name, text) in [("job.tpl", BUILT_IN_JOB), ("service.tpl", BUILT_IN_SERVICE)] {
            templates.add(name, text).expect("the built-in templates are valid");
        }
        Self { templates, origin: Origin::BuiltIn }
    }

    pub(super) fn of_folder(templates: Templates) -> Self {
        Self { templates, origin: Origin::Folder }
    }

    /// Whether rendering may take its time: those of an administrator may run programs.
    pub(crate) fn may_block(&self) -> bool {
        self.origin != Origin::BuiltIn
    }

    /// Renders an object from what [`super::for_job`] or [`super::for_service`] made.
    ///
    /// # Errors
    /// The template does not give one.
    pub(crate) fn render(&self, kind: ObjectKind, data: &Value) -> Result<Json, TemplateError> {
        let failed = |fault| TemplateError { file: kind.file(), fault };
        let text = self.text(kind, data).map_err(|error| failed(TemplateFault::Render(error)))?;
        rendered::object(&text, kind).map_err(failed)
    }

    fn text(&self, kind: ObjectKind, data: &Value) -> Result<String, helm_template::Error> {
        self.limited().render(kind.file(), data)
    }

    /// The text, and which part of which file wrote which part of it.
    pub(super) fn traced(
        &self,
        kind: ObjectKind,
        data: &Value,
    ) -> Result<(String, Trace), helm_template::Error> {
        let (text, trace) = self.limited().render_traced(kind.file(), data)?;
        Ok((String::from_utf8_lossy(&text).into_owned(), trace))
    }

    fn limited(&self) -> Templates {
        let limits = Limits {
            output: LARGEST,
            made: MOST_MADE,
            deadline: Some(Instant::now() + LONGEST),
            ..Limits::default()
        };
        self.templates.clone().with_limits(limits)
    }
}

/// `job.tpl` as it comes with the plugin.
pub const BUILT_IN_JOB: &str = include_str!("built_in/job.tpl");
/// `service.tpl` as it comes with the plugin.
pub const BUILT_IN_SERVICE: &str = include_str!("built_in/service.tpl");
