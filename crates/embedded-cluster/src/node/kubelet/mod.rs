//! The kubelet: runs the pods that were given to this node, as local processes.
//!
//! One task follows the pods; each pod has a task of its own ([`worker`]), the only writer of its status; each
//! container has one ([`container`], [`main_process`]). [`runtime`] is where others find what runs.
//!
//! Imitated: init containers, sidecars, restart policies, grace periods, deadlines, environments ([`environment`]),
//! volumes as far as [`volumes`] says, images as [`image`] says, `runAsUser`, `runAsGroup` and `runAsNonRoot` where the
//! embedded cluster itself runs as root (elsewhere an event says who the process runs as).
//!
//! Absent: isolation of any kind (files, network, processes), limits of memory and processor time, probes (a container
//! is ready while it runs), lifecycle hooks, ttys, supplementary groups, capabilities, ephemeral containers,
//! `terminationMessagePath`, the service account's token, downward API and projected volumes.
//!
//! A memory limit can be played: see [`OOM_AFTER`](main_process::OOM_AFTER).

mod container;
mod context;
mod environment;
mod expansion;
mod image;
mod main_process;
pub(super) mod runtime;
mod state;
mod status;
mod volumes;
mod worker;

use std::collections::HashMap;
use std::net::Ipv4Addr;
use std::sync::Arc;

use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinSet;

pub(super) use self::container::new_id;
pub(super) use self::context::KubeletContext;
use self::context::PodContext;
pub(super) use self::environment::CONTAINER_NAME;
#[cfg(test)]
pub(super) use self::main_process::{OOM_AFTER, OOM_EXIT_CODE};
use self::status::Verdict;
use self::worker::{Orders, PodWorker};
use super::follower::{Follower, Seen};
use super::pod_spec::PodSpec;
use crate::kind::Kind;
use crate::store::{Object, ObjectKey};

/// The order to end a pod as a node does that is short of memory.
#[derive(Debug)]
pub(super) struct Eviction {
    /// The pod.
    pub(super) pod: ObjectKey,
    /// Answered with whether the pod was there.
    pub(super) done: oneshot::Sender<bool>,
}

/// The kubelet's main task.
#[derive(Debug)]
pub(super) struct Kubelet {
    context: KubeletContext,
    pods: HashMap<String, Pod>,
    tasks: JoinSet<()>,
    addresses: u16,
}

#[derive(Debug)]
struct Pod {
    key: ObjectKey,
    orders: watch::Sender<Orders>,
}

impl Kubelet {
    /// A kubelet without pods.
    pub(super) fn new(context: KubeletContext) -> Self {
        Self { context, pods: HashMap::new(), tasks: JoinSet::new(), addresses: 0 }
    }

    /// Runs until dropped; the pods' tasks go with it.
    pub(super) async fn run(mut self, mut evictions: mpsc::Receiver<Eviction>) {
        let mut follower = Follower::new(self.context.registry.store(), Kind::Pod);
        let connectivity = self.context.connectivity.clone();
        loop {
            connectivity.mended().await;
            tokio::select! {
                seen = follower.next() => self.see(seen),
                Some(eviction) = evictions.recv() => self.evict(eviction),
                Some(_) = self.tasks.join_next() => {}
                // What happens from then on is seen later.
                () = connectivity.cut() => {}
            }
        }
    }

    fn see(&mut self, seen: Seen) {
        match seen {
            Seen::Gone(pod) => {
                if let Some(known) = self.pods.remove(pod.uid()) {
                    known.orders.send_modify(|orders| orders.pod = None);
                }
            }
            Seen::Present(pod) => match self.pods.get(pod.uid()) {
                Some(known) => known.orders.send_modify(|orders| orders.pod = Some(pod)),
                None if pod.value()["spec"]["nodeName"] == self.context.options.name.as_str() => {
                    self.admit(pod);
                }
                None => {}
            },
        }
    }

    fn admit(&mut self, pod: Arc<Object>) {
        let (orders, newest) = watch::channel(Orders { pod: Some(pod.clone()), verdict: None });
        self.pods.insert(pod.uid().to_owned(), Pod { key: pod.key(), orders });
        let context = PodContext {
            kubelet: self.context.clone(),
            spec: PodSpec::of(&pod),
            directory: self.context.directory.join("pods").join(pod.uid()),
            address: self.next_address(),
            pod,
        };
        self.tasks.spawn(PodWorker::new(Arc::new(context), newest).run());
    }

    fn next_address(&mut self) -> Ipv4Addr {
        self.addresses = self.addresses.wrapping_add(1);
        let [high, low] = self.addresses.to_be_bytes();
        Ipv4Addr::new(127, 1, high, low)
    }

    fn evict(&self, eviction: Eviction) {
        let found = self.pods.values().find(|pod| pod.key == eviction.pod);
        if let Some(pod) = found {
            let message =
                "The node was low on resource: memory. Threshold quantity: 100Mi, available: 0.".to_owned();
            pod.orders.send_modify(|orders| {
                orders.verdict = Some(Verdict { reason: "Evicted", message });
            });
        }
        // Whoever asked may have gone.
        let _ = eviction.done.send(found.is_some());
    }
}
