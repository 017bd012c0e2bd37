//! One container, from its image to its last restart.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::time::Instant;

use super::context::PodContext;
use super::image::{self, ImageProblem};
use super::state::{ContainerRecord, ContainerState, Role, Termination};
use super::{environment, volumes};
use crate::node::events::Occurrence;
use crate::node::pod_spec::{ContainerSpec, PullPolicy, RestartPolicy};

/// The longest wait before an ended container is started again.
const MAX_RESTART_BACKOFF: Duration = Duration::from_secs(300);

/// What a container's task tells its pod.
#[derive(Debug)]
pub(super) enum Report {
    /// The container at this place has changed.
    Changed(usize, Box<ContainerRecord>),
    /// Its task has ended: it will not change any more.
    Done(usize),
}

/// When a container has to be gone; `None` while it may go on.
pub(super) type Stop = Option<Instant>;

/// The task of one container.
#[derive(Debug)]
pub(super) struct ContainerTask {
    pub(super) context: Arc<PodContext>,
    pub(super) index: usize,
    pub(super) spec: ContainerSpec,
    pub(super) record: ContainerRecord,
    pub(super) stop: watch::Receiver<Stop>,
    pub(super) reports: mpsc::Sender<Report>,
}

/// How a try to run a container went.
pub(super) enum Attempt {
    /// It ended, or could not even start.
    Ended(Termination),
    /// It was stopped before it began.
    Stopped,
}

impl ContainerTask {
    /// Runs the container until it has ended for good or was stopped.
    pub(super) async fn run(mut self) {
        // The first time it is started again at once.
        let mut backoff = None;
        while let Attempt::Ended(termination) = self.attempt().await {
            let again = self.starts_again(&termination);
            self.record.state = ContainerState::Terminated(termination.clone());
            self.report().await;
            if !again || self.is_stopping() {
                break;
            }
            self.record.last = self.record.id.clone().map(|id| (id, termination));
            if let Some(backoff) = backoff
                && !self.back_off(backoff).await
            {
                break;
            }
            let first = self.context.kubelet.options.pace.restart_backoff;
            backoff = Some(backoff.map_or(first, |backoff: Duration| (backoff * 2).min(MAX_RESTART_BACKOFF)));
            self.record.restarts += 1;
        }
        // The pod may be gone.
        let _ = self.reports.send(Report::Done(self.index)).await;
    }

    /// Waits before the next start; `false` if the container was stopped meanwhile.
    async fn back_off(&mut self, backoff: Duration) -> bool {
        let pod = &self.context.pod;
        let message = format!(
            "back-off {}s restarting failed container={} pod={}_{}({})",
            backoff.as_secs(),
            self.spec.name,
            pod.name(),
            pod.namespace(),
            pod.uid()
        );
        self.wait_for("CrashLoopBackOff", Some(message)).await;
        self.sleep(backoff).await
    }

    async fn attempt(&mut self) -> Attempt {
        if !self.get_image().await {
            return Attempt::Stopped;
        }
        let id = new_id();
        loop {
            if self.is_stopping() {
                return Attempt::Stopped;
            }
            match self.configure(&id) {
                Ok(environment) => return Attempt::Ended(self.run_process(id, environment).await),
                Err(message) => {
                    self.warn("Failed", &format!("Error: {message}"));
                    self.wait_for("CreateContainerConfigError", Some(message)).await;
                    if !self.sleep(self.context.kubelet.options.pace.retry).await {
                        return Attempt::Stopped;
                    }
                }
            }
        }
    }

    /// Waits for the image; `false` if the container was stopped meanwhile.
    async fn get_image(&mut self) -> bool {
        let image = self.spec.image.clone();
        let retry = self.context.kubelet.options.pace.retry;
        loop {
            let may_pull = self.spec.pull_policy() == PullPolicy::Always;
            let problem = match image::check(&self.spec) {
                Ok(()) if may_pull => {
                    self.tell("Pulling", &format!("Pulling image \"{image}\""));
                    let pulled = format!(
                        "Successfully pulled image \"{image}\" in 1ms (1ms including waiting). Image size: 0 bytes."
                    );
                    self.tell("Pulled", &pulled);
                    return true;
                }
                Ok(()) => {
                    let present = format!(
                        "Container image \"{image}\" already present on machine and can be accessed by the pod"
                    );
                    self.tell("Pulled", &present);
                    return true;
                }
                Err(problem) => problem,
            };
            match problem {
                ImageProblem::InvalidName { message } => {
                    self.warn("InspectFailed", &message);
                    self.warn("Failed", "Error: InvalidImageName");
                    self.wait_for("InvalidImageName", Some(message)).await;
                }
                ImageProblem::NeverPulled => {
                    let message =
                        format!("Container image \"{image}\" is not present with pull policy of Never");
                    self.warn("ErrImageNeverPull", &message);
                    self.warn("Failed", "Error: ErrImageNeverPull");
                    self.wait_for("ErrImageNeverPull", Some(message)).await;
                }
                ImageProblem::NotPulled { message } => {
                    self.tell("Pulling", &format!("Pulling image \"{image}\""));
                    self.warn("Failed", &format!("Failed to pull image \"{image}\": {message}"));
                    self.warn("Failed", "Error: ErrImagePull");
                    self.wait_for("ErrImagePull", Some(message.clone())).await;
                    if !self.sleep(retry).await {
                        return false;
                    }
                    self.tell("BackOff", &format!("Back-off pulling image \"{image}\""));
                    self.warn("Failed", "Error: ImagePullBackOff");
                    let message = format!("Back-off pulling image \"{image}\": ErrImagePull: {message}");
                    self.wait_for("ImagePullBackOff", Some(message)).await;
                }
            }
            if !self.sleep(retry).await {
                return false;
            }
        }
    }

