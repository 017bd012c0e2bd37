//! `--set`: values of the data from the command line, as Helm documents it
//! (<https://helm.sh/docs/intro/using_helm/#the-format-and-limitations-of---set>).

mod parse;

use std::fmt;
use std::str::FromStr;

use helm_template::Value;
use helm_template::go_text_template::List;

pub(crate) use parse::SyntaxError;

/// What one `--set` says: values and where they belong.
#[derive(Clone, Debug)]
pub(crate) struct Assignments(Vec<Assignment>);

#[derive(Clone, Debug)]
struct Assignment {
    path: Vec<Step>,
    value: Value,
}

/// A step on the way to a value.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Key(String),
    Index(usize),
}

/// A value that cannot be set because of what is there already.
#[derive(Debug, thiserror::Error)]
#[error("--set {path} does not fit the data: {at} is {found}, not a {wanted}")]
pub(crate) struct UnfitError {
    path: String,
    /// Where the way ends.
    at: String,
    /// The type of what is there.
    found: String,
    wanted: &'static str,
}

impl FromStr for Assignments {
    type Err = SyntaxError;

    fn from_str(text: &str) -> Result<Self, SyntaxError> {
        parse::parse(text).map(Self)
    }
}

impl Assignments {
    /// The data with the values set, and maps and lists made on the way to them.
    pub(super) fn apply(&self, data: Value) -> Result<Value, UnfitError> {
        self.0.iter().try_fold(data, |data, Assignment { path, value }| set(data, path, 0, value))
    }
}

/// Sets the value at the end of a path of which `done` steps led to `here`.
fn set(here: Value, path: &[Step], done: usize, value: &Value) -> Result<Value, UnfitError> {
    let unfit = |found: &Value, wanted| {
        let at = if done == 0 { "the data".to_owned() } else { format!("'{}'", Path(&path[..done])) };
        UnfitError { path: Path(path).to_string(), at, found: found.type_name(), wanted }
    };
    match (path.get(done), here) {
        (None, _) => Ok(value.clone()),
        (Some(Step::Key(key)), Value::Nil) => {
            let inner = set(Value::Nil, path, done + 1, value)?;
            Ok(Value::map([(key.as_str(), inner)]))
        }
        (Some(Step::Key(key)), Value::Map(map)) => {
            let inner = set(map.get(key).unwrap_or_default(), path, done + 1, value)?;
            let others =
                map.entries().into_owned().into_iter().filter(|(name, _)| name.as_bytes() != key.as_bytes());
            Ok(Value::map(others.chain([(key.as_str().into(), inner)])))
        }
        (Some(Step::Index(index)), list @ (Value::Nil | Value::List(_))) => {
            let mut items = match list {
                Value::List(list) => list.as_slice().to_vec(),
                _ => Vec::new(),
            };
            if items.len() <= *index {
                items.resize(index + 1, Value::Nil);
            }
            items[*index] = set(std::mem::take(&mut items[*index]), path, done + 1, value)?;
            Ok(Value::List(List::new(items)))
        }
        (Some(Step::Key(_)), other) => Err(unfit(&other, "map")),
        (Some(Step::Index(_)), other) => Err(unfit(&other, "list")),
    }
}

/// A path as it is written.
struct Path<'p>(&'p [Step]);

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, step) in self.0.iter().enumerate() {
            match step {
                Step::Key(key) if number == 0 => f.write_str(key)?,
                Step::Key(key) => write!(f, ".{key}")?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use helm_template::Templates;
    use helm_template::data::{WholeNumbers, from_json};

    use super::*;

    fn applied(assignments: &str, data: &str) -> Result<String, UnfitError> {
        let data = from_json(data.as_bytes(), WholeNumbers::Int).unwrap();
        let data = assignments.parse::<Assignments>().unwrap().apply(data)?;
        let mut templates = Templates::new();
        templates.add("t", "{{ toJson . }}").unwrap();
        Ok(templates.render("t", &data).unwrap())
    }

    #[test]
    fn values_are_set_as_helm_sets_them() {
        for (assignments, data, result) in [
            ("a=b", "{}", r#"{"a":"b"}"#),
            ("a=b,c=d", "{}", r#"{"a":"b","c":"d"}"#),
            ("a=1,a=2", "{}", r#"{"a":2}"#),
            ("outer.inner=value", "{}", r#"{"outer":{"inner":"value"}}"#),
            ("outer.inner=v", r#"{"outer":{"x":1,"inner":0}}"#, r#"{"outer":{"inner":"v","x":1}}"#),
            ("a.b=1", r#"{"a":null}"#, r#"{"a":{"b":1}}"#),
            ("l={a, b,3}", "{}", r#"{"l":["a"," b",3]}"#),
            ("l={},m=[]", "{}", r#"{"l":[],"m":[]}"#),
            ("servers[0].port=80", "{}", r#"{"servers":[{"port":80}]}"#),
            ("servers[0].port=80,servers[0].host=x", "{}", r#"{"servers":[{"host":"x","port":80}]}"#),
            ("l[1]=x", r#"{"l":[1,2,3]}"#, r#"{"l":[1,"x",3]}"#),
            ("l[2]=x", "{}", r#"{"l":[null,null,"x"]}"#),
            ("l[0][1]=x", "{}", r#"{"l":[[null,"x"]]}"#),
            (r"a=value1\,value2", "{}", r#"{"a":"value1,value2"}"#),
            (r"s.kubernetes\.io/role=master", "{}", r#"{"s":{"kubernetes.io/role":"master"}}"#),
            (r"l={a\,b,c\}}", "{}", r#"{"l":["a,b","c}"]}"#),
            ("a=null", r#"{"a":1}"#, r#"{"a":null}"#),
            ("a=true,b=false,c=yes", "{}", r#"{"a":true,"b":false,"c":"yes"}"#),
            ("a=0,b=-5,c=007,d=1.5,e=1e3", "{}", r#"{"a":0,"b":-5,"c":"007","d":"1.5","e":"1e3"}"#),
            ("a=9223372036854775808", "{}", r#"{"a":"9223372036854775808"}"#),
            ("a=,b=x=y", "{}", r#"{"a":"","b":"x=y"}"#),
            ("a=1,", "{}", r#"{"a":1}"#),
        ] {
            assert_eq!(applied(assignments, data).unwrap(), result, "{assignments} on {data}");
        }
    }

    #[test]
    fn what_is_there_already_must_be_a_map_or_a_list() {
        for (assignments, data, text) in [
            (
                "a.b.c=1",
                r#"{"a":{"b":"x"}}"#,
                "--set a.b.c does not fit the data: 'a.b' is string, not a map",
            ),
            (
                "a[0]=1",
                r#"{"a":{}}"#,
                "--set a[0] does not fit the data: 'a' is map[string]interface {}, not a list",
            ),
            ("a=1", "[]", "--set a does not fit the data: the data is []interface {}, not a map"),
        ] {
            assert_eq!(applied(assignments, data).unwrap_err().to_string(), text);
        }
    }
}
