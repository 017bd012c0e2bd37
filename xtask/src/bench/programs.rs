//! Sizes of the release programs, and how long cargo takes.

use std::path::Path;
use std::time::{Duration, Instant};

use crate::failure::Failure;
use crate::programs;

/// The size of a file in MiB.
///
/// # Errors
/// It is not there.
pub(crate) fn size_mib(path: &Path) -> Result<f64, Failure> {
    let size =
        std::fs::metadata(path).map_err(|e| Failure::during(format!("reading {}", path.display()), e))?.len();
    #[expect(clippy::cast_precision_loss, reason = "a size to be read by a person")]
    Ok(size as f64 / (1024.0 * 1024.0))
}

/// Runs cargo with a target folder of its own and tells how long it took.
///
/// # Errors
/// Cargo fails.
pub(crate) fn time_cargo(arguments: &[&str], target: &Path) -> Result<Duration, Failure> {
    let began = Instant::now();
    let output = programs::cargo()
        .args(arguments)
        .env("CARGO_TARGET_DIR", target)
        .output()
        .map_err(|e| Failure::during("running cargo", e))?;
    if output.status.success() {
        return Ok(began.elapsed());
    }
    let stderr = String::from_utf8_lossy(&output.stderr);
    Err(Failure::new(format!("cargo {} failed:\n{stderr}", arguments.join(" "))))
}
