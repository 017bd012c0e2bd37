//! One pod on the node, from its first status to its last.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::container::{ContainerTask, Report, Stop};
use super::context::PodContext;
use super::state::{ContainerRecord, ContainerState, Role};
use super::status::{Phase, PodReport, Sandbox, Verdict, ended};
use super::volumes;
use crate::kind::Kind;
use crate::node::events::Occurrence;
use crate::node::pod_spec::{ContainerSpec, RestartPolicy};
use crate::node::process::spawn::Identity;
use crate::node::timer;
use crate::store::{DeleteOptions, Object, Preconditions};
use crate::time;

/// Reports that may wait for the pod's task.
const WAITING_REPORTS: usize = 16;
/// The longest wait before a mount is tried again.
const MAX_MOUNT_RETRY: Duration = Duration::from_secs(120);

/// What the kubelet tells a pod's task; always the newest.
#[derive(Clone, Debug)]
pub(super) struct Orders {
    /// The pod as it is in the store; `None` once it is gone.
    pub(super) pod: Option<Arc<Object>>,
    /// The node has decided to end the pod.
    pub(super) verdict: Option<Verdict>,
}

struct Slot {
    spec: ContainerSpec,
    record: ContainerRecord,
    /// Given once the container has begun.
    stop: Option<watch::Sender<Stop>>,
    done: bool,
}

/// The only writer of a pod's status after it was scheduled.
pub(super) struct PodWorker {
    context: Arc<PodContext>,
    orders: watch::Receiver<Orders>,
    slots: Vec<Slot>,
    tasks: JoinSet<()>,
    reports: mpsc::Receiver<Report>,
    reporter: mpsc::Sender<Report>,
    phase: Phase,
    verdict: Option<Verdict>,
    sandbox: Sandbox,
    started: Timestamp,
    deadline: Option<Instant>,
    /// When the containers have to be gone.
    stopping: Stop,
    mounting: Mounting,
    /// Its object is marked for deletion, or gone.
    deleting: bool,
    /// The status in the store is not the newest: the node was cut off.
    unpublished: bool,
}

enum Mounting {
    Done,
    Due { at: Instant, retry: Duration },
}

impl PodWorker {
    /// A worker for a pod that has just come to the node.
    pub(super) fn new(context: Arc<PodContext>, orders: watch::Receiver<Orders>) -> Self {
        let (reporter, reports) = mpsc::channel(WAITING_REPORTS);
        let spec = &context.spec;
        let reason = if spec.init_containers.is_empty() { "ContainerCreating" } else { "PodInitializing" };
        let init = spec.init_containers.iter().map(|container| {
            let role = if container.is_sidecar() { Role::Sidecar } else { Role::Init };
            Slot::new(container, role, reason)
        });
        let main = spec.containers.iter().map(|container| Slot::new(container, Role::Main, reason));
        let slots = init.chain(main).collect();
        let deadline =
            spec.active_deadline_seconds.map(|seconds| Instant::now() + Duration::from_secs(seconds));
        let retry = context.kubelet.options.pace.mount_retry;
        Self {
            orders,
            slots,
            tasks: JoinSet::new(),
            reports,
            reporter,
            phase: Phase::Pending,
            verdict: None,
            sandbox: Sandbox::Absent,
            started: time::now(),
            deadline,
            stopping: None,
            mounting: Mounting::Due { at: Instant::now(), retry },
            deleting: false,
            unpublished: false,
            context,
        }
    }

    /// Runs the pod until its object is gone.
    pub(super) async fn run(mut self) {
        self.obey();
        self.publish();
        let connectivity = self.context.kubelet.connectivity.clone();
        loop {
            self.advance();
            if self.is_over() {
                break;
            }
            let mount_at = match self.mounting {
                Mounting::Due { at, .. } if self.stopping.is_none() => Some(at),
                _ => None,
            };
            tokio::select! {
                Some(report) = self.reports.recv() => self.apply(report),
                Some(_) = self.tasks.join_next() => {}
                changed = self.orders.changed() => {
                    if changed.is_err() {
                        // The kubelet is gone, and with it everything.
                        return;
                    }
                    self.obey();
                }
                () = timer::until(mount_at) => self.mount(),
                () = timer::until(self.deadline) => self.exceed_deadline(),
                () = connectivity.mended(), if self.unpublished => self.publish(),
            }
        }
        self.finish().await;
    }

