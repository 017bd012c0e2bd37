//! The plugin as a Launcher sees it: what goes in, what comes out.
//!
//! Time is paused in all tests: it passes when everybody waits, so nothing here depends on how fast the machine is.

#![expect(clippy::unwrap_used, reason = "a test fails where it panics")]

mod bootstrap;
mod cluster;
mod control;
mod end;
mod example;
mod expiry;
mod frames;
mod get_jobs;
mod heartbeat;
mod load;
mod metrics;
mod network;
mod output;
mod resource;
mod secrets;
mod side_by_side;
mod status;
mod submit;
mod support;
