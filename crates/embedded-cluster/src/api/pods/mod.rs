//! What a client does with a running pod: logs, attach, exec, metrics.

mod channels;
mod log;
mod metrics;
mod remote;
mod target;
mod upgrade;

pub(super) use self::upgrade::offered_protocols;
