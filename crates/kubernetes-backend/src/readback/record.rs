//! What an object does not tell of its job, or tells differently.
//!
//! It is found by reading the object back and comparing: only the fields that differ are written down. So the record is
//! small, and a field that a template changes or that Kubernetes can't express is told as the user gave it.

use launcher_api::Job;
use serde_json::{Map, Value};

/// The fields of a job, as JSON, that its object's specification tells differently or not at all.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record {
    fields: Map<String, Value>,
}

/// Lengths in bytes of the arguments that stand at the end of the shell's text, in place of a copy of them.
const ARGUMENT_LENGTHS: &str = "argumentLengths";
/// The one field that nearly every record holds: an object's own time is cut to seconds.
const SUBMISSION_TIME: &str = "submissionTime";
/// What the object or its state tell, always.
const NEVER: [&str; 7] =
    ["id", "stdin", "status", "statusMessage", "statusCode", "exitCode", "lastUpdateTime"];

impl Record {
    /// What `object`, which has no record yet, does not tell of `job`.
    pub fn of(job: &Job, object: &Value, cluster: &str) -> Self {
        let mut fields = Map::new();
        let mut told = super::job_of_value(object, cluster);
        if !job.command.is_empty() && !job.args.is_empty() {
            let lengths: Vec<usize> = job.args.iter().map(String::len).collect();
            fields.insert(ARGUMENT_LENGTHS.to_owned(), lengths.into());
            told = Self { fields: fields.clone() }.apply_to(told);
        }
        let (wanted, told) = (fields_of(job), fields_of(&told));
        for (key, value) in &wanted {
            if !NEVER.contains(&key.as_str()) && told.get(key) != Some(value) {
                fields.insert(key.clone(), value.clone());
            }
        }
        for key in told.keys() {
            if !NEVER.contains(&key.as_str()) && !wanted.contains_key(key) {
                fields.insert(key.clone(), Value::Null);
            }
        }
        Self { fields }
    }

    /// Reads the annotation; one that can't be read is none.
    pub fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok().map(|fields| Self { fields })
    }

    /// The annotation's value, if there is anything to record.
    pub fn write(&self) -> Option<String> {
        (!self.fields.is_empty()).then(|| Value::Object(self.fields.clone()).to_string())
    }

    /// The job that the object and this record tell together.
    pub fn apply_to(&self, told: Job) -> Job {
        let mut told = told;
        if let Some(lengths) = self.fields.get(ARGUMENT_LENGTHS) {
            split_arguments(&mut told, lengths);
        }
        let recorded = || {
            let fields = self.fields.iter();
            fields.filter(|(key, _)| *key != ARGUMENT_LENGTHS && !NEVER.contains(&key.as_str()))
        };
        // Most records tell nothing but the exact time: not worth a way through JSON, ten thousand times at a start.
        if recorded().all(|(key, value)| key == SUBMISSION_TIME && value.is_string()) {
            if let Some(Ok(time)) = recorded().next().and_then(|(_, value)| value.as_str()).map(str::parse) {
                told.submission_time = Some(time);
            }
            return told;
        }
        let mut fields = fields_of(&told);
        for (key, value) in recorded() {
            if value.is_null() {
                fields.remove(key);
            } else {
                fields.insert(key.clone(), value.clone());
            }
        }
        // A record that someone spoilt is worth less than what the specification tells.
        serde_json::from_value(Value::Object(fields)).unwrap_or(told)
    }
}

fn fields_of(job: &Job) -> Map<String, Value> {
    match serde_json::to_value(job) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    }
}

/// Takes the arguments, with the space before each, off the end of the shell's text.
fn split_arguments(job: &mut Job, lengths: &Value) {
    let Ok(lengths) = serde_json::from_value::<Vec<usize>>(lengths.clone()) else { return };
    let mut command = job.command.as_str();
    let mut args = Vec::with_capacity(lengths.len());
    for length in lengths.iter().rev() {
        let Some(start) = command.len().checked_sub(*length) else { return };
        let Some((before, arg)) = command.split_at_checked(start) else { return };
        let Some(before) = before.strip_suffix(' ') else { return };
        args.push(arg.to_owned());
        command = before;
    }
    args.reverse();
    (job.command, job.args) = (command.to_owned(), args);
}
