//! Bounds for functions that go through values: `$x = list $x $x`, sixty times over, is small in memory, but a walk
//! through it never ends.

use go_text_template::CallError;

/// How many values one call may still look at.
#[derive(Debug)]
pub(super) struct Walk {
    left: u32,
    limit: u32,
}

/// There were more values than a call may look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("more than {limit} values, counting each as often as it occurs")]
pub(super) struct TooManyValues {
    limit: u32,
}

impl Walk {
    /// A walk of a function that keeps what it finds: some hundred MiB.
    pub(super) fn that_keeps() -> Self {
        Self::of(1 << 24)
    }

    /// A walk of a function that only looks: some seconds.
    pub(super) fn that_looks() -> Self {
        Self::of(1 << 25)
    }

    fn of(limit: u32) -> Self {
        Self { left: limit, limit }
    }

    /// Counts one value.
    pub(super) fn step(&mut self) -> Result<(), TooManyValues> {
        match self.left.checked_sub(1) {
            Some(left) => self.left = left,
            None => return Err(TooManyValues { limit: self.limit }),
        }
        Ok(())
    }
}

impl From<TooManyValues> for CallError {
    fn from(error: TooManyValues) -> Self {
        Self::new(error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use go_text_template::Value;

    use super::*;
    use crate::functions::equality::is_equal;

    #[test]
    fn a_walk_ends_at_its_limit() {
        let unfolding = || (0..40).fold(Value::from(1), |inner, _| Value::list([inner.clone(), inner]));
        let mut walk = Walk::of(1000);
        assert_eq!(is_equal(&unfolding(), &unfolding(), &mut walk), Err(TooManyValues { limit: 1000 }));
        let short = || Value::list([1, 2]);
        assert_eq!(is_equal(&short(), &short(), &mut Walk::of(4)), Ok(true));
    }
}
