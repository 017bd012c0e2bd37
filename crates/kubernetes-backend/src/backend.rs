//! The backend itself: it holds the parts together and has no work of its own.

use std::sync::Arc;
use std::time::Duration;

use futures::stream::BoxStream;
use jiff::Timestamp;
use launcher_api::request::{ControlOperation, OutputSelection};
use launcher_api::response::{
    ClusterInfo, JobNetwork, LatencySample, ReloadError, ReloadErrorKind, ResourceUse,
};
use launcher_api::{Job, Requester};
use launcher_plugin::{Backend, BackendError, ControlOutcome, JobFeed, OutputChunk};
use tokio::sync::{OnceCell, mpsc, oneshot, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::annotation;
use crate::client::{ApiClient, ApiFailure, FailureKind, Patience, Resource};
use crate::cluster_info::cluster_info;
use crate::control::control;
use crate::deeds;
use crate::diagnose::{Finding, diagnose};
use crate::index::{self, Index, Watched};
use crate::metrics::resource_use;
use crate::network::network;
use crate::output::{SplitStreams, output};
use crate::profiles::{GroupsUnknown, Profiles, ProfilesInUse, SystemDirectory};
use crate::rules::{Rules, RulesInUse};
use crate::settings::{KubernetesSettings, SetupError, TemplateSource};
use crate::stdin::{DelivererName, Scratch};
use crate::submit::{self, Maker, Submitter};
use crate::templates::{LoadError, NoTemplates, ObjectTemplates};
use crate::watch::{self as watching, Backoff, Kind, WatchOptions};

/// How many changes of one watch wait for the index.
const CHANGES: usize = 64;
/// How many deeds wait to be begun.
const DEEDS: usize = 1024;
/// How long the first sight of everything may take: below the Launcher's patience with Bootstrap.
const START: Duration = Duration::from_secs(75);
/// How long a fault that is not expected to pass is given to pass: a restarting API server refuses everyone for a moment.
const STUBBORN: Duration = Duration::from_secs(12);

/// Jobs of a Launcher on a Kubernetes cluster.
pub struct KubernetesBackend {
    settings: KubernetesSettings,
    client: ApiClient,
    scratch: Scratch,
    split: SplitStreams,
    deliverer: OnceCell<DelivererName>,
    maker: Maker,
}

impl KubernetesBackend {
    /// A backend for these settings. Connects when it is started.
    ///
    /// # Errors
    /// [`SetupError`] for settings that can't be right.
    pub fn new(settings: KubernetesSettings) -> Result<Self, SetupError> {
        Self::with_patience(settings, Patience::default())
    }

    /// The same, with other limits to how long the cluster is waited for.
    ///
    /// # Errors
    /// [`SetupError`] for settings that can't be right.
    pub fn with_patience(settings: KubernetesSettings, patience: Patience) -> Result<Self, SetupError> {
        Ok(Self {
            client: ApiClient::new(&settings, patience)?,
            scratch: Scratch::new(&settings.scratch_path),
            split: SplitStreams::default(),
            deliverer: OnceCell::new(),
            maker: Maker {
                rules: RulesInUse::new(Rules {
                    profiles: in_use(settings.profiles.clone()),
                    templates: first_templates(&settings.templates),
                }),
                cluster: settings.cluster_name.as_str().into(),
                shared_process_namespace: settings.shared_process_namespace,
            },
            settings,
        })
    }

    /// Whether the plugin can do its work with this cluster.
    pub async fn diagnose(&self) -> Vec<Finding> {
        diagnose(&self.client, &self.settings.api_url).await
    }

    async fn deliverer(&self) -> Arc<str> {
        self.deliverer.get_or_init(|| self.scratch.deliverer()).await.name().clone()
    }

    fn watch_options(&self, resource: Resource) -> WatchOptions {
        let (kind, selector) = match resource {
            // What is normal says nothing that Jobs and pods do not say, and is most of all events.
            Resource::Events => (Kind::WatchedOnly, ("fieldSelector", "type=Warning")),
            _ => (Kind::Listed, ("labelSelector", annotation::SELECTOR)),
        };
        WatchOptions {
            resource,
            kind,
            selector,
            timeout: self.settings.watch_timeout,
            page_size: self.settings.fetch_limit,
            backoff: Backoff::for_watches(),
        }
    }

    /// Spawns everything that lives as long as the feed. All of it ends when the set is dropped.
    async fn spawn(&self, feed: JobFeed, tasks: &mut JoinSet<()>) -> Started {
        let cluster = self.settings.cluster_name.as_str();
        let deliverer = self.deliverer().await;
        let (jobs_sender, jobs) = mpsc::channel(CHANGES);
        let (pods_sender, pods) = mpsc::channel(CHANGES);
        let (events_sender, events) = mpsc::channel(CHANGES);
        let (deeds_sender, deeds) = mpsc::channel(DEEDS);
        let (reports_sender, reports) = mpsc::channel(DEEDS);
        let (synced_sender, synced) = oneshot::channel();
        let troubles = [(); 3].map(|()| watch::channel(None));
        let [(jobs_trouble, of_jobs), (pods_trouble, of_pods), (events_trouble, _)] = troubles;
        let (client, options) = (&self.client, |resource| self.watch_options(resource));
        tasks.spawn(watching::run(client.clone(), options(Resource::Jobs), jobs_sender, jobs_trouble));
        tasks.spawn(watching::run(client.clone(), options(Resource::Pods), pods_sender, pods_trouble));
        tasks.spawn(watching::run(client.clone(), options(Resource::Events), events_sender, events_trouble));
        let means = deeds::Means {
            client: client.clone(),
            scratch: self.scratch.clone(),
            deliverer: deliverer.clone(),
            maker: self.maker.clone(),
        };
        tasks.spawn(deeds::run(means, deeds, reports_sender));
        let watched = Watched { jobs, pods, events, reports };
        let index = Index::new(cluster, &*deliverer, Timestamp::now());
        tasks.spawn(index::run(index, watched, feed, deeds_sender, self.scratch.clone(), synced_sender));
        Started { synced, troubles: [of_jobs, of_pods] }
    }
}

fn in_use(profiles: Profiles) -> Arc<ProfilesInUse> {
    Arc::new(ProfilesInUse::new(profiles, Arc::new(SystemDirectory)))
}

fn no_profile(error: &GroupsUnknown) -> BackendError {
    BackendError::Unavailable(format!("{error}: {}", error.cause))
}

/// What a start waits for.
struct Started {
    synced: oneshot::Receiver<()>,
    troubles: [watch::Receiver<Option<ApiFailure>>; 2],
}

impl Started {
    /// Waits until everything has been seen.
    async fn wait(mut self) -> Result<(), BackendError> {
        let stubborn = stubborn_trouble(&self.troubles);
        let result = tokio::select! {
            synced = &mut self.synced => return synced.map_err(|_| {
                BackendError::Unavailable("the watch of the cluster has ended".to_owned())
            }),
            failure = timeout(START, stubborn) => failure.ok(),
        };
        let failure = result.or_else(|| self.troubles.iter().find_map(|trouble| trouble.borrow().clone()));
        Err(match failure {
            Some(failure) => BackendError::Unavailable(failure.with_advice()),
            None => BackendError::Timeout { what: "listing the jobs and pods of the cluster".to_owned() },
        })
    }
}

/// Resolves with a failure that someone has to do something about.
async fn stubborn_trouble(troubles: &[watch::Receiver<Option<ApiFailure>>]) -> ApiFailure {
    loop {
        if let Some(failure) = current(troubles) {
            if at_once(&failure.kind) {
                return failure;
            }
            sleep(STUBBORN).await;
            if let Some(failure) = current(troubles) {
                return failure;
            }
        }
        sleep(Duration::from_millis(50)).await;
    }
}

fn current(troubles: &[watch::Receiver<Option<ApiFailure>>]) -> Option<ApiFailure> {
    let mut failures = troubles.iter().filter_map(|trouble| trouble.borrow().clone());
    failures.find(|failure| !failure.kind.is_passing())
}

/// Whether waiting is of no use at all.
fn at_once(kind: &FailureKind) -> bool {
    matches!(kind, FailureKind::Certificate { .. } | FailureKind::Token { .. })
}

/// The templates to begin with. Broken ones keep nobody from the jobs that run; new ones are refused until they are mended.
fn first_templates(source: &TemplateSource) -> Result<ObjectTemplates, NoTemplates> {
    let TemplateSource::Folder(folder) = source else { return Ok(ObjectTemplates::built_in()) };
    let path = folder.path.display();
    let mut is_new = false;
    match folder.write_missing() {
        Ok(written) => {
            is_new = !written.is_empty();
            for file in written {
                tracing::info!("wrote the object template {}", file.display());
            }
        }
        Err((file, error)) => tracing::error!("cannot write the object template {}: {error}", file.display()),
    }
    for unread in folder.unread_near(is_new) {
        tracing::warn!("{unread}");
    }
    match folder.load() {
        Ok(templates) => {
            tracing::info!("jobs are made from {path}/job.tpl, services from {path}/service.tpl");
            Ok(templates)
        }
        Err(errors) => {
            for error in errors {
                tell(&error);
            }
            tracing::error!(
                "no job can be submitted until the templates in {path} are mended and read again (signal HUP)"
            );
            Err(NoTemplates)
        }
    }
}

/// The templates as they are now; none if they are built in.
fn reread(source: &TemplateSource) -> Result<Option<ObjectTemplates>, ReloadError> {
    let TemplateSource::Folder(folder) = source else { return Ok(None) };
    folder.load().map(Some).map_err(|errors| {
        errors.iter().for_each(tell);
        ReloadError {
            kind: ReloadErrorKind::Validate,
            message: errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "),
        }
    })
}

/// In one line, and then as it is drawn for people: the lines of the template with a mark under what is wrong.
fn tell(error: &LoadError) {
    match error.help() {
        Some(help) => tracing::error!("object template {error} ({help})"),
        None => tracing::error!("object template {error}"),
    }
    // The first line says again what is wrong; one without a place in the text has nothing to show.
    let drawn = error.diagnostic().to_string();
    if error.line_and_column().is_some() {
        for line in drawn.lines().skip(1) {
            tracing::error!("{line}");
        }
    }
}

impl Backend for KubernetesBackend {
    async fn start(self: Arc<Self>, feed: JobFeed) -> Result<(), BackendError> {
        let mut tasks = JoinSet::new();
        let started = self.spawn(feed.clone(), &mut tasks).await;
        // An error here drops the set, and all that was begun ends.
        started.wait().await?;
        tokio::spawn(async move {
            tokio::select! {
                () = feed.closed() => {}
                ended = tasks.join_next() => {
                    if let Some(Err(error)) = ended {
                        tracing::error!("a task of the Kubernetes backend ended badly: {error}");
                    }
                }
            }
            tasks.shutdown().await;
        });
        Ok(())
    }

    async fn submit(&self, job: Job, requester: &Requester) -> Result<Job, BackendError> {
        let rules = self.maker.rules.get();
        // Whoever may act for everybody acts for the job's owner.
        let profile = match requester {
            Requester::Everyone => rules.profiles.of_user(job.user.as_str()).await,
            Requester::User(_) => rules.profiles.of(requester).await,
        };
        let profile = profile.map_err(|error| no_profile(&error))?;
        let deliverer = self.deliverer().await;
        let submitter = Submitter {
            maker: &self.maker,
            rules: &rules,
            profile: &profile,
            deliverer: &deliverer,
            scratch: &self.scratch,
        };
        submit::submit(&self.client, job, &submitter).await
    }

    async fn control(
        &self,
        job: Arc<Job>,
        operation: ControlOperation,
    ) -> Result<ControlOutcome, BackendError> {
        let plugin = self.deliverer().await;
        control(&self.client, &plugin, job.id.as_str(), operation).await
    }

    fn output(
        &self,
        job: Arc<Job>,
        streams: OutputSelection,
    ) -> BoxStream<'static, Result<OutputChunk, BackendError>> {
        output(self.client.clone(), self.split.clone(), &job, streams)
    }

    fn resource_use(&self, job: Arc<Job>) -> BoxStream<'static, Result<ResourceUse, BackendError>> {
        resource_use(self.client.clone(), &job)
    }

    async fn network(&self, job: Arc<Job>) -> Result<JobNetwork, BackendError> {
        network(&self.client, &job).await
    }

    async fn cluster_info(&self, requester: &Requester) -> Result<ClusterInfo, BackendError> {
        let rules = self.maker.rules.get();
        let profile = rules.profiles.of(requester).await.map_err(|error| no_profile(&error))?;
        Ok(cluster_info(&profile))
    }

    async fn reload(&self) -> Result<(), ReloadError> {
        let (load, source) = (self.settings.profile_loader.clone(), self.settings.templates.clone());
        let read = move || {
            let profiles = load.map(|load| load()).transpose()?;
            Ok::<_, ReloadError>((profiles, reread(&source)?))
        };
        let (profiles, templates) =
            tokio::task::spawn_blocking(read).await.map_err(|error| ReloadError {
                kind: ReloadErrorKind::Unknown,
                message: format!("reading profiles and templates ended badly: {error}"),
            })??;
        // All is read now, and changes together. What has no new version stays as it is.
        let present = self.maker.rules.get();
        self.maker.rules.replace(Rules {
            profiles: profiles.map_or_else(|| present.profiles.clone(), in_use),
            templates: templates.map_or_else(|| present.templates.clone(), Ok),
        });
        Ok(())
    }

    async fn remove(&self, job: Arc<Job>) -> Result<(), BackendError> {
        submit::remove(&self.client, job.id.as_str()).await?;
        Ok(())
    }

    fn take_latency_sample(&self) -> Option<LatencySample> {
        self.client.take_latency()
    }
}
