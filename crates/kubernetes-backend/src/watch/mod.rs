//! Watching one kind of object, for as long as the process lives.
//!
//! [`Machine`] decides and does nothing: what arrives goes in, what it means for the index comes out, and the state says
//! which request to make next. [`run`] makes the requests. So every fault is a row in a table.

mod backoff;
mod driver;
mod lines;
mod machine;
mod page;

pub use backoff::{Backoff, Jitter};
pub use driver::{Trouble, WatchOptions, run};
pub use machine::{Change, Heard, Input, Kind, Machine, Next, State, Step, WatchEvent};
