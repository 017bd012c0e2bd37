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
        let kind = if method == Method::PATCH { "application/merge-patch+json" } else { "application/json" };
        let doing = format!("{method} {path} as administrator");
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("content-type", kind)
            .body(body)
            .map_err(|e| Failure::during(&doing, e))?;
        self.client.request::<Value>(request).await.map_err(|e| Failure::during(&doing, e))
    }

    /// A GET whose answer is no object.
    pub(crate) async fn text(&self, path: &str) -> Result<String, Failure> {
        let doing = format!("GET {path} as administrator");
        let request =
            Request::builder().uri(path).body(Vec::new()).map_err(|e| Failure::during(&doing, e))?;
        self.client.request_text(request).await.map_err(|e| Failure::during(&doing, e))
    }

    /// An object by its path.
    pub(crate) async fn read(&self, path: &str) -> Result<Value, Failure> {
        self.call(Method::GET, path, Vec::new()).await
    }

    /// Makes an object in the list at a path.
    pub(crate) async fn post(&self, path: &str, object: &Value) -> Result<Value, Failure> {
        self.call(Method::POST, path, object.to_string().into_bytes()).await
    }

    /// Merges a patch into the object at a path.
    pub(crate) async fn merge(&self, path: &str, patch: &Value) -> Result<Value, Failure> {
        self.call(Method::PATCH, path, patch.to_string().into_bytes()).await
    }

    /// Removes the object at a path.
    pub(crate) async fn remove(&self, path: &str) -> Result<(), Failure> {
        self.call(Method::DELETE, path, Vec::new()).await.map(|_| ())
    }

    pub(crate) async fn create(&self, kind: ObjectKind, manifest: &Value) -> Result<Value, Failure> {
        self.post(&kind.path(), manifest).await
    }

    /// Merges a patch into an object of a kind.
    pub(crate) async fn change(&self, kind: ObjectKind, name: &str, patch: &Value) -> Result<Value, Failure> {
        self.merge(&format!("{}/{name}", kind.path()), patch).await
    }

    pub(crate) async fn delete(&self, kind: ObjectKind, name: &str) -> Result<(), Failure> {
        self.remove(&format!("{}/{name}?propagationPolicy=Background", kind.path())).await
    }

    /// The objects of one launcher job.
    pub(crate) async fn of_job(&self, kind: ObjectKind, job: &str) -> Result<Vec<Value>, Failure> {
        let path = match kind {
            ObjectKind::Job => format!("{}?fieldSelector=metadata.name%3D{job}", kind.path()),
            ObjectKind::Pod | ObjectKind::Service => {
                format!("{}?labelSelector=job-name%3D{job}", kind.path())
            }
        };
        let list = self.read(&path).await?;
        Ok(list["items"].as_array().cloned().unwrap_or_default())
    }
}
