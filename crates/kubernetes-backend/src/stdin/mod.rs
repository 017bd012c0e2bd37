//! A job's standard input: where it is kept, who delivers it, and the delivery itself.

mod delivery;

pub use delivery::Delivery;
