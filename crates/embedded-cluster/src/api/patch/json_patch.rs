//! JSON patch (RFC 6902).

use serde::Deserialize;
use serde_json::Value;

use crate::status_error::{Reason, StatusError};

/// The operations of a patch, in order.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub(super) struct Operations(Vec<Operation>);

#[derive(Debug, Deserialize)]
#[serde(tag = "op", rename_all = "lowercase")]
enum Operation {
    Add { path: String, value: Value },
    Remove { path: String },
    Replace { path: String, value: Value },
    Move { from: String, path: String },
    Copy { from: String, path: String },
    Test { path: String, value: Value },
}

impl Operations {
    pub(super) fn read(bytes: &[u8]) -> Result<Self, StatusError> {
        serde_json::from_slice(bytes)
            .map_err(|error| StatusError::bad_request(format!("error decoding patch: {error}")))
    }

    /// All or nothing: the caller keeps the original.
    ///
    /// # Errors
    /// 422 when a `test` fails or a path leads nowhere.
    pub(super) fn apply(&self, target: &mut Value) -> Result<(), StatusError> {
        for operation in &self.0 {
            operation.apply(target).ok_or_else(refused)?;
        }
        Ok(())
    }
}

impl Operation {
    fn apply(&self, target: &mut Value) -> Option<()> {
        match self {
            Operation::Add { path, value } => add(target, path, value.clone()),
            Operation::Remove { path } => remove(target, path).map(drop),
            Operation::Replace { path, value } => {
                *target.pointer_mut(path)? = value.clone();
                Some(())
            }
            Operation::Move { from, path } => {
                let value = remove(target, from)?;
                add(target, path, value)
            }
            Operation::Copy { from, path } => {
                let value = target.pointer(from)?.clone();
                add(target, path, value)
            }
            Operation::Test { path, value } => {
                let found = target.pointer(path).unwrap_or(&Value::Null);
                (found == value).then_some(())
            }
        }
    }
}

fn add(target: &mut Value, path: &str, value: Value) -> Option<()> {
    if path.is_empty() {
        *target = value;
        return Some(());
    }
    let (parent, key) = split(path)?;
    match target.pointer_mut(parent)? {
        Value::Object(fields) => {
            fields.insert(key, value);
        }
        Value::Array(items) if key == "-" => items.push(value),
        Value::Array(items) => {
            let index: usize = key.parse().ok()?;
            if index > items.len() {
                return None;
            }
            items.insert(index, value);
        }
        _ => return None,
    }
    Some(())
}

fn remove(target: &mut Value, path: &str) -> Option<Value> {
    let (parent, key) = split(path)?;
    match target.pointer_mut(parent)? {
        Value::Object(fields) => fields.shift_remove(&key),
        Value::Array(items) => {
            let index: usize = key.parse().ok()?;
            (index < items.len()).then(|| items.remove(index))
        }
        _ => None,
    }
}

/// The parent's pointer and the last step, unescaped.
fn split(path: &str) -> Option<(&str, String)> {
    let (parent, key) = path.rsplit_once('/')?;
    Some((parent, key.replace("~1", "/").replace("~0", "~")))
}

fn refused() -> StatusError {
    StatusError::new(422, Reason::Invalid, "the server rejected our request due to an error in our request")
        .with_empty_details()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn patched(patch: &Value) -> Option<Value> {
        let operations = Operations::read(patch.to_string().as_bytes()).unwrap();
        let mut target = json!({"a": {"b~c/d": 1}, "l": [1, 2]});
        operations.apply(&mut target).ok()?;
        Some(target)
    }

    #[test]
    fn operations_do_what_the_standard_says() {
        let patch = json!([
            {"op": "test", "path": "/l/0", "value": 1},
            {"op": "add", "path": "/l/-", "value": 3},
            {"op": "add", "path": "/l/0", "value": 0},
            {"op": "replace", "path": "/a/b~0c~1d", "value": 2},
            {"op": "copy", "from": "/a", "path": "/copy"},
            {"op": "move", "from": "/l/1", "path": "/moved"},
            {"op": "remove", "path": "/a"},
        ]);
        let wanted = json!({"l": [0, 2, 3], "copy": {"b~c/d": 2}, "moved": 1});
        assert_eq!(patched(&patch), Some(wanted));
    }

    #[test]
    fn a_failing_test_and_a_path_to_nowhere_refuse_the_whole_patch() {
        for patch in [
            json!([{"op": "test", "path": "/l/0", "value": 9}]),
            json!([{"op": "remove", "path": "/nope"}]),
            json!([{"op": "replace", "path": "/nope", "value": 1}]),
            json!([{"op": "add", "path": "/x/y", "value": 1}]),
            json!([{"op": "add", "path": "/l/7", "value": 1}]),
        ] {
            assert_eq!(patched(&patch), None, "{patch}");
        }
    }
}
