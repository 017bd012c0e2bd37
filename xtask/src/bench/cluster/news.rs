//! News: from an event of a watch, as a bare watcher beside the plugin gets it, to the plugin's status frame.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use bytes::BytesMut;
use launcher_api::{Job, JobStatus, Response};
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::mpsc;

use super::bare::{Answer, Call};
use super::report::{Beside, Goal, Report};
use super::stage::{Stage, delete_job, homeless, jobs_path, pods_path, submission};
use super::wire::Plugin;
use crate::failure::Failure;

/// How many jobs run at once.
const AT_ONCE: usize = 5;
/// Lines that wait to be read.
const LINES: usize = 1024;
/// How long an event may take.
const PATIENCE: Duration = Duration::from_secs(90);

/// Measures the news of `made` new jobs and of `run` jobs that run and end.
///
/// # Errors
/// What is measured does not work.
pub(super) async fn run(stage: &Stage, made: usize, run: usize, report: &mut Report) -> Result<(), Failure> {
    let goal = Goal::Added { p50_ms: 1.0, p99_ms: 3.0 };
    report.lags("a Job appears", &appearances(stage, made).await?, goal);
    let (running, ended) = lives(stage, run).await?;
    report.lags("a container runs", &running, goal);
    report.lags("a container ends", &ended, goal);
    Ok(())
}

/// Jobs that a bare client makes, suspended: one event each.
async fn appearances(stage: &Stage, count: usize) -> Result<Beside, Failure> {
    let recording = stage.record(homeless(&[])).await?;
    let mut plugin = stage.watching_plugin().await?;
    let mut watcher = Watcher::start(stage, &jobs_path()).await?;
    let mut second = Watcher::start(stage, &jobs_path()).await?;
    let mut maker = stage.bare().await?;
    let mut lags = Beside::default();
    for _ in 0..count {
        let answer = maker.call(&recording.suspended()?).await?;
        let made: Seen =
            serde_json::from_slice(&answer).map_err(|e| Failure::during("reading the server's answer", e))?;
        let name = made.metadata.name;
        let bare = watcher.find(|line| line.object.metadata.name == name).await?;
        lags.second.push(second.find(|line| line.object.metadata.name == name).await?, bare);
        lags.plugin.push(status_of(&mut plugin, &name).await?, bare);
        maker.call(&delete_job(&name.as_str().into())).await?;
    }
    plugin.close().await?;
    Ok(lags)
}

async fn status_of(plugin: &mut Plugin, job: &str) -> Result<Instant, Failure> {
    loop {
        let frame = plugin.next().await?;
        if let Response::JobStatus(news) = frame.response()?
            && news.id.as_str() == job
        {
            return Ok(frame.at);
        }
    }
}

/// Jobs that really run: when their container runs, and when it has ended.
async fn lives(stage: &Stage, count: usize) -> Result<(Beside, Beside), Failure> {
    let mut plugin = stage.watching_plugin().await?;
    let mut watcher = Watcher::start(stage, &pods_path()).await?;
    let mut second = Watcher::start(stage, &pods_path()).await?;
    let mut cleaner = stage.bare().await?;
    let (mut running, mut ended) = (Beside::default(), Beside::default());
    let mut left = count;
    while left > 0 {
        let batch = left.min(AT_ONCE);
        left -= batch;
        let told = run_all(&mut plugin, batch).await?;
        let seen = watcher.lives_of(&told).await?;
        let seen_again = second.lives_of(&told).await?;
        for (job, told) in &told {
            if let (Some(seen), Some(again)) = (seen.get(job), seen_again.get(job)) {
                running.push(told.running, again.running, seen.running);
                ended.push(told.ended, again.ended, seen.ended);
            }
            cleaner.call(&delete_job(&job.as_str().into())).await?;
        }
    }
    plugin.close().await?;
    Ok((running, ended))
}

impl Beside {
    /// Counts what all three were told of: a state that a watch passed over is nobody's.
    fn push(&mut self, told: Option<Instant>, again: Option<Instant>, seen: Option<Instant>) {
        if let (Some(told), Some(again), Some(seen)) = (told, again, seen) {
            self.plugin.push(told, seen);
            self.second.push(again, seen);
        }
    }
}

