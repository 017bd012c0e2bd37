//! Bootstrap: the versions meet, and the backend learns which jobs exist.

use launcher_api::{API_VERSION, ApiVersion, ErrorCode, RequestId};
use tokio::time::{Instant, timeout_at};

use crate::JobFeed;
use crate::backend::Backend;
use crate::calls::call;
use crate::context::Context;
use crate::error::REQUEST_TIMEOUT;
use crate::refusal::Refusal;

/// Updates that wait for the job table.
const FEED: usize = 256;

/// Bootstrap requests that wait for the same start.
const MAX_WAITING: usize = 64;

/// How far the session has come.
#[derive(Debug)]
pub(crate) enum Stage {
    /// No Bootstrap has succeeded.
    Closed,
    /// The backend is starting; these requests wait for it.
    Starting(Vec<RequestId>),
    /// Requests are welcome.
    Open,
}

/// What to do about a Bootstrap request.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Start the backend.
    Start,
    /// It is answered when the backend has started.
    Wait,
    /// Answer it, nothing changes.
    Repeat,
    /// Refuse it.
    Refuse(Refusal),
}

impl Stage {
    /// Takes in a Bootstrap request.
    pub(crate) fn bootstrap(&mut self, request: RequestId, theirs: ApiVersion) -> Verdict {
        if theirs.major != API_VERSION.major {
            let message = format!("API {}.x is spoken here, the Launcher speaks {theirs}", API_VERSION.major);
            return Verdict::Refuse(Refusal::new(ErrorCode::UnsupportedVersion, message));
        }
        match self {
            Self::Closed => {
                *self = Self::Starting(vec![request]);
                Verdict::Start
            }
            Self::Starting(waiting) if waiting.len() < MAX_WAITING => {
                waiting.push(request);
                Verdict::Wait
            }
            Self::Starting(_) => {
                let message = "the plugin is starting; enough Bootstrap requests wait for that";
                Verdict::Refuse(Refusal::new(ErrorCode::InvalidRequest, message))
            }
            Self::Open => Verdict::Repeat,
        }
    }

    /// The start is over, one way or the other. Who is to be told.
    pub(crate) fn started(&mut self, success: bool) -> Vec<RequestId> {
        let next = if success { Self::Open } else { Self::Closed };
        match std::mem::replace(self, next) {
            Self::Starting(waiting) => waiting,
            Self::Closed | Self::Open => Vec::new(),
        }
    }

    pub(crate) fn is_open(&self) -> bool {
        matches!(self, Self::Open)
    }
}

/// Starts the backend and waits until the job table knows every job that exists.
pub(crate) async fn start<B: Backend>(cx: Context<B>) -> Result<(), Refusal> {
    let deadline = Instant::now() + REQUEST_TIMEOUT;
    let (feed, receiver) = JobFeed::channel(FEED);
    cx.jobs.attach(receiver).await?;
    let started = call("learning which jobs exist", deadline, cx.backend.start(feed.clone())).await;
    let known = match started {
        Ok(Ok(())) => match timeout_at(deadline, feed.applied()).await {
            Ok(Ok(())) => return Ok(()),
            Ok(Err(closed)) => closed.to_string(),
            Err(_) => "there are too many jobs to learn them in time".to_owned(),
        },
        Ok(Err(error)) => error.to_string(),
        Err(interrupted) => interrupted.to_string(),
    };
    cx.jobs.detach().await?;
    tracing::error!("the plugin can't start: {known}");
    Err(Refusal::new(ErrorCode::Unknown, format!("the plugin can't start: {known}")))
}
