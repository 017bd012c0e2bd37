//! What each daemon is started with.

use std::path::PathBuf;

use crate::addresses::SERVICES;
use crate::daemon::Daemon;
use crate::site::{NODE, Site};

/// A daemon's program and its arguments.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct CommandLine {
    pub(crate) program: PathBuf,
    pub(crate) arguments: Vec<String>,
}

/// With its default (20 requests a second) the controller manager takes minutes over some thousand new Jobs, and
/// the pod of a Job that comes after them waits as long.
const FAST: [&str; 2] = ["--kube-api-qps=500", "--kube-api-burst=1000"];

/// One controller manager and one scheduler: nobody to elect a leader from.
const ALONE: &str = "--leader-elect=false";

pub(crate) fn of(daemon: Daemon, site: &Site) -> CommandLine {
    let program = match daemon {
        Daemon::Etcd => site.cache.etcd().join("etcd"),
        Daemon::ApiServer => site.kubernetes_program("kube-apiserver"),
        Daemon::ControllerManager => site.kubernetes_program("kube-controller-manager"),
        Daemon::Scheduler => site.kubernetes_program("kube-scheduler"),
        Daemon::Containerd => site.cache.containerd().join("containerd"),
        Daemon::Kubelet => site.kubernetes_program("kubelet"),
        Daemon::Proxy => site.kubernetes_program("kube-proxy"),
        Daemon::MetricsServer => site.cache.metrics_server().join("metrics-server"),
    };
    let mut arguments = match daemon {
        Daemon::Etcd => etcd(site),
        Daemon::ApiServer => api_server(site),
        Daemon::ControllerManager => controller_manager(site),
        Daemon::Scheduler => scheduler(site),
        Daemon::Containerd => vec![format!("--config={}", site.text("config/containerd.toml"))],
        Daemon::Kubelet => kubelet(site),
        Daemon::Proxy => vec![format!("--config={}", site.text("config/proxy.yaml"))],
        Daemon::MetricsServer => metrics_server(site),
    };
    let takes_gates =
        matches!(daemon, Daemon::ApiServer | Daemon::ControllerManager | Daemon::Scheduler | Daemon::Kubelet);
    if takes_gates && !site.record.feature_gates.is_empty() {
        arguments.push(format!("--feature-gates={}", site.record.feature_gates.join(",")));
    }
    CommandLine { program, arguments }
}

fn etcd(site: &Site) -> Vec<String> {
    let clients = "http://127.0.0.1:2379";
    vec![
        format!("--data-dir={}", site.text("etcd")),
        // A crash of the machine takes the cluster anyway.
        "--unsafe-no-fsync".to_owned(),
        format!("--listen-client-urls={clients}"),
        format!("--advertise-client-urls={clients}"),
        // Where it is seen from outside that it is up.
        format!("--listen-metrics-urls=http://{}:2381", site.record.slot.node()),
        "--listen-peer-urls=http://127.0.0.1:2380".to_owned(),
        // Room for some ten thousand Jobs with their pods and events.
        "--quota-backend-bytes=8589934592".to_owned(),
    ]
}

fn api_server(site: &Site) -> Vec<String> {
    let pki = |file: &str| site.text(&format!("pki/{file}"));
    let mut arguments = vec![
        "--etcd-servers=http://127.0.0.1:2379".to_owned(),
        "--secure-port=6443".to_owned(),
        "--bind-address=0.0.0.0".to_owned(),
        format!("--advertise-address={}", site.record.slot.node()),
        format!("--service-cluster-ip-range={SERVICES}"),
        "--authorization-mode=Node,RBAC".to_owned(),
        "--allow-privileged=true".to_owned(),
        format!("--client-ca-file={}", pki("ca.crt")),
        format!("--tls-cert-file={}", pki("apiserver.crt")),
        format!("--tls-private-key-file={}", pki("apiserver.key")),
    ];
    // Tokens of service accounts.
    arguments.extend([
        "--service-account-issuer=https://kubernetes.default.svc".to_owned(),
        format!("--service-account-key-file={}", pki("service-accounts.pub")),
        format!("--service-account-signing-key-file={}", pki("service-accounts.key")),
    ]);
    // Its own way to the kubelet: logs, exec, attach.
    arguments.extend([
        format!("--kubelet-certificate-authority={}", pki("ca.crt")),
        format!("--kubelet-client-certificate={}", pki("apiserver-kubelet-client.crt")),
        format!("--kubelet-client-key={}", pki("apiserver-kubelet-client.key")),
        "--kubelet-preferred-address-types=InternalIP".to_owned(),
    ]);
    // APIs that others serve (metrics.k8s.io). Their pods have no addresses of a Service: go to the endpoints.
    arguments.extend([
        format!("--requestheader-client-ca-file={}", pki("front-proxy-ca.crt")),
        "--requestheader-allowed-names=front-proxy-client".to_owned(),
        "--requestheader-username-headers=X-Remote-User".to_owned(),
        "--requestheader-group-headers=X-Remote-Group".to_owned(),
        "--requestheader-extra-headers-prefix=X-Remote-Extra-".to_owned(),
        format!("--proxy-client-cert-file={}", pki("front-proxy-client.crt")),
        format!("--proxy-client-key-file={}", pki("front-proxy-client.key")),
        "--enable-aggregator-routing=true".to_owned(),
    ]);
    arguments
}

