//! The HTTP API: paths, verbs, content types, `Status` errors.
//!
//! A request goes through the same stations as in the real API server: failures on demand, authentication,
//! authorization (before anything is looked up), then its handler.

mod accept;
mod body;
mod create;
mod decode;
mod delete;
mod discovery;
mod handle;
mod list;
mod openapi;
mod patch;
mod pods;
mod query;
mod read;
mod request_info;
mod response;
mod reviews;
mod selectors;
mod serve;
mod table;
mod update;
mod watch;
mod write_options;

use std::{sync::Arc, time::Duration};

use tokio_util::{sync::CancellationToken, task::TaskTracker};

pub(crate) use self::{request_info::RequestInfo, response::Body, serve::serve};
use crate::{
    auth::{Authorizer, Tokens},
    builder::{MetricsServer, SplitLogStreams},
    faults::Faults,
    node::Streams,
    registry::Registry,
    release::Release,
};

/// All that a request can reach.
pub(crate) struct Api {
    registry: Registry,
    tokens: Tokens,
    authorizer: Authorizer,
    streams: Arc<dyn Streams>,
    faults: Faults,
    settings: ApiSettings,
    /// Websockets, which outlive their connection's task.
    tasks: TaskTracker,
    stop: CancellationToken,
}

/// What may differ from one API server to another.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ApiSettings {
    pub(crate) release: Release,
    /// The time between two bookmarks of a watch.
    pub(crate) bookmark_interval: Duration,
    pub(crate) split_log_streams: SplitLogStreams,
    pub(crate) metrics_server: MetricsServer,
}

impl Api {
    pub(crate) fn new(
        registry: Registry,
        tokens: Tokens,
        streams: Arc<dyn Streams>,
        faults: Faults,
        settings: ApiSettings,
        stop: CancellationToken,
    ) -> Self {
        let authorizer = Authorizer::new(registry.store().clone());
        let tasks = TaskTracker::new();
        Api { registry, tokens, authorizer, streams, faults, settings, tasks, stop }
    }

    pub(crate) fn faults(&self) -> &Faults {
        &self.faults
    }

    /// Returns once every websocket is closed. The signal to close them is the same as for connections.
    pub(crate) async fn closed(&self) {
        self.tasks.close();
        self.tasks.wait().await;
    }
}
