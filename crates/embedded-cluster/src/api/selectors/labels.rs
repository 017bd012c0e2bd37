//! `labelSelector`: `a=b,c!=d,e in (f,g),h notin (i),j,!k`.

use serde_json::{Map, Value};

use crate::status_error::StatusError;

/// All requirements must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct LabelSelector {
    requirements: Vec<Requirement>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Requirement {
    key: String,
    operator: Operator,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Operator {
    In(Vec<String>),
    /// Also holds without the label.
    NotIn(Vec<String>),
    Exists,
    DoesNotExist,
    GreaterThan(i64),
    LessThan(i64),
}

/// What is wrong with a selector. Only the usual mistake, a word after a key, is told as Kubernetes tells it.
fn fault(text: &str) -> String {
    let second = split_outside_parentheses(text).into_iter().find_map(|part| {
        let mut words = part.split_whitespace();
        words.next()?;
        words
            .next()
            .filter(|word| word.chars().all(char::is_alphanumeric) && !matches!(*word, "in" | "notin"))
    });
    match second {
        Some(word) => format!("found '{word}', expected: in, notin, =, ==, !=, gt, lt"),
        None => format!("couldn't parse the selector string \"{text}\""),
    }
}

impl LabelSelector {
    pub(crate) fn parse(text: &str) -> Result<Self, StatusError> {
        let requirements = split_outside_parentheses(text)
            .into_iter()
            .filter(|part| !part.trim().is_empty())
            .map(|part| Requirement::parse(part.trim()))
            .collect::<Option<Vec<_>>>()
            .ok_or_else(|| {
                StatusError::bad_request(format!("unable to parse requirement: {}", fault(text)))
            })?;
        Ok(LabelSelector { requirements })
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.requirements.is_empty()
    }

    pub(crate) fn matches(&self, labels: Option<&Map<String, Value>>) -> bool {
        self.requirements.iter().all(|requirement| {
            let label = labels.and_then(|labels| labels.get(&requirement.key)).and_then(Value::as_str);
            requirement.operator.holds(label)
        })
    }
}

impl Requirement {
    fn parse(text: &str) -> Option<Requirement> {
        let (key, operator) = if let Some(key) = text.strip_prefix('!') {
            (key, Operator::DoesNotExist)
        } else if let Some((key, set)) = set_operator(text, " notin ") {
            (key, Operator::NotIn(set))
        } else if let Some((key, set)) = set_operator(text, " in ") {
            (key, Operator::In(set))
        } else if let Some((key, value)) = text.split_once("!=") {
            (key, Operator::NotIn(vec![value.trim().to_owned()]))
        } else if let Some((key, value)) = text.split_once("==").or_else(|| text.split_once('=')) {
            (key, Operator::In(vec![value.trim().to_owned()]))
        } else if let Some((key, value)) = text.split_once('>') {
            (key, Operator::GreaterThan(value.trim().parse().ok()?))
        } else if let Some((key, value)) = text.split_once('<') {
            (key, Operator::LessThan(value.trim().parse().ok()?))
        } else {
            (text, Operator::Exists)
        };
        let key = key.trim();
        let plain = !key.is_empty()
            && key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/'));
        plain.then(|| Requirement { key: key.to_owned(), operator })
    }
}

impl Operator {
    fn holds(&self, label: Option<&str>) -> bool {
        match (self, label) {
            (Operator::In(set), Some(label)) => set.iter().any(|value| value == label),
            (Operator::NotIn(set), Some(label)) => set.iter().all(|value| value != label),
            (Operator::NotIn(_) | Operator::DoesNotExist, None) | (Operator::Exists, Some(_)) => true,
            (Operator::GreaterThan(bound), Some(label)) => {
                label.parse::<i64>().is_ok_and(|number| number > *bound)
            }
            (Operator::LessThan(bound), Some(label)) => {
                label.parse::<i64>().is_ok_and(|number| number < *bound)
            }
            _ => false,
        }
    }
}

fn set_operator<'a>(text: &'a str, word: &str) -> Option<(&'a str, Vec<String>)> {
    let (key, set) = text.split_once(word)?;
    let inner = set.trim().strip_prefix('(')?.strip_suffix(')')?;
    Some((key, inner.split(',').map(|value| value.trim().to_owned()).collect()))
}

fn split_outside_parentheses(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut depth = 0_usize;
    for (index, character) in text.char_indices() {
        match character {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                parts.push(&text[start..index]);
                start = index + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_operator_holds_where_kubernetes_says_so() {
        let labels = json!({"app": "r", "tier": "web", "n": "7"});
        for (selector, holds) in [
            ("", true),
            ("app=r", true),
            ("app==r", true),
            ("app = r , tier=web", true),
            ("app=x", false),
            ("app!=x", true),
            ("none!=x", true),
            ("app in (q, r)", true),
            ("app in (q,s),tier", false),
            ("app notin (q,s)", true),
            ("none notin (q)", true),
            ("tier", true),
            ("none", false),
            ("!none", true),
            ("!tier", false),
            ("n>6", true),
            ("n<7", false),
        ] {
            let parsed = LabelSelector::parse(selector).unwrap();
            assert_eq!(parsed.matches(labels.as_object()), holds, "{selector}");
        }
    }

    #[test]
    fn nonsense_is_a_bad_request() {
        for selector in ["=", "a b c", "a in b", "a in (b", "n>x"] {
            assert_eq!(LabelSelector::parse(selector).unwrap_err().code, 400, "{selector}");
        }
    }
}
