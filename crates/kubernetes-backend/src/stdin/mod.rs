//! A job's standard input: where it is kept, who delivers it, and the delivery itself.

mod deliver;
mod delivery;
mod scratch;

pub use deliver::{DeliveryError, deliver};
pub use delivery::Delivery;
pub use scratch::{Scratch, ScratchError};
