//! Whether templates give what the Launcher needs: test jobs that lead through every branch are rendered, and looked at.

mod rules;
mod space;
mod test_jobs;

use std::collections::BTreeMap;
use std::fmt;

use launcher_api::Job;
use serde_json::Value;

use self::rules::Finding;
use super::error::{ObjectKind, TemplateFault};
use super::{LoadError, ObjectTemplates, TemplateFolder, data};
use crate::objects::{BuildContext, JobParts, Owner, Ratio, service_ports};

/// What kind of problem it is: the five questions of the product's document.
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
}

impl Question {
    /// All, in order.
    pub const ALL: [Self; 5] = [Self::Template, Self::Yaml, Self::WhiteSpace, Self::Needed, Self::HardCoded];

    /// A heading.
    pub fn title(self) -> &'static str {
        match self {
            Self::Template => "Templates",
            Self::Yaml => "YAML",
            Self::WhiteSpace => "White space",
            Self::Needed => "What the Launcher needs",
            Self::HardCoded => "Required values",
        }
    }
}

/// One problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What kind of problem.
    pub question: Question,
    /// The template's file.
    pub file: String,
    /// The line of the file, where it is known.
    pub line: Option<usize>,
    /// What is wrong.
    pub message: String,
    /// Why it matters, or what to do.
    pub help: Option<String>,
    /// The test jobs that it was met with; none where no job was needed.
    pub jobs: Vec<&'static str>,
}

impl Problem {
    /// With a template as it was rendered for a test job; what is wrong is still to be said.
    fn of(kind: ObjectKind, job: &'static str) -> Self {
        Self {
            question: Question::Template,
            file: kind.file().to_owned(),
            line: None,
            message: String::new(),
            help: None,
            jobs: vec![job],
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": {}", self.message)
    }
}

/// What came of a validation.
#[derive(Debug, Default)]
pub struct Validation {
    /// All problems, by question.
    pub problems: Vec<Problem>,
    /// What was rendered: the name of the test job, the file, and the text.
    pub rendered: Vec<(&'static str, &'static str, String)>,
}

/// Validates the templates of a folder.
///
/// # Errors
/// They can't be loaded: there is nothing to render.
pub fn validate(folder: &TemplateFolder) -> Result<Validation, Vec<LoadError>> {
    let templates = folder.load()?;
    let sources = ObjectKind::ALL
        .map(|kind| (kind, std::fs::read_to_string(folder.path.join(kind.file())).unwrap_or_default()));
    let mut found =
        Found { sources: sources.into(), validation: Validation::default(), known: BTreeMap::new() };
    for (name, job) in test_jobs::all() {
        found.job(name, &job, &templates);
    }
    let mut validation = found.validation;
    validation.problems.sort_by_key(|problem| (problem.question, problem.file.clone(), problem.line));
    Ok(validation)
}

struct Found {
    sources: BTreeMap<ObjectKind, String>,
    validation: Validation,
    /// Where each problem stands, by question, file, line and subject.
    known: BTreeMap<(Question, String, Option<usize>, String), usize>,
}

impl Found {
    fn job(&mut self, name: &'static str, job: &Job, templates: &ObjectTemplates) {
        let context = context(templates);
        let Ok(parts) = JobParts::of(job, &context) else { return };
        let data = data::for_job(job, &parts);
        if let Some(object) = self.render(ObjectKind::Job, name, templates, &data) {
            self.findings(ObjectKind::Job, rules::of_job(&object, job, &parts), name);
        }
        if service_ports(job).next().is_some() {
            let owner = Owner { name: "mara-fit-x7k2p".to_owned(), uid: "uid".to_owned() };
            let data = data::for_service(job, &parts, &owner);
            if let Some(object) = self.render(ObjectKind::Service, name, templates, &data) {
                self.findings(ObjectKind::Service, rules::of_service(&object, job, &owner), name);
            }
        }
    }

