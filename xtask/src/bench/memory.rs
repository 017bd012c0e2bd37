//! The resident memory of a process, as the kernel counts it.

use crate::failure::Failure;

/// Resident memory in KiB (`VmRSS` of `/proc/PID/status`).
///
/// # Errors
/// The process is gone.
pub(crate) fn resident_kib(pid: u32) -> Result<u64, Failure> {
    kib(pid, "VmRSS:")
}

/// The most that was ever resident, in KiB (`VmHWM`).
///
/// # Errors
/// The process is gone.
pub(crate) fn peak_kib(pid: u32) -> Result<u64, Failure> {
    kib(pid, "VmHWM:")
}

fn kib(pid: u32, name: &str) -> Result<u64, Failure> {
    let path = format!("/proc/{pid}/status");
    let text = std::fs::read_to_string(&path).map_err(|e| Failure::during(format!("reading {path}"), e))?;
    text.lines()
        .find_map(|line| line.strip_prefix(name))
        .and_then(|rest| rest.split_whitespace().next())
        .and_then(|number| number.parse().ok())
        .ok_or_else(|| Failure::new(format!("{path} has no {name}")))
}
