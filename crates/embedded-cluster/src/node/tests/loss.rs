//! Memory limits, evictions, a lost node, and what is left when all is over.

use std::path::Path;
use std::time::Duration;

use serde_json::json;

use super::harness::{Cluster, NAMESPACE, has_condition, main_state, whole_log};
use crate::kind::Kind;
use crate::node::kubelet::{OOM_AFTER, OOM_EXIT_CODE};
use crate::node::{AttachQuery, LogQuery, StreamRefusal, Streams as _};

fn is_alive(pid: &str) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    !stat.is_empty() && !stat.contains(") Z ")
}

#[tokio::test]
async fn a_container_over_its_memory_limit_can_be_played() {
    let cluster = Cluster::start();
    for (name, annotations, code, phase) in [
        ("killed", json!({OOM_AFTER: "0.1"}), 137, "Failed"),
        ("survivor", json!({OOM_AFTER: "0.1", OOM_EXIT_CODE: "0"}), 0, "Succeeded"),
    ] {
        cluster.job_with(name, |job| {
            job["spec"]["template"]["metadata"]["annotations"] = annotations;
            job["spec"]["template"]["spec"]["containers"][0]["args"] = json!(["-c", "sleep 1000"]);
        });
        let end = cluster.terminated(name).await;
        assert_eq!((&end["reason"], &end["exitCode"]), (&json!("OOMKilled"), &json!(code)));
        cluster.pod(name, phase, |pod| pod["status"]["phase"] == phase).await;
    }
    cluster.node.shutdown().await;
}

#[tokio::test]
async fn an_evicted_pod_fails_with_the_reason_and_stays() {
    let cluster = Cluster::start();
    cluster.job("guest", "sleep 1000");
    let pod = cluster.running("guest").await;
    assert!(cluster.node.evict(NAMESPACE, pod.name()).await);
    assert!(!cluster.node.evict(NAMESPACE, "nobody").await);
    let pod = cluster.pod("guest", "Failed", |pod| pod["status"]["phase"] == "Failed").await;
    assert_eq!(pod.value()["status"]["reason"], "Evicted");
    assert!(has_condition(pod.value(), "DisruptionTarget"));
    cluster.job_condition("guest", "Failed").await;
    cluster.node.shutdown().await;
}

#[tokio::test]
async fn a_node_that_is_cut_off_tells_nothing_and_tells_it_later() {
    let mut options = Cluster::hasty();
    options.pace.node_grace = Duration::from_millis(50);
    let cluster = Cluster::with(options);
    cluster.job("far", "while [ ! -e go ]; do sleep 0.02; done; echo done");
    let pod = cluster.running("far").await;
    let follow = LogQuery { follow: true, ..whole_log() };
    let mut followed = cluster.node.logs(pod.clone(), follow).await.expect("a log");
    let streams =
        AttachQuery { container: "main".to_owned(), stdin: false, stdout: true, stderr: true, tty: false };
    let attached = cluster.node.attach(pod.clone(), streams).await.expect("it runs");
    let (directory, _) = cluster.exec(&pod, &["pwd"]).await;
    cluster.node.disconnect();
    assert!(followed.recv().await.is_none(), "a follow ends cleanly");
    assert!(attached.outcome.await.is_err(), "an attachment ends without a status");
    let refused = cluster.log(&pod, whole_log()).await;
    assert!(matches!(refused, Err(StreamRefusal::Status(status)) if status.code == 500));
    let node = cluster
        .wait(Kind::Node, "the node is unknown", |node| node.value()["spec"]["taints"].is_array())
        .await;
    let ready = node.value()["status"]["conditions"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|one| one["type"] == "Ready");
    assert_eq!(ready.map(|one| &one["status"]), Some(&json!("Unknown")));
    cluster.event("far", "NodeNotReady").await;
    cluster.job("late", "true");
    let late = cluster
        .pod("late", "unschedulable", |pod| pod["status"]["conditions"][0]["reason"] == "Unschedulable");
    let message = late.await.value()["status"]["conditions"][0]["message"].clone();
    assert!(
        message.as_str().is_some_and(|text| text.contains("1 node(s) had untolerated taint(s)")),
        "{message}"
    );

    std::fs::write(Path::new(directory.trim()).join("go"), "").expect("the container's directory");
    let now = cluster.store().get(Kind::Pod, Some(NAMESPACE), pod.name()).expect("the pod");
    assert_eq!(now.value()["status"]["phase"], "Running", "the old state stays");
    assert!(main_state(now.value())["running"].is_object());
    cluster.node.reconnect();
    for name in ["far", "late"] {
        cluster.job_condition(name, "Complete").await;
    }
    cluster.node.shutdown().await;
}

