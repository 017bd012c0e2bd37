//! Patterns are used again and again in loops, and compiling them takes long.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use super::{Pattern, PatternError, Size};

/// More patterns than this are not kept.
const MOST_KEPT: usize = 64;

/// What is kept: many small patterns, and the last large one, or else a few templates could fill all memory.
#[derive(Default)]
struct Kept {
    small: HashMap<Vec<u8>, Pattern>,
    large: Option<(Vec<u8>, Pattern)>,
}

static KEPT: LazyLock<Mutex<Kept>> = LazyLock::new(Mutex::default);

/// The pattern, compiled now or before.
pub(crate) fn compiled(pattern: &[u8]) -> Result<Pattern, PatternError> {
    if let Some(known) = KEPT.lock().unwrap_or_else(PoisonError::into_inner).get(pattern) {
        return Ok(known.clone());
    }
    let compiled = Pattern::new(pattern)?;
    KEPT.lock().unwrap_or_else(PoisonError::into_inner).insert(pattern, &compiled);
    Ok(compiled)
}

impl Kept {
    fn get(&self, pattern: &[u8]) -> Option<&Pattern> {
        let large = self.large.as_ref().filter(|(known, _)| known == pattern).map(|(_, compiled)| compiled);
        large.or_else(|| self.small.get(pattern))
    }

    fn insert(&mut self, pattern: &[u8], compiled: &Pattern) {
        match compiled.size {
            Size::Large => self.large = Some((pattern.to_vec(), compiled.clone())),
            Size::Small => {
                if self.small.len() >= MOST_KEPT {
                    self.small.clear();
                }
                self.small.insert(pattern.to_vec(), compiled.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_large_pattern_is_kept_and_only_so_many_small_ones() {
        let mut kept = Kept::default();
        let patterns = (0..200).map(|at| format!("a{at}"));
        for pattern in patterns.chain([r"\pL{900}b".to_owned(), r"\pL{900}c".to_owned()]) {
            let compiled = Pattern::new(pattern.as_bytes()).expect("it is a pattern");
            kept.insert(pattern.as_bytes(), &compiled);
            assert!(kept.get(pattern.as_bytes()).is_some() && kept.small.len() <= MOST_KEPT);
        }
        assert!(kept.get(br"\pL{900}b").is_none());
    }
}
