//! One Launcher's requests: each is read, and goes where it is handled.

use std::time::Duration;

use bytes::Bytes;
use launcher_api::request::{OpenJobOutput, OpenJobResourceUtil, OpenJobStatus, StreamRequest};
use launcher_api::response::BootstrapResponse;
use launcher_api::{
    API_VERSION, ApiVersion, ErrorCode, Request, RequestBody, RequestError, RequestId, Response,
};
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout_at};

use crate::backend::Backend;
use crate::bootstrap::{self, Stage, Verdict};
use crate::context::Context;
use crate::in_flight::InFlight;
use crate::metrics;
use crate::refusal::Refusal;
use crate::requests::{cluster, control, get_jobs, network, submit};
use crate::streams::life::StreamLife;
use crate::streams::output::OutputStream;
use crate::streams::registry::{MAX_STREAMS, Registry};
use crate::streams::resource::ResourceStream;
use crate::streams::sampling::Sampling;

/// Since which minor version Launchers know metrics.
const METRICS_SINCE: u32 = 7;

/// What is known of the Launcher's requests, and the work on them.
#[derive(Debug)]
pub(crate) struct Session<B> {
    cx: Context<B>,
    began: Instant,
    stage: Stage,
    /// The backend's start, while it is under way.
    starting: JoinSet<Result<(), Refusal>>,
    /// What the Launcher speaks, as the last Bootstrap said.
    launcher_minor: u32,
    requests: InFlight,
    outputs: Registry,
    resources: Registry,
    sampling: Sampling,
    /// Tells metrics, once that may be done.
    metrics: JoinSet<()>,
}

impl<B: Backend> Session<B> {
    pub(crate) fn new(cx: Context<B>) -> Self {
        Self {
            began: Instant::now(),
            stage: Stage::Closed,
            starting: JoinSet::new(),
            launcher_minor: 0,
            requests: InFlight::new(cx.outbox.clone()),
            outputs: Registry::default(),
            resources: Registry::default(),
            sampling: Sampling::default(),
            metrics: JoinSet::new(),
            cx,
        }
    }

    /// Whether there is room to read more requests.
    pub(crate) fn has_room(&self) -> bool {
        self.requests.has_room()
    }

    /// Waits until some work is done, and draws the consequences. Nothing is lost if the future is dropped.
    pub(crate) async fn proceed(&mut self) {
        tokio::select! {
            Some(started) = self.starting.join_next() => {
                self.started(&started.unwrap_or_else(|_| Err(Refusal::ending())));
            }
            () = self.requests.reap() => {}
            () = self.outputs.reap() => {}
            () = self.resources.reap() => {}
        }
    }

    /// Takes in one payload. Waits for nothing but the job table.
    pub(crate) async fn handle(&mut self, payload: Bytes) {
        match Request::from_json(&payload) {
            Ok(request) => {
                let (request_type, bytes) = (request.body.message_type(), payload.len());
                tracing::debug!(request = %request.id, ?request_type, bytes, "request received");
                self.dispatch(request, bytes).await;
            }
            Err(error) => self.handle_unreadable(&error),
        }
    }

    fn handle_unreadable(&mut self, error: &RequestError) {
        match error.request_id {
            Some(id) => {
                tracing::warn!(request = %id, "a request can't be understood: {error}");
                self.requests.answer(id, Err(Refusal::new(error.code(), error.to_string())));
            }
            None => tracing::error!("a message can't be read and is skipped: {error}"),
        }
    }

    async fn dispatch(&mut self, Request { id, body }: Request, bytes: usize) {
        let stage_allows =
            self.stage.is_open() || matches!(body, RequestBody::Heartbeat | RequestBody::Bootstrap(_));
        if !stage_allows {
            return self.handle_too_early(id, &body);
        }
        let cx = self.cx.clone();
        let requests = &mut self.requests;
        match body {
            RequestBody::Heartbeat => self.cx.outbox.heartbeat(),
            RequestBody::Bootstrap(bootstrap) => self.bootstrap(id, bootstrap.version),
            RequestBody::SubmitJob(asked) => {
                requests.spawn(id, bytes, move |by| submit::submit(cx, id, asked, by));
            }
            RequestBody::GetJobs(asked) => {
                requests.spawn(id, bytes, move |_| get_jobs::get_jobs(cx, id, asked));
            }
            RequestBody::ControlJob(asked) => {
                requests.spawn(id, bytes, move |by| control::control(cx, id, asked, by));
            }
            RequestBody::JobNetwork(asked) => {
                requests.spawn(id, bytes, move |by| network::network(cx, id, asked, by));
            }
            RequestBody::ClusterInfo(asked) | RequestBody::MultiClusterInfo(asked) => {
                requests.spawn(id, bytes, move |by| cluster::cluster_info(cx, id, asked, by));
            }
            RequestBody::ConfigReload(_) => requests.spawn(id, bytes, move |by| cluster::reload(cx, id, by)),
            RequestBody::SetLoadBalancerNodes(told) => {
                requests.answer(id, Ok(cluster::load_balancer_nodes(id, &told)));
            }
            RequestBody::JobStatusStream(StreamRequest::Open(open)) => self.open_status(id, open).await,
            RequestBody::JobOutputStream(StreamRequest::Open(open)) => self.open_output(id, open),
            RequestBody::JobResourceUtilStream(StreamRequest::Open(open)) => self.open_resource_use(id, open),
            RequestBody::JobStatusStream(StreamRequest::Cancel(_)) => {
                // Refused only if the plugin is ending, and all streams with it.
                drop(self.cx.jobs.cancel_status(id).await);
            }
            RequestBody::JobOutputStream(StreamRequest::Cancel(_)) => canceled(id, self.outputs.cancel(id)),
            RequestBody::JobResourceUtilStream(StreamRequest::Cancel(_)) => {
                canceled(id, self.resources.cancel(id));
            }
        }
    }

