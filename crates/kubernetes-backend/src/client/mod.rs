//! The only place that speaks HTTP: calls to the API server, their failures by type, the token, and how long they took.
//!
//! Everything is a plain request built from a [`Resource`] and sent through kube's client, which brings TLS, connection
//! reuse and WebSockets. Objects travel as JSON; what is read of them is in [`crate::observed`].

mod call;
mod compression;
mod connect;
mod failure;
mod latency;
mod patience;
mod resource;
mod token;
mod warned;

pub use call::{Answer, ApiClient, ByteStream, WebSocket};
pub use failure::{ApiFailure, Cause, FailureKind, Operation, StatusDetails, StatusObject};
pub use patience::Patience;
pub use resource::{Call, Propagation, Resource, Verb};
pub(crate) use warned::warnings;
