//! Resource use.

use std::time::Duration;

use super::harness::{Cluster, MAIN};
use crate::kind::Kind;
use crate::node::Streams as _;

#[tokio::test]
async fn a_busy_container_shows_its_processor_time_and_memory_after_two_samples() {
    let cluster = Cluster::with(Cluster::hasty());
    cluster.job("busy", "sh -c 'while :; do :; done'");
    let pod = cluster.running("busy").await;
    assert_eq!(cluster.node.metrics(pod.clone()).await, None, "one sample is not enough");
    let busy = async {
        loop {
            if let Some(value) = cluster.node.metrics(pod.clone()).await
                && value["containers"][0]["usage"]["cpu"] != "0"
            {
                return value;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let value = tokio::time::timeout(Duration::from_secs(30), busy).await.expect("a sample");
    assert_eq!(value["kind"], "PodMetrics");
    assert_eq!(value["apiVersion"], "metrics.k8s.io/v1beta1");
    assert_eq!(value["metadata"]["labels"], pod.value()["metadata"]["labels"]);
    assert_eq!(value["containers"][0]["name"], MAIN);
    let number = |field: &str, unit: &str| {
        let text = value["containers"][0]["usage"][field].as_str().and_then(|text| text.strip_suffix(unit));
        text.and_then(|text| text.parse::<u64>().ok()).unwrap_or_else(|| panic!("{value}"))
    };
    assert!(number("cpu", "n") > 1_000_000, "a child's time counts: {value}");
    assert!(number("memory", "Ki") > 100, "{value}");
    assert!(value["window"].as_str().is_some_and(|window| window.ends_with('s')));
    let node = cluster.store().get(Kind::Node, None, "node1").expect("the node");
    let node = cluster.node.node_metrics(node).await.expect("a sample");
    assert_eq!(node["kind"], "NodeMetrics");
    cluster.node.shutdown().await;
}
