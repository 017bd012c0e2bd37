//! What `--validate-templates` prints.

use std::fmt::Write as _;
use std::io::{self, IsTerminal as _};
use std::path::Path;

use helm_template::diagnostic::Diagnostic;
use kubernetes_backend::templates::validation::{Asked, Gravity, Problem, Question, Validation};
use kubernetes_backend::templates::{LoadError, TemplateFolder};
use serde_json::{Value, json};

use crate::profiles::ProfileError;
use crate::report::Notice;

/// What came of a validation.
pub(super) struct Outcome {
    /// The validation, or why there was nothing to render.
    pub(super) validation: Result<Validation, Vec<LoadError>>,
    /// Data of profiles that nothing was rendered with.
    pub(super) unusable_data: Vec<ProfileError>,
    /// The cluster's part, if it was asked.
    pub(super) answered: Option<Answered>,
}

/// Whether the cluster answered.
pub(super) enum Answered {
    By(Asked),
    /// Why not.
    Not(String),
}

impl Answered {
    pub(super) fn failure(&self) -> Option<&str> {
        match self {
            Self::By(_) => None,
            Self::Not(failure) => Some(failure),
        }
    }
}

impl Outcome {
    pub(super) fn is_fine(&self) -> bool {
        self.unusable_data.is_empty() && self.validation.as_ref().is_ok_and(Validation::is_fine)
    }
}

/// Whether the rendered texts are part of the report.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Rendered {
    Hidden,
    Shown,
}

/// For people: every problem with the lines that it is about. Writing to a String cannot fail.
pub(super) fn text(folder: &TemplateFolder, outcome: &Outcome, rendered: Rendered) -> String {
    let mut text = String::new();
    let path = folder.path.display();
    let unusable = outcome.unusable_data.len();
    if unusable > 0 {
        text.push_str("Data of profiles:\n\n");
        for error in &outcome.unusable_data {
            let _ = writeln!(text, "{}", Notice::error(error, error.help()).draw(is_coloured()));
        }
    }
    let validation = match &outcome.validation {
        Ok(validation) => validation,
        Err(errors) => {
            let _ = writeln!(text, "{}:\n", Question::Template.title());
            for error in errors {
                let _ = writeln!(text, "{}\n", drawn(&error.diagnostic()));
            }
            let count = count(errors.len(), "problem");
            let _ = writeln!(text, "{count} in {path}, so that nothing could be rendered.");
            return text;
        }
    };
    if rendered == Rendered::Shown {
        for (job, file, rendered) in validation.rendered() {
            let _ = writeln!(text, "--- {file} for the test job {job}\n{}", rendered.trim_end());
        }
        text.push('\n');
    }
    for question in Question::ALL {
        let mut problems = validation.problems.iter().filter(|one| one.question == question).peekable();
        if problems.peek().is_some() {
            let _ = writeln!(text, "{}:\n", question.title());
        }
        for problem in problems {
            let _ = writeln!(text, "{}\n", drawn(&validation.diagnostic(problem)));
        }
    }
    let of = |gravity| validation.problems.iter().filter(|problem| problem.gravity == gravity).count();
    let (problems, warnings) = (of(Gravity::Problem), of(Gravity::Warning));
    if problems > 0 {
        let count = count(problems, "problem");
        let _ = writeln!(
            text,
            "{count} in {path}. Jobs are made from these templates all the same; --verbose shows what is rendered."
        );
    } else if validation.data.is_empty() {
        text.push_str("No test job was rendered, as all data of profiles is unusable.\n");
    } else {
        let _ = writeln!(text, "The templates in {path} give all that the Launcher needs.");
    }
    if warnings > 0 {
        let _ = writeln!(text, "{}.", count(warnings, "warning"));
    }
    if let Some(data) = validation.data_in_words() {
        let _ = writeln!(text, "Test jobs were rendered {data}.");
    }
    if unusable > 0 {
        let _ = writeln!(
            text,
            "{} with the data of profiles, which nothing was rendered with; the plugin would not start.",
            count(unusable, "problem")
        );
    }
    if let Some(Answered::By(Asked { release, objects, namespace })) = &outcome.answered {
        let objects = count(*objects, "object");
        let _ = writeln!(text, "Kubernetes {release} was asked about {objects} in namespace '{namespace}'.");
    }
    text
}

fn drawn(diagnostic: &Diagnostic) -> String {
    if is_coloured() { diagnostic.coloured(None) } else { diagnostic.to_string() }
}

fn is_coloured() -> bool {
    io::stdout().is_terminal() && crate::colour::wanted()
}

fn count(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}

/// For programs.
pub(super) fn json(folder: &TemplateFolder, outcome: &Outcome) -> String {
    let mut problems: Vec<Value> = outcome.unusable_data.iter().map(data_json).collect();
    let data = match &outcome.validation {
        Ok(validation) => {
            problems.extend(validation.problems.iter().map(problem_json));
            &validation.data[..]
        }
        Err(errors) => {
            problems.extend(errors.iter().map(error_json));
            &[]
        }
    };
    let data: Vec<Option<&Path>> = data.iter().map(Option::as_deref).collect();
    let mut report =
        json!({ "folder": folder.path, "valid": outcome.is_fine(), "data": data, "problems": problems });
    if let Some(answered) = &outcome.answered {
        report["cluster"] = match answered {
            Answered::By(Asked { release, objects, namespace }) => {
                json!({ "release": release, "objects": objects, "namespace": namespace })
            }
            Answered::Not(failure) => json!({ "failure": failure }),
        };
    }
    format!("{report:#}\n")
}

fn problem_json(problem: &Problem) -> Value {
    json!({
        "group": word(problem.question),
        "gravity": match problem.gravity {
            Gravity::Problem => "problem",
            Gravity::Warning => "warning",
        },
        "file": problem.file,
        "line": problem.place.map(|place| place.line),
        "column": problem.place.map(|place| place.column),
        "message": problem.message,
        "why": problem.why,
        "fix": problem.fix,
        "jobs": problem.jobs(),
        "data": problem.data(),
    })
}

fn error_json(error: &LoadError) -> Value {
    let place = error.line_and_column();
    json!({
        "group": word(Question::Template),
        "gravity": "problem",
        "file": error.path.file_name().map(|name| name.to_string_lossy()),
        "line": place.map(|(line, _)| line),
        "column": place.and_then(|(_, column)| column),
        "message": error.fault.to_string(),
        "why": null,
        "fix": error.help(),
        "jobs": [],
        "data": [],
    })
}

/// About a line of the profiles.
fn data_json(error: &ProfileError) -> Value {
    let place = error.place();
    json!({
        "group": "profiles",
        "gravity": "problem",
        "file": place.map(|place| &*place.path),
        "line": place.map(|place| place.line),
        "column": null,
        "message": error.to_string(),
        "why": null,
        "fix": error.help(),
        "jobs": [],
        "data": [],
    })
}

fn word(question: Question) -> &'static str {
    match question {
        Question::Template => "template",
        Question::Yaml => "yaml",
        Question::WhiteSpace => "white-space",
        Question::Needed => "needed",
        Question::HardCoded => "hard-coded",
        Question::Fields => "fields",
        Question::Cluster => "cluster",
    }
}
