//! The index's owner: one task that takes in what the watches see, tells the job table, and asks for deeds.

use std::time::Duration;

use jiff::Timestamp;
use launcher_plugin::{JobFeed, JobUpdate};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{MissedTickBehavior, interval};

use super::{Deed, Effect, Index, Report};
use crate::observed::{EventObject, JobObject, PodObject};
use crate::stdin::Scratch;
use crate::watch::Change;

/// How often what waits is looked at again.
const TICK: Duration = Duration::from_secs(2);

/// Standard inputs younger than this may belong to jobs that are just being submitted.
const SWEEP_AGE: Duration = Duration::from_secs(3600);

/// What the watches see.
#[derive(Debug)]
pub struct Watched {
    /// Of Jobs.
    pub jobs: mpsc::Receiver<Change<JobObject>>,
    /// Of pods.
    pub pods: mpsc::Receiver<Change<PodObject>>,
    /// Of events.
    pub events: mpsc::Receiver<Change<EventObject>>,
    /// What came of deeds.
    pub reports: mpsc::Receiver<Report>,
}

/// All that can wake the owner.
#[derive(Debug)]
pub enum Observation {
    /// A Job.
    Job(Change<JobObject>),
    /// A pod.
    Pod(Change<PodObject>),
    /// An event.
    Event(Change<EventObject>),
    /// What came of a deed.
    Report(Report),
    /// Time has passed.
    Tick,
}

/// Owns `index` until the feed is closed or a watch ends. `synced` is told when every job that exists has been sent.
pub async fn run(
    mut index: Index,
    mut watched: Watched,
    feed: JobFeed,
    deeds: mpsc::Sender<Deed>,
    scratch: Scratch,
    synced: oneshot::Sender<()>,
) {
    let mut synced = Some(synced);
    let mut ticks = interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut effects = Vec::new();
    loop {
        let observation = tokio::select! {
            Some(change) = watched.jobs.recv() => Observation::Job(change),
            Some(change) = watched.pods.recv() => Observation::Pod(change),
            Some(change) = watched.events.recv() => Observation::Event(change),
            Some(report) = watched.reports.recv() => Observation::Report(report),
            _ = ticks.tick() => Observation::Tick,
            () = feed.closed() => return,
        };
        let now = Timestamp::now();
        match observation {
            Observation::Job(change) => index.jobs(change, now, &mut effects),
            Observation::Pod(change) => index.pods(change, now, &mut effects),
            Observation::Event(change) => index.events(change, now, &mut effects),
            Observation::Report(report) => index.report(report, now, &mut effects),
            Observation::Tick => index.tick(now, &mut effects),
        }
        for effect in effects.drain(..) {
            let carried_out = match effect {
                Effect::Tell(update) => feed.send(update).await.is_ok(),
                Effect::TellWithStdin(update, key) => {
                    feed.send(with_stdin(update, &key, &scratch).await).await.is_ok()
                }
                Effect::Do(deed) => deeds.send(deed).await.is_ok(),
                Effect::Synced => {
                    scratch.sweep(&index.stdin_keys(), SWEEP_AGE).await;
                    // Nobody waits for it any more when the start has timed out.
                    synced.take().is_none_or(|synced| synced.send(()).is_ok())
                }
            };
            if !carried_out {
                return;
            }
        }
    }
}

/// A plugin that has the file tells the job whole, another one without its standard input.
async fn with_stdin(mut update: JobUpdate, key: &str, scratch: &Scratch) -> JobUpdate {
    if let JobUpdate::Known(job) = &mut update
        && let Ok(Some(text)) = scratch.read(key).await
    {
        job.stdin = text;
    }
    update
}
