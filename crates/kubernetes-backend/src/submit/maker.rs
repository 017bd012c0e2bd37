//! What objects are made by, and making them without keeping others waiting.

use std::sync::Arc;

use launcher_api::Job;
use launcher_plugin::BackendError;
use serde_json::Value;

use crate::objects::{BuildContext, BuildError, JobObjects, Owner, service_object};
use crate::profiles::Effective;
use crate::rules::{Rules, RulesInUse};
use crate::templates::NoTemplates;

/// What all objects of a plugin have in common.
#[derive(Clone)]
pub struct Maker {
    /// What administrators say now.
    pub rules: RulesInUse,
    /// The cluster's name, as jobs tell it.
    pub cluster: Arc<str>,
    /// Whether containers of a pod see each other's processes.
    pub shared_process_namespace: bool,
}

impl Maker {
    /// By these rules, for a user for whom `profile` holds; with no standard input to be kept.
    ///
    /// # Errors
    /// There are no templates.
    pub(crate) fn context(&self, rules: &Rules, profile: &Effective) -> Result<BuildContext, NoTemplates> {
        Ok(BuildContext {
            templates: rules.templates.clone()?,
            cluster: self.cluster.clone(),
            shared_process_namespace: self.shared_process_namespace,
            default_image: profile.default_container_image.value.clone(),
            cpu_request_ratio: profile.cpu_request_ratio.value,
            memory_request_ratio: profile.memory_request_ratio.value,
            deliverer: "".into(),
            stdin_key: String::new(),
            overrides: profile.overrides.clone(),
            profile_data: profile.profile_data.clone(),
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
