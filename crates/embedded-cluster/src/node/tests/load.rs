//! Many jobs at once.

use std::time::{Duration, Instant};

use serde_json::json;
use tokio::runtime::Handle;

use super::harness::{Cluster, main_state};
use crate::kind::Kind;

/// How long this test's own workers have been busy so far; other tests run beside it.
fn busy() -> Duration {
    let metrics = Handle::current().metrics();
    (0..metrics.num_workers()).map(|worker| metrics.worker_total_busy_duration(worker)).sum()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_suspended_jobs_and_fifty_running_ones_cost_nothing_while_they_wait() {
    let mut options = Cluster::hasty();
    options.pace.metrics = Duration::from_secs(3600);
    let cluster = Cluster::with(options);
    for index in 0..1000 {
        cluster.job_with(&format!("suspended-{index}"), |job| job["spec"]["suspend"] = json!(true));
    }
    for index in 0..50 {
        cluster.job(&format!("running-{index}"), "exec sleep 1000");
    }
    for index in 0..50 {
        let name = format!("running-{index}");
        cluster
            .wait(Kind::Job, "ready", |job| job.name() == name && job.value()["status"]["ready"] == 1)
            .await;
    }
    let suspended = "the last suspended job";
    cluster
        .wait(Kind::Job, suspended, |job| {
            job.name() == "suspended-999" && job.value()["status"]["conditions"].is_array()
        })
        .await;
    let pods = cluster.store().list(Kind::Pod, None).items;
    assert_eq!(pods.iter().filter(|pod| main_state(pod.value())["running"].is_object()).count(), 50);
    let revision = cluster.store().revision();
    // Busy is measured by the clock, so another program may lengthen it: one quiet second is enough.
    let mut seconds = Vec::new();
    while seconds.len() < 20 && seconds.last().is_none_or(|busy| *busy >= Duration::from_millis(50)) {
        let (before, start) = (busy(), Instant::now());
        tokio::time::sleep(Duration::from_secs(1)).await;
        seconds.push((busy() - before).div_f64(start.elapsed().as_secs_f64()));
    }
    let last = seconds.last().copied().unwrap_or_default();
    assert!(last < Duration::from_millis(50), "busy in each of many seconds: {seconds:?}");
    assert_eq!(cluster.store().revision(), revision, "nothing is written while nothing happens");
    cluster.node.shutdown().await;
}
