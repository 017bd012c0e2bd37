//! Resource use: what metrics-server would tell.
//!
//! Processor time and memory of a container are sums over its process tree, read from `/proc`. Memory is the resident
//! set, so pages shared between its processes count more than once; time used by a process that has ended is counted
//! as far as its parent has waited for it. A value needs two samples.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Map, Value, json};
use tokio::time::{Instant, MissedTickBehavior};

use super::kubelet::runtime::Runtime;
use super::process::table;
use crate::store::Object;
use crate::time;

/// The newest values. Clones share them.
#[derive(Clone, Debug, Default)]
pub(super) struct Metrics {
    newest: Arc<Mutex<Sample>>,
}

#[derive(Debug, Default)]
struct Sample {
    time: Option<Timestamp>,
    window: Duration,
    /// By pod uid; the containers by name.
    pods: HashMap<String, Vec<(String, Use)>>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Use {
    /// Billionths of a core.
    nanocores: u64,
    /// Bytes.
    memory: u64,
}

/// Processor time and memory of one container at one time.
#[derive(Clone, Copy, Debug)]
struct Reading {
    cpu: Duration,
    memory: u64,
}

/// Pod uid, container name, and the container's id: a restarted container begins anew.
type ContainerKey = (String, String, String);

/// Takes samples until dropped; none while nothing runs.
pub(super) async fn sample(runtime: Runtime, metrics: Metrics, interval: Duration) {
    let mut ticks = tokio::time::interval(interval);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut before: HashMap<ContainerKey, Reading> = HashMap::new();
    let mut taken = Instant::now();
    loop {
        ticks.tick().await;
        runtime.occupied().await;
        let containers: Vec<(ContainerKey, Vec<i32>)> = runtime
            .all_live()
            .into_iter()
            .map(|(pod, name, live)| ((pod, name, live.id.clone()), live.leftovers.sessions()))
            .collect();
        let Ok(now) = tokio::task::spawn_blocking(move || read(containers)).await else { return };
        let window = taken.elapsed();
        taken = Instant::now();
        let mut pods: HashMap<String, Vec<(String, Use)>> = HashMap::new();
        for ((pod, name, id), reading) in &now {
            let Some(earlier) = before.get(&(pod.clone(), name.clone(), id.clone())) else { continue };
            let spent = reading.cpu.saturating_sub(earlier.cpu).as_nanos() as f64;
            let nanocores = (spent / window.as_secs_f64().max(f64::EPSILON)).round() as u64;
            let used = Use { nanocores, memory: reading.memory };
            pods.entry(pod.clone()).or_default().push((name.clone(), used));
        }
        before = now;
        let sample = Sample { time: Some(time::now()), window, pods };
        *metrics.newest.lock().unwrap_or_else(PoisonError::into_inner) = sample;
    }
}

fn read(containers: Vec<(ContainerKey, Vec<i32>)>) -> HashMap<ContainerKey, Reading> {
    let all: Vec<_> = table::processes().collect();
    let sums = containers.into_iter().map(|(key, sessions)| {
        let members = table::members(&all, &sessions);
        let cpu = members.iter().map(|process| process.cpu).sum();
        let memory = members.iter().map(|process| process.memory).sum();
        (key, Reading { cpu, memory })
    });
    sums.collect()
}

impl Metrics {
    /// The `PodMetrics` of a pod, if there is a sample of it.
    pub(super) fn pod(&self, pod: &Object) -> Option<Value> {
        let newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        let containers = newest.pods.get(pod.uid())?;
        let containers: Vec<Value> =
            containers.iter().map(|(name, used)| json!({"name": name, "usage": used.to_value()})).collect();
        let mut metadata = metadata(pod);
        metadata.insert("namespace".to_owned(), json!(pod.namespace()));
        let mut value = newest.head("PodMetrics", &metadata)?;
        value["containers"] = Value::Array(containers);
        Some(value)
    }

    /// The `NodeMetrics` of the node: the sum over its pods, once there was a sample.
    pub(super) fn node(&self, node: &Object) -> Option<Value> {
        let newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        let mut total = Use::default();
        for (_, used) in newest.pods.values().flatten() {
            total.nanocores += used.nanocores;
            total.memory += used.memory;
        }
        let mut value = newest.head("NodeMetrics", &metadata(node))?;
        value["usage"] = total.to_value();
        Some(value)
    }
}

impl Sample {
    fn head(&self, kind: &str, metadata: &Map<String, Value>) -> Option<Value> {
        Some(json!({
            "kind": kind,
            "apiVersion": "metrics.k8s.io/v1beta1",
            "metadata": metadata,
            "timestamp": time::seconds(self.time?),
            "window": format!("{:.3}s", self.window.as_secs_f64()),
        }))
    }
}

fn metadata(object: &Object) -> Map<String, Value> {
    let mut metadata = Map::new();
    metadata.insert("name".to_owned(), json!(object.name()));
    metadata.insert("creationTimestamp".to_owned(), json!(time::now_seconds()));
    if let Some(labels) = object.labels() {
        metadata.insert("labels".to_owned(), Value::Object(labels.clone()));
    }
    metadata
}

impl Use {
    fn to_value(self) -> Value {
        let cpu = if self.nanocores == 0 { "0".to_owned() } else { format!("{}n", self.nanocores) };
        json!({"cpu": cpu, "memory": format!("{}Ki", self.memory / 1024)})
    }
}
