//! Calls to the backend, which may hang or have faults without harm to the plugin.

use std::panic::AssertUnwindSafe;

use futures::stream::BoxStream;
use futures::{FutureExt, StreamExt, stream};
use launcher_api::ErrorCode;
use tokio::time::{Instant, timeout_at};

use crate::BackendError;
use crate::refusal::Refusal;

/// A call that came to no end of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Interrupted {
    /// It took too long, and was dropped.
    #[error("the cluster did not answer in time while {what}")]
    Timeout { what: &'static str },
    /// It panicked.
    #[error("the plugin has a fault that shows while {what}; its log says more")]
    Panicked { what: &'static str },
}

impl From<Interrupted> for Refusal {
    fn from(interrupted: Interrupted) -> Self {
        let code = match interrupted {
            Interrupted::Timeout { .. } => ErrorCode::Timeout,
            Interrupted::Panicked { .. } => ErrorCode::Unknown,
        };
        Self::new(code, interrupted.to_string())
    }
}

/// Calls the backend, until the deadline. `what` follows the word "while".
pub(crate) async fn call<T>(
    what: &'static str,
    deadline: Instant,
    call: impl Future<Output = T>,
) -> Result<T, Interrupted> {
    match timeout_at(deadline, AssertUnwindSafe(call).catch_unwind()).await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(_)) => {
            tracing::error!("the backend panicked while {what}");
            Err(Interrupted::Panicked { what })
        }
        Err(_) => {
            tracing::warn!("the backend did not answer in time while {what}");
            Err(Interrupted::Timeout { what })
        }
    }
}

/// A stream of the backend that ends with an error where it would have panicked. `open` is called when the stream is
/// first polled.
pub(crate) fn guarded_stream<T: Send + 'static>(
    open: impl FnOnce() -> BoxStream<'static, Result<T, BackendError>> + Send + 'static,
) -> BoxStream<'static, Result<T, BackendError>> {
    let opened = stream::once(async move { open() }).flatten();
    AssertUnwindSafe(opened)
        .catch_unwind()
        .map(|item| {
            item.unwrap_or_else(|_| {
                tracing::error!("the backend panicked in a stream");
                Err(BackendError::Unavailable("the plugin has a fault; its log says more".to_owned()))
            })
        })
        .boxed()
}
