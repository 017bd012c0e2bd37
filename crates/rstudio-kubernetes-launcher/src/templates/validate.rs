//! `--validate-templates`: whether the templates give what the Launcher needs.

use std::fmt::Write as _;
use std::process::ExitCode;

use kubernetes_backend::templates::validation::{Problem, Question, Validation, validate};
use kubernetes_backend::templates::{LoadError, TemplateFolder};
use serde_json::{Value, json};

use crate::command_line::Report;

/// Exits with 0 if there is no problem, with 1 if there is one.
pub(super) fn run(folder: &TemplateFolder, report: Report) -> ExitCode {
    let outcome = validate(folder);
    let text = match report {
        Report::Json => json_report(folder, &outcome),
        Report::Problems => text_report(folder, &outcome, Rendered::Hidden),
        Report::Verbose => text_report(folder, &outcome, Rendered::Shown),
    };
    super::print(&text);
    match outcome {
        Ok(validation) if validation.problems.is_empty() => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

/// Whether the rendered texts are part of the report.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rendered {
    Hidden,
    Shown,
}

type Outcome = Result<Validation, Vec<LoadError>>;

// Writing to a String cannot fail.
fn text_report(folder: &TemplateFolder, outcome: &Outcome, rendered: Rendered) -> String {
    let mut text = String::new();
    let validation = match outcome {
        Ok(validation) => validation,
        Err(errors) => {
            let _ = writeln!(text, "{}:", Question::Template.title());
            for error in errors {
                let _ = writeln!(text, "  {error}");
                if let Some(help) = error.help() {
                    let _ = writeln!(text, "    {help}");
                }
            }
            let _ = writeln!(text, "\n{}, so that nothing could be rendered.", count(errors.len()));
            return text;
        }
    };
    if rendered == Rendered::Shown {
        for (job, file, rendered) in &validation.rendered {
            let _ = writeln!(text, "--- {file} for the test job '{job}'\n{}", rendered.trim_end());
        }
        text.push('\n');
    }
    for question in Question::ALL {
        let problems: Vec<&Problem> =
            validation.problems.iter().filter(|problem| problem.question == question).collect();
        if problems.is_empty() {
            continue;
        }
        let _ = writeln!(text, "{}:", question.title());
        for problem in problems {
            let _ = writeln!(text, "  {problem}");
            if let Some(help) = &problem.help {
                let _ = writeln!(text, "    {help}");
            }
            let _ = writeln!(text, "    met with: {}", problem.jobs.join(", "));
        }
    }
    let path = folder.path.display();
    let _ = match validation.problems.len() {
        0 => writeln!(text, "The templates in {path} give all that the Launcher needs."),
        problems => writeln!(
            text,
            "\n{} in {path}. Jobs are made from these templates all the same; --verbose shows what is rendered.",
            count(problems)
        ),
    };
    text
}

fn count(problems: usize) -> String {
    if problems == 1 { "1 problem".to_owned() } else { format!("{problems} problems") }
}

fn json_report(folder: &TemplateFolder, outcome: &Outcome) -> String {
    let problems: Vec<Value> = match outcome {
        Ok(validation) => validation.problems.iter().map(problem_json).collect(),
        Err(errors) => errors
            .iter()
            .map(|error| {
                json!({
                    "question": word(Question::Template), "file": error.path, "line": null,
                    "message": error.to_string(), "help": error.help(), "jobs": [],
                })
            })
            .collect(),
    };
    format!("{:#}\n", json!({ "folder": folder.path, "valid": problems.is_empty(), "problems": problems }))
}

fn problem_json(problem: &Problem) -> Value {
    json!({
        "question": word(problem.question), "file": problem.file, "line": problem.line,
        "message": problem.message, "help": problem.help, "jobs": problem.jobs,
    })
}

fn word(question: Question) -> &'static str {
    match question {
        Question::Template => "template",
        Question::Yaml => "yaml",
        Question::WhiteSpace => "white-space",
        Question::Needed => "needed",
        Question::HardCoded => "hard-coded",
    }
}
