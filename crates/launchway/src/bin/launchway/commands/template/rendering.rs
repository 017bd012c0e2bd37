//! One rendering, from files to text, and telling what came of it.

use std::path::PathBuf;
use std::sync::Arc;

use helm_template::batch::Answer;
use helm_template::diagnostic::{self, Diagnostic};
use helm_template::go_text_template::Cause;
use helm_template::yaml::ReadError;
use helm_template::{Error, Mode, System, Templates, Value};

use super::assignment::Assignments;
use super::data::{self, DataSource};
use super::sources::{Source, Sources};
use crate::exit::{self, Ended};
use crate::failure::Failure;
use crate::printer::{Format, Printer};

/// The template of a folder that is rendered unless another is asked for.
const FOLDER_TEMPLATE: &str = "job.tpl";

/// What is to be rendered.
#[derive(Clone, Debug)]
pub(super) struct Rendering {
    pub(super) path: PathBuf,
    pub(super) name: Option<String>,
    pub(super) data: Option<DataSource>,
    pub(super) assignments: Vec<Assignments>,
    pub(super) mode: Mode,
}

/// What came of it.
#[derive(Debug)]
pub(super) enum Rendered {
    /// The whole text.
    Text(Vec<u8>),
    /// The templates are wrong, or met data that they cannot do with.
    Stopped {
        /// What was written before.
        output: Vec<u8>,
        /// What stopped it.
        error: Error,
        /// What else cannot be parsed.
        more: Vec<Error>,
        sources: Sources,
    },
    /// The data cannot be read.
    BadData { origin: String, text: Vec<u8>, error: Box<ReadError> },
    /// It did not come that far.
    Failed(Failure),
}

impl From<Failure> for Rendered {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl Rendering {
    /// Reads everything and renders it.
    pub(super) fn render(&self) -> Rendered {
        self.try_render().map_or_else(|stopped| stopped, Rendered::Text)
    }

    fn try_render(&self) -> Result<Vec<u8>, Rendered> {
        let data = self.read_data()?;
        let sources = Sources::read(&self.path)?;
        let name = self.name_in(&sources);
        let mut templates = Templates::with_world(self.mode, Arc::new(System));
        let mut errors = Vec::new();
        for source in sources.with_last(&name) {
            if let Err(error) = templates.add(&source.name, &source.text) {
                errors.extend(all_that_is_wrong(&templates, source, error));
            }
        }
        let mut errors = errors.into_iter();
        if let Some(error) = errors.next() {
            return Err(Rendered::Stopped { output: Vec::new(), error, more: errors.collect(), sources });
        }
        let names = templates.names();
        if !names.contains(&name) {
            return Err(Failure::NoTemplate { name, path: self.path.clone(), names }.into());
        }
        let mut output = Vec::new();
        match templates.render_into(&name, &data, &mut output) {
            Ok(()) => Ok(output),
            Err(error) => Err(Rendered::Stopped { output, error, more: Vec::new(), sources }),
        }
    }

    fn read_data(&self) -> Result<Value, Rendered> {
        let mut data = data::empty();
        if let Some(source) = &self.data {
            let text = source.text()?;
            data = data::parse(&text).map_err(|error| Rendered::BadData {
                origin: source.to_string(),
                text,
                error: Box::new(error),
            })?;
        }
        for assignments in &self.assignments {
            data = assignments.apply(data).map_err(Failure::from)?;
        }
        Ok(data)
    }

    fn name_in(&self, sources: &Sources) -> String {
        match (&self.name, self.path.is_dir(), self.path.file_name()) {
            (Some(name), _, _) => name.clone(),
            (None, false, Some(file)) if sources.get(&file.to_string_lossy()).is_some() => {
                file.to_string_lossy().into_owned()
            }
            _ => FOLDER_TEMPLATE.to_owned(),
        }
    }
}

/// What stopped the parser first, and then what else it would not take.
fn all_that_is_wrong(templates: &Templates, source: &Source, first: Error) -> Vec<Error> {
    let text = first.to_string();
    let mut all = vec![first];
    let others = templates.check(&source.name, &source.text).into_iter();
    all.extend(others.filter(|it| matches!(it.engine().cause(), Cause::Parse(_)) && it.to_string() != text));
    all
}

impl Rendered {
    /// Prints the text, or why there is none.
    pub(super) fn show(self, printer: &Printer) -> Result<Ended, Failure> {
        if printer.format() == Format::Json
            && let Some(answer) = self.answer()
        {
            printer.line(&answer.to_json())?;
        }
        match self {
            Self::Text(text) => {
                if printer.format() == Format::Human {
                    printer.bytes(&text)?;
                }
                return Ok(Ended(exit::DONE));
            }
            Self::Stopped { error, more, sources, .. } => {
                for error in std::iter::once(error).chain(more) {
                    printer.diagnostic(&Diagnostic::of_template(&error, |name| sources.drawn(name)));
                }
            }
            Self::BadData { origin, text, error } => {
                let source = diagnostic::Source { path: &origin, text: &text };
                printer.diagnostic(&Diagnostic::of_yaml(&error, "cannot read the data as YAML", source));
            }
            Self::Failed(failure) => return Err(failure),
        }
        Ok(Ended(exit::REFUSED))
    }

    /// As the line protocol has it; nothing where something else failed than templates and data.
    fn answer(&self) -> Option<Answer> {
        match self {
            Self::Text(text) => Some(Answer { output: Some(text.clone()), error: None }),
            Self::Stopped { output, error, .. } => {
                Some(Answer { output: Some(output.clone()), error: Some(error.to_string()) })
            }
            Self::BadData { error, .. } => Some(Answer { output: None, error: Some(error.to_string()) }),
            Self::Failed(_) => None,
        }
    }
}
