//! The requests that get one answer, a handler for each.

pub(crate) mod cluster;
pub(crate) mod control;
pub(crate) mod get_jobs;
pub(crate) mod network;
pub(crate) mod submit;