    /// Starts what can be started now, and stops what has no more reason to run.
    fn advance(&mut self) {
        if let Some(deadline) = self.stopping {
            self.stop_where(deadline, |role| role != Role::Sidecar);
            let others = self.slots.iter().any(|slot| slot.record.role != Role::Sidecar && slot.is_active());
            if !others {
                self.stop_where(deadline, |role| role == Role::Sidecar);
            }
            return;
        }
        if let Mounting::Due { .. } = self.mounting {
            return;
        }
        if self.end().is_some() {
            let grace = Duration::from_secs(self.context.spec.grace_period());
            self.stop_where(Instant::now() + grace, |role| role == Role::Sidecar);
            return;
        }
        for index in 0..self.slots.len() {
            let slot = &self.slots[index];
            let passed = match slot.record.role {
                Role::Init => slot.record.termination().is_some_and(|end| end.exit_code == 0),
                Role::Sidecar => {
                    !matches!(slot.record.state, ContainerState::Waiting { .. }) || slot.record.restarts > 0
                }
                // The main containers all start at once.
                Role::Main => true,
            };
            if slot.stop.is_none() {
                self.begin(index);
            }
            if !passed {
                return;
            }
        }
    }

    fn begin(&mut self, index: usize) {
        let slot = &mut self.slots[index];
        let (stop, stopped) = watch::channel(None);
        slot.stop = Some(stop);
        let task = ContainerTask {
            context: self.context.clone(),
            index,
            spec: slot.spec.clone(),
            record: slot.record.clone(),
            stop: stopped,
            reports: self.reporter.clone(),
        };
        self.tasks.spawn(task.run());
    }

    fn stop_where(&mut self, deadline: Instant, wanted: impl Fn(Role) -> bool) {
        for slot in self.slots.iter().filter(|slot| wanted(slot.record.role)) {
            if let Some(stop) = &slot.stop {
                stop.send_if_modified(|known| {
                    // A later deadline does not lengthen the wait.
                    let earlier = known.is_none_or(|known| deadline < known);
                    if earlier {
                        *known = Some(deadline);
                    }
                    earlier
                });
            }
        }
    }

    /// How the pod has ended; `None` while it goes on.
    fn end(&self) -> Option<Phase> {
        let records: Vec<_> = self.slots.iter().map(|slot| slot.record.clone()).collect();
        ended(&records, self.context.spec.restart_policy)
    }

    fn is_over(&self) -> bool {
        let idle = !self.slots.iter().any(Slot::is_active);
        idle && (self.stopping.is_some() || self.end().is_some())
    }

    fn apply(&mut self, report: Report) {
        match report {
            Report::Changed(index, record) => {
                self.slots[index].record = *record;
                self.update_phase();
                self.publish();
            }
            Report::Done(index) => self.slots[index].done = true,
        }
    }

    /// The phase while the pod has not ended; when nothing runs any more, the last one stays until the end is told.
    fn update_phase(&mut self) {
        if self.deleting
            && !self.slots.iter().any(|slot| slot.stop.is_some() && slot.record.termination().is_none())
        {
            self.phase = self.last_phase();
            self.take_sandbox_down();
            return;
        }
        let starting = self.slots.iter().any(|slot| {
            matches!(slot.record.state, ContainerState::Waiting { .. }) && slot.record.last.is_none()
        });
        let running =
            self.slots.iter().any(|slot| slot.record.role == Role::Main && slot.record.is_running());
        if starting {
            self.phase = Phase::Pending;
        } else if running {
            self.phase = Phase::Running;
        }
    }

    fn take_sandbox_down(&mut self) {
        if let Sandbox::Ready(address) = self.sandbox {
            self.sandbox = Sandbox::Down(address);
        }
    }

    /// The phase once nothing runs any more.
    fn last_phase(&self) -> Phase {
        let records: Vec<_> = self.slots.iter().map(|slot| slot.record.clone()).collect();
        let any_ended = records.iter().any(|record| record.termination().is_some());
        match ended(&records, RestartPolicy::Never) {
            _ if self.verdict.is_some() => Phase::Failed,
            Some(phase) => phase,
            None if any_ended => Phase::Failed,
            None => self.phase,
        }
    }

    /// Reads the newest orders.
    fn obey(&mut self) {
        let orders = self.orders.borrow_and_update().clone();
        if let Some(verdict) = orders.verdict
            && self.verdict.is_none()
        {
            let grace = Duration::from_secs(self.context.spec.grace_period());
            self.verdict = Some(verdict);
            self.stop_by(Instant::now() + grace);
        }
        match orders.pod {
            None => {
                self.deleting = true;
                self.stop_by(Instant::now());
            }
            Some(pod) if pod.is_being_deleted() => {
                if !self.deleting {
                    // That the mark was seen shows in `observedGeneration`.
                    self.deleting = true;
                    self.publish();
                }
                let grace = pod.value()["metadata"]["deletionGracePeriodSeconds"].as_u64().unwrap_or(0);
                self.stop_by(Instant::now() + Duration::from_secs(grace));
            }
            Some(_) => {}
        }
    }

    fn stop_by(&mut self, deadline: Instant) {
        self.stopping = Some(self.stopping.map_or(deadline, |known| known.min(deadline)));
    }

