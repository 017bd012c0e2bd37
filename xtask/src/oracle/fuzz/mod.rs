//! Questions made by chance, put to Go and to this library: `cargo xtask oracle fuzz`.

mod callables;
mod compare;
mod data;
mod grammar;
mod known;
mod minimise;
mod question;
mod random;
mod run;
mod sides;
mod tally;
mod words;

pub(super) use compare::is_same;
pub(super) use run::{Arguments, run};
