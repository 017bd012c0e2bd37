//! What a cluster leaves behind: nothing. Needs root, and minutes when the cache is empty:
//! `cargo test -p local-kubernetes -- --ignored`, on a machine that is left alone meanwhile.

#![expect(clippy::unwrap_used, reason = "a test that can't go on says where")]

use std::collections::BTreeSet;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::Command;
use std::time::{Duration, Instant};

use local_kubernetes::{Cluster, Daemon, Name, Options, Silent, Version};

const POD: &str = r#"{"apiVersion": "v1", "kind": "List", "items": [
{"apiVersion": "v1", "kind": "Pod",
 "metadata": {"name": "visited", "namespace": "rstudio", "labels": {"name": "visited"}},
 "spec": {"containers": [{"name": "main", "image": "IMAGE", "command": ["/bin/sh", "-c",
   "while :; do printf 'HTTP/1.0 200 OK\r\n\r\nhello' | nc -l -p 8080; done"]}]}},
{"apiVersion": "v1", "kind": "Service",
 "metadata": {"name": "visited", "namespace": "rstudio"},
 "spec": {"type": "NodePort", "selector": {"name": "visited"},
  "ports": [{"port": 80, "targetPort": 8080, "nodePort": 30080}]}}
]}"#;

/// The machine, as far as a cluster might change it: a fact a line, each after the name of its kind.
struct Machine(BTreeSet<String>);

/// The kinds of facts that stay the same even while a cluster runs.
const UNTOUCHED: [&str; 3] = ["packet filter", "reachable from outside", "/proc/sys/net"];

/// The folders in which container runtimes, kubelets, CNI plugins and this crate keep things.
const FOLDERS: [&str; 10] = [
    "/var/lib/cni",
    "/var/lib/kubelet",
    "/var/lib/launchway",
    "/var/log/containers",
    "/var/log/pods",
    "/run/netns",
    "/run/containerd",
    "/etc/cni",
    "/opt/cni",
    "/opt/containerd",
];

const SETTINGS: [&str; 7] = [
    "/proc/sys/net/ipv4/ip_forward",
    "/proc/sys/vm/overcommit_memory",
    "/proc/sys/vm/panic_on_oom",
    "/proc/sys/kernel/panic",
    "/proc/sys/kernel/panic_on_oops",
    "/proc/sys/kernel/keys/root_maxkeys",
    "/proc/sys/kernel/keys/root_maxbytes",
];

impl Machine {
    fn look() -> Machine {
        let mut facts = BTreeSet::new();
        let mut note =
            |kind: &str, text: &str| facts.extend(text.lines().map(|line| format!("{kind}: {line}")));
        for what in ["link", "-4 address", "-4 route", "-4 rule", "netns"] {
            note("network", &ip(what));
        }
        for program in ["iptables-save", "ip6tables-save"] {
            // Without the moment of the listing and the counters.
            let rules = run(program, &[]);
            let rules = rules.lines().filter(|line| !line.starts_with('#'));
            let rules: Vec<&str> = rules.map(|line| line.split(" [").next().unwrap_or_default()).collect();
            note("packet filter", &rules.join("\n"));
        }
        note("mount", &read("/proc/self/mounts"));
        let sockets = run("ss", &["-H", "-n", "-l", "-t", "-u"]);
        let local = |line: &&str| line.contains("127.0.0.1:") || line.contains("[::1]:");
        let sockets: Vec<String> = sockets.lines().filter(|line| !local(line)).map(columns).collect();
        note("reachable from outside", &sockets.join("\n"));
        for folder in FOLDERS {
            note("file", &run("find", &[folder, "-maxdepth", "1"]));
        }
        note("cgroup", &run("find", &["/sys/fs/cgroup", "-maxdepth", "3", "-name", "*launchway*"]));
        for setting in SETTINGS {
            note(setting, &read(setting));
        }
        Machine(facts)
    }

    /// What has come and gone since, among the facts that `counts`.
    fn changes_since(&self, before: &Machine, counts: impl Fn(&str) -> bool) -> Vec<String> {
        let come = self.0.difference(&before.0).map(|fact| format!("+ {fact}"));
        let gone = before.0.difference(&self.0).map(|fact| format!("- {fact}"));
        come.chain(gone).filter(|change| counts(&change[2..])).collect()
    }
}

/// Nothing has changed, whatever there is to see.
fn assert_same(before: &Machine) {
    assert_eq!(Machine::look().changes_since(before, |_| true), Vec::<String>::new());
}

