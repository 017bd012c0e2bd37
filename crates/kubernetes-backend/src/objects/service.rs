//! The Service that makes a job's ports reachable on the nodes.

use launcher_api::Job;
use serde_json::{Value, json};

use super::ports::service_ports;
use super::{BuildContext, BuildError, JobParts, completion};
use crate::templates::{self, ObjectKind};
use crate::{annotation, names};

/// The Job that a Service belongs to, and goes with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// Its name.
    pub name: String,
    /// Its uid.
    pub uid: String,
}

/// The Service for `job`, if it has ports that need one. Its name follows from the Job's: it can't be made twice.
///
/// # Errors
/// [`BuildError`], mostly because the template does not give one.
pub fn service_object(job: &Job, owner: &Owner, context: &BuildContext) -> Result<Option<Value>, BuildError> {
    if service_ports(job).next().is_none() {
        return Ok(None);
    }
    let parts = JobParts::of(job, context)?;
    let data = templates::for_service(job, &parts, owner);
    let mut object = context.templates.render(ObjectKind::Service, &data)?;
    complete(&mut object, owner)?;
    Ok(Some(object))
}

/// Adds to what a template has rendered what the plugin adds to every Service.
///
/// # Errors
/// It is not the map that it should be.
pub(crate) fn complete(object: &mut Value, owner: &Owner) -> Result<(), BuildError> {
    let metadata = completion::map_at(object, &["metadata"], ObjectKind::Service)?;
    metadata.insert("name".to_owned(), names::service_name(&owner.name).into());
    metadata.insert(
        "ownerReferences".to_owned(),
        json!([{ "apiVersion": "batch/v1", "kind": "Job", "name": owner.name, "uid": owner.uid }]),
    );
    let labels = completion::map_at(object, &["metadata", "labels"], ObjectKind::Service)?;
    labels.insert(annotation::MANAGED_BY.to_owned(), annotation::MANAGED_BY_LAUNCHER.into());
    labels.insert(annotation::JOB_NAME.to_owned(), owner.name.as_str().into());
    Ok(())
}
