//! Where two documents differ.

use serde_json::Value;

/// One place where two answers differ.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// The place, as `body/metadata/name`.
    pub path: String,
    /// What the one cluster has there; `None`: nothing.
    pub left: Option<Value>,
    /// What the other one has.
    pub right: Option<Value>,
}

/// All places where two documents differ; the order of fields is no difference, that of lists is.
pub(crate) fn between(left: &Value, right: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    walk(left, right, &mut String::new(), &mut found);
    found
}

fn walk(left: &Value, right: &Value, path: &mut String, found: &mut Vec<Difference>) {
    match (left, right) {
        (Value::Object(left), Value::Object(right)) => {
            for (key, left) in left {
                step(Some(left), right.get(key), key, path, found);
            }
            for (key, right) in right.iter().filter(|(key, _)| !left.contains_key(*key)) {
                step(None, Some(right), key, path, found);
            }
        }
        (Value::Array(left), Value::Array(right)) => {
            for index in 0..left.len().max(right.len()) {
                step(left.get(index), right.get(index), &index.to_string(), path, found);
            }
        }
        (left, right) if left == right => {}
        (left, right) => found.push(Difference {
            path: path.clone(),
            left: Some(left.clone()),
            right: Some(right.clone()),
        }),
    }
}

fn step(
    left: Option<&Value>,
    right: Option<&Value>,
    key: &str,
    path: &mut String,
    found: &mut Vec<Difference>,
) {
    let length = path.len();
    if !path.is_empty() {
        path.push('/');
    }
    path.push_str(&key.replace('/', "~1"));
    match (left, right) {
        (Some(left), Some(right)) => walk(left, right, path, found),
        (left, right) => {
            found.push(Difference { path: path.clone(), left: left.cloned(), right: right.cloned() });
        }
    }
    path.truncate(length);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::between;

    #[test]
    fn places_are_named_and_what_is_missing_is_told() {
        let found = between(&json!({"a": [1, {"b": 2}], "c": 3}), &json!({"a": [1, {"b": 5}, 6]}));
        let paths: Vec<&str> = found.iter().map(|difference| difference.path.as_str()).collect();
        assert_eq!(paths, ["a/1/b", "a/2", "c"]);
        assert_eq!((found[1].left.clone(), found[1].right.clone()), (None, Some(json!(6))));
    }

    fn document() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![any::<i8>().prop_map(Value::from), "[a-c]{0,2}".prop_map(Value::from)];
        leaf.prop_recursive(3, 12, 3, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
                proptest::collection::hash_map("[a-c]", inner, 0..3)
                    .prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn there_is_a_difference_exactly_when_documents_are_not_equal(left in document(), right in document()) {
            prop_assert_eq!(between(&left, &right).is_empty(), left == right);
        }
    }
}
