//! What objects are made by, and making them without keeping others waiting.

use std::sync::Arc;

use launcher_api::Job;
use launcher_plugin::BackendError;
use serde_json::Value;

use crate::objects::{BuildContext, BuildError, JobObjects, Owner, Ratio, service_object};
use crate::templates::{NoTemplates, TemplatesInUse};

/// What all objects of a plugin have in common.
#[derive(Clone, Debug)]
pub struct Maker {
    /// The templates.
    pub templates: TemplatesInUse,
    /// The cluster's name, as jobs tell it.
    pub cluster: Arc<str>,
    /// Whether containers of a pod see each other's processes.
    pub shared_process_namespace: bool,
}

impl Maker {
    /// With the templates that are in use now, no default image, no standard input to be kept, and all of a limit reserved.
    ///
    /// # Errors
    /// There are no templates.
    pub(crate) fn context(&self) -> Result<BuildContext, NoTemplates> {
        Ok(BuildContext {
            templates: self.templates.get()?,
            cluster: self.cluster.clone(),
            shared_process_namespace: self.shared_process_namespace,
            default_image: None,
            cpu_request_ratio: Ratio::ALL,
            memory_request_ratio: Ratio::ALL,
            deliverer: "".into(),
            stdin_key: String::new(),
            overrides: Arc::default(),
        })
    }
}

/// The objects for a job.
///
/// # Errors
/// [`BackendError::InvalidJob`]; a template's fault is told in full to the log.
pub(super) async fn job_objects(job: &Job, context: &BuildContext) -> Result<JobObjects, BackendError> {
    let built = aside(job, context, JobObjects::build).await;
    built.map_err(|error| refused(&error))
}

/// The Service for a job, if it needs one.
///
/// # Errors
/// [`BuildError`].
pub(super) async fn service(
    job: &Job,
    owner: &Owner,
    context: &BuildContext,
) -> Result<Option<Value>, BuildError> {
    let owner = owner.clone();
    aside(job, context, move |job, context| service_object(job, &owner, context)).await
}

/// Builds where nobody else waits, if the templates may run programs.
async fn aside<T: Send + 'static>(
    job: &Job,
    context: &BuildContext,
    build: impl FnOnce(&Job, &BuildContext) -> Result<T, BuildError> + Send + 'static,
) -> Result<T, BuildError> {
    if !context.templates.may_block() {
        return build(job, context);
    }
    let (job, context) = (job.clone(), context.clone());
    let task = tokio::task::spawn_blocking(move || build(&job, &context));
    task.await.unwrap_or_else(|error| {
        tracing::error!("rendering the templates ended badly: {error}");
        Err(BuildError::Interrupted)
    })
}

/// What the user is told of it.
pub(super) fn refused(error: &BuildError) -> BackendError {
    if let BuildError::Template(template) = error {
        tracing::error!("a job was refused, for the object templates do not work for it: {template}");
    }
    if let BuildError::Override(change) = error {
        tracing::error!("a job was refused: {}", change.in_full());
    }
    BackendError::InvalidJob(error.to_string())
}
