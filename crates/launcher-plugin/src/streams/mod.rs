//! Streams that belong to one request each: a job's output and its use of resources.
//!
//! (Status streams live beside the job table, which feeds them.)

pub(crate) mod life;
pub(crate) mod output;
pub(crate) mod pieces;
pub(crate) mod registry;
pub(crate) mod resource;
pub(crate) mod sampling;
pub(crate) mod utf8;
