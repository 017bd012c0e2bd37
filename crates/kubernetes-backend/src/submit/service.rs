//! A job's Service: made exactly once, and found again.

use launcher_api::Job;
use launcher_api::job::ExposedPort;
use serde::Deserialize;
use serde_json::json;

use super::{Maker, maker};
use crate::annotation;
use crate::client::{ApiClient, ApiFailure, Call, FailureKind, Propagation, Resource, Verb};
use crate::names;
use crate::objects::{BuildContext, BuildError, Owner};
use crate::observed::Meta;
use crate::profiles::GroupsUnknown;
use crate::readback;

#[derive(Deserialize)]
struct Services {
    #[serde(deserialize_with = "crate::observed::lenient")]
    items: Vec<ServiceObject>,
}

#[derive(Deserialize)]
struct ServiceObject {
    metadata: Meta,
    #[serde(default)]
    spec: ServiceSpec,
}

#[derive(Default, Deserialize)]
struct ServiceSpec {
    #[serde(default, deserialize_with = "crate::observed::lenient")]
    ports: Vec<ServicePort>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ServicePort {
    port: u16,
    #[serde(default, deserialize_with = "crate::observed::lenient")]
    protocol: String,
    node_port: Option<u16>,
}

/// Why a Service was not made.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// The cluster did not take it.
    #[error(transparent)]
    Api(#[from] ApiFailure),
    /// What holds for the user is not known.
    #[error("{0}: {cause}", cause = .0.cause)]
    Groups(#[from] GroupsUnknown),
    /// There is no object to be made.
    #[error(transparent)]
    Object(#[from] BuildError),
}

/// Makes the job's Service unless it is there, and writes the node ports to the Job. Returns the job's ports.
///
/// The Service's name follows from the Job's, so that two who make it at the same time make one.
///
/// # Errors
/// [`ServiceError`]; may be called again.
pub async fn make_service(
    client: &ApiClient,
    job: &Job,
    owner: &Owner,
    context: &BuildContext,
) -> Result<Vec<ExposedPort>, ServiceError> {
    let mut ports = job.exposed_ports.clone();
    let Some(object) = maker::service(job, owner, context).await? else { return Ok(ports) };
    let service = match client.read(&Call::create(Resource::Services, object)).await {
        Err(ApiFailure { kind: FailureKind::AlreadyExists, .. }) => {
            client.read(&Call::get(Resource::Services, &names::service_name(&owner.name))).await?
        }
        result => result?,
    };
    readback::publish(&mut ports, &published(&service));
    write_ports(client, &owner.name, &ports).await?;
    Ok(ports)
}

/// Looks after the Service of a job that someone else made: one of another name counts too.
pub(crate) async fn find_or_make(
    client: &ApiClient,
    job: &Job,
    owner: &Owner,
    maker: &Maker,
) -> Result<(), ServiceError> {
    let services = list(client, &owner.name).await?;
    let Some(service) = services.first() else {
        let rules = maker.rules.get();
        let profile = rules.profiles.of_user(job.user.as_str()).await?;
        let context = maker.context(&rules, &profile).map_err(BuildError::from)?;
        return make_service(client, job, owner, &context).await.map(drop);
    };
    let mut ports = job.exposed_ports.clone();
    readback::publish(&mut ports, &published(service));
    Ok(write_ports(client, &owner.name, &ports).await?)
}

/// Removes the job's Services.
pub(super) async fn remove_services(client: &ApiClient, job: &str) -> Result<(), ApiFailure> {
    for service in list(client, job).await? {
        let call = Call::delete(Resource::Services, &service.metadata.name, Propagation::Background);
        match client.call(&call).await {
            Err(failure) if !failure.is_not_found() => return Err(failure),
            _ => {}
        }
    }
    Ok(())
}

async fn list(client: &ApiClient, job: &str) -> Result<Vec<ServiceObject>, ApiFailure> {
    let selector = format!("{},{}={job}", annotation::SELECTOR, annotation::JOB_NAME);
    let call = Call::new(Verb::List, Resource::Services).with("labelSelector", selector);
    let services: Services = client.read(&call).await?;
    Ok(services.items)
}

fn published(service: &ServiceObject) -> Vec<ExposedPort> {
    let ports = service.spec.ports.iter();
    ports
        .map(|port| ExposedPort {
            target_port: port.port,
            protocol: if port.protocol.is_empty() { "TCP".to_owned() } else { port.protocol.clone() },
            published_port: port.node_port,
        })
        .collect()
}

async fn write_ports(client: &ApiClient, job: &str, ports: &[ExposedPort]) -> Result<(), ApiFailure> {
    let text = json!(ports).to_string();
    let change = json!({ "metadata": { "annotations": { annotation::PORTS: text } } });
    match client.call(&Call::patch(Resource::Jobs, job, change)).await {
        Err(failure) if !failure.is_not_found() => Err(failure),
        _ => Ok(()),
    }
}
