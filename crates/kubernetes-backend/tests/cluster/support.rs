//! A cluster, a backend on it, and what the backend tells.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use embedded_cluster::EmbeddedCluster;
use futures::StreamExt;
use kubernetes_backend::client::Patience;
use kubernetes_backend::profiles::{Audience, FileLine, Given, Profile, Section};
use kubernetes_backend::{
    CertificateAuthority, KubernetesBackend, KubernetesSettings, Profiles, Secret, TokenSource,
};
use launcher_api::request::OutputSelection;
use launcher_api::response::OutputKind;
use launcher_api::{Job, JobId, JobStatus, Requester};
use launcher_plugin::{Backend, BackendError, JobFeed, JobState, JobUpdate};
use serde_json::Value;
use tempfile::TempDir;
use tokio::sync::watch;
use tokio::time::timeout;

/// The longest that anything may take. A slow machine with other work needs room.
const LONG: Duration = Duration::from_secs(60);

/// A cluster and what is needed to connect to it.
pub(crate) struct Cluster {
    embedded: Option<EmbeddedCluster>,
    scratch: TempDir,
    /// Of jobs that name none.
    pub(crate) image: String,
}

impl Cluster {
    /// The one that the environment names, or an embedded one.
    pub(crate) async fn any() -> Self {
        if std::env::var_os("LAUNCHWAY_TEST_API_URL").is_none() {
            return Self::embedded().await;
        }
        let image = std::env::var("LAUNCHWAY_TEST_IMAGE").unwrap_or_else(|_| "busybox".to_owned());
        Self { embedded: None, scratch: tempfile::tempdir().expect("a folder"), image }
    }

    /// An embedded one.
    pub(crate) async fn embedded() -> Self {
        let cluster = EmbeddedCluster::builder().start().await.expect("a cluster");
        Self::of(cluster)
    }

    pub(crate) fn of(cluster: EmbeddedCluster) -> Self {
        Self {
            embedded: Some(cluster),
            scratch: tempfile::tempdir().expect("a folder"),
            image: "busybox:local".to_owned(),
        }
    }

    /// The embedded cluster, for its faults.
    pub(crate) fn inside(&self) -> &EmbeddedCluster {
        self.embedded.as_ref().expect("an embedded cluster")
    }

    pub(crate) fn settings(&self) -> KubernetesSettings {
        let from_environment =
            |name: &str| std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set"));
        let (api_url, token, pem) = match &self.embedded {
            Some(cluster) => (
                cluster.url(),
                TokenSource::Inline(Secret::new(cluster.launcher_token())),
                cluster.certificate_authority_pem().as_bytes().to_vec(),
            ),
            None => (
                from_environment("LAUNCHWAY_TEST_API_URL"),
                TokenSource::File(from_environment("LAUNCHWAY_TEST_TOKEN_FILE").into()),
                std::fs::read(from_environment("LAUNCHWAY_TEST_CA_FILE")).expect("the certificate"),
            ),
        };
        KubernetesSettings {
            api_url,
            token,
            namespace: "rstudio".to_owned(),
            certificate_authority: CertificateAuthority::Pem(pem),
            verify_certificates: true,
            watch_timeout: Duration::from_secs(180),
            fetch_limit: 500,
            shared_process_namespace: true,
            cluster_name: "Kubernetes".into(),
            scratch_path: self.scratch.path().to_owned(),
            templates: kubernetes_backend::TemplateSource::BuiltIn,
            profiles: with_default_image(&self.image),
            profile_loader: None,
            job_expiry: Duration::from_secs(86_400),
        }
    }

    /// A plugin's backend, started.
    pub(crate) async fn plugin(&self) -> Plugin {
        Plugin::start(self.settings()).await.expect("a started backend")
    }
}

/// Profiles that give everyone's jobs this image.
fn with_default_image(image: &str) -> Profiles {
    let place = FileLine { path: Path::new("profiles").into(), line: 1 };
    let profile =
        Profile { default_container_image: Given::at(place, Some(image.to_owned())), ..Profile::default() };
    Profiles::new(vec![Section { audience: Audience::Everyone, profile }])
}

/// A backend and everything that it has told.
pub(crate) struct Plugin {
    pub(crate) backend: Arc<KubernetesBackend>,
    table: watch::Receiver<Table>,
    reader: tokio::task::JoinHandle<()>,
}

/// What was told of each job, in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Table {
    pub(crate) jobs: HashMap<JobId, Told>,
    /// How many updates there were.
    pub(crate) updates: usize,
    marked: bool,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Told {
    pub(crate) job: Job,
    pub(crate) states: Vec<JobState>,
    pub(crate) removed: bool,
}

