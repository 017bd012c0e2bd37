//! The text of a `--set` as assignments.

use std::iter::Peekable;
use std::str::Chars;

use helm_template::Value;

use super::{Assignment, Path, Step};

/// Steps that a path may have; Helm has the same limit.
const MOST_STEPS: usize = 30;

/// The greatest index that a list may be given; Helm has the same limit.
const GREATEST_INDEX: usize = 65_536;

/// Why a text is no list of assignments.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SyntaxError {
    #[error("'{path}' has no value: write {path}=VALUE")]
    NoValue { path: String },
    #[error("'{path}' has no value; a comma that belongs to a value is written \\,")]
    CommaBeforeValue { path: String },
    #[error("a key is empty")]
    EmptyKey,
    #[error("'{found}' is no index of a list: write a number up to {GREATEST_INDEX}, as in a[0]=b")]
    Index { found: String },
    #[error("after ']' there must be '=', '.' or '['")]
    AfterIndex,
    #[error("a list has no '}}' at its end")]
    OpenList,
    #[error("after '}}' there must be a comma or nothing")]
    AfterList,
    #[error("a value is more than {MOST_STEPS} levels deep")]
    TooDeep,
}

type Characters<'t> = Peekable<Chars<'t>>;

/// Reads `key=value` pairs that commas part.
pub(super) fn parse(text: &str) -> Result<Vec<Assignment>, SyntaxError> {
    let mut rest = text.chars().peekable();
    let mut assignments = Vec::new();
    loop {
        let path = path(&mut rest)?;
        let value = value(&mut rest)?;
        assignments.push(Assignment { path, value });
        // A comma at the end is allowed, as it is by Helm.
        if rest.peek().is_none() {
            return Ok(assignments);
        }
    }
}

/// The steps up to and with the `=`.
fn path(rest: &mut Characters<'_>) -> Result<Vec<Step>, SyntaxError> {
    let mut steps = Vec::new();
    loop {
        let (key, mut end) = until(rest, &['.', '=', '[', ',']);
        if key.is_empty() && (end.is_some() || steps.is_empty()) {
            return Err(SyntaxError::EmptyKey);
        }
        if !key.is_empty() {
            steps.push(Step::Key(key));
        }
        while end == Some('[') {
            steps.push(Step::Index(index(rest)?));
            end = rest.next();
            if !matches!(end, Some('.' | '=' | '[') | None) {
                return Err(SyntaxError::AfterIndex);
            }
        }
        match end {
            _ if steps.len() > MOST_STEPS => return Err(SyntaxError::TooDeep),
            Some('=') => return Ok(steps),
            Some('.') => {}
            Some(_) => return Err(SyntaxError::CommaBeforeValue { path: Path(&steps).to_string() }),
            None => return Err(SyntaxError::NoValue { path: Path(&steps).to_string() }),
        }
    }
}

fn index(rest: &mut Characters<'_>) -> Result<usize, SyntaxError> {
    let (found, end) = until(rest, &[']']);
    let index = found.parse().ok().filter(|&index| index <= GREATEST_INDEX && end.is_some());
    index.ok_or(SyntaxError::Index { found })
}

/// A value and the comma after it.
fn value(rest: &mut Characters<'_>) -> Result<Value, SyntaxError> {
    if rest.next_if_eq(&'{').is_none() {
        let (text, _) = until(rest, &[',']);
        return Ok(if text == "[]" { Value::list::<Value>([]) } else { typed(&text) });
    }
    let mut items = Vec::new();
    loop {
        let (text, end) = until(rest, &[',', '}']);
        let is_empty_list = items.is_empty() && text.is_empty() && end == Some('}');
        if !is_empty_list {
            items.push(typed(&text));
        }
        match end {
            Some('}') if matches!(rest.next(), None | Some(',')) => return Ok(Value::list(items)),
            Some('}') => return Err(SyntaxError::AfterList),
            Some(_) => {}
            None => return Err(SyntaxError::OpenList),
        }
    }
}

/// The text before one of the ends, which is taken too. A backslash takes the meaning of what follows away.
fn until(rest: &mut Characters<'_>, ends: &[char]) -> (String, Option<char>) {
    let mut text = String::new();
    while let Some(character) = rest.next() {
        match character {
            '\\' => text.extend(rest.next()),
            end if ends.contains(&end) => return (text, Some(end)),
            other => text.push(other),
        }
    }
    (text, None)
}

/// A word as what it looks like. Numbers with a leading zero or a point stay text, as for Helm.
fn typed(text: &str) -> Value {
    let is = |word: &str| text.eq_ignore_ascii_case(word);
    match text {
        _ if is("true") => Value::Bool(true),
        _ if is("false") => Value::Bool(false),
        _ if is("null") => Value::Nil,
        "0" => Value::Int(0),
        _ if text.starts_with('0') => Value::from(text),
        _ => text.parse().map_or_else(|_| Value::from(text), Value::Int),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_assignment_is_said_to_be_none() {
        for (text, error) in [
            ("", "a key is empty"),
            ("a", "'a' has no value: write a=VALUE"),
            ("a.b", "'a.b' has no value: write a.b=VALUE"),
            ("a=b,c", "'c' has no value: write c=VALUE"),
            ("a,b=c", "'a' has no value; a comma that belongs to a value is written \\,"),
            ("=b", "a key is empty"),
            ("a.=b", "a key is empty"),
            ("a..b=c", "a key is empty"),
            ("a[x]=b", "'x' is no index of a list: write a number up to 65536, as in a[0]=b"),
            ("a[-1]=b", "'-1' is no index of a list: write a number up to 65536, as in a[0]=b"),
            ("a[65537]=b", "'65537' is no index of a list: write a number up to 65536, as in a[0]=b"),
            ("a[0", "'0' is no index of a list: write a number up to 65536, as in a[0]=b"),
            ("a[0]b=c", "after ']' there must be '=', '.' or '['"),
            ("a[0]", "'a[0]' has no value: write a[0]=VALUE"),
            ("a={b", "a list has no '}' at its end"),
            ("a={b}c", "after '}' there must be a comma or nothing"),
        ] {
            assert_eq!(parse(text).unwrap_err().to_string(), error, "{text}");
        }
        assert_eq!(parse(&format!("{}=1", "a.".repeat(30) + "a")).unwrap_err(), SyntaxError::TooDeep);
    }
}
