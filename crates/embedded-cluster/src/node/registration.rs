//! The node's own object.

use serde_json::{Map, Value, json};

use super::options::NodeOptions;
use crate::kind::Kind;
use crate::registry::Registry;
use crate::status_error::StatusError;
use crate::time;

/// What the node says it has of disk, in bytes; nothing is counted against it.
const STORAGE: &str = "1099511627776";

/// What the node has to offer: `status.capacity` and `status.allocatable`.
pub(super) fn capacity(options: &NodeOptions) -> Value {
    let mut capacity = Map::new();
    capacity.insert("cpu".to_owned(), json!(options.capacity.cpu));
    capacity.insert("ephemeral-storage".to_owned(), json!(STORAGE));
    capacity.insert("hugepages-1Gi".to_owned(), json!("0"));
    capacity.insert("hugepages-2Mi".to_owned(), json!("0"));
    capacity.insert("memory".to_owned(), json!(options.capacity.memory));
    for (name, amount) in &options.capacity.others {
        capacity.insert(name.clone(), json!(amount));
    }
    capacity.insert("pods".to_owned(), json!(options.capacity.pods.to_string()));
    Value::Object(capacity)
}

/// Makes the node's object: ready from the start.
///
/// # Errors
/// `AlreadyExists` when the cluster has a node of that name.
pub(super) fn register(registry: &Registry, options: &NodeOptions) -> Result<(), StatusError> {
    let arch = match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    };
    let mut labels = Map::new();
    for (name, value) in [
        ("beta.kubernetes.io/arch", arch),
        ("beta.kubernetes.io/os", "linux"),
        ("kubernetes.io/arch", arch),
        ("kubernetes.io/hostname", options.name.as_str()),
        ("kubernetes.io/os", "linux"),
    ] {
        labels.insert(name.to_owned(), json!(value));
    }
    for (name, value) in &options.labels {
        labels.insert(name.clone(), json!(value));
    }
    let mut addresses = vec![json!({"type": "InternalIP", "address": options.internal_ip.to_string()})];
    if let Some(external) = options.external_ip {
        addresses.push(json!({"type": "ExternalIP", "address": external.to_string()}));
    }
    addresses.push(json!({"type": "Hostname", "address": options.name}));
    let amounts = capacity(options);
    let node = json!({
        "metadata": {
            "name": options.name, "labels": labels,
            "annotations": {
                "node.alpha.kubernetes.io/ttl": "0",
                "volumes.kubernetes.io/controller-managed-attach-detach": "true",
            },
        },
        "spec": {},
        "status": {
            "capacity": amounts,
            "allocatable": amounts,
            "conditions": conditions(),
            "addresses": addresses,
            "daemonEndpoints": {"kubeletEndpoint": {"Port": 10250}},
            "nodeInfo": {
                "machineID": "", "systemUUID": "", "bootID": "", "kernelVersion": "",
                "osImage": "embedded cluster (processes of this host)",
                "containerRuntimeVersion": "embedded://0",
                "kubeletVersion": options.release.to_string(), "kubeProxyVersion": "",
                "operatingSystem": "linux", "architecture": arch, "runningInUserNamespace": false,
            },
            "images": [],
        },
    });
    registry.create(Kind::Node, None, node).map(drop)
}

fn conditions() -> Vec<Value> {
    [
        ("MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
        ("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
        ("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
        READY,
    ]
    .map(condition)
    .into()
}

/// A condition: type, status, reason, message.
type Row = (&'static str, &'static str, &'static str, &'static str);

/// The node's `Ready` while its kubelet speaks.
const READY: Row = ("Ready", "True", "KubeletReady", "kubelet is posting ready status");
/// The node's `Ready` when its kubelet has been silent for too long.
const UNKNOWN: Row = ("Ready", "Unknown", "NodeStatusUnknown", "Kubelet stopped posting node status.");

fn condition((kind, status, reason, message): Row) -> Value {
    let now = time::now_seconds();
    json!({
        "type": kind, "status": status, "lastHeartbeatTime": now, "lastTransitionTime": now,
        "reason": reason, "message": message,
    })
}

/// Whether the node answers, as its object tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reachability {
    Reachable,
    Unreachable,
}

/// Writes the node's `Ready` condition and its taints.
pub(super) fn tell(registry: &Registry, name: &str, reachability: Reachability) {
    let written = registry.store().update(Kind::Node, None, name, |node| {
        let row = match reachability {
            Reachability::Reachable => READY,
            Reachability::Unreachable => UNKNOWN,
        };
        if let Some(conditions) = node["status"]["conditions"].as_array_mut() {
            for known in conditions.iter_mut().filter(|known| known["type"] == "Ready" && known["status"] != row.1) {
                *known = condition(row);
            }
        }
        let taints = match reachability {
            Reachability::Reachable => Value::Null,
            Reachability::Unreachable => ["NoSchedule", "NoExecute"]
                .map(|effect| {
                    json!({
                        "key": "node.kubernetes.io/unreachable", "effect": effect, "timeAdded": time::now_seconds(),
                    })
                })
                .into_iter()
                .collect(),
        };
        if let Some(spec) = node["spec"].as_object_mut() {
            spec.shift_remove("taints");
            if !taints.is_null() {
                spec.insert("taints".to_owned(), taints);
            }
        }
        Ok(())
    });
    if let Err(error) = written {
        tracing::warn!(%error, node = name, "cannot write a node's condition");
    }
}
