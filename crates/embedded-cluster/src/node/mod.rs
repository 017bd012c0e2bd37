//! The node: pods as local processes, and the controllers around them.
//!
//! The API side reaches it through [`Streams`] alone; it reaches the objects through
//! [`Registry`](crate::registry::Registry). Everything waits for the store's watches; only resource use is read by
//! the clock, and only while something runs.
//!
//! What is imitated and what is not is told where it happens:
//! [`scheduler`], [`jobs`] (the job controller), [`kubelet`] (also for what an image and a mount are here), [`logs`], [`attach`], [`exec`], [`metrics`], [`service_ports`],
//! [`reachability`] (a lost node), [`events`]. In short: processes see the host's file system, network and `/proc`;
//! limits are recorded and not enforced; probes, lifecycle hooks, ttys and ephemeral containers are ignored.

mod access;
mod attach;
mod builder;
mod connectivity;
mod events;
mod exec;
mod follower;
mod jobs;
mod kubelet;
mod logs;
mod metrics;
mod options;
mod pod_spec;
mod process;
mod quantity;
mod reachability;
mod registration;
mod running;
mod scheduler;
mod service_ports;
mod streams;
mod tasks;
#[cfg(test)]
mod tests;
mod timer;

pub use self::running::{Node, NodeError};
pub(crate) use self::{
    logs::{OutputStream, Rotation},
    options::NodeOptions,
    streams::{
        AttachQuery, ExecQuery, LogBody, LogQuery, LogSince, RemoteIo, RemoteOutcome, StreamRefusal, Streams,
    },
};
