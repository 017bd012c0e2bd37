//! Delivering a job's standard input: once, by one plugin, whole or with a word about it.

use serde_json::json;

use super::attach::{self, Open, Written};
use super::{Cut, Delivery, Scratch, ScratchError};
use crate::annotation;
use crate::client::{ApiClient, ApiFailure, Call, FailureKind, Resource};
use crate::observed::JobObject;
use crate::readback;

/// How often a Job that keeps changing is read again before it is claimed.
const CLAIMS: u32 = 6;

/// What a delivery needs to know of the plugin.
#[derive(Clone, Copy, Debug)]
pub struct Deliverer<'a> {
    /// Where long standard inputs are kept.
    pub scratch: &'a Scratch,
    /// Its lasting name.
    pub name: &'a str,
}

/// What to do for a standard input that another plugin keeps in its scratch path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IfMissing {
    /// That plugin may come back.
    Wait,
    /// It has been waited for long enough: the job's input is closed, so that it need not wait for ever.
    Close,
}

/// What became of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conclusion {
    /// The job has got it, or did not want more of it.
    Delivered,
    /// The job has got a part at most.
    Cut(Cut),
    /// There is nothing to do: another plugin does it, or the job is gone.
    Nothing,
}

/// Why a standard input was not delivered.
#[derive(Debug, thiserror::Error)]
pub enum DeliveryError {
    /// The cluster failed.
    #[error(transparent)]
    Api(#[from] ApiFailure),
    /// The file with it can't be read.
    #[error("cannot read the job's standard input")]
    Scratch(#[from] ScratchError),
    /// It is kept by another plugin.
    #[error("its standard input is kept in the scratch path of another plugin, which has not delivered it")]
    KeptElsewhere,
}

/// Delivers the standard input of `job` into `pod`, unless that is done already or another plugin does it.
///
/// A process that ends early, or never reads, is no error. A connection that breaks midway ends the process's input: that
/// can't be mended, and is told.
///
/// # Errors
/// [`DeliveryError`]; it may be tried again.
pub async fn deliver(
    client: &ApiClient,
    plugin: Deliverer<'_>,
    job: &str,
    pod: &str,
    if_missing: IfMissing,
) -> Result<Conclusion, DeliveryError> {
    let Some(claimed) = claim(client, plugin, job, if_missing).await? else {
        return Ok(Conclusion::Nothing);
    };
    let bytes = claimed.text.as_ref().map_or(0, |text| text.len() as u64);
    let text = claimed.text.as_deref().unwrap_or("");
    let mut history = claimed.history;
    let opened = match attach::open(client, pod, &mut history).await {
        Ok(opened) => opened,
        Err(failure) => {
            if history == History::Fresh {
                // The next attempt begins afresh.
                let state = Delivery::Claimed { by: plugin.name.to_owned() };
                write_state(client, job, &state).await?;
            }
            return Err(failure.into());
        }
    };
    let conclusion = match opened {
        Open::NoPod => Conclusion::Nothing,
        Open::Uncertain(session) => {
            attach::close(*session).await;
            Conclusion::Cut(Cut::Restart { bytes })
        }
        Open::Ready(session) => match attach::write(*session, text.as_bytes()).await {
            Written::InOrder if claimed.text.is_none() => Conclusion::Cut(Cut::Lost),
            Written::InOrder => Conclusion::Delivered,
            Written::Broken { sent } => Conclusion::Cut(Cut::Connection { sent, bytes }),
        },
    };
    match conclusion {
        Conclusion::Nothing => {}
        Conclusion::Delivered => write_state(client, job, &Delivery::Done).await?,
        Conclusion::Cut(cut) => {
            tracing::warn!(job, ?cut, "the job did not get all of its standard input");
            write_state(client, job, &Delivery::Cut(cut)).await?;
        }
    }
    Ok(conclusion)
}

/// A delivery that is this plugin's.
struct Claimed {
    /// What to deliver; none if it is lost.
    text: Option<String>,
    history: History,
}

/// Whether this plugin may have begun the delivery before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum History {
    /// It has not.
    Fresh,
    /// It has written down that it begins; nobody knows how far it came.
    Begun,
}

/// Makes the delivery this plugin's, and writes down that it begins. Of several plugins only one succeeds: the version
/// has changed for the others.
async fn claim(
    client: &ApiClient,
    plugin: Deliverer<'_>,
    job: &str,
    if_missing: IfMissing,
) -> Result<Option<Claimed>, DeliveryError> {
    let mut attempt = 0;
    loop {
        let object: JobObject = match client.read(&Call::get(Resource::Jobs, job)).await {
            Ok(object) => object,
            Err(failure) if failure.is_not_found() => return Ok(None),
            Err(failure) => return Err(failure.into()),
        };
        let state = object.metadata.annotation(annotation::STDIN_DELIVERY).and_then(Delivery::read);
        let (mine, history) = match &state {
            Some(Delivery::Done | Delivery::Cut(_)) => return Ok(None),
            Some(Delivery::Begun { by, .. }) if by != plugin.name => return Ok(None),
            Some(Delivery::Begun { .. }) => (true, History::Begun),
            Some(Delivery::Claimed { by }) => (by == plugin.name, History::Fresh),
            None => (false, History::Fresh),
        };
        let text = match object.spec.template.metadata.annotation(annotation::STDIN_FILE) {
            None => Some(readback::stdin_text(&object).to_owned()),
            Some(key) => match plugin.scratch.read(key).await {
                Ok(None) if mine || if_missing == IfMissing::Close => None,
                Ok(None) => return Err(DeliveryError::KeptElsewhere),
                Ok(text) => text,
                Err(_) if if_missing == IfMissing::Close => None,
                Err(error) => return Err(error.into()),
            },
        };
        if history == History::Begun {
            return Ok(Some(Claimed { text, history }));
        }
        let bytes = text.as_ref().map_or(0, |text| text.len() as u64);
        let begun = Delivery::Begun { by: plugin.name.to_owned(), bytes };
        let change = json!({ "metadata": {
            "resourceVersion": object.metadata.resource_version,
            "annotations": { annotation::STDIN_DELIVERY: begun.write() },
        } });
        match client.call(&Call::patch(Resource::Jobs, job, change)).await {
            Ok(_) => return Ok(Some(Claimed { text, history })),
            Err(failure) if failure.is_not_found() => return Ok(None),
            // The Job controller changes it too, just when the container starts.
            Err(failure) if failure.kind == FailureKind::Conflict && attempt < CLAIMS => attempt += 1,
            Err(failure) => return Err(failure.into()),
        }
    }
}

async fn write_state(client: &ApiClient, job: &str, state: &Delivery) -> Result<(), ApiFailure> {
    let change = json!({ "metadata": { "annotations": { annotation::STDIN_DELIVERY: state.write() } } });
    match client.call(&Call::patch(Resource::Jobs, job, change)).await {
        Err(failure) if !failure.is_not_found() => Err(failure),
        _ => Ok(()),
    }
}
