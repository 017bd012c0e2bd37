//! Measuring a job once for all who watch it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use futures::StreamExt;
use launcher_api::response::ResourceUse;
use launcher_api::{Job, JobId, Requester};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::backend::Backend;
use crate::calls::guarded_stream;
use crate::table::Jobs;
use crate::table::milestones::Milestone;

/// The jobs that are being measured.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sampling {
    /// Held only to look up or to add. Entries of jobs that nobody watches any more are dropped on the way.
    measured: Arc<Mutex<HashMap<JobId, Weak<Measurement>>>>,
}

/// The measuring of one job, alive as long as somebody holds it.
#[derive(Debug)]
pub(crate) struct Measurement {
    samples: watch::Receiver<Option<ResourceUse>>,
    task: JoinHandle<()>,
}

impl Drop for Measurement {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// One watcher's view: the last sample at once, then newer ones as fast as it takes them.
#[derive(Debug)]
pub(crate) struct Samples {
    latest: watch::Receiver<Option<ResourceUse>>,
    _alive: Arc<Measurement>,
}

impl Samples {
    /// Waits until there is a sample that was not taken; `false`: there will be no more.
    pub(crate) async fn changed(&mut self) -> bool {
        self.latest.changed().await.is_ok()
    }

    /// The newest sample, however many came since the last one was taken.
    pub(crate) fn take(&mut self) -> Option<ResourceUse> {
        *self.latest.borrow_and_update()
    }
}

impl Sampling {
    /// Joins those who watch the job, or begins to measure it.
    pub(crate) fn watch<B: Backend>(&self, backend: &Arc<B>, jobs: &Jobs, job: Arc<Job>) -> Samples {
        // A panic while the lock was held left a map that is whole.
        let mut measured = self.measured.lock().unwrap_or_else(PoisonError::into_inner);
        measured.retain(|_, measurement| measurement.strong_count() > 0);
        let id = job.id.clone();
        let running = measured.get(&id).and_then(Weak::upgrade).filter(|running| !running.task.is_finished());
        let measurement = running.unwrap_or_else(|| {
            let started = Arc::new(Measurement::start(Arc::clone(backend), jobs.clone(), job));
            measured.insert(id, Arc::downgrade(&started));
            started
        });
        // The receiver that is cloned never looks at a sample, so to each clone the last one is new.
        Samples { latest: measurement.samples.clone(), _alive: measurement }
    }
}

impl Measurement {
    fn start<B: Backend>(backend: Arc<B>, jobs: Jobs, job: Arc<Job>) -> Self {
        let (sender, samples) = watch::channel(None);
        let task = tokio::spawn(async move {
            let id = job.id.clone();
            let mut source = guarded_stream(move || backend.resource_use(job));
            let ended = jobs.reach(Requester::Everyone, id.clone(), Milestone::Ended);
            tokio::pin!(ended);
            loop {
                tokio::select! {
                    sample = source.next() => match sample {
                        Some(Ok(sample)) => drop(sender.send_replace(Some(sample))),
                        Some(Err(error)) => {
                            tracing::warn!(job = %id, "the job's use of resources can no longer be measured: {error}");
                            return;
                        }
                        None => return,
                    },
                    // The job is over or gone, whatever the backend says.
                    _ = &mut ended => return,
                }
            }
        });
        Self { samples, task }
    }
}
