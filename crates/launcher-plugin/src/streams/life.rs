//! Whether anybody still wants a stream.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Travels with each message of a stream, so that the writer leaves out what was queued before a cancel.
#[derive(Clone, Debug, Default)]
pub(crate) struct StreamLife(Arc<AtomicBool>);

impl StreamLife {
    /// Nothing of this stream is to be written from now on.
    pub(crate) fn end(&self) {
        self.0.store(true, Ordering::Release);
    }

    /// Whether the stream was canceled.
    pub(crate) fn is_over(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}
