//! A node, a store, and ways to wait for what happens in it.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use crate::faults::Faults;
use crate::kind::Kind;
use crate::node::options::Pace;
use crate::node::{
    AttachQuery, ExecQuery, LogQuery, Node, NodeOptions, RemoteIo, RemoteOutcome, StreamRefusal, Streams as _,
};
use crate::registry::Registry;
use crate::store::{Object, Store};

/// The namespace of all tests.
pub(super) const NAMESPACE: &str = "rstudio";
/// The main container's name.
pub(super) const MAIN: &str = "main";

/// How long anything may take. Generous: the machine may be busy.
const PATIENCE: Duration = Duration::from_secs(30);

pub(super) struct Cluster {
    pub(super) node: Node,
    pub(super) registry: Registry,
    pub(super) faults: Faults,
}

impl Cluster {
    pub(super) fn start() -> Self {
        Self::with(NodeOptions::default())
    }

    /// Options whose delays are short.
    pub(super) fn hasty() -> NodeOptions {
        let short = Duration::from_millis(20);
        let pace = Pace {
            retry: short,
            mount_retry: short,
            restart_backoff: short,
            job_backoff: short,
            metrics: Duration::from_millis(200),
            ..Pace::default()
        };
        NodeOptions { pace, ..NodeOptions::default() }
    }

    pub(super) fn with(options: NodeOptions) -> Self {
        let store = Store::new(20_000);
        let faults = Faults::new(store.clone());
        let registry = Registry::new(store, faults.clone());
        for namespace in ["default", NAMESPACE] {
            let object = json!({"metadata": {"name": namespace}, "status": {"phase": "Active"}});
            registry.store().create(Kind::Namespace, None, object).expect("a new namespace");
        }
        let account = json!({"metadata": {"name": "default"}});
        registry.store().create(Kind::ServiceAccount, Some(NAMESPACE), account).expect("a new account");
        let node = Node::start(registry.clone(), options).expect("the node starts");
        Self { node, registry, faults }
    }

    pub(super) fn store(&self) -> &Store {
        self.registry.store()
    }

    /// Makes a Job that runs `script` in one container.
    pub(super) fn job(&self, name: &str, script: &str) -> Arc<Object> {
        self.job_with(name, |job| {
            job["spec"]["template"]["spec"]["containers"][0]["args"] = json!(["-c", script]);
        })
    }

    /// Makes a Job of one container that runs `true`, changed before.
    pub(super) fn job_with(&self, name: &str, change: impl FnOnce(&mut Value)) -> Arc<Object> {
        let container =
            json!({"name": MAIN, "image": "busybox:local", "command": ["sh"], "args": ["-c", "true"]});
        let mut job = json!({
            "metadata": {"name": name},
            "spec": {
                "backoffLimit": 0, "parallelism": 1, "completions": 1,
                "template": {
                    "metadata": {},
                    "spec": {"restartPolicy": "Never", "terminationGracePeriodSeconds": 5, "containers": [container]},
                },
            },
        });
        change(&mut job);
        self.registry.create(Kind::Job, Some(NAMESPACE), job).expect("a new job")
    }

    /// Makes a Job of one container that runs `script`, its pod specification changed before.
    pub(super) fn pod_with(&self, name: &str, script: &str, change: impl FnOnce(&mut Value)) -> Arc<Object> {
        self.job_with(name, |job| {
            let spec = &mut job["spec"]["template"]["spec"];
            spec["containers"][0]["args"] = json!(["-c", script]);
            change(spec);
        })
    }

    /// Makes an object of any other kind in the namespace.
    pub(super) fn object(&self, kind: Kind, object: Value) -> Arc<Object> {
        self.registry.create(kind, Some(NAMESPACE), object).expect("a new object")
    }

    /// Waits until an object of a kind is as wanted.
    pub(super) async fn wait(&self, kind: Kind, what: &str, wanted: impl Fn(&Object) -> bool) -> Arc<Object> {
        let listing = self.store().list(kind, None);
        let mut last: Vec<String> = Vec::new();
        if let Some(found) = listing.items.iter().find(|object| wanted(object)) {
            return found.clone();
        }
        let mut watch = self.store().watch(kind, listing.revision);
        let found = tokio::time::timeout(PATIENCE, async {
            loop {
                let change = watch.next().await.expect("a watch that keeps up");
                last.push(change.object.value().to_string());
                if wanted(&change.object) {
                    return change.object;
                }
            }
        });
        match found.await {
            Ok(object) => object,
            Err(_) => panic!(
                "{what} did not happen; the last changes were {:#?}",
                &last[last.len().saturating_sub(4)..]
            ),
        }
    }

