//! Whether templates give what the Launcher and Kubernetes need: test jobs that lead through every branch are rendered, and
//! looked at; a cluster may be asked about them, too.

mod cluster;
mod fields;
mod found;
mod problem;
mod rendering;
mod rules;
mod space;
mod test_case;
mod test_jobs;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use helm_template::diagnostic::Diagnostic;
use serde_json::Value;

pub use self::cluster::{Answers, Asked, CannotAsk, ask};
use self::found::Found;
use self::problem::Sources;
pub use self::problem::{Gravity, Place, Problem};
use self::rendering::Rendering;
pub use self::test_case::TestCase;
use super::{LoadError, ObjectKind, TemplateFolder};
use crate::Profiles;

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
    /// The files of data that every test job was rendered with; `None` for no data.
    pub data: Vec<Option<Arc<Path>>>,
    /// What was rendered, for each test job in turn.
    rendered: Vec<Rendered>,
    folder: PathBuf,
    sources: Sources,
}

/// What was rendered for a test job.
#[derive(Debug)]
struct Rendered {
    /// Those of the job that gave this text.
    cases: Vec<TestCase>,
    kind: ObjectKind,
    rendering: Rendering,
    /// What would be sent to the cluster; none where nothing can be.
    object: Option<Value>,
}

impl Validation {
    /// What was rendered: the name of the test job, with its data where not all gave the same; the file; and the text.
    pub fn rendered(&self) -> impl Iterator<Item = (String, &'static str, &str)> {
        self.rendered.iter().map(|Rendered { cases, kind, rendering, .. }| {
            let job = test_case::jobs(cases).join(", ");
            let job = match self.special_data(cases) {
                Some(data) => format!("'{job}', {data}"),
                None => format!("'{job}'"),
            };
            (job, kind.file(), rendering.text.as_str())
        })
    }

    /// A problem with the line of the template that it is about, and when it was met.
    pub fn diagnostic(&self, problem: &Problem) -> Diagnostic {
        let drawn = self.sources.draw(&self.folder, problem);
        let jobs = problem.jobs();
        if jobs.is_empty() {
            return drawn;
        }
        let jobs = format!("met with the test jobs {}", jobs.join(", "));
        drawn.with_note(match self.special_data(&problem.cases) {
            Some(data) => format!("{jobs}, {data}"),
            None => jobs,
        })
    }

    /// The data of these cases in words, if other data was tried, too.
    fn special_data(&self, cases: &[TestCase]) -> Option<String> {
        let data = test_case::data(cases);
        (data.len() < self.data.len()).then(|| test_case::in_words(&data))
    }

    /// The data that every test job was rendered with, in words; none if no profile has any.
    pub fn data_in_words(&self) -> Option<String> {
        let data: Vec<Option<&Path>> = self.data.iter().map(Option::as_deref).collect();
        data.iter().any(Option::is_some).then(|| test_case::in_words(&data))
    }

    /// Whether nothing is wrong; warnings may be there.
    pub fn is_fine(&self) -> bool {
        self.problems.iter().all(|problem| problem.gravity == Gravity::Warning)
    }

    fn sort(&mut self) {
        self.problems.sort_by_key(|problem| (problem.question, problem.file.clone(), problem.place));
    }
}

/// Validates the templates of a folder: renders every test job with all data that a user's profile may have.
///
/// # Errors
/// They can't be loaded: there is nothing to render.
pub fn validate(folder: &TemplateFolder, profiles: &Profiles) -> Result<Validation, Vec<LoadError>> {
    let templates = folder.load()?;
    let files = folder.files().map_err(|error| vec![error])?;
    let sources = Sources::new(files.into_iter().map(|file| (file.name, file.text)));
    let possible = profiles.possible_template_data();
    let data: Vec<_> = possible.into_iter().map(|data| (data.file.map(Arc::from), data.content)).collect();
    let files = data.iter().map(|(file, _)| file.clone()).collect();
    let mut found =
        Found::new(Validation { folder: folder.path.clone(), sources, data: files, ..Validation::default() });
    for (job, content) in test_jobs::all() {
        for (file, data) in &data {
            found.job(&TestCase { job, data: file.clone() }, &content, data, &templates);
        }
    }
    Ok(found.into_validation())
}

#[cfg(test)]
mod tests;
