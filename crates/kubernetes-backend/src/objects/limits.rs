//! A job's resource limits, checked.

use launcher_api::Job;
use launcher_api::job::{ResourceLimit, ResourceLimitType};

use super::BuildError;
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

    /// The number.
    pub fn get(self) -> f64 {
        self.0
    }
}

const CPUS: &str = "a number of CPUs, such as 2 or 0.5";
const MEGABYTES: &str = "a number of MB, such as 4096";
/// Limit types that newer templates know, besides those of the API.
pub(crate) const CPU_REQUEST: &str = "CPU Request";
pub(crate) const MEMORY_REQUEST: &str = "Memory Request";

/// A limit that a container gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Limit {
    /// Its type, as the Launcher calls it.
    pub kind: String,
    /// Digits and at most one point; never 0.
    pub value: String,
}

/// The limits of a job without those that say nothing.
pub(super) fn of(job: &Job) -> Result<Vec<Limit>, BuildError> {
    let mut limits = Vec::new();
    for limit in &job.resource_limits {
        let number = match &limit.limit_type {
            ResourceLimitType::CpuCount => amount(limit, CPUS)?,
            ResourceLimitType::Memory => amount(limit, MEGABYTES)?,
            ResourceLimitType::NvidiaGpus | ResourceLimitType::AmdGpus => pieces(limit)?,
            ResourceLimitType::Other(name) if name == CPU_REQUEST => amount(limit, CPUS)?,
            ResourceLimitType::Other(name) if name == MEMORY_REQUEST => amount(limit, MEGABYTES)?,
            ResourceLimitType::CpuTime | ResourceLimitType::MemorySwap | ResourceLimitType::Other(_) => {
                if !is_nothing(&limit.value) {
                    return Err(BuildError::UnsupportedLimit { limit: limit.limit_type.to_string() });
                }
                None
            }
        };
        limits.extend(
            number.map(|number| Limit { kind: limit.limit_type.to_string(), value: quantity::plain(number) }),
        );
    }
    Ok(limits)
}

fn pieces(limit: &ResourceLimit) -> Result<Option<f64>, BuildError> {
    const EXPECTED: &str = "a whole number";
    match amount(limit, EXPECTED)? {
        Some(pieces) if pieces.fract() != 0.0 => Err(refused(limit, EXPECTED)),
        number => Ok(number),
    }
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
