//! Whether an answer is what a row wants.

use serde_json::Value;

use crate::{Answer, Content, names::Names, row::Wanted};

impl Wanted {
    /// What is wrong with an answer; nothing, if it holds.
    pub(crate) fn faults(&self, answer: &Answer, names: &Names) -> Vec<String> {
        let mut faults = Vec::new();
        if answer.status != self.status {
            faults.push(format!("status {}, not {}", answer.status, self.status));
        }
        if let Some(wanted) = &self.answer {
            let found = match &answer.content {
                Content::Json(document) => document.clone(),
                Content::Lines(_) | Content::Text(_) => Value::Null,
            };
            contains(wanted, &found, "answer", names, &mut faults);
        }
        if let Some(wanted) = &self.lines {
            contains(&Value::Array(wanted.clone()), &answer.content.value(), "lines", names, &mut faults);
        }
        if let Some(wanted) = &self.says {
            let wanted = names.fill(wanted);
            if !matches!(&answer.content, Content::Text(text) if *text == wanted) {
                faults.push(format!("said {:?}, not {wanted:?}", answer.content.excerpt()));
            }
        }
        for (name, wanted) in &self.headers {
            let values: Vec<&str> = answer.header(name).collect();
            match wanted {
                Some(wanted) if !values.contains(&wanted.as_str()) => {
                    faults.push(format!("header {name}: {values:?}, not {wanted:?}"));
                }
                None if !values.is_empty() => faults.push(format!("header {name}: {values:?}")),
                _ => {}
            }
        }
        faults
    }
}

/// Whether a document contains another one, as `until` and `once` ask.
pub(crate) fn is_in(wanted: &Value, found: &Value, names: &Names) -> bool {
    let mut faults = Vec::new();
    contains(wanted, found, "", names, &mut faults);
    faults.is_empty()
}

/// Objects must contain what is wanted, lists be as long and contain it place by place. `<any>`: something must be
/// there; `<has> x`: a text that contains x; `null`: nothing may be there.
fn contains(wanted: &Value, found: &Value, path: &str, names: &Names, faults: &mut Vec<String>) {
    match (wanted, found) {
        (Value::Object(wanted), Value::Object(found)) => {
            for (key, wanted) in wanted {
                let found = found.get(key).unwrap_or(&Value::Null);
                contains(wanted, found, &format!("{path}.{key}"), names, faults);
            }
        }
        (Value::Array(wanted), Value::Array(found)) if wanted.len() == found.len() => {
            for (index, (wanted, found)) in wanted.iter().zip(found).enumerate() {
                contains(wanted, found, &format!("{path}[{index}]"), names, faults);
            }
        }
        (Value::String(wanted), found) => {
            let wanted = names.fill(wanted);
            let holds = match (wanted.strip_prefix("<has> "), found) {
                _ if wanted == "<any>" => !found.is_null(),
                (Some(part), Value::String(found)) => found.contains(part),
                (Some(_), _) => false,
                (None, found) => found.as_str() == Some(wanted.as_str()),
            };
            if !holds {
                faults.push(format!("{path} is {found}, not {wanted:?}"));
            }
        }
        (wanted, found) if wanted == found => {}
        (wanted, found) => faults.push(format!("{path} is {found}, not {wanted}")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::is_in;
    use crate::names::Names;

    #[test]
    fn an_answer_may_have_more_than_is_wanted_and_not_less() {
        let holds = |wanted, found| is_in(&wanted, &found, &Names::default());
        assert!(holds(json!({"a": 1}), json!({"a": 1, "b": 2})));
        assert!(!holds(json!({"a": 1}), json!({"b": 2})));
        assert!(holds(json!({"a": null}), json!({})));
        assert!(!holds(json!({"a": "<any>"}), json!({})));
        assert!(holds(json!(["<has> ell"]), json!(["hello"])));
        assert!(!holds(json!([1]), json!([1, 2])));
    }
}
