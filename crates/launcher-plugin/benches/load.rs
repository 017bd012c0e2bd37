//! How long the plugin itself takes, and how much memory it holds: `cargo bench -p launcher-plugin --bench load`.
//!
//! The backend answers at once and the pipe is in memory, so these are the runtime's own costs, the JSON of both
//! sides included. Figures are for comparing two states of this crate on one machine.

#![expect(clippy::unwrap_used, reason = "a bench fails where it panics")]
#![expect(clippy::print_stdout, reason = "the figures are what a bench is for")]
#![expect(dead_code, unused_imports, reason = "tests use more of their support than this does")]

#[path = "../tests/wire/support/mod.rs"]
mod support;

use std::time::{Duration, Instant};

use launcher_api::job::EnvVar;
use launcher_api::{Job, JobStatus};
use launcher_plugin::JobState;
use serde_json::json;
use support::{FakeBackend, Launcher, Setup, begin, job, state};

const JOBS: usize = 10_000;
const UPDATES: usize = 50_000;

fn id(n: usize) -> String {
    format!("job-{n:05}")
}

/// A job of ordinary size.
fn ordinary(n: usize) -> Job {
    Job {
        args: vec!["--years".into(), "3".into()],
        environment: vec![EnvVar { name: "TZ".into(), value: "Europe/Vienna".into() }],
        tags: vec!["nightly".into()],
        ..job(&id(n), "mara", JobStatus::Running)
    }
}

fn messaged(n: usize) -> JobState {
    JobState { status_message: format!("step {n}"), ..state(JobStatus::Running) }
}

fn resident_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or("0 kB");
    line.trim().trim_end_matches(" kB").trim().parse::<u64>().unwrap_or(0) / 1024
}

fn report(what: &str, times: &mut [Duration]) {
    times.sort_unstable();
    let at = |percent: usize| times[(times.len() - 1) * percent / 100];
    println!("{what:<60} p50 {:>9.1?}  p99 {:>9.1?}", at(50), at(99));
}

async fn submissions(launcher: &mut Launcher) {
    let mut times = Vec::new();
    for n in 0..2000 {
        let request = json!({"messageType": 2, "requestId": n, "username": "mara",
                             "job": {"name": format!("new-{n}"), "command": "true"}});
        let sent = Instant::now();
        launcher.send(request).await;
        launcher.next().await;
        times.push(sent.elapsed());
    }
    report("submit to answer", &mut times);
}

async fn lists(launcher: &mut Launcher) {
    for (fields, what) in [(json!([]), "all fields"), (json!(["status", "name"]), "two fields")] {
        let mut times = Vec::new();
        let mut bytes = 0;
        for n in 0..20 {
            let request =
                json!({"messageType": 3, "requestId": n, "username": "*", "jobId": "*", "fields": fields});
            let sent = Instant::now();
            launcher.send(request).await;
            bytes = launcher.next_payload().await.len();
            times.push(sent.elapsed());
        }
        report(&format!("list of {JOBS} jobs, {what}, {} KiB", bytes / 1024), &mut times);
    }
}

async fn latency(launcher: &mut Launcher) {
    launcher.send(json!({"messageType": 4, "requestId": 1, "username": "*", "jobId": "*"})).await;
    for _ in 0..JOBS {
        launcher.next_payload().await;
    }
    let mut times = Vec::new();
    for n in 0..5000 {
        let sent = Instant::now();
        launcher.backend.becomes(&id(n), messaged(n)).await;
        launcher.next_payload().await;
        times.push(sent.elapsed());
    }
    report("update received to status frame read", &mut times);
}

async fn unread(launcher: &mut Launcher) {
    launcher.send(json!({"messageType": 4, "requestId": 1, "username": "*", "jobId": "*"})).await;
    let before = resident_mib();
    let began = Instant::now();
    for n in 0..UPDATES {
        launcher.backend.becomes(&id(n % JOBS), messaged(n)).await;
    }
    let took = began.elapsed();
    println!(
        "{UPDATES} updates of {JOBS} jobs, nobody reads: {took:.1?}, memory {before} MiB before, {} MiB after",
        resident_mib()
    );
}

#[tokio::main]
async fn main() {
    let empty = resident_mib();
    let known = || FakeBackend::with((0..JOBS).map(ordinary));
    let mut launcher = begin(known()).bootstrapped().await;
    println!(
        "memory: {empty} MiB empty, {} MiB with {JOBS} jobs (the backend's own copy included)",
        resident_mib()
    );
    lists(&mut launcher).await;
    latency(&mut launcher).await;
    drop(launcher);
    let mut launcher = Setup { pipe: 1024, ..begin(known()) }.bootstrapped().await;
    unread(&mut launcher).await;
    drop(launcher);
    let mut launcher = begin(FakeBackend::default()).bootstrapped().await;
    submissions(&mut launcher).await;
}
