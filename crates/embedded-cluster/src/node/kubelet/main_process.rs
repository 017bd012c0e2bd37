//! A container's main process: its start, its signals, its end.

use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use nix::sys::signal::Signal;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::container::ContainerTask;
use super::environment::lookup;
use super::expansion::expand;
use super::runtime::LiveContainer;
use super::state::{ContainerState, Role, Termination};
use crate::node::logs::{ContainerLog, OutputStream};
use crate::node::process::input::InputEnd;
use crate::node::process::leftovers::SessionEntry;
use crate::node::process::pump::pump;
use crate::node::process::spawn::{Identity, Input};
use crate::node::process::{
    Attachments, Leftovers, ProcessSpec, Programs, RunningProcess, SpawnError, StandardInput, exit_code,
};
use crate::node::timer;
use crate::time;

/// Annotation of a pod: after so many seconds (a decimal number) its main containers are killed as by their memory
/// limit.
pub(in crate::node) const OOM_AFTER: &str = "embedded-cluster/oom-after";
/// Annotation of a pod: the exit code of a container killed by [`OOM_AFTER`]. 137 by default; 0 is what a shell gives
/// whose child was the victim.
pub(in crate::node) const OOM_EXIT_CODE: &str = "embedded-cluster/oom-exit-code";

/// How long the output of a container is waited for after all its processes were killed.
const DRAIN: Duration = Duration::from_secs(5);

/// How the texts of start errors begin.
const START_ERROR: &str = "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: ";

struct Started {
    process: RunningProcess,
    leftovers: Arc<Leftovers>,
    session: SessionEntry,
    log: ContainerLog,
    attachments: Attachments,
    ended: watch::Sender<bool>,
    since: Timestamp,
}

impl ContainerTask {
    /// Runs the main process to its end, and kills what it leaves behind.
    pub(super) async fn run_process(
        &mut self,
        id: String,
        environment: Vec<(String, String)>,
    ) -> Termination {
        self.record.id = Some(id.clone());
        let started = match self.start(&id, environment) {
            Ok(started) => started,
            Err(reason) => {
                let message = format!("{START_ERROR}{reason}");
                self.warn("Failed", &format!("Error: {message}"));
                return Termination {
                    exit_code: 128,
                    reason: "StartError",
                    message: Some(message),
                    started: Timestamp::UNIX_EPOCH,
                    finished: time::now(),
                };
            }
        };
        self.tell("Started", &self.happened("started"));
        self.record.state = ContainerState::Running { since: started.since };
        self.report().await;
        self.see_through(started).await
    }

    /// What an event says of the container, in the words of the release.
    fn happened(&self, what: &str) -> String {
        if self.context.kubelet.options.release.words_events_briefly() {
            return format!("Container {what}");
        }
        let (first, rest) = what.split_at(1);
        format!("{}{rest} container {}", first.to_uppercase(), self.spec.name)
    }

    fn start(&mut self, id: &str, environment: Vec<(String, String)>) -> Result<Started, String> {
        let own = self.prepare_directory().map_err(|error| error.to_string())?;
        let identity = self.identity(&own);
        self.record.identity = identity;
        let log_directory = self.context.directory.join("logs").join(&self.spec.name).join(id);
        let log = std::fs::create_dir_all(&log_directory)
            .and_then(|()| ContainerLog::create(log_directory, self.context.kubelet.options.log_rotation))
            .map_err(|error| error.to_string())?;
        self.tell("Created", &self.happened("created"));
        let spec = self.process_spec(own, environment, identity)?;
        let mut process = spec.spawn().map_err(|error: SpawnError| error.to_string())?;
        let leftovers = Arc::new(Leftovers::new(id.to_owned()));
        let session = leftovers.add(process.pid);
        let end = if self.spec.stdin_once { InputEnd::FirstAttachment } else { InputEnd::Never };
        let input = process.stdin.take().map(|stdin| StandardInput::start(stdin, end));
        let attachments = Attachments::default();
        let (ended, has_ended) = watch::channel(false);
        let live = LiveContainer {
            id: id.to_owned(),
            attachments: attachments.clone(),
            input,
            leftovers: leftovers.clone(),
            programs: Programs::of_image(&self.spec.image),
            environment: spec.environment,
            working_directory: spec.working_directory,
            identity,
            ended: has_ended,
        };
        self.context.kubelet.runtime.started(self.context.pod.uid(), &self.spec.name, log.clone(), live);
        Ok(Started { process, leftovers, session, log, attachments, ended, since: time::now() })
    }

