//! What the plugin adds to a Job that a template has made: without it, it would not find the job again.

use launcher_api::Job;
use serde_json::{Map, Value};

use super::{BuildContext, BuildError, StdinPlace};
use crate::annotation;
use crate::readback::Record;
use crate::stdin::Delivery;
use crate::templates::{ObjectKind, TemplateError, TemplateFault};

/// Stands in for a standard input that is kept in a file.
pub(super) const STDIN_MARK: &str = "(kept by the launcher)";

/// Labels of the Job and of its pod by which the launcher finds them, whatever the template says.
pub(super) fn label(object: &mut Value) -> Result<(), TemplateError> {
    for path in [&["metadata", "labels"][..], &["spec", "template", "metadata", "labels"][..]] {
        let labels = map_at(object, path, ObjectKind::Job)?;
        labels.insert(annotation::MANAGED_BY.to_owned(), annotation::MANAGED_BY_LAUNCHER.into());
    }
    Ok(())
}

/// Where the standard input is kept, in the pod's annotations.
///
/// # Errors
/// They hold more than they may.
pub(super) fn keep_stdin(
    object: &mut Value,
    stdin: &StdinPlace,
    context: &BuildContext,
) -> Result<(), BuildError> {
    let annotations = map_at(object, &["spec", "template", "metadata", "annotations"], ObjectKind::Job)?;
    if *stdin == StdinPlace::File {
        if annotations.get(annotation::STDIN).is_some_and(|text| text == STDIN_MARK) {
            annotations.insert(annotation::STDIN.to_owned(), "".into());
        }
        annotations.insert(annotation::STDIN_FILE.to_owned(), context.stdin_key.as_str().into());
    }
    check(annotations, 0)
}

/// The Job's own annotations: what its specification does not tell of the job, and who delivers its standard input.
///
/// # Errors
/// They hold more than they may.
pub(super) fn describe(
    object: &mut Value,
    job: &Job,
    stdin: &StdinPlace,
    context: &BuildContext,
) -> Result<(), BuildError> {
    let record = Record::of(job, object, &context.cluster).write();
    let annotations = map_at(object, &["metadata", "annotations"], ObjectKind::Job)?;
    if let Some(text) = record {
        annotations.insert(annotation::RECORD.to_owned(), text.into());
    }
    if *stdin != StdinPlace::Nowhere {
        let delivery = Delivery::Claimed { by: context.deliverer.to_string() };
        annotations.insert(annotation::STDIN_DELIVERY.to_owned(), delivery.write().into());
    }
    check(annotations, annotation::RESERVED_ON_JOB)
}

/// The map at a path, made where it is missing.
pub(super) fn map_at<'o>(
    object: &'o mut Value,
    path: &[&str],
    kind: ObjectKind,
) -> Result<&'o mut Map<String, Value>, TemplateError> {
    let mut at = object;
    for (depth, key) in path.iter().enumerate() {
        at = match at {
            Value::Object(entries) => entries.entry(*key).or_insert(Value::Null),
            other => return Err(shape(&path[..depth], other, kind)),
        };
        if at.is_null() {
            *at = Value::Object(Map::new());
        }
    }
    match at {
        Value::Object(entries) => Ok(entries),
        other => Err(shape(path, other, kind)),
    }
}

fn shape(path: &[&str], found: &Value, kind: ObjectKind) -> TemplateError {
    let found = crate::templates::what(found);
    TemplateError { file: kind.file(), fault: TemplateFault::Shape { path: path.join("."), found } }
}

fn check(annotations: &Map<String, Value>, reserved: usize) -> Result<(), BuildError> {
    let length = |key: &str, value: &Value| key.len() + value.as_str().map_or(0, str::len);
    let size: usize = annotations.iter().map(|(key, value)| length(key, value)).sum();
    let limit = annotation::TOTAL_MAX - reserved;
    if size <= limit {
        return Ok(());
    }
    let largest = annotations.iter().max_by_key(|(key, value)| length(key, value));
    let part = largest.map_or("", |(key, _)| part_name(key)).to_owned();
    Err(BuildError::TooLarge { part, size, limit })
}

/// What the user calls that which is kept under `key`.
fn part_name(key: &str) -> &str {
    match key {
        annotation::USER_METADATA => "metadata",
        annotation::SERVICE_PORTS => "list of exposed ports",
        annotation::RECORD => "description (arguments, mounts, settings)",
        annotation::USER | annotation::NAME => key,
        _ if key.starts_with(annotation::USER_TAG) => "list of tags",
        other => other,
    }
}
