//! Patterns are used again and again in loops, and compiling them takes long.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use super::{Pattern, PatternError};

/// More patterns than this are not kept.
const MOST_KEPT: usize = 64;

static KEPT: LazyLock<Mutex<HashMap<Vec<u8>, Pattern>>> = LazyLock::new(Mutex::default);

/// The pattern, compiled now or before.
pub(crate) fn compiled(pattern: &[u8]) -> Result<Pattern, PatternError> {
    if let Some(known) = KEPT.lock().unwrap_or_else(PoisonError::into_inner).get(pattern) {
        return Ok(known.clone());
    }
    let compiled = Pattern::new(pattern)?;
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if kept.len() >= MOST_KEPT {
        kept.clear();
    }
    kept.insert(pattern.to_vec(), compiled.clone());
    Ok(compiled)
}
