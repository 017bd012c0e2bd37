//! What `--validate-templates` prints.

use std::fmt::Write as _;
use std::io::{self, IsTerminal as _};

use helm_template::diagnostic::Diagnostic;
use kubernetes_backend::templates::validation::{Gravity, Problem, Question};
use kubernetes_backend::templates::{LoadError, TemplateFolder};
use serde_json::{Value, json};

use super::validate::Outcome;

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
    let validation = match outcome {
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
    let (valid, problems): (bool, Vec<Value>) = match outcome {
        Ok(validation) => (validation.is_fine(), validation.problems.iter().map(problem_json).collect()),
        Err(errors) => (false, errors.iter().map(error_json).collect()),
    };
    format!("{:#}\n", json!({ "folder": folder.path, "valid": valid, "problems": problems }))
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