    fn exceed_deadline(&mut self) {
        self.deadline = None;
        let message = "Pod was active on the node longer than the specified deadline";
        self.context
            .kubelet
            .recorder
            .record(&self.context.pod, &Occurrence::normal("DeadlineExceeded", message));
        self.verdict.get_or_insert(Verdict { reason: "DeadlineExceeded", message: message.to_owned() });
        self.stop_by(Instant::now() + Duration::from_secs(self.context.spec.grace_period()));
    }

    fn mount(&mut self) {
        let Mounting::Due { retry, .. } = self.mounting else { return };
        let context = &self.context;
        let made = std::fs::create_dir_all(&context.directory).map_err(|error| error.to_string());
        let store = context.kubelet.registry.store();
        let mounted = made.and_then(|()| {
            volumes::set_up(store, &context.pod, &context.spec, &context.directory)
                .map_err(|error| error.to_string())
        });
        match mounted {
            Ok(()) => {
                self.mounting = Mounting::Done;
                self.sandbox = Sandbox::Ready(self.context.address);
                self.publish();
            }
            Err(message) => {
                context.kubelet.recorder.record(&context.pod, &Occurrence::warning("FailedMount", &message));
                let next = (retry * 2).min(MAX_MOUNT_RETRY);
                self.mounting = Mounting::Due { at: Instant::now() + retry, retry: next };
            }
        }
    }

    /// Tells the pod's end, then waits until its object may go and is gone.
    async fn finish(mut self) {
        // The end of a pod that is being deleted is told in one piece.
        if !self.deleting {
            tokio::time::sleep(self.context.kubelet.options.pace.phase_lag).await;
        }
        self.phase = self.last_phase();
        self.take_sandbox_down();
        self.publish();
        let connectivity = self.context.kubelet.connectivity.clone();
        loop {
            let pod = self.orders.borrow_and_update().pod.clone();
            match pod {
                None => break,
                Some(pod) if pod.is_being_deleted() && connectivity.is_connected() => self.delete(&pod),
                Some(_) => {}
            }
            tokio::select! {
                changed = self.orders.changed() => {
                    if changed.is_err() {
                        break;
                    }
                }
                () = connectivity.mended(), if self.unpublished => self.publish(),
            }
        }
        self.context.kubelet.runtime.forget(self.context.pod.uid());
        let directory = self.context.directory.clone();
        // What cannot be removed now goes with the node's directory.
        let _ = tokio::task::spawn_blocking(move || std::fs::remove_dir_all(directory)).await;
    }

    /// Nothing of the pod runs any more: its object may go, once its finalizers are gone too.
    fn delete(&self, pod: &Object) {
        if pod.value()["metadata"]["deletionGracePeriodSeconds"].as_u64() == Some(0) {
            return;
        }
        let preconditions = Preconditions { uid: Some(pod.uid().to_owned()), resource_version: None };
        let options = DeleteOptions { grace_period: Some(0), preconditions, ..DeleteOptions::default() };
        let registry = &self.context.kubelet.registry;
        if let Err(error) = registry.delete(Kind::Pod, Some(pod.namespace()), pod.name(), &options) {
            tracing::debug!(%error, pod = pod.name(), "an ended pod was not deleted");
        }
    }

    fn publish(&mut self) {
        let context = &self.context;
        if !context.kubelet.connectivity.is_connected() {
            self.unpublished = true;
            return;
        }
        self.unpublished = false;
        let records: Vec<_> = self.slots.iter().map(|slot| slot.record.clone()).collect();
        let report = PodReport {
            containers: &records,
            phase: self.phase,
            verdict: self.verdict.as_ref().filter(|_| self.phase.is_final()),
            sandbox: self.sandbox,
            host_ip: context.kubelet.options.internal_ip.to_string(),
            started: self.started,
        };
        let pod = &context.pod;
        let store = context.kubelet.registry.store();
        let written = store.update(Kind::Pod, Some(pod.namespace()), pod.name(), |value| {
            // Another pod may have the name by now.
            if value["metadata"]["uid"] == pod.uid() {
                report.write(value);
            }
            Ok(())
        });
        if let Err(error) = written {
            tracing::debug!(%error, pod = pod.name(), "a pod's status was not written");
        }
    }
}

impl Slot {
    fn new(spec: &ContainerSpec, role: Role, reason: &'static str) -> Self {
        let record = ContainerRecord {
            name: spec.name.clone(),
            image: spec.image.clone(),
            role,
            state: ContainerState::Waiting { reason, message: None },
            last: None,
            restarts: 0,
            id: None,
            resources: spec.resources.clone(),
            mounts: spec.volume_mounts.clone(),
            identity: Identity::default(),
        };
        Self { spec: spec.clone(), record, stop: None, done: false }
    }

    /// Whether its task goes on.
    fn is_active(&self) -> bool {
        self.stop.is_some() && !self.done
    }
}
