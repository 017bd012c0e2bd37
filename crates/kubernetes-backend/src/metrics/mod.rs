//! What a running job uses, as metrics-server measures it: the main container's CPU and memory.
//!
//! metrics-server has a new value every 15 to 60 seconds, the first some 20 seconds after the container's start. CPU time so
//! far is not among what it tells, and virtual memory neither.

use std::time::Duration;

use futures::StreamExt;
use futures::stream::{self, BoxStream};
use launcher_api::Job;
use launcher_api::response::ResourceUse;
use launcher_plugin::BackendError;
use serde::Deserialize;
use tokio::time::sleep;

use crate::annotation;
use crate::client::{ApiClient, Call, FailureKind, Resource};
use crate::pods;
use crate::quantity;

/// How often it is asked. Most answers repeat the last one, and are not told.
const PERIOD: Duration = Duration::from_secs(5);
/// How often the pod is looked for while nothing is measured: it may be over.
const LOOK_EVERY: u32 = 3;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct PodMetrics {
    #[serde(deserialize_with = "crate::observed::lenient")]
    timestamp: String,
    #[serde(deserialize_with = "crate::observed::lenient")]
    containers: Vec<ContainerMetrics>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ContainerMetrics {
    #[serde(deserialize_with = "crate::observed::lenient")]
    name: String,
    #[serde(deserialize_with = "crate::observed::lenient")]
    usage: Usage,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Usage {
    #[serde(deserialize_with = "crate::observed::lenient")]
    cpu: String,
    #[serde(deserialize_with = "crate::observed::lenient")]
    memory: String,
}

struct Meter {
    client: ApiClient,
    job: String,
    pod: Option<String>,
    told: String,
    silent: u32,
    first: bool,
}

/// Measurements of `job` until its container ends. A cluster without metrics-server is an error, once.
pub fn resource_use(client: ApiClient, job: &Job) -> BoxStream<'static, Result<ResourceUse, BackendError>> {
    let meter = Meter {
        client,
        job: job.id.as_str().to_owned(),
        pod: None,
        told: String::new(),
        silent: 0,
        first: true,
    };
    stream::unfold(Some(meter), |meter| async move {
        let mut meter = meter?;
        match meter.next().await {
            Ok(Some(sample)) => Some((Ok(sample), Some(meter))),
            Ok(None) => None,
            Err(error) => Some((Err(error), None)),
        }
    })
    .boxed()
}

impl Meter {
    async fn next(&mut self) -> Result<Option<ResourceUse>, BackendError> {
        loop {
            if !std::mem::take(&mut self.first) {
                sleep(PERIOD).await;
            }
            if (self.pod.is_none() || self.silent >= LOOK_EVERY) && self.is_over().await {
                return Ok(None);
            }
            let Some(pod) = &self.pod else { continue };
            let metrics: PodMetrics = match self.client.read(&Call::get(Resource::PodMetrics, pod)).await {
                Ok(metrics) => metrics,
                Err(failure) => match failure.kind {
                    FailureKind::NoSuchApi => return Err(no_metrics_server()),
                    FailureKind::Forbidden { .. } => {
                        return Err(BackendError::NotSupported(failure.with_advice()));
                    }
                    // Not measured yet, or over; or the cluster fails in passing.
                    _ => {
                        self.silent += 1;
                        continue;
                    }
                },
            };
            if metrics.timestamp == self.told {
                self.silent += 1;
                continue;
            }
            if let Some(sample) = sample(&metrics) {
                self.silent = 0;
                self.told = metrics.timestamp;
                return Ok(Some(sample));
            }
        }
    }

    async fn is_over(&mut self) -> bool {
        self.silent = 0;
        match pods::of_job(&self.client, &self.job).await {
            Ok(Some(pod)) => {
                let over = pod.main_status().is_some_and(|status| status.state.terminated.is_some());
                self.pod = Some(pod.metadata.name);
                over
            }
            Ok(None) => true,
            // It is looked for again.
            Err(_) => false,
        }
    }
}

fn sample(metrics: &PodMetrics) -> Option<ResourceUse> {
    let main = metrics.containers.iter().find(|c| c.name == annotation::MAIN_CONTAINER)?;
    Some(ResourceUse {
        cpu_percent: quantity::parse(&main.usage.cpu).map(|cpus| cpus * 100.0),
        resident_memory: quantity::parse(&main.usage.memory).map(|bytes| bytes / 1e6),
        ..ResourceUse::default()
    })
}

fn no_metrics_server() -> BackendError {
    BackendError::NotSupported(
        "the cluster does not measure what jobs use: its metrics-server addon is not installed".to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_main_containers_use_is_told_in_percent_and_mb() {
        let metrics: PodMetrics = serde_json::from_str(
            r#"{"kind":"PodMetrics","timestamp":"2026-11-24T11:16:47Z","window":"15.001s","containers":[
                {"name":"sc","usage":{"cpu":"0","memory":"432Ki"}},
                {"name":"rs-launcher-container","usage":{"cpu":"300155143n","memory":"20100Ki"}}]}"#,
        )
        .expect("metrics");
        let sample = sample(&metrics).expect("a sample");
        assert_eq!(sample.cpu_percent.map(f64::round), Some(30.0));
        assert_eq!(sample.resident_memory, Some(20.5824));
        assert_eq!((sample.cpu_time, sample.virtual_memory), (None, None));
    }
}
