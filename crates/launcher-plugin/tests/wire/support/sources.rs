//! Streams that a test feeds.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use futures::StreamExt;
use futures::stream::{self, BoxStream};
use launcher_api::response::OutputKind;
use launcher_plugin::{BackendError, OutputChunk};
use tokio::sync::mpsc;
use tokio::time::timeout;

type Item<T> = Result<T, BackendError>;

/// The end that the test holds: dropped, the stream ends.
pub(crate) struct Source<T>(mpsc::Sender<Item<T>>);

impl<T> Source<T> {
    pub(crate) async fn give(&self, item: Item<T>) {
        assert!(self.0.send(item).await.is_ok(), "nobody reads the stream any more");
    }

    /// Waits until the stream has been dropped by its reader.
    pub(crate) async fn dropped(&self) {
        let patience = Duration::from_secs(300);
        timeout(patience, self.0.closed()).await.expect("the stream is dropped");
    }
}

/// A stream and what feeds it.
pub(crate) fn source<T: Send + 'static>() -> (Source<T>, BoxStream<'static, Item<T>>) {
    let (sender, receiver) = mpsc::channel(16);
    let items =
        stream::unfold(receiver, |mut receiver| async { receiver.recv().await.map(|item| (item, receiver)) });
    (Source(sender), items.boxed())
}

pub(crate) fn chunk(kind: OutputKind, bytes: &'static [u8]) -> Item<OutputChunk> {
    Ok(OutputChunk { kind, bytes: Bytes::from_static(bytes) })
}

/// Output without end, and how many bytes of it have been taken.
pub(crate) fn endless() -> (Arc<AtomicUsize>, BoxStream<'static, Item<OutputChunk>>) {
    let taken = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&taken);
    let line: &[u8] = b"one more line of a job that never stops talking\n";
    let items = stream::repeat_with(move || {
        counter.fetch_add(line.len(), Ordering::Relaxed);
        chunk(OutputKind::Stdout, line)
    });
    (taken, items.boxed())
}
