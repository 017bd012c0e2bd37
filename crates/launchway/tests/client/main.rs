//! The client against a plugin in memory.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

mod ending;
mod fake;
mod liveness;
mod requests;
mod streams;
