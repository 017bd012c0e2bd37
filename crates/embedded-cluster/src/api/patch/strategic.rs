//! Strategic merge patch: as a merge patch, but the lists that the table marks are merged by a key. Directives:
//! `$patch: delete` and `replace`, `$deleteFromPrimitiveList/…`, `$setElementOrder/…` (orders), `$retainKeys`.

use serde_json::{Map, Value};

use crate::{
    schema::{self, ListMerge, Struct, Type},
    status_error::StatusError,
};

const PATCH: &str = "$patch";
const RETAIN_KEYS: &str = "$retainKeys";
const DELETE_FROM: &str = "$deleteFromPrimitiveList/";
const ORDER: &str = "$setElementOrder/";

/// Changes `target`, an object of the struct `shape`.
///
/// # Errors
/// 400 when the patch is no object; 422 when a merged list's item lacks its key.
pub(super) fn apply(shape: &'static Struct, target: &mut Value, patch: &Value) -> Result<(), StatusError> {
    let Value::Object(changes) = patch else {
        return Err(StatusError::bad_request("invalid JSON patch"));
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let Value::Object(fields) = target else { return Ok(()) };
    merge_struct(Some(shape), fields, changes)
}

fn merge_struct(
    shape: Option<&'static Struct>,
    fields: &mut Map<String, Value>,
    changes: &Map<String, Value>,
) -> Result<(), StatusError> {
    match changes.get(PATCH).and_then(Value::as_str) {
        Some("replace") => {
            *fields = changes.iter().filter(|(key, _)| *key != PATCH).map(clone_entry).collect();
            return Ok(());
        }
        Some("delete") => {
            fields.clear();
            return Ok(());
        }
        _ => {}
    }
    if let Some(Value::Array(kept)) = changes.get(RETAIN_KEYS) {
        fields.retain(|key, _| kept.iter().any(|kept| kept == key));
    }
    for (key, change) in changes {
        if let Some(name) = key.strip_prefix(DELETE_FROM) {
            delete_scalars(fields, name, change);
        } else if !key.starts_with('$') {
            let field = shape.and_then(|shape| shape.field(key));
            merge_field(field.map(|field| (&field.value, field.merge)), fields, key, change)?;
        }
    }
    for (key, order) in changes {
        if let Some(name) = key.strip_prefix(ORDER) {
            let merge =
                shape.and_then(|shape| shape.field(name)).map_or(ListMerge::Replace, |field| field.merge);
            set_order(fields, name, merge, order);
        }
    }
    Ok(())
}

fn merge_field(
    known: Option<(&'static Type, ListMerge)>,
    fields: &mut Map<String, Value>,
    key: &str,
    change: &Value,
) -> Result<(), StatusError> {
    match change {
        Value::Null => {
            fields.shift_remove(key);
        }
        Value::Object(changes) => {
            let shape = match known {
                Some((Type::Struct(name), _)) => Some(schema::named(name)),
                _ => None,
            };
            let target = fields.entry(key).or_insert_with(|| Value::Object(Map::new()));
            if !target.is_object() {
                *target = Value::Object(Map::new());
            }
            if let Value::Object(inner) = target {
                merge_struct(shape, inner, changes)?;
            }
        }
        Value::Array(items) => {
            let target = fields.entry(key).or_insert_with(|| Value::Array(Vec::new()));
            match (known, target) {
                (Some((Type::List(item), ListMerge::ByKey(merge_key))), Value::Array(list)) => {
                    let shape = match item.as_ref() {
                        Type::Struct(name) => Some(schema::named(name)),
                        _ => None,
                    };
                    merge_by_key(shape, list, items, merge_key)?;
                }
                (Some((_, ListMerge::Union)), Value::Array(list)) => {
                    for item in items {
                        if !list.contains(item) {
                            list.push(item.clone());
                        }
                    }
                }
                (_, target) => *target = Value::Array(items.clone()),
            }
        }
        scalar => {
            fields.insert(key.to_owned(), scalar.clone());
        }
    }
    Ok(())
}

fn merge_by_key(
    shape: Option<&'static Struct>,
    list: &mut Vec<Value>,
    items: &[Value],
    merge_key: &str,
) -> Result<(), StatusError> {
    if items.iter().any(|item| item[PATCH] == "replace") {
        *list = items.iter().filter(|item| item.get(PATCH).is_none()).cloned().collect();
        return Ok(());
    }
    for item in items {
        let Some(key) = item.get(merge_key) else {
            return Err(StatusError::bad_request(format!(
                "map: {item} does not contain declared merge key: {merge_key}"
            )));
        };
        let found = list.iter().position(|old| old.get(merge_key) == Some(key));
        if item[PATCH] == "delete" {
            if let Some(index) = found {
                list.remove(index);
            }
            continue;
        }
        match (found.map(|index| &mut list[index]), item) {
            (Some(Value::Object(old)), Value::Object(changes)) => merge_struct(shape, old, changes)?,
            _ => list.push(without_directives(item)),
        }
    }
    Ok(())
}

fn delete_scalars(fields: &mut Map<String, Value>, name: &str, removed: &Value) {
    if let (Some(Value::Array(list)), Value::Array(removed)) = (fields.get_mut(name), removed) {
        list.retain(|item| !removed.contains(item));
    }
}

/// Sorts the named items into the given order; others keep their places behind them.
fn set_order(fields: &mut Map<String, Value>, name: &str, merge: ListMerge, order: &Value) {
    let (Some(Value::Array(list)), Value::Array(order)) = (fields.get_mut(name), order) else { return };
    let place = |item: &Value| {
        let position = match merge {
            ListMerge::ByKey(key) => order.iter().position(|wanted| wanted.get(key) == item.get(key)),
            _ => order.iter().position(|wanted| wanted == item),
        };
        position.unwrap_or(usize::MAX)
    };
    list.sort_by_key(place);
}

fn clone_entry((key, value): (&String, &Value)) -> (String, Value) {
    (key.clone(), value.clone())
}

fn without_directives(item: &Value) -> Value {
    match item {
        Value::Object(fields) => {
            fields.iter().filter(|(key, _)| !key.starts_with('$')).map(clone_entry).collect()
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::kind::Kind;

    fn patched(patch: &Value) -> Value {
        let mut pod = json!({"metadata": {"finalizers": ["a"]}, "spec": {
            "containers": [
                {"name": "one", "image": "a", "env": [{"name": "A", "value": "1"}], "args": ["x"]},
                {"name": "two", "image": "b"},
            ],
            "tolerations": [{"key": "k"}],
        }});
        apply(schema::of_kind(Kind::Pod), &mut pod, patch).unwrap();
        pod
    }

    #[test]
    fn lists_with_a_key_are_merged_by_it_and_others_replaced() {
        let pod = patched(&json!({"metadata": {"finalizers": ["b", "a"]}, "spec": {
            "containers": [{"name": "one", "env": [{"name": "B", "value": "2"}], "args": ["y"]}, {"name": "new"}],
            "tolerations": [{"key": "z"}],
        }}));
        assert_eq!(pod["metadata"]["finalizers"], json!(["a", "b"]));
        assert_eq!(
            pod["spec"]["containers"],
            json!([
                {"name": "one", "image": "a", "args": ["y"],
                 "env": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]},
                {"name": "two", "image": "b"},
                {"name": "new"},
            ])
        );
        assert_eq!(pod["spec"]["tolerations"], json!([{"key": "z"}]));
    }

    #[test]
    fn directives_delete_replace_and_order() {
        let pod = patched(&json!({
            "metadata": {"$deleteFromPrimitiveList/finalizers": ["a"]},
            "spec": {
                "$setElementOrder/containers": [{"name": "two"}, {"name": "one"}],
                "containers": [{"name": "one", "env": [{"name": "A", "$patch": "delete"}]}],
            },
        }));
        assert_eq!(pod["metadata"]["finalizers"], json!([]));
        assert_eq!(
            pod["spec"]["containers"],
            json!([{"name": "two", "image": "b"}, {"name": "one", "image": "a", "env": [], "args": ["x"]}])
        );
        let replaced = patched(&json!({"spec": {"$patch": "replace", "nodeName": "n"}}));
        assert_eq!(replaced["spec"], json!({"nodeName": "n"}));
    }

    #[test]
    fn an_item_without_its_key_is_refused() {
        let mut pod = json!({});
        let patch = json!({"spec": {"containers": [{"image": "x"}]}});
        assert_eq!(apply(schema::of_kind(Kind::Pod), &mut pod, &patch).unwrap_err().code, 400);
    }
}
