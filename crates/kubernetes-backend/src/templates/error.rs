//! Why a template gives no object.

use std::fmt;

/// There were no usable templates yet. The log says what is wrong with them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the object templates of this cluster are not valid; its administrator finds the reason in the plugin's log"
)]
pub struct NoTemplates;

/// A template that did not give the object that it is for.
#[derive(Clone, Debug)]
pub struct TemplateError {
    /// The file's name: `job.tpl` or `service.tpl`, whatever it included.
    pub file: &'static str,
    /// What is wrong.
    pub fault: TemplateFault,
}

/// What is wrong with it.
#[derive(Clone, Debug, thiserror::Error)]
pub enum TemplateFault {
    /// It could not be rendered, or used up more time or room than it may.
    #[error("{0}")]
    Render(helm_template::Error),
    /// What it rendered is not YAML.
    #[error("the rendered text is not valid YAML: {reason}{}", quoted(.text.as_deref()))]
    Yaml {
        /// Why not, with the line of the rendered text.
        reason: String,
        /// The number of that line, where it is known.
        line: Option<usize>,
        /// That line.
        text: Option<String>,
    },
    /// It rendered more than one document.
    #[error("line {line} of the rendered text begins a second object: one is expected")]
    SecondDocument {
        /// Where it begins.
        line: usize,
    },
    /// It rendered another object, or none.
    #[error("the rendered text is {found}; expected is an object of kind {expected}")]
    Kind {
        /// What is expected.
        expected: ObjectKind,
        /// What is there.
        found: String,
    },
    /// A part of the object is not what it has to be.
    #[error("'{path}' of the rendered object is {found}; expected is a map")]
    Shape {
        /// Which part, as `metadata.labels`.
        path: String,
        /// What is there.
        found: &'static str,
    },
}

/// The two kinds of object that templates make.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ObjectKind {
    /// `batch/v1`, `Job`.
    Job,
    /// `v1`, `Service`.
    Service,
}

impl ObjectKind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Job, Self::Service];

    /// The file that makes it.
    pub fn file(self) -> &'static str {
        match self {
            Self::Job => "job.tpl",
            Self::Service => "service.tpl",
        }
    }

    /// The kind that a file is for, if any.
    pub fn of_file(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.file() == name)
    }

    /// What stands in the object: `apiVersion` and `kind`.
    pub fn identity(self) -> (&'static str, &'static str) {
        match self {
            Self::Job => ("batch/v1", "Job"),
            Self::Service => ("v1", "Service"),
        }
    }
}

impl fmt::Display for ObjectKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (version, kind) = self.identity();
        write!(f, "{kind} ({version})")
    }
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The engine's text names the file itself.
        match &self.fault {
            TemplateFault::Render(error) => error.fmt(f),
            fault => write!(f, "template {}: {fault}", self.file),
        }
    }
}

impl std::error::Error for TemplateError {}

fn quoted(text: Option<&str>) -> String {
    text.map(|text| format!(" (`{}`)", text.trim())).unwrap_or_default()
}