    /// A request that comes before the answer to Bootstrap. A cancel is never answered.
    fn handle_too_early(&mut self, id: RequestId, body: &RequestBody) {
        if !matches!(
            body,
            RequestBody::JobStatusStream(StreamRequest::Cancel(_))
                | RequestBody::JobOutputStream(StreamRequest::Cancel(_))
                | RequestBody::JobResourceUtilStream(StreamRequest::Cancel(_))
        ) {
            let message = "the plugin has not been bootstrapped: Bootstrap comes first, then other requests";
            self.requests.answer(id, Err(Refusal::new(ErrorCode::InvalidRequest, message)));
        }
    }

    fn bootstrap(&mut self, id: RequestId, theirs: ApiVersion) {
        match self.stage.bootstrap(id, theirs) {
            Verdict::Start => {
                tracing::info!(launcher = %theirs, plugin = %API_VERSION, "bootstrapping");
                self.launcher_minor = theirs.minor;
                self.starting.spawn(bootstrap::start(self.cx.clone()));
            }
            Verdict::Wait => {}
            Verdict::Repeat => self.requests.answer(id, Ok(bootstrapped(id))),
            Verdict::Refuse(refusal) => {
                tracing::error!("Bootstrap refused: {}", refusal.message);
                self.requests.answer(id, Err(refusal));
            }
        }
    }

    fn started(&mut self, started: &Result<(), Refusal>) {
        for id in self.stage.started(started.is_ok()) {
            self.requests.answer(id, started.clone().map(|()| bootstrapped(id)));
        }
        if started.is_ok() {
            tracing::info!("the plugin is ready");
            self.tell_metrics();
        }
    }

    fn tell_metrics(&mut self) {
        let options = &self.cx.options;
        let known = self.launcher_minor >= METRICS_SINCE || options.metrics_forced;
        if let Some(interval) = options.metrics_interval.filter(|interval| known && !interval.is_zero()) {
            let (backend, outbox) = (self.cx.backend.clone(), self.cx.outbox.clone());
            self.metrics.spawn(metrics::tell(backend, outbox, self.began, interval));
        }
    }

    async fn open_status(&mut self, id: RequestId, open: OpenJobStatus) {
        match self.cx.jobs.open_status(id, open.who.username, open.selector).await {
            Ok(opening) => self.requests.answer_later(id, async { opening.opened().await.map(|()| None) }),
            Err(refusal) => self.requests.answer(id, Err(refusal)),
        }
    }

    fn open_output(&mut self, request: RequestId, open: OpenJobOutput) {
        if let Some(life) = may_open(&self.outputs, &mut self.requests, request) {
            let stream = OutputStream {
                request,
                life: life.clone(),
                jobs: self.cx.jobs.clone(),
                outbox: self.cx.outbox.clone(),
                max_message_size: self.cx.options.max_message_size,
            };
            self.outputs.open(request, life, stream.run(self.cx.backend.clone(), open));
        }
    }

    fn open_resource_use(&mut self, request: RequestId, open: OpenJobResourceUtil) {
        if let Some(life) = may_open(&self.resources, &mut self.requests, request) {
            let stream = ResourceStream {
                request,
                life: life.clone(),
                jobs: self.cx.jobs.clone(),
                outbox: self.cx.outbox.clone(),
                sampling: self.sampling.clone(),
            };
            self.resources.open(request, life, stream.run(self.cx.backend.clone(), open));
        }
    }

    /// Ends all streams, and lets requests come to an end for a while. Nothing of the session is left afterwards.
    pub(crate) async fn close(mut self, patience: Duration) {
        let deadline = Instant::now() + patience;
        self.outputs.cancel_all();
        self.resources.cancel_all();
        // Refused only if the table has ended, and all streams with it.
        drop(self.cx.jobs.cancel_all().await);
        while let Ok(Some(Ok(started))) = timeout_at(deadline, self.starting.join_next()).await {
            self.started(&started);
        }
        self.metrics.abort_all();
        self.requests.finish(deadline).await;
    }
}

/// The life of a new stream; `None` if the request is refused or ignored.
fn may_open(streams: &Registry, requests: &mut InFlight, id: RequestId) -> Option<StreamLife> {
    if streams.is_open(id) {
        tracing::warn!(request = %id, "stream is open already, the second request for it is ignored");
        return None;
    }
    if streams.is_full() {
        let message = format!("{MAX_STREAMS} streams of this kind are open, and no more are possible");
        requests.answer(id, Err(Refusal::new(ErrorCode::Unknown, message)));
        return None;
    }
    Some(StreamLife::default())
}

fn bootstrapped(request_id: RequestId) -> Response {
    Response::Bootstrap(BootstrapResponse { request_id, version: API_VERSION })
}

fn canceled(request: RequestId, was_open: bool) {
    tracing::debug!(%request, was_open, "stream canceled");
}
