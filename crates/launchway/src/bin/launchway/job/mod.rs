//! A job as a person gives it: by a file, by flags, or by a file that flags change.

mod amount;
mod flags;
mod mount;
mod words;

pub(crate) use flags::{JobFlags, JobFlagsError};
