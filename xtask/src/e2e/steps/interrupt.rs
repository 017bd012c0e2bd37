//! The step that ends a plugin while it carries out a request.

use std::time::Duration;

use serde_json::{Value, json};

use super::{jobs, plugins};
use crate::cluster::ObjectKind;
use crate::e2e::behaviour::{Control, HowToEnd, Interrupt, RestartPlugin};
use crate::e2e::world::{World, request};
use crate::failure::Failure;

/// Where the plugin writes down what it was asked for, before it does it.
const WRITTEN_DOWN: &str = "/metadata/annotations/launchway.dev~1intent";

pub(super) async fn interrupt(step: &Interrupt, world: &mut World) -> Result<(), Failure> {
    let (id, user) = world.resolve(&step.subject)?;
    let operation = jobs::operation_number(&step.operation)?;
    let mut control = request(jobs::CONTROL, &user, json!({"jobId": id, "operation": operation}));
    control["requestId"] = json!(1);
    world.plugin(None)?.send(&control).await?;
    tokio::time::sleep(Duration::from_millis(step.after_milliseconds)).await;
    let restart = RestartPlugin { how: HowToEnd::Kill, away_seconds: None, same: Vec::new() };
    plugins::restart(&restart, world).await?;
    let objects = world.cluster.admin.of_job(ObjectKind::Job, &id).await?;
    let written_down = objects.first().and_then(|job| job.pointer(WRITTEN_DOWN)).and_then(Value::as_str);
    // What stands there may be an earlier request.
    if written_down.is_some_and(|text| text.contains(&format!("\"{}\"", step.operation))) {
        return Ok(());
    }
    let again = Control {
        subject: step.subject.clone(),
        operation: step.operation.clone(),
        once: Some(step.once.clone().unwrap_or_else(|| "Running".into())),
        refused: None,
    };
    jobs::control(&again, world).await
}