    fn process_spec(
        &self,
        own: PathBuf,
        environment: Vec<(String, String)>,
        identity: Identity,
    ) -> Result<ProcessSpec, String> {
        let programs = Programs::of_image(&self.spec.image);
        let entrypoint = programs.entrypoint().filter(|_| self.spec.command.is_empty()).map(str::to_owned);
        let words = self.spec.command.iter().chain(&self.spec.args);
        let words = words.map(|word| expand(word, |name| lookup(&environment, name)));
        let mut words = entrypoint.into_iter().chain(words);
        let program = words.next().ok_or("args must not be empty")?;
        let resolved = programs.resolve(program, words.collect());
        let (program, arguments) = resolved.map_err(|error| error.to_string())?;
        let working_directory = match self.spec.working_dir.as_str() {
            "" => own,
            // Where a container's root would be: relative means below it.
            directory => Path::new("/").join(directory),
        };
        let input = if self.spec.stdin { Input::Pipe } else { Input::Empty };
        Ok(ProcessSpec { program, arguments, environment, working_directory, input, identity })
    }

    /// Who the process may become, and says so if that is not who was asked for.
    fn identity(&self, own: &Path) -> Identity {
        let (container, pod) = (&self.spec.security_context, &self.context.spec.security_context);
        let (euid, egid) = (nix::unistd::geteuid().as_raw(), nix::unistd::getegid().as_raw());
        let user = container.run_as_user.or(pod.run_as_user).filter(|user| *user != euid);
        let group = container.run_as_group.or(pod.run_as_group).filter(|group| *group != egid);
        if user.is_none() && group.is_none() {
            return Identity::default();
        }
        if euid != 0 {
            self.warn(
                "RunAsIgnored",
                &format!("The embedded cluster does not run as root: the container runs as user {euid}, group {egid}"),
            );
            return Identity::default();
        }
        // The container's own directory is the only one it must be able to write to.
        if let Err(error) = chown(own, user, group) {
            tracing::warn!(%error, "cannot hand a container its directory");
        }
        Identity { user, group }
    }

    async fn see_through(&mut self, started: Started) -> Termination {
        let Started { mut process, leftovers, session, log, attachments, ended, since } = started;
        let mut pumps = JoinSet::new();
        if let Some(stdout) = process.stdout.take() {
            pumps.spawn(pump(stdout, OutputStream::Stdout, log.clone(), attachments.clone()));
        }
        if let Some(stderr) = process.stderr.take() {
            pumps.spawn(pump(stderr, OutputStream::Stderr, log.clone(), attachments.clone()));
        }
        let mut oom = self.oom_after().map(|after| Instant::now() + after);
        let mut out_of_memory = false;
        let mut deadline = None;
        let status = loop {
            tokio::select! {
                status = process.wait() => break status,
                changed = self.stop.changed() => {
                    let new = if changed.is_ok() { *self.stop.borrow_and_update() } else { Some(Instant::now()) };
                    if deadline.is_none() && let Some(new) = new {
                        self.tell("Killing", &format!("Stopping container {}", self.spec.name));
                        // Without any grace, the process gets no chance to react.
                        if new > Instant::now() {
                            process.signal(Signal::SIGTERM);
                        }
                    }
                    deadline = new;
                }
                () = timer::until(deadline) => {
                    kill_all(leftovers.clone()).await;
                    break process.wait().await;
                }
                () = timer::until(oom) => {
                    out_of_memory = true;
                    oom = None;
                    kill_all(leftovers.clone()).await;
                }
            }
        };
        kill_all(leftovers).await;
        // Its id may be given to another process from now on.
        drop(session);
        let finished = time::now();
        let drained = async { while pumps.join_next().await.is_some() {} };
        if tokio::time::timeout(DRAIN, drained).await.is_err() {
            tracing::warn!(container = self.spec.name, "a container's output did not end with it");
        }
        drop(pumps);
        log.close();
        attachments.close();
        self.context.kubelet.runtime.ended(self.context.pod.uid(), &self.spec.name);
        ended.send_replace(true);
        let exit_code = status.map_or(255, exit_code);
        let (exit_code, reason) = match exit_code {
            _ if out_of_memory => (self.oom_exit_code(), "OOMKilled"),
            0 => (0, "Completed"),
            code => (code, "Error"),
        };
        Termination { exit_code, reason, message: None, started: since, finished }
    }

    fn oom_after(&self) -> Option<Duration> {
        let seconds = self.annotation(OOM_AFTER).filter(|_| self.record.role == Role::Main)?;
        Duration::try_from_secs_f64(seconds.parse().ok()?).ok()
    }

    fn oom_exit_code(&self) -> i32 {
        self.annotation(OOM_EXIT_CODE).and_then(|code| code.parse().ok()).unwrap_or(137)
    }

    fn annotation(&self, name: &str) -> Option<&str> {
        self.context.pod.value()["metadata"]["annotations"][name].as_str()
    }
}

/// Kills off the async threads: it reads all of `/proc`.
async fn kill_all(leftovers: Arc<Leftovers>) {
    // It fails only when the runtime is going down; dropping the last handle kills then.
    let _ = tokio::task::spawn_blocking(move || leftovers.kill()).await;
}
