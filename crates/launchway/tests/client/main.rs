//! The client against a plugin in memory.

mod ending;
mod fake;
mod liveness;
mod requests;
mod streams;
