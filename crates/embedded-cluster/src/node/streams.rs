//! What the API side asks of a node while a client waits: logs, attach, exec, metrics.
//!
//! The API side has already checked rights, that the pod exists and has a node, and that it has a container of
//! that name. Everything that depends on the container's state is answered here, as a kubelet would.

use std::{io, sync::Arc};

use bytes::Bytes;
use futures::future::BoxFuture;
use jiff::Timestamp;
use serde_json::Value;
use tokio::sync::{mpsc, oneshot};

use super::logs::OutputStream;
use crate::{
    status_error::{Reason, StatusError},
    store::Object,
};

/// A node's streams, to be turned into HTTP and websockets.
pub(crate) trait Streams: Send + Sync + 'static {
    /// The log of one container. With `follow` it ends after the container has ended.
    fn logs(&self, pod: Arc<Object>, query: LogQuery) -> BoxFuture<'_, Result<LogBody, StreamRefusal>>;

    /// Connects to the standard streams of a running container.
    fn attach(&self, pod: Arc<Object>, query: AttachQuery) -> BoxFuture<'_, Result<RemoteIo, StreamRefusal>>;

    /// Starts a command beside a running container's process. A command that cannot be started is not a refusal
    /// but a [`RemoteOutcome::NotStarted`].
    fn exec(&self, pod: Arc<Object>, query: ExecQuery) -> BoxFuture<'_, Result<RemoteIo, StreamRefusal>>;

    /// The pod's `PodMetrics` object (`metrics.k8s.io/v1beta1`); `None` while there is no sample.
    fn metrics(&self, pod: Arc<Object>) -> BoxFuture<'_, Option<Value>>;

    /// The node's `NodeMetrics` object; `None` while there is no sample.
    fn node_metrics(&self, node: Arc<Object>) -> BoxFuture<'_, Option<Value>>;
}

/// `PodLogOptions`, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LogQuery {
    pub(crate) container: String,
    pub(crate) follow: bool,
    pub(crate) previous: bool,
    pub(crate) timestamps: bool,
    pub(crate) since: Option<LogSince>,
    pub(crate) tail_lines: Option<u64>,
    pub(crate) limit_bytes: Option<u64>,
    /// `stream=Stdout` or `stream=Stderr`; `None` is both.
    pub(crate) stream: Option<OutputStream>,
}

/// From when on lines are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LogSince {
    /// `sinceTime`, its fraction already cut off.
    Time(Timestamp),
    /// `sinceSeconds`.
    Seconds(u64),
}

/// `PodAttachOptions`, checked: at least one stream is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "PodAttachOptions is four flags")]
pub(crate) struct AttachQuery {
    pub(crate) container: String,
    pub(crate) stdin: bool,
    pub(crate) stdout: bool,
    pub(crate) stderr: bool,
    pub(crate) tty: bool,
}

/// `PodExecOptions`, checked. `command` may be empty: that is the node's to refuse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ExecQuery {
    pub(crate) streams: AttachQuery,
    pub(crate) command: Vec<String>,
}

impl std::ops::Deref for ExecQuery {
    type Target = AttachQuery;

    fn deref(&self) -> &AttachQuery {
        &self.streams
    }
}

/// Pieces of a log, of any size. An error cuts the response without its last chunk; the channel's end ends it
/// cleanly. When the client goes, the receiver is dropped.
pub(crate) type LogBody = mpsc::Receiver<io::Result<Bytes>>;

/// The streams of an attach or exec; those that were not asked for are `None`.
#[derive(Debug)]
pub(crate) struct RemoteIo {
    /// Dropped when the client closed its standard input (or is gone).
    pub(crate) stdin: Option<mpsc::Sender<Bytes>>,
    pub(crate) stdout: Option<mpsc::Receiver<Bytes>>,
    pub(crate) stderr: Option<mpsc::Receiver<Bytes>>,
    /// Resolves once both output streams have ended. Dropped without a value: the connection is cut, as when a
    /// kubelet dies.
    pub(crate) outcome: oneshot::Receiver<RemoteOutcome>,
}

/// What the status channel tells at the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RemoteOutcome {
    /// The command ended with 0; or an attach ended, however.
    Success,
    /// The command ended with another exit code (128 + n after signal n).
    ExitCode(i32),
    /// The command never ran: the text of an `InternalError`.
    NotStarted(String),
}

/// A kubelet's no to a log, attach or exec.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum StreamRefusal {
    /// A JSON `Status`.
    Status(StatusError),
    /// Plain text.
    Text { code: u16, text: String },
}

impl StreamRefusal {
    /// 400: the log of a container that has not begun; `reason` as in its `waiting` state.
    pub(crate) fn waiting_to_start(pod: &Object, container: &str, reason: &str) -> Self {
        let name = pod.name();
        StreamRefusal::Status(StatusError::bad_request(format!(
            "container \"{container}\" in pod \"{name}\" is waiting to start: {reason}"
        )))
    }

    /// 404: the log of a pod that the kubelet does not know yet, in the API server's words.
    pub(crate) fn log_of_unknown_pod(pod: &Object) -> Self {
        let message = format!("the server could not find the requested resource ( pods/log {})", pod.name());
        let status = StatusError::new(404, Reason::NotFound, message);
        status.with_detail("name", pod.name().into()).with_detail("kind", "pods/log".into()).into()
    }

    /// 404: attach to a pod, or exec in one, that the kubelet does not know yet.
    pub(crate) fn unknown_pod() -> Self {
        StreamRefusal::Text { code: 404, text: "pod does not exist".to_owned() }
    }

    /// 500: attach to a container that is not there (yet, or any more).
    pub(crate) fn no_container_to_attach(pod: &Object, container: &str) -> Self {
        let (name, namespace) = (pod.name(), pod.namespace());
        StreamRefusal::Text {
            code: 500,
            text: format!("container {container} not found in pod {name}_{namespace}"),
        }
    }

    /// 500: exec in a container that is not there (yet, or any more).
    pub(crate) fn no_container_to_exec(container: &str) -> Self {
        StreamRefusal::Text { code: 500, text: format!("container not found (\"{container}\")") }
    }
}

impl From<StatusError> for StreamRefusal {
    fn from(error: StatusError) -> Self {
        StreamRefusal::Status(error)
    }
}
