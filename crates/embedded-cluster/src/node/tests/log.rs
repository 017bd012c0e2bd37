//! Logs, as `pods/log` shows them.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::harness::{Cluster, main_state, whole_log};
use crate::node::{LogQuery, LogSince, NodeOptions, OutputStream, Rotation, StreamRefusal};
use crate::store::Object;

async fn ended(cluster: &Cluster, job: &str) -> Arc<Object> {
    cluster.pod(job, "ended", |pod| main_state(pod)["terminated"].is_object()).await
}

async fn read(cluster: &Cluster, pod: &Arc<Object>, query: LogQuery) -> String {
    cluster.log(pod, query).await.expect("a log")
}

#[tokio::test]
async fn a_log_can_be_cut_by_lines_bytes_time_and_stream() {
    let cluster = Cluster::start();
    cluster.job("lines", "echo one; sleep 0.05; echo two >&2; sleep 0.05; printf three");
    let pod = ended(&cluster, "lines").await;
    assert_eq!(read(&cluster, &pod, whole_log()).await, "one\ntwo\nthree");
    for (lines, text) in [(0, ""), (1, "three"), (2, "two\nthree"), (9, "one\ntwo\nthree")] {
        assert_eq!(read(&cluster, &pod, LogQuery { tail_lines: Some(lines), ..whole_log() }).await, text);
    }
    assert_eq!(read(&cluster, &pod, LogQuery { limit_bytes: Some(6), ..whole_log() }).await, "one\ntw");
    let both = LogQuery { tail_lines: Some(2), limit_bytes: Some(5), ..whole_log() };
    assert_eq!(read(&cluster, &pod, both).await, "two\nt");
    let only = |stream| LogQuery { stream: Some(stream), ..whole_log() };
    assert_eq!(read(&cluster, &pod, only(OutputStream::Stderr)).await, "two\n");
    assert_eq!(read(&cluster, &pod, only(OutputStream::Stdout)).await, "one\nthree");
    let later = Timestamp::now() + jiff::SignedDuration::from_secs(2);
    let since = |since| LogQuery { since: Some(since), ..whole_log() };
    assert_eq!(read(&cluster, &pod, since(LogSince::Time(later))).await, "");
    assert_eq!(read(&cluster, &pod, since(LogSince::Seconds(60))).await, "one\ntwo\nthree");
    cluster.node.shutdown().await;
}

#[tokio::test]
async fn a_resumed_log_repeats_up_to_a_second_of_lines() {
    let cluster = Cluster::start();
    cluster.job("times", "echo one; echo two");
    let pod = ended(&cluster, "times").await;
    let text = read(&cluster, &pod, LogQuery { timestamps: true, ..whole_log() }).await;
    let stamps: Vec<&str> = text.lines().filter_map(|line| line.split(' ').next()).collect();
    assert!(stamps.iter().all(|stamp| stamp.len() == "2026-11-24T11:08:31.572101045Z".len()), "{text}");
    let last: Timestamp = stamps[1].parse().expect("a time");
    let resumed = LogQuery { timestamps: true, since: Some(LogSince::Time(last)), ..whole_log() };
    assert!(read(&cluster, &pod, resumed).await.contains(" two\n"));
    cluster.node.shutdown().await;
}

#[tokio::test]
async fn a_follower_gets_every_line_across_rotations_and_ends_with_the_container() {
    let options = NodeOptions {
        log_rotation: Rotation::At { bytes: 64 * 1024, age: Duration::ZERO },
        ..NodeOptions::default()
    };
    let cluster = Cluster::with(options);
    cluster.job("many", "i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i+1)); done");
    let pod = cluster.running("many").await;
    let text = read(&cluster, &pod, LogQuery { follow: true, ..whole_log() }).await;
    let expected: String = (0..20_000).map(|i| format!("line {i}\n")).collect();
    assert_eq!(text.len(), expected.len());
    assert_eq!(text, expected);
    let pod = ended(&cluster, "many").await;
    let rest = read(&cluster, &pod, whole_log()).await;
    assert!(rest.len() < 64 * 1024, "a later read sees the newest file only");
    assert!(expected.ends_with(&rest));
    cluster.node.shutdown().await;
}

#[tokio::test]
async fn a_long_line_comes_back_whole_unless_the_other_stream_cuts_in() {
    let cluster = Cluster::start();
    cluster.job("long", "head -c 40000 /dev/zero | tr '\\0' x; echo");
    cluster.job("cut", "head -c 20000 /dev/zero | tr '\\0' x; sleep 0.3; echo err >&2; sleep 0.3; echo end");
    let pod = ended(&cluster, "long").await;
    let text = read(&cluster, &pod, LogQuery { timestamps: true, ..whole_log() }).await;
    assert_eq!(text.lines().count(), 1);
    assert_eq!(text.len(), "2026-11-24T11:08:31.572101045Z ".len() + 40_001);
    let pod = ended(&cluster, "cut").await;
    let text = read(&cluster, &pod, whole_log()).await;
    let spliced = format!("{}err\n{}end\n", "x".repeat(16_384), "x".repeat(20_000 - 16_384));
    assert_eq!(text, spliced);
    cluster.node.shutdown().await;
}

#[tokio::test]
async fn a_restartless_container_has_no_previous_log() {
    let cluster = Cluster::start();
    cluster.job("once", "true");
    let pod = ended(&cluster, "once").await;
    let refused = cluster.log(&pod, LogQuery { previous: true, ..whole_log() }).await;
    let message = format!("previous terminated container \"main\" in pod \"{}\" not found", pod.name());
    assert!(
        matches!(refused, Err(StreamRefusal::Status(status)) if status.code == 400 && status.message == message)
    );
    cluster.node.shutdown().await;
}
