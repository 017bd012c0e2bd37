#![doc = include_str!("../README.md")]

mod backend;
mod bootstrap;
mod calls;
mod context;
mod error;
mod feed;
mod in_flight;
mod metrics;
mod options;
mod outbox;
mod oversize;
mod refusal;
mod removal;
mod requests;
mod serve;
mod session;
mod streams;
mod table;
mod writer;

pub use backend::{Backend, ControlOutcome, OutputChunk};
pub use error::{BackendError, ServeError};
pub use feed::{FeedClosed, FeedReceiver, JobFeed, JobState, JobUpdate};
pub use options::{Clock, PluginOptions};
pub use serve::serve;
