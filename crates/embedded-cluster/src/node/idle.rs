//! A node on which nothing ever runs: for trials of the API alone.

use std::sync::Arc;

use futures::{FutureExt, future::BoxFuture};
use serde_json::Value;

use super::{AttachQuery, ExecQuery, LogBody, LogQuery, RemoteIo, StreamRefusal, Streams};
use crate::store::Object;

/// Answers as a kubelet does whose containers do not exist.
#[derive(Debug, Default)]
pub(crate) struct Idle;

impl Streams for Idle {
    fn logs(&self, pod: Arc<Object>, query: LogQuery) -> BoxFuture<'_, Result<LogBody, StreamRefusal>> {
        async move { Err(StreamRefusal::waiting_to_start(&pod, &query.container, "ContainerCreating")) }
            .boxed()
    }

    fn attach(&self, pod: Arc<Object>, query: AttachQuery) -> BoxFuture<'_, Result<RemoteIo, StreamRefusal>> {
        async move { Err(StreamRefusal::no_container_to_attach(&pod, &query.container)) }.boxed()
    }

    fn exec(&self, _pod: Arc<Object>, query: ExecQuery) -> BoxFuture<'_, Result<RemoteIo, StreamRefusal>> {
        async move { Err(StreamRefusal::no_container_to_exec(&query.container)) }.boxed()
    }

    fn metrics(&self, _pod: Arc<Object>) -> BoxFuture<'_, Option<Value>> {
        async { None }.boxed()
    }

    fn node_metrics(&self, _node: Arc<Object>) -> BoxFuture<'_, Option<Value>> {
        async { None }.boxed()
    }
}