/// Lets the plugin run so many jobs. Returns when it told of their states, by the jobs' ids.
async fn run_all(plugin: &mut Plugin, count: usize) -> Result<HashMap<String, Life>, Failure> {
    for number in 0..count {
        // What is told of a job waits for the answers to submissions that look the same.
        let job = Job { name: format!("bench-{number}"), command: "sleep 0.2".into(), ..Job::default() };
        plugin.send(submission(job)).await?;
    }
    let mut lives: HashMap<String, Life> = HashMap::new();
    let mut submitted = 0;
    while submitted < count || lives.values().any(|life| life.ended.is_none()) {
        let frame = plugin.next().await?;
        match frame.response()? {
            Response::JobState(answer) => {
                submitted += answer.jobs.len();
                for job in &answer.jobs {
                    lives.entry(job.id.as_str().to_owned()).or_default();
                }
            }
            Response::JobStatus(news) => {
                // An answer comes before the first news of its job.
                let Some(life) = lives.get_mut(news.id.as_str()) else { continue };
                match news.status {
                    JobStatus::Running => life.take(State::Running, frame.at),
                    status if status.is_terminal() => life.take(State::Ended, frame.at),
                    _ => {}
                }
            }
            Response::Error(refusal) => {
                return Err(Failure::new(format!("the plugin refuses: {}", refusal.message)));
            }
            _ => {}
        }
    }
    Ok(lives)
}

/// When a job's states were first heard of.
#[derive(Clone, Default)]
struct Life {
    running: Option<Instant>,
    ended: Option<Instant>,
}

#[derive(Clone, Copy)]
enum State {
    Running,
    Ended,
}

impl Life {
    fn take(&mut self, state: State, at: Instant) {
        match state {
            State::Running => self.running.get_or_insert(at),
            State::Ended => self.ended.get_or_insert(at),
        };
    }
}

/// A watch, read by a task of its own.
struct Watcher {
    lines: mpsc::Receiver<Line>,
}

/// An event of a watch.
struct Line {
    /// When its last byte was read.
    at: Instant,
    object: Seen,
}

#[derive(Deserialize)]
struct Event {
    object: Seen,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Seen {
    metadata: Meta,
    status: Value,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Meta {
    name: String,
    labels: HashMap<String, String>,
    resource_version: String,
}

impl Seen {
    /// What the job's container does, once it has begun.
    fn main_state(&self) -> Option<State> {
        let statuses = self.status.get("containerStatuses")?.as_array()?;
        let main = statuses.iter().find(|status| status["name"] == "rs-launcher-container")?;
        let state = main.get("state")?;
        match (state.get("running"), state.get("terminated")) {
            (_, Some(_)) => Some(State::Ended),
            (Some(_), None) => Some(State::Running),
            (None, None) => None,
        }
    }
}

impl Watcher {
    /// Watches what is at a path, from now on.
    async fn start(stage: &Stage, path: &str) -> Result<Self, Failure> {
        let mut bare = stage.bare().await?;
        let list = bare.call(&Call::get(format!("{path}?limit=1"))).await?;
        let list: Seen = serde_json::from_slice(&list).map_err(|e| Failure::during("reading a list", e))?;
        let version = list.metadata.resource_version;
        let call = Call::get(format!("{path}?watch=true&resourceVersion={version}&timeoutSeconds=1800"));
        let answer = bare.open(&call).await?;
        let (sender, lines) = mpsc::channel(LINES);
        tokio::spawn(async move {
            // The watch lives as long as its connection.
            let _connection = bare;
            read(answer, sender).await;
        });
        Ok(Watcher { lines })
    }

    async fn next(&mut self) -> Result<Line, Failure> {
        match tokio::time::timeout(PATIENCE, self.lines.recv()).await {
            Ok(Some(line)) => Ok(line),
            Ok(None) => Err(Failure::new("the bare watch has ended")),
            Err(_) => Err(Failure::new("the bare watch shows nothing for a minute and a half")),
        }
    }

    /// When the states of jobs' containers were first seen, until all have ended.
    async fn lives_of(&mut self, jobs: &HashMap<String, Life>) -> Result<HashMap<String, Life>, Failure> {
        let mut lives: HashMap<String, Life> =
            jobs.keys().map(|job| (job.clone(), Life::default())).collect();
        while lives.values().any(|life| life.ended.is_none()) {
            let line = self.next().await?;
            let job = line.object.metadata.labels.get("job-name");
            let Some(life) = job.and_then(|job| lives.get_mut(job)) else { continue };
            if let Some(state) = line.object.main_state() {
                life.take(state, line.at);
            }
        }
        Ok(lives)
    }

    async fn find(&mut self, wanted: impl Fn(&Line) -> bool) -> Result<Instant, Failure> {
        loop {
            let line = self.next().await?;
            if wanted(&line) {
                return Ok(line.at);
            }
        }
    }
}

async fn read(mut answer: Answer, lines: mpsc::Sender<Line>) {
    let mut pending = BytesMut::new();
    while let Ok(Some(bytes)) = answer.chunk().await {
        let at = Instant::now();
        pending.extend_from_slice(&bytes);
        while let Some(end) = pending.iter().position(|byte| *byte == b'\n') {
            let line = pending.split_to(end + 1);
            let Ok(Event { object }) = serde_json::from_slice(&line) else { return };
            if lines.send(Line { at, object }).await.is_err() {
                return;
            }
        }
    }
}
