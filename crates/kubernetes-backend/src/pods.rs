//! Finding the pod of a job.

use serde::Deserialize;

use crate::annotation;
use crate::client::{ApiClient, ApiFailure, Call, Resource, Verb};
use crate::observed::PodObject;

#[derive(Deserialize)]
struct Pods {
    #[serde(deserialize_with = "crate::observed::lenient")]
    items: Vec<PodObject>,
}

/// The job's pod as it is now; the youngest, should there be several.
///
/// # Errors
/// [`ApiFailure`]; a job without a pod is no error.
pub async fn of_job(client: &ApiClient, job: &str) -> Result<Option<PodObject>, ApiFailure> {
    let selector = format!("{},{}={job}", annotation::SELECTOR, annotation::JOB_NAME);
    let pods: Pods =
        client.read(&Call::new(Verb::List, Resource::Pods).with("labelSelector", selector)).await?;
    Ok(pods
        .items
        .into_iter()
        .max_by_key(|pod| (pod.metadata.deletion_timestamp.is_none(), pod.metadata.creation_timestamp)))
}