    /// Waits for a condition of a Job.
    pub(super) async fn job_condition(&self, name: &str, condition: &str) -> Arc<Object> {
        let what = format!("condition {condition} of job {name}");
        self.wait(Kind::Job, &what, |job| job.name() == name && has_condition(job.value(), condition)).await
    }

    /// Waits for the pod of a Job to be as wanted.
    pub(super) async fn pod(&self, job: &str, what: &str, wanted: impl Fn(&Value) -> bool) -> Arc<Object> {
        let what = format!("pod of {job}: {what}");
        self.wait(Kind::Pod, &what, |pod| {
            pod.value()["metadata"]["labels"]["job-name"] == job && wanted(pod.value())
        })
        .await
    }

    /// Waits for the main container of a Job's pod to run.
    pub(super) async fn running(&self, job: &str) -> Arc<Object> {
        self.pod(job, "running", |pod| main_state(pod)["running"].is_object()).await
    }

    /// Waits for the main container of a Job's pod to end; gives its `terminated`.
    pub(super) async fn terminated(&self, job: &str) -> Value {
        let pod = self.pod(job, "terminated", |pod| main_state(pod)["terminated"].is_object()).await;
        main_state(pod.value())["terminated"].clone()
    }

    /// Waits for an event.
    pub(super) async fn event(&self, about: &str, reason: &str) -> Value {
        let what = format!("event {reason} about {about}");
        let event = self.wait(Kind::Event, &what, |event| {
            let name = event.value()["involvedObject"]["name"].as_str().unwrap_or_default();
            name.starts_with(about) && event.value()["reason"] == reason
        });
        event.await.value().clone()
    }

    /// The whole log of a container.
    pub(super) async fn log(&self, pod: &Arc<Object>, query: LogQuery) -> Result<String, StreamRefusal> {
        let mut body = self.node.logs(pod.clone(), query).await?;
        let mut text = Vec::new();
        let read = async {
            while let Some(piece) = body.recv().await {
                text.extend_from_slice(&piece.expect("a readable log"));
            }
        };
        tokio::time::timeout(PATIENCE, read).await.expect("the log ends");
        Ok(String::from_utf8_lossy(&text).into_owned())
    }

    /// Runs a command in the main container; gives its output and its end.
    pub(super) async fn exec(&self, pod: &Arc<Object>, command: &[&str]) -> (String, RemoteOutcome) {
        let streams =
            AttachQuery { container: MAIN.to_owned(), stdin: false, stdout: true, stderr: true, tty: false };
        let command = command.iter().map(|word| (*word).to_owned()).collect();
        let io =
            self.node.exec(pod.clone(), ExecQuery { streams, command }).await.expect("a running container");
        read_all(io).await
    }

    /// Watches a kind from now on, for [`Self::history`].
    pub(super) fn mark(&self) -> u64 {
        self.store().revision()
    }

    /// Every state that objects of a kind had after a mark.
    pub(super) fn history(&self, kind: Kind, mark: u64) -> Vec<Value> {
        let mut watch = self.store().watch(kind, mark);
        std::iter::from_fn(|| watch.try_next().expect("a window that is large enough"))
            .map(|change| change.object.value().clone())
            .collect()
    }
}

/// Reads both outputs to their end, then the outcome.
pub(super) async fn read_all(io: RemoteIo) -> (String, RemoteOutcome) {
    let mut text = Vec::new();
    let read = async {
        for mut output in [io.stdout, io.stderr].into_iter().flatten() {
            while let Some(piece) = output.recv().await {
                text.extend_from_slice(&piece);
            }
        }
        io.outcome.await.expect("an outcome")
    };
    let outcome = tokio::time::timeout(PATIENCE, read).await.expect("the command ends");
    (String::from_utf8_lossy(&text).into_owned(), outcome)
}

/// The whole log so far.
pub(super) fn whole_log() -> LogQuery {
    LogQuery {
        container: MAIN.to_owned(),
        follow: false,
        previous: false,
        timestamps: false,
        since: None,
        tail_lines: None,
        limit_bytes: None,
        stream: None,
    }
}

pub(super) fn main_state(pod: &Value) -> &Value {
    let statuses = pod["status"]["containerStatuses"].as_array();
    let main = statuses.into_iter().flatten().find(|status| status["name"] == MAIN);
    main.map_or(&Value::Null, |status| &status["state"])
}

pub(super) fn has_condition(object: &Value, kind: &str) -> bool {
    let conditions = object["status"]["conditions"].as_array();
    conditions
        .into_iter()
        .flatten()
        .any(|condition| condition["type"] == kind && condition["status"] == "True")
}