    fn findings(&mut self, kind: ObjectKind, findings: Vec<Finding>, job: &'static str) {
        for Finding { question, subject, message, why } in findings {
            let problem = Problem { question, message, help: Some(why), ..Problem::of(kind, job) };
            self.add(problem, &subject);
        }
    }

    fn render(
        &mut self,
        kind: ObjectKind,
        name: &'static str,
        templates: &ObjectTemplates,
        data: &helm_template::Value,
    ) -> Option<Value> {
        let text = match templates.text(kind, data) {
            Ok(text) => text,
            Err(error) => {
                let line = Some(error.place().line).filter(|_| error.place().file == kind.file());
                let (message, help) = (error.to_string(), error.hint());
                let problem = Problem { line, message: message.clone(), help, ..Problem::of(kind, name) };
                self.add(problem, &message);
                return None;
            }
        };
        for oddity in space::oddities(&text) {
            let line = self.line_of(kind, text.lines().nth(oddity.line - 1).unwrap_or_default());
            let problem = Problem {
                question: Question::WhiteSpace,
                line,
                message: format!(
                    "{} (line {} of what is rendered for the job '{name}')",
                    oddity.what, oddity.line
                ),
                help: Some("trim it with `{{-` or `-}}`, or take it out of the template".to_owned()),
                ..Problem::of(kind, name)
            };
            self.add(problem, oddity.what);
        }
        let object = super::rendered::object(&text, kind);
        self.validation.rendered.push((name, kind.file(), text));
        match object {
            Ok(object) => Some(object),
            Err(fault) => {
                let text = match &fault {
                    TemplateFault::Yaml { text: Some(text), .. } => text.as_str(),
                    _ => "",
                };
                let problem = Problem {
                    question: Question::Yaml,
                    line: self.line_of(kind, text),
                    message: format!("{fault}, for the job '{name}'"),
                    ..Problem::of(kind, name)
                };
                self.add(problem, text);
                None
            }
        }
    }

    /// The line of the template that a rendered line most likely comes from: the one that begins as it does, if there is only
    /// one.
    fn line_of(&self, kind: ObjectKind, rendered: &str) -> Option<usize> {
        let rendered = rendered.trim();
        if rendered.is_empty() {
            return None;
        }
        let lines = || self.sources.get(&kind).into_iter().flat_map(|source| source.lines().enumerate());
        let exact: Vec<usize> =
            lines().filter(|(_, line)| line.trim() == rendered).map(|(index, _)| index + 1).collect();
        if let [line] = exact[..] {
            return Some(line);
        }
        // Otherwise the one with the longest text before its first action.
        let likely = lines().filter_map(|(index, line)| {
            let (literal, _) = line.split_once("{{")?;
            let literal = literal.trim();
            (!literal.is_empty() && rendered.starts_with(literal)).then_some((literal.len(), index + 1))
        });
        let (longest, line) = likely.clone().max()?;
        (likely.filter(|(length, _)| *length == longest).count() == 1).then_some(line)
    }

    /// Keeps a problem once, however many test jobs meet it: `subject` says which problem it is.
    fn add(&mut self, found: Problem, subject: &str) {
        let key = (found.question, found.file.clone(), found.line, subject.to_owned());
        match self.known.get(&key) {
            Some(at) => self.validation.problems[*at].jobs.extend(found.jobs),
            None => {
                self.known.insert(key, self.validation.problems.len());
                self.validation.problems.push(found);
            }
        }
    }
}

fn context(templates: &ObjectTemplates) -> BuildContext {
    BuildContext {
        templates: templates.clone(),
        cluster: "Kubernetes".into(),
        shared_process_namespace: true,
        default_image: None,
        overrides: std::sync::Arc::default(),
        profile_data: super::ProfileData::default(),
        cpu_request_ratio: Ratio::new(0.5).unwrap_or(Ratio::ALL),
        memory_request_ratio: Ratio::new(0.5).unwrap_or(Ratio::ALL),
        deliverer: "".into(),
        stdin_key: String::new(),
    }
}

#[cfg(test)]
mod tests;
