//! Carries out what the index asks for, side by side and with patience.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::annotation;
use crate::chance;
use crate::client::{ApiClient, ApiFailure, Call, Resource};
use crate::control::carry_out_owed;
use crate::index::{Deed, Report};
use crate::objects::Owner;
use crate::observed::JobObject;
use crate::pods;
use crate::readback;
use crate::stdin::{self, Deliverer, DeliveryError, Scratch, ScratchError};
use crate::submit::{self, Maker, ServiceError};
use crate::watch::Backoff;

/// How many calls the deeds of a plugin make at once.
const AT_ONCE: usize = 8;
/// How often a deed is tried before the index is told that it came to nothing.
const ATTEMPTS: u32 = 6;

/// What deeds need.
#[derive(Clone)]
pub(crate) struct Means {
    pub(crate) client: ApiClient,
    pub(crate) scratch: Scratch,
    pub(crate) deliverer: Arc<str>,
    pub(crate) maker: Maker,
}

/// Carries out deeds until no more can come; ends those that are under way with it when dropped.
pub(crate) async fn run(means: Means, mut deeds: mpsc::Receiver<Deed>, reports: mpsc::Sender<Report>) {
    let calls = Arc::new(Semaphore::new(AT_ONCE));
    let mut under_way = JoinSet::new();
    loop {
        tokio::select! {
            deed = deeds.recv() => match deed {
                Some(deed) => {
                    under_way.spawn(carry_out(means.clone(), deed, calls.clone(), reports.clone()));
                }
                None => return,
            },
            Some(result) = under_way.join_next() => {
                if let Err(error) = result {
                    tracing::error!("a task of the Kubernetes backend ended badly: {error}");
                }
            }
        }
    }
}

async fn carry_out(means: Means, deed: Deed, calls: Arc<Semaphore>, reports: mpsc::Sender<Report>) {
    let backoff = Backoff::new(Duration::from_millis(500), Duration::from_secs(10), chance::fraction);
    for attempt in 0..ATTEMPTS {
        let result = match &deed {
            // A delivery lasts as long as the job takes to read it: it must not keep others waiting.
            Deed::DeliverStdin { .. } => means.try_once(&deed).await,
            _ => {
                // The semaphore is never closed.
                let Ok(_permit) = calls.acquire().await else { return };
                means.try_once(&deed).await
            }
        };
        match result {
            Ok(report) => {
                if let Some(report) = report {
                    drop(reports.send(report).await);
                }
                return;
            }
            Err(Failure { text, passing: true }) if attempt + 1 < ATTEMPTS => {
                tracing::debug!(job = deed.job(), "{text}; it is tried again");
                sleep(backoff.delay(attempt)).await;
            }
            Err(Failure { text, .. }) => {
                tracing::warn!(job = deed.job(), "{text}");
                break;
            }
        }
    }
    // The index asks again by and by. If it is gone, so is the need.
    drop(reports.send(Report::Undone(deed)).await);
}

struct Failure {
    text: String,
    passing: bool,
}

fn told(error: &ScratchError) -> String {
    let cause = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
    format!("{error}: {cause}; check scratch-path")
}

impl From<ApiFailure> for Failure {
    fn from(failure: ApiFailure) -> Self {
        Self { text: failure.with_advice(), passing: failure.kind.is_passing() }
    }
}

impl Means {
    async fn try_once(&self, deed: &Deed) -> Result<Option<Report>, Failure> {
        match deed {
            Deed::WriteEnd { job, end, for_good } => {
                let mut change = json!({ "metadata": { "annotations": { annotation::END: end.write() } } });
                if *for_good {
                    change["spec"] = json!({ "suspend": true });
                }
                match self.client.call(&Call::patch(Resource::Jobs, job, change)).await {
                    Err(failure) if !failure.is_not_found() => Err(failure.into()),
                    _ => Ok(None),
                }
            }
            Deed::MakeService { job } => {
                self.look_after_service(job).await?;
                Ok(None)
            }
            Deed::FindPod { job } => Ok(Some(match pods::of_job(&self.client, job).await? {
                Some(pod) => Report::PodFound(Box::new(pod)),
                None => Report::NoPod { job: job.clone() },
            })),
            Deed::DeliverStdin { job, pod, if_missing } => {
                let plugin = Deliverer { scratch: &self.scratch, name: &self.deliverer };
                match stdin::deliver(&self.client, plugin, job, pod, *if_missing).await {
                    Ok(conclusion) => Ok(Some(Report::Delivered { job: job.clone(), conclusion })),
                    Err(DeliveryError::Api(failure)) => Err(failure.into()),
                    Err(DeliveryError::Scratch(error)) => Err(Failure { text: told(&error), passing: true }),
                    Err(error @ DeliveryError::KeptElsewhere) => {
                        tracing::warn!(job, "{error}: the job waits for it");
                        Ok(Some(Report::KeptElsewhere { job: job.clone() }))
                    }
                }
            }
            Deed::CarryOut { job, intent } => {
                carry_out_owed(&self.client, job, intent).await?;
                Ok(None)
            }
            Deed::DropStdin { key, .. } => {
                self.scratch.remove(key).await;
                Ok(None)
            }
        }
    }

    async fn look_after_service(&self, job: &str) -> Result<(), Failure> {
        let object: JobObject = match self.client.read(&Call::get(Resource::Jobs, job)).await {
            Err(failure) if failure.is_not_found() => return Ok(()),
            result => result?,
        };
        let known = [annotation::PORTS, annotation::END];
        if known.iter().any(|key| object.metadata.annotation(key).is_some()) {
            return Ok(());
        }
        let owner = Owner { name: object.metadata.name.clone(), uid: object.metadata.uid.clone() };
        let launcher_job = readback::job_of(object, &self.maker.cluster);
        match submit::find_or_make(&self.client, &launcher_job, &owner, &self.maker).await {
            Err(ServiceError::Api(failure)) => Err(failure.into()),
            Err(error @ ServiceError::Groups(_)) => Err(Failure { text: error.to_string(), passing: true }),
            Err(ServiceError::Object(error)) => {
                tracing::error!(job, "the job's Service, which is missing, cannot be made: {error}");
                Ok(())
            }
            Ok(()) => Ok(()),
        }
    }
}
