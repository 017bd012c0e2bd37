//! A container's standard streams over a WebSocket: attach and exec share it.
//!
//! Messages are binary; the first byte is the channel (`v5.channel.k8s.io`, and `v4` which can't close one alone).

mod channel;
mod exec;
mod session;

pub use channel::{Channel, Frame, Outcome};
pub use exec::exec;
pub use session::Session;
