//! Chance: to spread clients, and to name what must not be named twice. Not for secrets.

use std::hash::{BuildHasher, Hasher, RandomState};

/// The standard library seeds each of its hashers anew, from the system's entropy once per thread.
fn bits() -> u64 {
    RandomState::new().build_hasher().finish()
}

/// A number from 0 up to but not including 1.
pub(crate) fn fraction() -> f64 {
    // 53 bits, as many as a f64 holds.
    (bits() >> 11) as f64 / (1u64 << 53) as f64
}

/// One of these characters; a space if there are none.
pub(crate) fn one_of(letters: &[u8]) -> char {
    let at = fraction() * letters.len() as f64;
    letters.get(at as usize).map_or(' ', |letter| char::from(*letter))
}

/// 32 hexadecimal digits that nobody else draws.
pub(crate) fn name() -> String {
    format!("{:016x}{:016x}", bits(), bits())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_are_between_nought_and_one_and_differ() {
        let drawn: Vec<f64> = (0..32).map(|_| fraction()).collect();
        assert!(drawn.iter().all(|n| (0.0..1.0).contains(n)), "{drawn:?}");
        assert!(drawn.iter().any(|n| *n != drawn[0]), "{drawn:?}");
    }

    #[test]
    fn names_differ() {
        assert_ne!(name(), name());
        assert_eq!(name().len(), 32);
    }
}