#[tokio::test]
async fn a_node_that_is_back_does_not_know_its_pods_for_a_moment() {
    let mut options = Cluster::hasty();
    options.pace.unaware = Duration::from_secs(600);
    let cluster = Cluster::with(options);
    cluster.job("here", "sleep 1000");
    let pod = cluster.running("here").await;
    cluster.node.reconnect();
    assert!(cluster.log(&pod, whole_log()).await.is_ok(), "it was never away");
    cluster.node.disconnect();
    cluster.node.reconnect();
    let Err(StreamRefusal::Status(status)) = cluster.log(&pod, whole_log()).await else {
        panic!("a refusal by the API server")
    };
    assert_eq!(status.to_value()["details"], json!({ "name": pod.name(), "kind": "pods/log" }), "{status}");
    let streams =
        AttachQuery { container: "main".to_owned(), stdin: false, stdout: true, stderr: true, tty: false };
    let Err(StreamRefusal::Text { code, text }) = cluster.node.attach(pod, streams).await else {
        panic!("a refusal by the kubelet")
    };
    assert_eq!((code, text.as_str()), (404, "pod does not exist"));
    cluster.node.shutdown().await;
}

#[tokio::test]
async fn the_pods_of_a_node_that_stays_away_are_deleted() {
    let mut options = Cluster::hasty();
    options.pace.node_grace = Duration::from_millis(20);
    options.pace.node_eviction = Duration::from_millis(20);
    let cluster = Cluster::with(options);
    cluster.job("gone", "sleep 1000");
    let pod = cluster.running("gone").await;
    cluster.node.disconnect();
    cluster.wait(Kind::Pod, "deletion", |found| found.uid() == pod.uid() && found.is_being_deleted()).await;
    cluster.node.shutdown().await;
}

#[tokio::test]
async fn nothing_outlives_the_end_of_its_container() {
    let cluster = Cluster::start();
    cluster.job(
        "parent",
        "sleep 1000 & echo $!; setsid sleep 1000 & echo $!; (trap '' TERM HUP; sleep 1000) & echo $!",
    );
    cluster.job_condition("parent", "Complete").await;
    let pod = cluster.pod("parent", "there", |_| true).await;
    let pids = cluster.log(&pod, whole_log()).await.expect("a log");
    assert_eq!(pids.lines().count(), 3);
    for pid in pids.lines() {
        assert!(!is_alive(pid), "{pid} is still there");
    }
    cluster.node.shutdown().await;
}

#[tokio::test]
async fn nothing_outlives_the_node() {
    for gently in [true, false] {
        let cluster = Cluster::start();
        cluster
            .job("parent", "trap '' TERM; setsid sleep 1000 & echo $!; echo $$$$; while :; do sleep 1; done");
        let pod = cluster.running("parent").await;
        let mut body = cluster.node.logs(pod, LogQuery { follow: true, ..whole_log() }).await.expect("a log");
        let mut text = String::new();
        while text.lines().count() < 2 {
            let piece = body.recv().await.expect("two lines").expect("a readable log");
            text.push_str(&String::from_utf8_lossy(&piece));
        }
        assert!(text.lines().all(is_alive), "{text}");
        if gently {
            cluster.node.shutdown().await;
        }
        drop(cluster);
        let all_dead = async {
            while text.lines().any(is_alive) {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), all_dead).await.expect("all are dead");
    }
}

#[test]
fn nothing_outlives_a_test_that_panics() {
    let (pids, told) = std::sync::mpsc::channel();
    let panicking = std::thread::spawn(move || {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        runtime.block_on(async {
            let cluster = Cluster::start();
            cluster.job("left", "trap '' TERM; setsid sleep 1000 & echo $!; echo $$$$; wait; sleep 1000");
            let pod = cluster.running("left").await;
            let mut text = String::new();
            while text.lines().count() < 2 {
                text = cluster.log(&pod, whole_log()).await.expect("a log");
            }
            pids.send(text).expect("a receiver");
            panic!("as a failing test does");
        })
    });
    let text = told.recv().expect("two pids");
    assert!(panicking.join().is_err());
    let start = std::time::Instant::now();
    while text.lines().any(is_alive) {
        assert!(start.elapsed() < Duration::from_secs(10), "still there: {text}");
        std::thread::yield_now();
    }
}
