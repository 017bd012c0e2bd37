//! Whether templates give what the Launcher and Kubernetes need: test jobs that lead through every branch are rendered, and
//! looked at; a cluster may be asked about them, too.

mod cluster;
mod fields;
mod found;
mod problem;
mod rendering;
mod rules;
mod space;
mod test_jobs;

use std::path::PathBuf;

use helm_template::diagnostic::Diagnostic;
use serde_json::Value;

pub use self::cluster::{Answers, Asked, CannotAsk, ask};
use self::found::Found;
use self::problem::Sources;
pub use self::problem::{Gravity, Place, Problem};
use self::rendering::Rendering;
use super::{LoadError, ObjectKind, TemplateFolder};

/// What kind of problem it is: the five questions of the product's document, and two about Kubernetes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Question {
    /// Is the template itself valid? Do all functions exist, and is the syntax correct?
    Template,
    /// Is the rendered text valid YAML?
    Yaml,
    /// Is there extra white space?
    WhiteSpace,
    /// Are all pieces there that the Launcher needs, and of the right type?
    Needed,
    /// Are the values right that have to be as they are?
    HardCoded,
    /// Does Kubernetes have such fields, and do they take such values?
    Fields,
    /// Does the cluster take the objects?
    Cluster,
}

impl Question {
    /// All, in order.
    pub const ALL: [Self; 7] = [
        Self::Template,
        Self::Yaml,
        Self::WhiteSpace,
        Self::Needed,
        Self::HardCoded,
        Self::Fields,
        Self::Cluster,
    ];

    /// A heading.
    pub fn title(self) -> &'static str {
        match self {
            Self::Template => "Templates",
            Self::Yaml => "YAML",
            Self::WhiteSpace => "White space",
            Self::Needed => "What the Launcher needs",
            Self::HardCoded => "Required values",
            Self::Fields => "Kubernetes fields",
            Self::Cluster => "What the cluster says",
        }
    }
}

/// What came of a validation.
#[derive(Debug, Default)]
pub struct Validation {
    /// All problems, by question.
    pub problems: Vec<Problem>,
    /// What was rendered, for each test job in turn.
    rendered: Vec<Rendered>,
    folder: PathBuf,
    sources: Sources,
}

/// What was rendered for a test job.
#[derive(Debug)]
struct Rendered {
    job: &'static str,
    kind: ObjectKind,
    rendering: Rendering,
    /// What would be sent to the cluster; none where nothing can be.
    object: Option<Value>,
}

impl Validation {
    /// What was rendered: the name of the test job, the file, and the text.
    pub fn rendered(&self) -> impl Iterator<Item = (&'static str, &'static str, &str)> {
        self.rendered.iter().map(|one| (one.job, one.kind.file(), one.rendering.text.as_str()))
    }

    /// A problem with the line of the template that it is about.
    pub fn diagnostic(&self, problem: &Problem) -> Diagnostic {
        self.sources.draw(&self.folder, problem)
    }

    /// Whether nothing is wrong; warnings may be there.
    pub fn is_fine(&self) -> bool {
        self.problems.iter().all(|problem| problem.gravity == Gravity::Warning)
    }

    fn sort(&mut self) {
        self.problems.sort_by_key(|problem| (problem.question, problem.file.clone(), problem.place));
    }
}

/// Validates the templates of a folder.
///
/// # Errors
/// They can't be loaded: there is nothing to render.
pub fn validate(folder: &TemplateFolder) -> Result<Validation, Vec<LoadError>> {
    let templates = folder.load()?;
    let files = folder.files().map_err(|error| vec![error])?;
    let sources = Sources::new(files.into_iter().map(|file| (file.name, file.text)));
    let mut found = Found::new(folder.path.clone(), sources);
    for (name, job) in test_jobs::all() {
        found.job(name, &job, &templates);
    }
    Ok(found.into_validation())
}

#[cfg(test)]
mod tests;
