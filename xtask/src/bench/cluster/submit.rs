//! Submit: from the request's frame to the answer's, against the same calls of the API by a bare client.

use std::time::Instant;

use launcher_api::{Job, Response};

use super::objects::Objects;
use super::report::{Goal, Report};
use super::stage::{Stage, delete_job, homeless, submission};
use super::wire::Plugin;
use crate::bench::summary::Samples;
use crate::failure::Failure;

/// Pairs that are not counted: connections are made, caches filled.
const WARM_UP: usize = 10;

/// Measures `pairs` submissions with and without the plugin, in turn.
///
/// # Errors
/// What is measured does not work.
pub(super) async fn run(stage: &Stage, pairs: usize, report: &mut Report) -> Result<(), Failure> {
    compare(stage, "submit (one POST)", Objects::BuiltIn, homeless(&[]), pairs, report).await?;
    compare(stage, "submit with a Service", Objects::BuiltIn, homeless(&[8787]), pairs / 2, report).await?;
    compare(stage, "submit, own templates", Objects::OwnTemplates, homeless(&[]), pairs, report).await?;
    compare(stage, "submit, profiles and overrides", Objects::Overridden, homeless(&[]), pairs, report).await
}

async fn compare(
    stage: &Stage,
    what: &str,
    objects: Objects,
    job: Job,
    pairs: usize,
    report: &mut Report,
) -> Result<(), Failure> {
    let recording = stage.record_made_by(objects, job.clone()).await?;
    let site = objects.site(&stage.cluster)?;
    let mut plugin = Plugin::start(&stage.programs, &site).await?;
    let mut bare = stage.bare().await?;
    let mut cleaner = stage.bare().await?;
    let (mut with, mut without) = (Samples::default(), Samples::default());
    for number in 0..WARM_UP + pairs {
        let (took, answer) = plugin.ask(submission(job.clone())).await?;
        let Response::JobState(answer) = answer else {
            return Err(Failure::new(format!("the answer to a submission is {answer:?}")));
        };
        for job in &answer.jobs {
            cleaner.call(&delete_job(&job.id)).await?;
        }
        let began = Instant::now();
        let made = recording.replay(&mut bare).await?;
        let bare_took = began.elapsed();
        cleaner.call(&delete_job(&made)).await?;
        if number >= WARM_UP {
            with.push(took);
            without.push(bare_took);
        }
    }
    plugin.close().await?;
    let calls: Vec<&str> = recording.changes.iter().map(|call| call.method.as_str()).collect();
    report
        .note(&format!("{what}: the plugin's calls are {}; the bare client repeats them", calls.join(", ")));
    report.latencies(what, &without, &with, Goal::Added { p50_ms: 1.0, p99_ms: 3.0 });
    Ok(())
}
