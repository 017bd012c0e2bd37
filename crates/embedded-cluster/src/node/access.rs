//! A kubelet's server: logs, attach, exec, metrics of what runs on the node.

use std::sync::Arc;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use serde_json::Value;
use tokio::sync::mpsc;

use super::kubelet::runtime::{Instance, LiveContainer};
use super::logs::{LogSelection, Since};
use super::{
    AttachQuery, ExecQuery, LogBody, LogQuery, LogSince, Node, RemoteIo, StreamRefusal, Streams, attach, exec,
};
use crate::status_error::{Reason, StatusError};
use crate::store::Object;

/// Pieces of a log that may wait for a slow client.
const WAITING_PIECES: usize = 2;

impl Streams for Node {
    fn logs(&self, pod: Arc<Object>, query: LogQuery) -> BoxFuture<'_, Result<LogBody, StreamRefusal>> {
        async move { self.open_log(&pod, &query) }.boxed()
    }

    fn attach(&self, pod: Arc<Object>, query: AttachQuery) -> BoxFuture<'_, Result<RemoteIo, StreamRefusal>> {
        async move {
            self.dial("attach")?;
            self.find_pod(StreamRefusal::unknown_pod)?;
            let refusal = || StreamRefusal::no_container_to_attach(&pod, &query.container);
            let container = self.live(&pod, &query.container).ok_or_else(refusal)?;
            Ok(attach::open(container, &query, self.connectivity.clone(), &self.tasks).await)
        }
        .boxed()
    }

    fn exec(&self, pod: Arc<Object>, query: ExecQuery) -> BoxFuture<'_, Result<RemoteIo, StreamRefusal>> {
        async move {
            self.dial("exec")?;
            self.find_pod(StreamRefusal::unknown_pod)?;
            let refusal = || StreamRefusal::no_container_to_exec(&query.container);
            let container = self.live(&pod, &query.container).ok_or_else(refusal)?;
            Ok(exec::open(&container, &query, self.connectivity.clone(), &self.tasks))
        }
        .boxed()
    }

    fn metrics(&self, pod: Arc<Object>) -> BoxFuture<'_, Option<Value>> {
        async move { self.metrics.pod(&pod) }.boxed()
    }

    fn node_metrics(&self, node: Arc<Object>) -> BoxFuture<'_, Option<Value>> {
        async move { self.metrics.node(&node) }.boxed()
    }
}

impl Node {
    fn live(&self, pod: &Object, container: &str) -> Option<Arc<LiveContainer>> {
        self.runtime.live(pod.uid(), container)
    }

    /// Fails as the API server does that cannot reach a kubelet.
    fn dial(&self, what: &str) -> Result<(), StreamRefusal> {
        if self.connectivity.is_connected() {
            return Ok(());
        }
        let address = self.options.internal_ip;
        let dial = format!("dial tcp {address}:10250: connect: connection refused");
        let message = match what {
            "attach" | "exec" => format!("error dialing backend: {dial}"),
            path => format!("Get \"https://{address}:10250/{path}\": {dial}"),
        };
        Err(StatusError::new(500, Reason::Unknown, message).into())
    }

    /// Fails as a kubelet does that has just come back, and has not heard of its pods yet.
    fn find_pod(&self, refusal: impl FnOnce() -> StreamRefusal) -> Result<(), StreamRefusal> {
        match self.connectivity.mended_at() {
            Some(moment) if moment.elapsed() < self.options.pace.unaware => Err(refusal()),
            _ => Ok(()),
        }
    }

    fn open_log(&self, pod: &Object, query: &LogQuery) -> Result<LogBody, StreamRefusal> {
        let container = query.container.as_str();
        self.dial(&format!("containerLogs/{}/{}/{container}", pod.namespace(), pod.name()))?;
        self.find_pod(|| StreamRefusal::log_of_unknown_pod(pod))?;
        let instance = if query.previous { Instance::Previous } else { Instance::Current };
        let Some(log) = self.runtime.log(pod.uid(), container, instance) else {
            return self.no_log(pod, query);
        };
        let mut reader = log.read(&LogSelection {
            follow: query.follow && !query.previous,
            timestamps: query.timestamps,
            since: match query.since {
                None => Since::Beginning,
                Some(LogSince::Time(time)) => Since::Time(time),
                Some(LogSince::Seconds(seconds)) => {
                    Since::Seconds(i64::try_from(seconds).unwrap_or(i64::MAX))
                }
            },
            tail_lines: query.tail_lines,
            limit_bytes: query.limit_bytes,
            stream: query.stream,
        });
        // The reader holds the files it needs; a handle to the log would keep it from seeing the log's end.
        drop(log);
        let (sender, body) = mpsc::channel(WAITING_PIECES);
        let connectivity = self.connectivity.clone();
        self.tasks.spawn(async move {
            loop {
                let piece = tokio::select! {
                    piece = reader.next() => piece,
                    // A kubelet that goes down ends its followers cleanly.
                    () = connectivity.cut() => return,
                    () = sender.closed() => return,
                };
                let Some(piece) = piece.transpose() else { return };
                let failed = piece.is_err();
                if sender.send(piece).await.is_err() || failed {
                    return;
                }
            }
        });
        Ok(body)
    }

    /// A container that never ran: it waits, or failed to start (and wrote nothing).
    fn no_log(&self, pod: &Object, query: &LogQuery) -> Result<LogBody, StreamRefusal> {
        let container = query.container.as_str();
        if query.previous {
            let name = pod.name();
            let message =
                format!("previous terminated container \"{container}\" in pod \"{name}\" not found");
            return Err(StatusError::bad_request(message).into());
        }
        let lists = ["containerStatuses", "initContainerStatuses"];
        let statuses = lists.iter().filter_map(|list| pod.value()["status"][list].as_array()).flatten();
        let state =
            statuses.into_iter().find(|status| status["name"] == container).map(|status| &status["state"]);
        match state {
            Some(state) if state["terminated"].is_object() => Ok(mpsc::channel(1).1),
            Some(state) => {
                let reason = state["waiting"]["reason"].as_str().unwrap_or("ContainerCreating");
                Err(StreamRefusal::waiting_to_start(pod, container, reason))
            }
            None => Err(StreamRefusal::waiting_to_start(pod, container, "ContainerCreating")),
        }
    }
}
