//! A cluster, and the program installed for it.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use embedded_cluster::{Builder, EmbeddedCluster};
use serde_json::{Value, json};

use super::door::Door;
use super::{Installation, Plugin};

pub(crate) const BOOTSTRAP: &str =
    r#"{"messageType":1,"requestId":0,"version":{"major":3,"minor":7,"patch":0}}"#;

/// What jobs are answered with, whatever was asked.
const JOB_STATE: i64 = 2;

pub(crate) struct Stage {
    pub(crate) cluster: EmbeddedCluster,
    pub(crate) runtime: tokio::runtime::Runtime,
    pub(crate) installation: Installation,
    /// Behind which the test asks the cluster, and sees what was asked.
    pub(crate) door: Door,
}

impl Stage {
    /// The program reaches the cluster as it would a real one, over TLS.
    pub(crate) fn new(more: &str) -> Self {
        Self::of(EmbeddedCluster::builder(), |cluster, _| {
            let (url, token) = (cluster.url(), cluster.launcher_token());
            Installation::new(&url, &token, &format!("certificate-authority={}\n{more}", authority(cluster)))
        })
    }

    /// The program comes through the door, which writes down what it asks for.
    pub(crate) fn behind_the_door(cluster: Builder, more: &str) -> Self {
        Self::of(cluster, |cluster, door| Installation::new(&door.url(), &cluster.launcher_token(), more))
    }

    fn of(cluster: Builder, install: impl FnOnce(&EmbeddedCluster, &Door) -> Installation) -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let cluster = runtime.block_on(cluster.start()).unwrap();
        let door = runtime.block_on(Door::before(&cluster)).unwrap();
        let installation = install(&cluster, &door);
        Self { cluster, runtime, installation, door }
    }

    pub(crate) fn bootstrapped(&self, flags: &[&str]) -> Plugin {
        bootstrapped(self.installation.start(flags))
    }

    /// What an administrator gets from the cluster.
    pub(crate) fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> (u16, Value) {
        self.door.ask(method, path, &self.cluster.admin_token(), body)
    }

    /// The object of a job.
    pub(crate) fn object(&self, id: &str) -> (u16, Value) {
        self.ask("GET", &format!("/apis/batch/v1/namespaces/rstudio/jobs/{id}"), None)
    }

    pub(crate) fn close(self) {
        self.runtime.block_on(self.cluster.shutdown());
    }
}

/// The cluster's certificate as `certificate-authority` wants it.
pub(crate) fn authority(cluster: &EmbeddedCluster) -> String {
    BASE64_STANDARD.encode(cluster.certificate_authority_pem())
}

pub(crate) fn bootstrapped(mut plugin: Plugin) -> Plugin {
    plugin.send(BOOTSTRAP);
    let answer = plugin.receive();
    assert_eq!((&answer["messageType"], &answer["requestId"]), (&1.into(), &0.into()), "{answer}");
    plugin
}

/// Submits a job of `ada`, and returns its id.
pub(crate) fn submit(plugin: &mut Plugin, job: &Value) -> String {
    let mut job = job.clone();
    job["container"] = json!({ "image": "busybox" });
    plugin.send(&json!({ "messageType": 2, "requestId": 20, "username": "ada", "job": job }).to_string());
    let answer = plugin.receive_type(JOB_STATE);
    answer["jobs"][0]["id"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
}

/// The jobs of `ada` as the program tells them.
pub(crate) fn jobs(plugin: &mut Plugin) -> Vec<Value> {
    plugin.send(r#"{"messageType":3,"requestId":21,"username":"ada","jobId":"*"}"#);
    plugin.receive_type(JOB_STATE)["jobs"].as_array().cloned().unwrap_or_default()
}