impl Plugin {
    pub(crate) async fn start(settings: KubernetesSettings) -> Result<Self, BackendError> {
        Self::with_patience(settings, Patience::default()).await
    }

    /// The same, with other limits to how long the cluster is waited for.
    pub(crate) async fn with_patience(
        settings: KubernetesSettings,
        patience: Patience,
    ) -> Result<Self, BackendError> {
        let backend = KubernetesBackend::with_patience(settings, patience).expect("good settings");
        let backend = Arc::new(backend);
        let (feed, mut updates) = JobFeed::channel(64);
        let (sender, table) = watch::channel(Table::default());
        let reader = tokio::spawn(async move {
            while let Some(update) = updates.recv().await {
                sender.send_modify(|table| table.take(update));
            }
        });
        backend.clone().start(feed.clone()).await?;
        // What was told before the start returned has arrived once this has.
        let mark = JobId::from("mark");
        feed.send(JobUpdate::Removed(mark.clone())).await.expect("the table listens");
        let mut marked = table.clone();
        marked.wait_for(|table| table.marked).await.expect("the table lives");
        Ok(Self { backend, table, reader })
    }

    /// What has been told up to now.
    pub(crate) fn table(&self) -> Table {
        self.table.borrow().clone()
    }

    /// Waits until what was told of a job is so.
    pub(crate) async fn until(&self, id: &JobId, what: &str, holds: impl Fn(&Told) -> bool) -> Told {
        let mut table = self.table.clone();
        let wait = table.wait_for(|table| table.jobs.get(id).is_some_and(&holds));
        match timeout(LONG, wait).await {
            Ok(Ok(table)) => table.jobs[id].clone(),
            _ => panic!("{id} never came to be {what}; last: {:#?}", self.table().jobs.get(id)),
        }
    }

    pub(crate) async fn until_status(&self, id: &JobId, status: JobStatus) -> Told {
        self.until(id, status.as_str(), |told| told.job.status == status).await
    }

    pub(crate) async fn submit(&self, fields: Value) -> Job {
        self.try_submit(fields).await.expect("a submitted job")
    }

    pub(crate) async fn try_submit(&self, fields: Value) -> Result<Job, BackendError> {
        let mut job: Job = serde_json::from_value(fields).expect("a job");
        if job.user.is_empty() {
            job.user = "mara".into();
        }
        self.backend.submit(job, &Requester::Everyone).await
    }

    /// All output of a job, and of which kinds it was.
    pub(crate) async fn output(&self, job: &Job, streams: OutputSelection) -> (String, Vec<OutputKind>) {
        let mut pieces = self.backend.output(Arc::new(job.clone()), streams);
        let (mut bytes, mut kinds) = (Vec::new(), Vec::new());
        let read = async {
            while let Some(piece) = pieces.next().await {
                let piece = piece.expect("output");
                bytes.extend_from_slice(&piece.bytes);
                if kinds.last() != Some(&piece.kind) {
                    kinds.push(piece.kind);
                }
            }
        };
        timeout(LONG, read).await.expect("the output ends");
        (String::from_utf8_lossy(&bytes).into_owned(), kinds)
    }
}

impl Drop for Plugin {
    fn drop(&mut self) {
        self.reader.abort();
    }
}

impl Table {
    fn take(&mut self, update: JobUpdate) {
        self.updates += 1;
        match update {
            JobUpdate::Known(job) => {
                let told = self.jobs.entry(job.id.clone()).or_default();
                told.states.push(JobState {
                    status: job.status,
                    status_message: job.status_message.clone(),
                    status_code: job.status_code.clone(),
                    exit_code: job.exit_code,
                    host: job.host.clone(),
                    time: job.last_update_time.expect("a time"),
                });
                told.job = *job;
                told.removed = false;
            }
            JobUpdate::State { id, state } => {
                let told = self.jobs.get_mut(&id).expect("a known job");
                told.job.status = state.status;
                told.job.status_message.clone_from(&state.status_message);
                told.job.status_code.clone_from(&state.status_code);
                told.job.exit_code = state.exit_code;
                if !state.host.is_empty() {
                    told.job.host.clone_from(&state.host);
                }
                told.job.last_update_time = Some(state.time);
                told.states.push(state);
            }
            JobUpdate::Ports { id, ports } => {
                self.jobs.get_mut(&id).expect("a known job").job.exposed_ports = ports;
            }
            JobUpdate::Removed(id) if id.as_str() == "mark" => self.marked = true,
            JobUpdate::Removed(id) => self.jobs.get_mut(&id).expect("a known job").removed = true,
        }
    }
}
