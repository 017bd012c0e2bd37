//! A job's resource limits as a container's `resources`.

use launcher_api::Job;
use launcher_api::job::{ResourceLimit, ResourceLimitType};
use serde_json::{Map, Value, json};

use super::{BuildContext, BuildError};
use crate::quantity;

/// A part of a limit that is reserved: over 0, at most 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ratio(f64);

impl Ratio {
    /// All of the limit.
    pub const ALL: Self = Self(1.0);

    /// A ratio, if it is one.
    pub fn new(ratio: f64) -> Option<Self> {
        (ratio > 0.0 && ratio <= 1.0).then_some(Self(ratio))
    }
}

/// Limit types that newer templates know, besides those of the API.
const CPU_REQUEST: &str = "CPU Request";
const MEMORY_REQUEST: &str = "Memory Request";

/// `resources` of the container, if there is any limit.
pub(super) fn resources(job: &Job, context: &BuildContext<'_>) -> Result<Option<Value>, BuildError> {
    let mut limits = Map::new();
    let mut requests = Map::new();
    for limit in &job.resource_limits {
        match &limit.limit_type {
            ResourceLimitType::CpuCount => {
                if let Some(cpus) = amount(limit, "a number of CPUs, such as 2 or 0.5")? {
                    limits.insert("cpu".to_owned(), quantity::plain(cpus).into());
                    let Ratio(ratio) = context.cpu_request_ratio;
                    if ratio < 1.0 {
                        requests.entry("cpu").or_insert(millis(cpus * ratio).into());
                    }
                }
            }
            ResourceLimitType::Memory => {
                if let Some(mb) = amount(limit, "a number of MB, such as 4096")? {
                    limits.insert("memory".to_owned(), megabytes(mb).into());
                    let Ratio(ratio) = context.memory_request_ratio;
                    if ratio < 1.0 {
                        requests.entry("memory").or_insert(bytes(mb * ratio).into());
                    }
                }
            }
            ResourceLimitType::NvidiaGpus => insert_pieces(&mut limits, "nvidia.com/gpu", limit)?,
            ResourceLimitType::AmdGpus => insert_pieces(&mut limits, "amd.com/gpu", limit)?,
            ResourceLimitType::Other(name) if name == CPU_REQUEST => {
                if let Some(cpus) = amount(limit, "a number of CPUs, such as 2 or 0.5")? {
                    requests.insert("cpu".to_owned(), quantity::plain(cpus).into());
                }
            }
            ResourceLimitType::Other(name) if name == MEMORY_REQUEST => {
                if let Some(mb) = amount(limit, "a number of MB, such as 4096")? {
                    requests.insert("memory".to_owned(), megabytes(mb).into());
                }
            }
            ResourceLimitType::CpuTime | ResourceLimitType::MemorySwap | ResourceLimitType::Other(_) => {
                if !is_nothing(&limit.value) {
                    return Err(BuildError::UnsupportedLimit { limit: limit.limit_type.to_string() });
                }
            }
        }
    }
    if limits.is_empty() && requests.is_empty() {
        return Ok(None);
    }
    let mut resources = Map::new();
    if !limits.is_empty() {
        resources.insert("limits".to_owned(), Value::Object(limits));
    }
    if !requests.is_empty() {
        resources.insert("requests".to_owned(), Value::Object(requests));
    }
    Ok(Some(json!(resources)))
}

fn insert_pieces(
    limits: &mut Map<String, Value>,
    resource: &str,
    limit: &ResourceLimit,
) -> Result<(), BuildError> {
    const EXPECTED: &str = "a whole number";
    if let Some(pieces) = amount(limit, EXPECTED)? {
        if pieces.fract() != 0.0 {
            return Err(refused(limit, EXPECTED));
        }
        limits.insert(resource.to_owned(), quantity::plain(pieces).into());
    }
    Ok(())
}

fn is_nothing(value: &str) -> bool {
    value.trim().is_empty() || value.trim().parse::<f64>() == Ok(0.0)
}

/// The limit's number; 0 and nothing mean that there is none.
fn amount(limit: &ResourceLimit, expected: &'static str) -> Result<Option<f64>, BuildError> {
    const MOST: f64 = 1e12;
    let text = limit.value.trim();
    if is_nothing(text) {
        return Ok(None);
    }
    // Only digits and a point: what else a float may be written as is no amount.
    if !text.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        return Err(refused(limit, expected));
    }
    match text.parse::<f64>() {
        Ok(number) if number > 0.0 && number <= MOST => Ok(Some(number)),
        _ => Err(refused(limit, expected)),
    }
}

fn refused(limit: &ResourceLimit, expected: &'static str) -> BuildError {
    BuildError::Limit { limit: limit.limit_type.to_string(), value: limit.value.clone(), expected }
}

fn megabytes(mb: f64) -> String {
    if mb.fract() == 0.0 { format!("{}M", quantity::plain(mb)) } else { bytes(mb) }
}

fn bytes(mb: f64) -> String {
    quantity::plain((mb * 1e6).round().max(1.0))
}

fn millis(cpus: f64) -> String {
    format!("{}m", quantity::plain((cpus * 1e3).round().max(1.0)))
}
