//! Golden cases of all files: what was asked, and what Go answered.

use std::path::Path;

use helm_template::batch::Answer;
use serde_json::Value as Json;

use crate::failure::Failure;
use crate::oracle::fuzz::is_same;
use crate::oracle::programs::Program;

/// A file of cases.
pub(super) struct Family {
    pub(super) name: String,
    pub(super) cases: Vec<Case>,
}

pub(super) struct Case {
    /// The line of its file, from 1.
    pub(super) number: usize,
    /// The line to ask.
    pub(super) question: String,
    answer: Expected,
}

/// What cases about YAML keep of Go's answer.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kept {
    All,
    /// Of deep nesting, no more than the error.
    Error,
}

enum Expected {
    /// Of a template.
    Rendered(Answer),
    /// Of a question about YAML.
    Yaml { answer: Json, of: Kept },
}

impl Case {
    pub(super) fn is_answered_by(&self, line: &str) -> bool {
        match &self.answer {
            Expected::Rendered(answer) => {
                Answer::from_json(line.as_bytes()).is_ok_and(|now| is_same(answer, &now))
            }
            Expected::Yaml { answer, of } => serde_json::from_str(line).is_ok_and(|mut now: Json| {
                if let (Kept::Error, Json::Object(fields)) = (of, &mut now) {
                    fields.remove("json");
                }
                now == *answer
            }),
        }
    }

    /// For a person.
    pub(super) fn answer(&self) -> String {
        match &self.answer {
            Expected::Rendered(answer) => answer.to_json(),
            Expected::Yaml { answer, .. } => answer.to_string(),
        }
    }
}

/// All files of a folder, in the order of their names.
///
/// # Errors
/// A folder or file that cannot be read, or holds no cases.
pub(super) fn families(folder: &Path, program: Program) -> Result<Vec<Family>, Failure> {
    let doing = || format!("reading {}", folder.display());
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .map_err(|e| Failure::during(doing(), e))?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "jsonl" || extension == "json"))
        .collect();
    files.sort();
    if files.is_empty() {
        return Err(Failure::new(format!("{}: there are no golden cases", doing())));
    }
    files.iter().map(|file| family(file, program)).collect()
}

fn family(file: &Path, program: Program) -> Result<Family, Failure> {
    let doing = || format!("reading {}", file.display());
    let text = std::fs::read_to_string(file).map_err(|e| Failure::during(doing(), e))?;
    let cases = match program {
        Program::Yaml => {
            let lines: Vec<Json> = serde_json::from_str(&text).map_err(|e| Failure::during(doing(), e))?;
            lines.into_iter().enumerate().map(|(at, line)| yaml_case(at + 2, line)).collect::<Option<_>>()
        }
        Program::GoTemplate | Program::Helm => {
            text.lines().enumerate().map(|(at, line)| rendered_case(at + 1, line)).collect::<Option<_>>()
        }
    };
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let cases: Vec<Case> = cases.ok_or_else(|| Failure::new(format!("{}: a line is no case", doing())))?;
    Ok(Family { name, cases })
}

/// A line with a question's fields and those of its answer.
fn rendered_case(number: usize, line: &str) -> Option<Case> {
    let answer = Expected::Rendered(Answer::from_json(line.as_bytes()).ok()?);
    // Numbers of the data would not all survive being read: the answer, which stands last, is cut off.
    let end = [r#","output":"#, r#","output_base64":"#, r#","error":"#]
        .iter()
        .filter_map(|key| start_of(line, key))
        .min()?;
    Some(Case { number, question: format!("{}}}", &line[..end]), answer })
}

/// Where a key of the outermost object begins: outside all texts and other objects.
fn start_of(line: &str, key: &str) -> Option<usize> {
    let (mut depth, mut in_text, mut is_escaped) = (0, false, false);
    for (at, byte) in line.bytes().enumerate() {
        if !in_text && depth == 1 && line[at..].starts_with(key) {
            return Some(at);
        }
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if in_text => is_escaped = true,
            b'"' => in_text = !in_text,
            b'{' | b'[' if !in_text => depth += 1,
            b'}' | b']' if !in_text => depth -= 1,
            _ => {}
        }
    }
    None
}

/// A question about YAML beside the answer under `go`; `parts` stands for a text that they make.
fn yaml_case(number: usize, line: Json) -> Option<Case> {
    let Json::Object(mut question) = line else { return None };
    let answer = question.remove("go")?;
    let mut of = Kept::All;
    if let Some(parts) = question.remove("parts") {
        of = Kept::Error;
        question.insert("text".to_owned(), joined(&parts)?.into());
    }
    let question = Json::Object(question).to_string();
    Some(Case { number, question, answer: Expected::Yaml { answer, of } })
}

fn joined(parts: &Json) -> Option<String> {
    let piece =
        |part: &Json| Some(part.get(0)?.as_str()?.repeat(usize::try_from(part.get(1)?.as_u64()?).ok()?));
    parts.as_array()?.iter().map(piece).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_ends_where_its_answer_begins_whatever_its_data_holds() {
        let line = r#"{"template":"{{ .a }}","data":{"b":1.0,"output":"\"}","l":[{"x":2,"error":3}]},"output":"1","error":"e"}"#;
        let case = rendered_case(1, line);
        let question = case.as_ref().map(|case| case.question.as_str());
        assert_eq!(
            question,
            Some(r#"{"template":"{{ .a }}","data":{"b":1.0,"output":"\"}","l":[{"x":2,"error":3}]}}"#)
        );
        assert!(case.is_some_and(|case| case.is_answered_by(r#"{"output":"1","error":"e"}"#)));
    }
}
