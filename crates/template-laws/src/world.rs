//! A world without clock, chance, programs or network, so that a rendering can be repeated.

use std::cell::Cell;

use helm_template::World;
use helm_template::world::{Moment, Unanswered};

thread_local! {
    static STATE: Cell<u64> = const { Cell::new(SEED) };
}

const SEED: u64 = 0x9e37_79b9_7f4a_7c15;

/// The world in which laws are checked. Its chance is a sequence that [`StillWorld::restart`] begins again.
#[derive(Debug)]
pub(crate) struct StillWorld;

impl StillWorld {
    /// Makes the next rendering of this thread see what the one before saw.
    pub(crate) fn restart() {
        STATE.set(SEED);
    }
}

impl World for StillWorld {
    fn now(&self) -> Moment {
        Moment { seconds: 1_772_582_400, nanoseconds: 123_456_789 }
    }

    fn fill_random(&self, bytes: &mut [u8]) -> Result<(), Unanswered> {
        for byte in bytes {
            // A 64 bit xorshift: functions that draw again when they dislike a number must end.
            let mut state = STATE.get();
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            STATE.set(state);
            *byte = state.to_be_bytes()[0];
        }
        Ok(())
    }
}