    /// The environment, or why the container cannot be configured.
    fn configure(&self, id: &str) -> Result<Vec<(String, String)>, String> {
        let context = &self.context;
        self.check_user()?;
        let surroundings = environment::Surroundings {
            store: context.kubelet.registry.store(),
            pod: &context.pod,
            host_ip: context.kubelet.options.internal_ip.to_string(),
            pod_ip: context.address.to_string(),
            allocatable: &context.allocatable(),
        };
        environment::build(&surroundings, &self.spec, id).map_err(|error| error.to_string())
    }

    fn check_user(&self) -> Result<(), String> {
        let (own, pod) = (&self.spec.security_context, &self.context.spec.security_context);
        let non_root = own.run_as_non_root.or(pod.run_as_non_root).unwrap_or(false);
        let user = own.run_as_user.or(pod.run_as_user);
        let effective = user.unwrap_or_else(|| nix::unistd::geteuid().as_raw());
        if !non_root || effective != 0 {
            return Ok(());
        }
        let what = match user {
            Some(_) => "container's runAsUser breaks non-root policy",
            None => "container has runAsNonRoot and image will run as root",
        };
        let pod = &self.context.pod;
        Err(format!(
            "{what} (pod: \"{}_{}({})\", container: {})",
            pod.name(),
            pod.namespace(),
            pod.uid(),
            self.spec.name
        ))
    }

    fn starts_again(&self, termination: &Termination) -> bool {
        let policy = self.context.spec.restart_policy;
        match self.record.role {
            Role::Sidecar => true,
            Role::Init => termination.exit_code != 0 && policy != RestartPolicy::Never,
            Role::Main => match policy {
                RestartPolicy::Always => true,
                RestartPolicy::OnFailure => termination.exit_code != 0,
                RestartPolicy::Never => false,
            },
        }
    }

    /// The container's own directory, with links to its mounts.
    pub(super) fn prepare_directory(&self) -> std::io::Result<PathBuf> {
        let own = self.context.directory.join("containers").join(&self.spec.name);
        std::fs::create_dir_all(&own)?;
        if self.record.restarts == 0 {
            let unmapped =
                volumes::link_mounts(&self.context.spec, &self.spec, &self.context.directory, &own);
            if !unmapped.is_empty() {
                let message = format!(
                    "Nothing is mounted in the embedded cluster: {} is not where it should be (see links in the container's own directory)",
                    unmapped.join(", ")
                );
                self.tell("MountNotMapped", &message);
            }
        }
        Ok(own)
    }

    /// Whether the container has to go.
    pub(super) fn is_stopping(&self) -> bool {
        self.stop.borrow().is_some()
    }

    /// Sleeps; `false` if the container was stopped meanwhile.
    async fn sleep(&mut self, duration: Duration) -> bool {
        tokio::select! {
            () = tokio::time::sleep(duration) => true,
            // An error means that the pod's own task is gone.
            _ = self.stop.wait_for(Option::is_some) => false,
        }
    }

    async fn wait_for(&mut self, reason: &'static str, message: Option<String>) {
        self.record.state = ContainerState::Waiting { reason, message };
        self.report().await;
    }

    /// Tells the pod how the container is.
    pub(super) async fn report(&self) {
        // The pod may be gone.
        let _ = self.reports.send(Report::Changed(self.index, Box::new(self.record.clone()))).await;
    }

    /// A normal event about this container.
    pub(super) fn tell(&self, reason: &str, message: &str) {
        let path = self.field_path();
        self.context
            .kubelet
            .recorder
            .record(&self.context.pod, &Occurrence::normal(reason, message).at(&path));
    }

    /// A warning about this container.
    pub(super) fn warn(&self, reason: &str, message: &str) {
        let path = self.field_path();
        self.context
            .kubelet
            .recorder
            .record(&self.context.pod, &Occurrence::warning(reason, message).at(&path));
    }

    fn field_path(&self) -> String {
        let list = if self.record.role == Role::Main { "containers" } else { "initContainers" };
        format!("spec.{list}{{{}}}", self.spec.name)
    }
}

/// 64 hexadecimal digits.
pub(in crate::node) fn new_id() -> String {
    crate::identifiers::random_bytes::<32>().iter().map(|byte| format!("{byte:02x}")).collect()
}
