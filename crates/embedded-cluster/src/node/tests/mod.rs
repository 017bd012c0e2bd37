//! The node against the store, with real processes.

mod harness;
mod job;
