//! Container output on disk, as a container runtime writes it and a kubelet reads it.
//!
//! Each container has one [`ContainerLog`]: a chain of files, of which all but the newest are gone once nobody
//! reads them. [`ContainerLog::append`] stores whole lines with a time and a stream name ([`mod@line`]);
//! [`ContainerLog::read`] gives them back as `pods/log` shows them ([`reader`]).
//!
//! Imitated: lines of more than 16 KiB are stored in pieces and joined again while reading; a file that has
//! grown past the limit is put aside at once, so that a later read sees the newest file only, while a reader
//! that was already following loses nothing. Not imitated: the runtime's file names and its compression.

mod chain;
mod line;

mod reader;
mod selection;

pub(crate) use chain::{ContainerLog, Rotation};
pub(crate) use line::{LineSplitter, OutputStream};
pub(crate) use selection::{LogSelection, Since};
