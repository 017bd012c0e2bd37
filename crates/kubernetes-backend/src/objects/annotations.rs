//! What objects carry so that the job can be read back, and how much of it fits.

use launcher_api::Job;
use serde_json::{Map, Value};

use super::metadata::Additions;
use super::{BuildContext, BuildError, StdinPlace, ports};
use crate::annotation;
use crate::readback::Record;
use crate::stdin::Delivery;

/// The pod template's annotations, and where the standard input goes.
pub(super) fn for_pod(
    job: &Job,
    additions: &Additions<'_>,
    context: &BuildContext<'_>,
) -> Result<(Map<String, Value>, StdinPlace), BuildError> {
    let mut ours = Map::new();
    ours.insert(annotation::USER.to_owned(), job.user.as_str().into());
    ours.insert(annotation::NAME.to_owned(), job.name.as_str().into());
    ours.insert(annotation::SERVICE_PORTS.to_owned(), ports::service_ports_json(job).into());
    if let Some(metadata) = &job.metadata {
        ours.insert(annotation::USER_METADATA.to_owned(), Value::Object(metadata.clone()).to_string().into());
    }
    for (number, tag) in job.tags.iter().enumerate() {
        ours.insert(format!("{}{number}", annotation::USER_TAG), tag.as_str().into());
    }
    ours.insert(annotation::STDIN.to_owned(), "".into());
    let mut all = additions.merged_annotations("pod", &ours);
    check(&all, 0)?;
    if job.stdin.is_empty() {
        return Ok((all, StdinPlace::Nowhere));
    }
    all[annotation::STDIN] = job.stdin.as_str().into();
    if check(&all, 0).is_ok() {
        return Ok((all, StdinPlace::Annotation));
    }
    all[annotation::STDIN] = "".into();
    all.insert(annotation::STDIN_FILE.to_owned(), context.stdin_key.into());
    check(&all, 0)?;
    Ok((all, StdinPlace::File))
}

/// The Job's own annotations.
pub(super) fn for_job(
    record: &Record,
    stdin: &StdinPlace,
    additions: &Additions<'_>,
    context: &BuildContext<'_>,
) -> Result<Value, BuildError> {
    let mut ours = Map::new();
    if let Some(text) = record.write() {
        ours.insert(annotation::RECORD.to_owned(), text.into());
    }
    if *stdin != StdinPlace::Nowhere {
        let delivery = Delivery::Claimed { by: context.deliverer.to_owned() };
        ours.insert(annotation::STDIN_DELIVERY.to_owned(), delivery.write().into());
    }
    let all = additions.merged_annotations("job", &ours);
    check(&all, annotation::RESERVED_ON_JOB)?;
    Ok(Value::Object(all))
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
