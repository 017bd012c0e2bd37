//! The node against the store, with real processes.

mod harness;
mod job;
mod load;
mod log;
mod loss;
mod metrics;
mod pod;
mod port;
mod remote;
mod schedule;
mod waiting;
