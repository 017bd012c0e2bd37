//! A job's standard input: where it is kept, who delivers it, and the delivery itself.

mod attach;
mod deliver;
mod delivery;
mod scratch;

pub use deliver::{Conclusion, Deliverer, DeliveryError, IfMissing, deliver};
pub use delivery::{Cut, Delivery};
pub use scratch::{DelivererName, Scratch, ScratchError};
