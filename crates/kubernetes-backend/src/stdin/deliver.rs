//! Writing a job's standard input into its container.

use std::time::Duration;

use serde_json::json;
use tokio::time::sleep;

use super::{Delivery, Scratch};
use crate::annotation;
use crate::client::{ApiClient, ApiFailure, Call, FailureKind, Resource};
use crate::observed::JobObject;
use crate::readback;
use crate::streams::{Frame, Session};

/// The size of a message. Some tens of KiB pass everywhere; tens of MiB cut the connection.
const PIECE: usize = 48 * 1024;
/// How often an attach is tried: the container may be seen to run before it can be attached to.
const ATTEMPTS: u32 = 6;

/// Why a standard input was not delivered.
#[derive(Debug, thiserror::Error)]
pub enum DeliveryError {
    /// The cluster failed.
    #[error(transparent)]
    Api(#[from] ApiFailure),
    /// It is kept by another plugin.
    #[error("its standard input is kept in the scratch path of another plugin, which has not delivered it")]
    KeptElsewhere,
}

/// Delivers the standard input of `job` into `pod`, unless that is done already or another plugin does it.
///
/// A process that ends early, or never reads, is no error. A connection that breaks midway ends the process's input: that
/// can't be mended, and counts as done.
///
/// # Errors
/// [`DeliveryError`]; it may be tried again.
pub async fn deliver(
    client: &ApiClient,
    scratch: &Scratch,
    deliverer: &str,
    job: &str,
    pod: &str,
) -> Result<(), DeliveryError> {
    let object: JobObject = match client.read(&Call::get(Resource::Jobs, job)).await {
        Ok(object) => object,
        Err(failure) if failure.is_not_found() => return Ok(()),
        Err(failure) => return Err(failure.into()),
    };
    let state = object.metadata.annotation(annotation::STDIN_DELIVERY).and_then(Delivery::read);
    if state == Some(Delivery::Done) {
        return Ok(());
    }
    let text = match object.spec.template.metadata.annotation(annotation::STDIN_FILE) {
        None => readback::stdin_text(&object).to_owned(),
        Some(key) => match scratch.read(key).await {
            Ok(Some(text)) => text,
            Ok(None) | Err(_) => return Err(DeliveryError::KeptElsewhere),
        },
    };
    let mine = Delivery::Claimed { by: deliverer.to_owned() };
    if state.as_ref() != Some(&mine) && !claim(client, job, &mine, &object.metadata.resource_version).await? {
        return Ok(());
    }
    attach(client, pod, text.as_bytes()).await?;
    write_state(client, job, &Delivery::Done).await?;
    Ok(())
}

/// Takes the delivery over. Of several plugins only one succeeds: the version has changed for the others.
async fn claim(client: &ApiClient, job: &str, mine: &Delivery, version: &str) -> Result<bool, ApiFailure> {
    let change = json!({ "metadata": {
        "resourceVersion": version,
        "annotations": { annotation::STDIN_DELIVERY: mine.write() },
    } });
    match client.call(&Call::patch(Resource::Jobs, job, change)).await {
        Ok(_) => Ok(true),
        Err(failure) if failure.kind == FailureKind::Conflict || failure.is_not_found() => Ok(false),
        Err(failure) => Err(failure),
    }
}

async fn write_state(client: &ApiClient, job: &str, state: &Delivery) -> Result<(), ApiFailure> {
    let change = json!({ "metadata": { "annotations": { annotation::STDIN_DELIVERY: state.write() } } });
    match client.call(&Call::patch(Resource::Jobs, job, change)).await {
        Err(failure) if !failure.is_not_found() => Err(failure),
        _ => Ok(()),
    }
}

async fn attach(client: &ApiClient, pod: &str, text: &[u8]) -> Result<(), ApiFailure> {
    let call = Call::get(Resource::PodAttach, pod)
        .with("container", annotation::MAIN_CONTAINER)
        .with("stdin", "true");
    let mut attempt = 0;
    let mut session = loop {
        match Session::open(client, call.clone()).await {
            Ok(session) => break session,
            Err(failure) if failure.is_not_found() => return Ok(()),
            Err(failure) if attempt + 1 >= ATTEMPTS || !may_pass(&failure.kind) => return Err(failure),
            Err(_) => {
                attempt += 1;
                sleep(Duration::from_millis(250) * 2u32.pow(attempt)).await;
            }
        }
    };
    for piece in text.chunks(PIECE) {
        if let Err(failure) = session.write(piece).await {
            tracing::debug!(pod, "the standard input was not read to its end: {failure}");
            return Ok(());
        }
    }
    session.end_stdin().await.unwrap_or_else(|failure| {
        tracing::debug!(pod, "the standard input ended with its connection: {failure}");
    });
    // The server tells when it has taken everything. Only then may the connection go.
    loop {
        match session.next().await {
            Ok(Some(Frame::Ended(_)) | None) | Err(_) => return Ok(()),
            Ok(Some(_)) => {}
        }
    }
}

/// A container that is being started, or a node that is away, may be there a little later.
fn may_pass(kind: &FailureKind) -> bool {
    kind.is_passing() || matches!(kind, FailureKind::Invalid { .. } | FailureKind::Forbidden { .. })
}
