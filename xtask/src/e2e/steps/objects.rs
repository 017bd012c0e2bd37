//! Steps that look at, make and delete objects of the cluster behind the plugin's back.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use crate::cluster::ObjectKind;
use crate::e2e::behaviour::{ChangeObject, CreateObject, DeleteObject, Object};
use crate::e2e::world::{World, patience};
use crate::failure::Failure;

/// How often a deleted object is looked for.
const PAUSE: Duration = Duration::from_millis(100);

pub(super) async fn object(step: &Object, world: &mut World) -> Result<(), Failure> {
    let deadline = Instant::now() + step.within_seconds.map_or(Duration::ZERO, Duration::from_secs);
    loop {
        match is_as_expected(step, world).await {
            Err(_) if Instant::now() < deadline => sleep(PAUSE).await,
            result => return result,
        }
    }
}

async fn is_as_expected(step: &Object, world: &World) -> Result<(), Failure> {
    let job = world.job(step.job.as_deref())?.id;
    let objects = world.cluster.admin.of_job(step.kind, &job).await?;
    if let Some(count) = step.count
        && objects.len() != count
    {
        return Err(Failure::new(format!("{} objects, expected {count}", objects.len())));
    }
    let Some(at) = &step.at else { return Ok(()) };
    let first = objects.first().ok_or_else(|| Failure::new(format!("no {:?} of {job}", step.kind)))?;
    let found = first.pointer(at);
    if let Some(is) = step.is.as_ref().map(|is| world.meant(is))
        && found != Some(&is)
    {
        return Err(Failure::new(format!("{at} is {found:?}, expected {is}")));
    }
    if let Some(part) = &step.holds
        && !found.and_then(Value::as_str).is_some_and(|text| text.contains(part.as_str()))
    {
        return Err(Failure::new(format!("{at} is {found:?}, expected to hold '{part}'")));
    }
    Ok(())
}

pub(super) async fn create(step: &CreateObject, world: &mut World) -> Result<(), Failure> {
    let mut manifest = world.meant(&step.manifest);
    // Several runs may share a cluster.
    let name = format!("{}-{}", step.name, std::process::id());
    manifest["metadata"]["name"] = json!(name);
    world.cluster.admin.create(step.kind, &manifest).await?;
    // Goes away with the behaviour's own jobs.
    if step.kind == ObjectKind::Job {
        world.remember(Some(&step.name), name, "*".into());
    }
    Ok(())
}

pub(super) async fn change(step: &ChangeObject, world: &mut World) -> Result<(), Failure> {
    let job = world.job(step.job.as_deref())?.id;
    let (change, admin) = (world.meant(&step.change), &world.cluster.admin);
    for object in admin.of_job(step.kind, &job).await? {
        if let Some(name) = object["metadata"]["name"].as_str() {
            admin.change(step.kind, name, &change).await?;
        }
    }
    Ok(())
}

pub(super) async fn delete(step: &DeleteObject, world: &mut World) -> Result<(), Failure> {
    let job = world.job(step.job.as_deref())?.id;
    let admin = &world.cluster.admin;
    for object in admin.of_job(step.kind, &job).await? {
        if let Some(name) = object["metadata"]["name"].as_str() {
            admin.delete(step.kind, name).await?;
        }
    }
    // A deleted pod stays readable until its node and its controller have let go of it.
    let deadline = Instant::now() + patience(None);
    while !admin.of_job(step.kind, &job).await?.is_empty() {
        if Instant::now() > deadline {
            return Err(Failure::new(format!("the {:?} of {job} is still there", step.kind)));
        }
        sleep(PAUSE).await;
    }
    Ok(())
}
