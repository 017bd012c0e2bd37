//! Where pods go, or why they go nowhere.

use serde_json::{Value, json};

use super::harness::{Cluster, NAMESPACE};
use crate::kind::Kind;
use crate::node::NodeOptions;
use crate::store::DeleteOptions;

fn scheduled(pod: &Value) -> Value {
    let conditions = pod["status"]["conditions"].as_array();
    let found = conditions.into_iter().flatten().find(|condition| condition["type"] == "PodScheduled");
    found.cloned().unwrap_or_default()
}

async fn refusal(cluster: &Cluster, name: &str, change: impl FnOnce(&mut Value)) -> String {
    cluster.pod_with(name, "sleep 1000", change);
    let pod = cluster.pod(name, "unschedulable", |pod| scheduled(pod)["reason"] == "Unschedulable").await;
    let condition = scheduled(pod.value());
    assert_eq!(condition["status"], "False");
    let event = cluster.event(name, "FailedScheduling").await;
    assert_eq!(event["message"], condition["message"]);
    assert!(event["eventTime"].is_string() && event["firstTimestamp"].is_null() && event["count"].is_null());
    assert_eq!(event["reportingComponent"], "default-scheduler");
    condition["message"].as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_pod_that_fits_nowhere_says_why() {
    let cluster = Cluster::start();
    let helpless = "preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.";
    let message = refusal(&cluster, "selector", |spec| spec["nodeSelector"] = json!({"no": "such"})).await;
    assert_eq!(
        message,
        format!("0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector. {helpless}")
    );
    let message = refusal(&cluster, "big", |spec| {
        spec["containers"][0]["resources"] =
            json!({"limits": {"cpu": "64", "memory": "900Gi", "nvidia.com/gpu": 2}});
    });
    assert_eq!(
        message.await,
        format!(
            "0/1 nodes are available: 1 Insufficient cpu, 1 Insufficient memory, 1 Insufficient nvidia.com/gpu. {helpless}"
        )
    );
    let message = refusal(&cluster, "claim", |spec| {
        spec["volumes"] = json!([{"name": "v", "persistentVolumeClaim": {"claimName": "nosuch"}}]);
    });
    assert_eq!(
        message.await,
        "0/1 nodes are available: persistentvolumeclaim \"nosuch\" not found. not found"
    );
    cluster.node.shutdown().await;
}

#[tokio::test]
async fn a_pod_waits_for_room_and_goes_when_there_is_some() {
    let mut options = NodeOptions::default();
    options.capacity.others.push(("nvidia.com/gpu".to_owned(), "1".to_owned()));
    let cluster = Cluster::with(options);
    let gpu = |spec: &mut Value| {
        spec["containers"][0]["resources"] = json!({"limits": {"nvidia.com/gpu": "1"}});
    };
    cluster.pod_with("first", "sleep 1000", gpu);
    let first = cluster.running("first").await;
    let message = refusal(&cluster, "second", gpu).await;
    assert!(message.ends_with("1 No preemption victims found for incoming pod."), "{message}");
    let now = DeleteOptions { grace_period: Some(0), ..DeleteOptions::default() };
    cluster.registry.delete(Kind::Pod, Some(NAMESPACE), first.name(), &now).expect("a pod");
    cluster.running("second").await;
    cluster.node.shutdown().await;
}

#[tokio::test]
async fn selectors_and_affinity_are_matched_against_the_labels_of_the_node() {
    let mut options = NodeOptions::default();
    options.labels.push(("zone".to_owned(), "b".to_owned()));
    let cluster = Cluster::with(options);
    cluster.pod_with("here", "true", |spec| {
        spec["nodeSelector"] = json!({"kubernetes.io/hostname": "node1", "zone": "b"});
        spec["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]["nodeSelectorTerms"] =
            json!([{"matchExpressions": [{"key": "zone", "operator": "In", "values": ["a", "b"]}]}]);
    });
    cluster.job_condition("here", "Complete").await;
    refusal(&cluster, "elsewhere", |spec| {
        spec["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]["nodeSelectorTerms"] =
            json!([{"matchExpressions": [{"key": "zone", "operator": "NotIn", "values": ["b"]}]}]);
    })
    .await;
    cluster.node.shutdown().await;
}

#[tokio::test]
async fn a_pod_for_a_node_that_does_not_exist_stays_pending() {
    let cluster = Cluster::start();
    cluster.pod_with("lost", "true", |spec| spec["nodeName"] = json!("nowhere"));
    cluster.pod_with("given", "true", |spec| spec["nodeName"] = json!("node1"));
    cluster.job_condition("given", "Complete").await;
    let pod = cluster.pod("lost", "there", |_| true).await;
    assert!(pod.value()["status"]["conditions"].is_null(), "nobody has looked at it");
    cluster.node.shutdown().await;
}

#[tokio::test]
async fn the_node_tells_what_it_is() {
    let options = NodeOptions {
        name: "alpha".to_owned(),
        external_ip: Some("127.0.0.2".parse().expect("an address")),
        ..NodeOptions::default()
    };
    let cluster = Cluster::with(options);
    let node = cluster.store().get(Kind::Node, None, "alpha").expect("the node");
    assert_eq!(
        node.value()["status"]["addresses"],
        json!([
            {"type": "InternalIP", "address": "127.0.0.1"},
            {"type": "ExternalIP", "address": "127.0.0.2"},
            {"type": "Hostname", "address": "alpha"},
        ])
    );
    assert_eq!(node.value()["metadata"]["labels"]["kubernetes.io/hostname"], "alpha");
    cluster.node.shutdown().await;
}
