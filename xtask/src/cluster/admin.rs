//! The cluster's API as an administrator sees it: what the plugin made, without asking the plugin.

use http::{Method, Request};
use kube::Client;
use kube::config::{KubeConfigOptions, Kubeconfig};
use serde::Deserialize;
use serde_json::Value;

use super::NAMESPACE;
use crate::failure::Failure;

/// The kinds that a job consists of.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ObjectKind {
    Job,
    Pod,
    Service,
}

impl ObjectKind {
    fn path(self) -> String {
        match self {
            ObjectKind::Job => format!("/apis/batch/v1/namespaces/{NAMESPACE}/jobs"),
            ObjectKind::Pod => format!("/api/v1/namespaces/{NAMESPACE}/pods"),
            ObjectKind::Service => format!("/api/v1/namespaces/{NAMESPACE}/services"),
        }
    }
}

#[derive(Clone)]
pub(crate) struct Admin {
    client: Client,
}

impl Admin {
    pub(crate) async fn connect(kubeconfig: &str) -> Result<Self, Failure> {
        let parsed =
            Kubeconfig::from_yaml(kubeconfig).map_err(|e| Failure::during("reading the kubeconfig", e))?;
        let config = kube::Config::from_custom_kubeconfig(parsed, &KubeConfigOptions::default())
            .await
            .map_err(|e| Failure::during("reading the kubeconfig", e))?;
        let client =
            Client::try_from(config).map_err(|e| Failure::during("connecting as administrator", e))?;
        Ok(Admin { client })
    }

    async fn call(&self, method: Method, path: &str, body: Vec<u8>) -> Result<Value, Failure> {
        let doing = format!("{method} {path} as administrator");
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("content-type", "application/json")
            .body(body)
            .map_err(|e| Failure::during(&doing, e))?;
        self.client.request::<Value>(request).await.map_err(|e| Failure::during(&doing, e))
    }

    pub(crate) async fn create(&self, kind: ObjectKind, manifest: &Value) -> Result<Value, Failure> {
        self.call(Method::POST, &kind.path(), manifest.to_string().into_bytes()).await
    }

    pub(crate) async fn delete(&self, kind: ObjectKind, name: &str) -> Result<(), Failure> {
        let path = format!("{}/{name}?propagationPolicy=Background", kind.path());
        self.call(Method::DELETE, &path, Vec::new()).await.map(|_| ())
    }

    /// The objects of one launcher job.
    pub(crate) async fn of_job(&self, kind: ObjectKind, job: &str) -> Result<Vec<Value>, Failure> {
        let path = match kind {
            ObjectKind::Job => format!("{}?fieldSelector=metadata.name%3D{job}", kind.path()),
            ObjectKind::Pod | ObjectKind::Service => {
                format!("{}?labelSelector=job-name%3D{job}", kind.path())
            }
        };
        let list = self.call(Method::GET, &path, Vec::new()).await?;
        Ok(list["items"].as_array().cloned().unwrap_or_default())
    }
}