fn ip(what: &str) -> String {
    let words: Vec<&str> = ["-o"].into_iter().chain(what.split(' ')).collect();
    // Devices count upwards, whoever makes them.
    let text = run("ip", &words);
    text.lines()
        .map(|line| format!("{}\n", columns(line.split_once(": ").map_or(line, |line| line.1))))
        .collect()
}

fn columns(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn run(program: &str, arguments: &[&str]) -> String {
    let done = Command::new(program).args(arguments).output().unwrap();
    String::from_utf8_lossy(&done.stdout).into_owned()
}

fn read(path: &str) -> String {
    std::fs::read_to_string(path).unwrap()
}

fn options(name: &str) -> Options {
    let name: Name = name.parse().unwrap();
    Options { name, ..Options::new(Version::default()) }
}

fn serve_a_pod(cluster: &Cluster) {
    let folder = tempfile::tempdir().unwrap();
    let manifest = folder.path().join("pod.json");
    std::fs::write(&manifest, POD.replace("IMAGE", cluster.image())).unwrap();
    let applied = cluster.kubectl().arg("apply").arg("-f").arg(&manifest).output().unwrap();
    assert!(applied.status.success(), "{}", String::from_utf8_lossy(&applied.stderr));
    let ready = ["-n", "rstudio", "wait", "pod/visited", "--for=condition=Ready", "--timeout=60s"];
    let ready = cluster.kubectl().args(ready).output().unwrap();
    assert!(ready.status.success(), "{}", String::from_utf8_lossy(&ready.stderr));
}

/// Visits the node port until it answers.
fn visit(cluster: &Cluster) -> String {
    let began = Instant::now();
    loop {
        let answer = || -> std::io::Result<String> {
            let address = (cluster.node_ip(), 30080).into();
            let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(2))?;
            stream.set_read_timeout(Some(Duration::from_secs(2)))?;
            stream.write_all(b"GET / HTTP/1.0\r\n\r\n")?;
            let mut text = String::new();
            stream.read_to_string(&mut text)?;
            Ok(text)
        };
        match answer() {
            Ok(text) if text.contains("hello") => return text,
            last if began.elapsed() > Duration::from_secs(30) => panic!("no answer: {last:?}"),
            _ => std::thread::yield_now(),
        }
    }
}

#[test]
#[ignore = "needs root, and a machine that is left alone"]
fn a_cluster_changes_nothing_around_it_while_it_runs_and_nothing_is_left_after_it() {
    let before = Machine::look();

    let cluster = Cluster::up(&options("proof-whole"), &mut Silent).unwrap();
    serve_a_pod(&cluster);
    assert!(visit(&cluster).ends_with("hello"));
    let untouched = |fact: &str| UNTOUCHED.iter().any(|kind| fact.starts_with(kind));
    assert_eq!(Machine::look().changes_since(&before, untouched), Vec::<String>::new());
    cluster.down().unwrap();

    assert_same(&before);
}

#[test]
#[ignore = "needs root, and a machine that is left alone"]
fn nothing_is_left_when_all_daemons_were_killed() {
    let before = Machine::look();

    let cluster = Cluster::up(&options("proof-killed"), &mut Silent).unwrap();
    serve_a_pod(&cluster);
    for daemon in Daemon::ALL {
        if let Some(pid) = cluster.pid(daemon) {
            run("kill", &["-9", &pid.to_string()]);
        }
    }
    cluster.down().unwrap();

    assert_same(&before);
}

#[test]
#[ignore = "needs root, and a machine that is left alone"]
fn a_start_goes_on_from_whatever_an_interrupted_one_left() {
    let before = Machine::look();
    let options = options("proof-half");

    let first = Cluster::up(&options, &mut Silent).unwrap();
    let kubeconfig = std::fs::read(first.admin_kubeconfig()).unwrap();
    let uninterrupted = first.admin_kubeconfig().with_file_name("assembled");
    std::fs::remove_file(uninterrupted).unwrap();
    let second = Cluster::up(&options, &mut Silent).unwrap();
    assert_ne!(std::fs::read(second.admin_kubeconfig()).unwrap(), kubeconfig, "it began afresh");
    let third = Cluster::up(&options, &mut Silent).unwrap();
    assert_eq!(third.pid(Daemon::Etcd), second.pid(Daemon::Etcd), "what runs is left running");
    third.down().unwrap();
    assert!(Cluster::find(&options.name).unwrap().is_none());

    assert_same(&before);
}