fn controller_manager(site: &Site) -> Vec<String> {
    let mut arguments = vec![
        format!("--kubeconfig={}", site.text("config/controller-manager.kubeconfig")),
        format!("--service-account-private-key-file={}", site.text("pki/service-accounts.key")),
        format!("--root-ca-file={}", site.text("pki/ca.crt")),
        "--use-service-account-credentials=true".to_owned(),
        ALONE.to_owned(),
    ];
    arguments.extend(FAST.map(str::to_owned));
    arguments
}

fn scheduler(site: &Site) -> Vec<String> {
    let kubeconfig = format!("--kubeconfig={}", site.text("config/scheduler.kubeconfig"));
    let mut arguments = vec![kubeconfig, ALONE.to_owned()];
    arguments.extend(FAST.map(str::to_owned));
    arguments
}

fn kubelet(site: &Site) -> Vec<String> {
    vec![
        format!("--config={}", site.text("config/kubelet.yaml")),
        format!("--kubeconfig={}", site.text("config/kubelet.kubeconfig")),
        format!("--hostname-override={NODE}"),
        format!("--node-ip={}", site.record.slot.node()),
        format!("--root-dir={}", site.text("kubelet")),
        format!("--cert-dir={}", site.text("kubelet/pki")),
    ]
}

fn metrics_server(site: &Site) -> Vec<String> {
    let kubeconfig = site.text("admin.kubeconfig");
    vec![
        "--secure-port=4443".to_owned(),
        format!("--tls-cert-file={}", site.text("pki/metrics-server.crt")),
        format!("--tls-private-key-file={}", site.text("pki/metrics-server.key")),
        format!("--kubeconfig={kubeconfig}"),
        format!("--authentication-kubeconfig={kubeconfig}"),
        format!("--authorization-kubeconfig={kubeconfig}"),
        format!("--kubelet-certificate-authority={}", site.text("pki/ca.crt")),
        "--kubelet-preferred-address-types=InternalIP".to_owned(),
        // The shortest that it takes; one call has to be over before the next.
        "--metric-resolution=10s".to_owned(),
        "--kubelet-request-timeout=5s".to_owned(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::addresses::Slot;
    use crate::site::Record;

    fn arguments(daemon: Daemon, feature_gates: &[&str]) -> Vec<String> {
        let site = Site::new(Record {
            name: "test".parse().unwrap(),
            version: "v1.37.2".to_owned(),
            feature_gates: feature_gates.iter().map(|gate| (*gate).to_owned()).collect(),
            slot: Slot::choose(&[], &[]).unwrap(),
            boot: String::new(),
        });
        of(daemon, &site.unwrap()).arguments
    }

    #[test]
    fn feature_gates_reach_the_daemons_that_know_them_and_no_other() {
        let gates = ["PodLogsQuerySplitStreams=true", "Other=false"];
        let told = |daemon: &Daemon| {
            let expected = "--feature-gates=PodLogsQuerySplitStreams=true,Other=false";
            arguments(*daemon, &gates).iter().any(|argument| argument == expected)
        };
        let daemons: Vec<Daemon> = Daemon::ALL.into_iter().filter(told).collect();
        let kubernetes = [Daemon::ApiServer, Daemon::ControllerManager, Daemon::Scheduler, Daemon::Kubelet];
        assert_eq!(daemons, kubernetes);
    }

    #[test]
    fn without_feature_gates_nobody_is_given_any() {
        for daemon in Daemon::ALL {
            let arguments = arguments(daemon, &[]);
            assert!(!arguments.iter().any(|argument| argument.starts_with("--feature-gates")), "{daemon}");
        }
    }

    #[test]
    fn every_file_of_a_command_line_is_in_the_clusters_own_folder() {
        for daemon in Daemon::ALL {
            for argument in arguments(daemon, &[]) {
                let value = argument.split_once('=').map_or("", |(_, value)| value);
                let own = value.starts_with("/var/lib/launchway/test/");
                assert!(own || !value.starts_with('/'), "{daemon}: {argument}");
            }
        }
    }
}
