//! The node: pods as local processes, and the controllers around them.
//!
//! The API side reaches it through [`Streams`] alone; it reaches the objects through
//! [`Registry`](crate::registry::Registry).

mod idle;
mod streams;

pub(crate) use self::{
    idle::Idle,
    streams::{
        AttachQuery, ExecQuery, LogBody, LogQuery, LogSince, RemoteIo, RemoteOutcome, StreamRefusal, Streams,
    },
};
