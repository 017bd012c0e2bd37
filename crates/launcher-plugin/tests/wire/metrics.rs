//! Metrics.

use std::time::Duration;

use launcher_api::response::LatencySample;
use launcher_plugin::PluginOptions;
use serde_json::json;

use crate::support::{FakeBackend, Setup, begin, bootstrap};

fn telling(forced: bool) -> Setup {
    let setup = begin(FakeBackend::default());
    let metrics_interval = Some(Duration::from_secs(60));
    Setup { options: PluginOptions { metrics_interval, metrics_forced: forced, ..setup.options }, ..setup }
}

#[tokio::test(start_paused = true)]
async fn they_come_every_interval_with_what_was_measured_since_the_last() {
    let mut launcher = telling(false).bootstrapped().await;
    launcher.expect_nothing_for(Duration::from_secs(59)).await;
    let mut sample = LatencySample::default();
    sample.observe(Duration::from_millis(20));
    *launcher.backend.latency.lock().unwrap() = Some(sample);

    let mut first = launcher.next().await;
    let memory = first["memoryUsageBytes"].take().as_u64().unwrap();
    assert!(memory > 0 || !cfg!(target_os = "linux"));
    assert_eq!(
        first,
        json!({"messageType": 203, "requestId": 0, "uptimeSeconds": 60, "memoryUsageBytes": null,
               "clusterInteractionLatencySample": {"buckets": [0, 1, 0, 0, 0, 0, 0, 0, 0, 0], "sum": 0.02}})
    );
    let second = launcher.next().await;
    assert_eq!(second["uptimeSeconds"], 120);
    assert_eq!(second.get("clusterInteractionLatencySample"), None);
}

#[tokio::test(start_paused = true)]
async fn a_launcher_that_does_not_know_them_gets_none_unless_they_are_forced() {
    for (minor, forced, told) in [(6, false, false), (6, true, true), (7, false, true), (8, false, true)] {
        let mut launcher = telling(forced).start();
        launcher.send(bootstrap(3, minor)).await;
        launcher.next().await;
        if told {
            assert_eq!(launcher.next().await["messageType"], 203);
        } else {
            launcher.expect_nothing_for(Duration::from_secs(3600)).await;
        }
    }
}
