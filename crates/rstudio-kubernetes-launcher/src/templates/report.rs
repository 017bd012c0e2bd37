//! What `--validate-templates` prints.

use std::fmt::Write as _;
use std::io::{self, IsTerminal as _};

use helm_template::diagnostic::Diagnostic;
use kubernetes_backend::templates::validation::{Asked, Gravity, Problem, Question, Validation};
use kubernetes_backend::templates::{LoadError, TemplateFolder};
use serde_json::{Value, json};

/// What came of a validation.
pub(super) enum Outcome {
    /// There was nothing to render.
    NotLoaded(Vec<LoadError>),
    /// By this program alone.
    Validated(Validation),
    /// With the cluster.
    Asked(Validation, Answered),
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
        self.validation().is_ok_and(Validation::is_fine)
    }

    fn validation(&self) -> Result<&Validation, &[LoadError]> {
        match self {
            Self::NotLoaded(errors) => Err(errors),
            Self::Validated(validation) | Self::Asked(validation, _) => Ok(validation),
        }
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
    let validation = match outcome.validation() {
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
            let _ = writeln!(text, "--- {file} for the test job '{job}'\n{}", rendered.trim_end());
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
    } else {
        let _ = writeln!(text, "The templates in {path} give all that the Launcher needs.");
    }
    if warnings > 0 {
        let _ = writeln!(text, "{}.", count(warnings, "warning"));
    }
    if let Outcome::Asked(_, Answered::By(Asked { release, objects, namespace })) = outcome {
        let objects = count(*objects, "object");
        let _ = writeln!(text, "Kubernetes {release} was asked about {objects} in namespace '{namespace}'.");
    }
    text
}

fn drawn(diagnostic: &Diagnostic) -> String {
    if io::stdout().is_terminal() && crate::colour::wanted() {
        diagnostic.coloured(None)
    } else {
        diagnostic.to_string()
    }
}

fn count(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}

/// For programs.
pub(super) fn json(folder: &TemplateFolder, outcome: &Outcome) -> String {
    let problems: Vec<Value> = match outcome.validation() {
        Ok(validation) => validation.problems.iter().map(problem_json).collect(),
        Err(errors) => errors.iter().map(error_json).collect(),
    };
    let mut report = json!({ "folder": folder.path, "valid": outcome.is_fine(), "problems": problems });
    if let Outcome::Asked(_, answered) = outcome {
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
        "jobs": problem.jobs,
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
