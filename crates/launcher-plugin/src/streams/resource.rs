//! One Job Resource Utilization stream.

use std::sync::Arc;

use launcher_api::request::OpenJobResourceUtil;
use launcher_api::response::{JobResourceUtilResponse, ResourceUtil, StreamSequence};
use launcher_api::{ErrorCode, JobStatus, RequestId, Response};

use super::life::StreamLife;
use super::sampling::{Samples, Sampling};
use crate::backend::Backend;
use crate::outbox::{Closed, Outbound, Outbox};
use crate::refusal::Refusal;
use crate::table::Jobs;

/// A stream that one request has opened.
#[derive(Debug)]
pub(crate) struct ResourceStream {
    pub(crate) request: RequestId,
    pub(crate) life: StreamLife,
    pub(crate) jobs: Jobs,
    pub(crate) outbox: Outbox,
    pub(crate) sampling: Sampling,
}

impl ResourceStream {
    /// Sends samples until the job ends. A slow reader gets the newest ones.
    pub(crate) async fn run<B: Backend>(self, backend: Arc<B>, open: OpenJobResourceUtil) {
        let request = self.request;
        let sent = match self.watch(&backend, open).await {
            Ok(samples) => self.send_all(samples).await,
            Err(refusal) => self.fail(refusal).await,
        };
        if let Err(Closed) = sent {
            tracing::debug!(%request, "resource stream ends: the plugin is ending");
        }
    }

    async fn watch<B: Backend>(
        &self,
        backend: &Arc<B>,
        open: OpenJobResourceUtil,
    ) -> Result<Samples, Refusal> {
        let job = self.jobs.find(open.who.username, open.job).await?;
        if job.status != JobStatus::Running {
            let message = format!("job '{}' is not Running but {}: it uses nothing", job.id, job.status);
            return Err(Refusal::new(ErrorCode::JobNotRunning, message));
        }
        Ok(self.sampling.watch(backend, &self.jobs, job))
    }

    async fn send_all(&self, mut samples: Samples) -> Result<(), Closed> {
        let mut last_seq_id = 0;
        while samples.changed().await {
            let slot = self.outbox.bulk_slot().await?;
            // Taken only now that there is room: what came while there was none is skipped.
            if let Some(sample) = samples.take() {
                last_seq_id += 1;
                slot.send(self.message(last_seq_id, ResourceUtil::Sample(sample)));
            }
        }
        let slot = self.outbox.bulk_slot().await?;
        slot.send(self.message(last_seq_id + 1, ResourceUtil::Complete));
        Ok(())
    }

    fn message(&self, seq_id: u64, data: ResourceUtil) -> Outbound {
        let sequences = vec![StreamSequence { request_id: self.request, seq_id }];
        Outbound::of_stream(
            Response::JobResourceUtil(JobResourceUtilResponse { sequences, data }),
            &self.life,
        )
    }

    async fn fail(&self, refusal: Refusal) -> Result<(), Closed> {
        let slot = self.outbox.bulk_slot().await?;
        slot.send(Outbound::of_stream(refusal.into_response(self.request), &self.life));
        Ok(())
    }
}
