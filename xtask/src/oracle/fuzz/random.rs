//! Chance that is the same for the same seed.

/// The chance of one question.
pub(crate) struct Random(fastrand::Rng);

impl Random {
    /// The chance of the question of a number in a run: nothing but the two decides it.
    pub(crate) fn of(seed: u64, question: u64) -> Self {
        const GOLDEN_RATIO: u64 = 0x9e37_79b9_7f4a_7c15;
        let mut first = fastrand::Rng::with_seed(seed.wrapping_mul(GOLDEN_RATIO) ^ question);
        Self(fastrand::Rng::with_seed(first.u64(..)))
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0.usize(..end)
    }

    /// From `least` to `most`, both included.
    pub(crate) fn between(&mut self, least: usize, most: usize) -> usize {
        self.0.usize(least..=most)
    }

    pub(crate) fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub(crate) fn byte(&mut self) -> u8 {
        self.0.u8(..)
    }

    pub(crate) fn pick<'t, T>(&mut self, from: &'t [T]) -> &'t T {
        &from[self.below(from.len())]
    }

    pub(crate) fn word<'t>(&mut self, from: &[&'t str]) -> &'t str {
        from[self.below(from.len())]
    }

    /// Up to `most` of the pieces, one after the other.
    pub(crate) fn pieces(&mut self, from: &[&str], most: usize) -> String {
        let count = self.between(1, most);
        (0..count).map(|_| self.word(from)).collect()
    }
}
