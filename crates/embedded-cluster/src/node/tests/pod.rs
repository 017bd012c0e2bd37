//! What a container's process gets, and how containers follow each other.

use std::path::Path;

use serde_json::{Value, json};

use super::harness::{Cluster, MAIN, NAMESPACE, main_state, whole_log};
use crate::kind::Kind;
use crate::node::LogQuery;

async fn output(cluster: &Cluster, job: &str) -> String {
    let pod = cluster.pod(job, "ended", |pod| main_state(pod)["terminated"].is_object()).await;
    cluster.log(&pod, whole_log()).await.expect("a log")
}

fn container<'a>(pod: &'a Value, list: &str, name: &str) -> &'a Value {
    let statuses = pod["status"][list].as_array();
    statuses.into_iter().flatten().find(|status| status["name"] == name).unwrap_or(&Value::Null)
}

#[tokio::test]
async fn a_container_gets_the_environment_that_its_specification_describes() {
    let cluster = Cluster::start();
    cluster.object(Kind::Secret, json!({"metadata": {"name": "s"}, "data": {"word": "aHVzaA=="}}));
    cluster
        .object(Kind::ConfigMap, json!({"metadata": {"name": "c"}, "data": {"color": "blue", "size": "9"}}));
    cluster.pod_with("env", "env | sort", |spec| {
        spec["containers"][0]["envFrom"] = json!([{"prefix": "C_", "configMapRef": {"name": "c"}}]);
        spec["containers"][0]["resources"] = json!({"limits": {"cpu": "1500m", "memory": "64Mi"}});
        spec["containers"][0]["env"] = json!([
            {"name": "A", "value": "1"},
            {"name": "B", "value": "$(A)$(NONE)$$(A)"},
            {"name": "SECRET", "valueFrom": {"secretKeyRef": {"name": "s", "key": "word"}}},
            {"name": "COLOR", "valueFrom": {"configMapKeyRef": {"name": "c", "key": "color"}}},
            {"name": "ABSENT", "valueFrom": {"secretKeyRef": {"name": "no", "key": "no", "optional": true}}},
            {"name": "JOB", "valueFrom": {"fieldRef": {"fieldPath": "metadata.labels['job-name']"}}},
            {"name": "NODE", "valueFrom": {"fieldRef": {"fieldPath": "spec.nodeName"}}},
            {"name": "CPU", "valueFrom": {"resourceFieldRef": {"resource": "limits.cpu"}}},
            {"name": "MEMORY", "valueFrom": {"resourceFieldRef": {"resource": "limits.memory"}}},
        ]);
    });
    let text = output(&cluster, "env").await;
    for line in [
        "A=1",
        "B=1$(NONE)$(A)",
        "SECRET=hush",
        "COLOR=blue",
        "C_color=blue",
        "C_size=9",
        "JOB=env",
        "NODE=node1",
        "CPU=2",
        "MEMORY=67108864",
        "CONTAINER_NAME=main",
    ] {
        assert!(text.lines().any(|found| found == line), "{line} is not in {text}");
    }
    let pod = cluster.pod("env", "there", |_| true).await;
    assert!(text.contains(&format!("HOSTNAME={}\n", pod.name())));
    assert!(!text.contains("ABSENT") && !text.contains("CARGO"), "nothing else gets in: {text}");
    cluster.node.shutdown().await;
}

#[tokio::test]
async fn references_in_command_and_arguments_are_expanded() {
    let cluster = Cluster::start();
    cluster.pod_with("expand", "", |spec| {
        let container = &mut spec["containers"][0];
        container["env"] = json!([{"name": "WORD", "value": "a b"}]);
        container["command"] = json!(["printf", "%s|"]);
        container["args"] = json!(["$(WORD)", "$$(WORD)", "$(NO)", "$HOME"]);
    });
    assert_eq!(output(&cluster, "expand").await, "a b|$(WORD)|$(NO)|$HOME|");
    cluster.node.shutdown().await;
}

#[tokio::test]
async fn a_container_starts_in_its_own_directory_or_where_it_asks_to() {
    let cluster = Cluster::start();
    cluster.job("own", "ls -A; pwd");
    cluster.pod_with("asked", "pwd", |spec| spec["containers"][0]["workingDir"] = json!("/usr/bin"));
    let own = output(&cluster, "own").await;
    let place = own.trim();
    assert!(place.starts_with('/') && !place.contains('\n'), "an empty directory: {own}");
    assert_eq!(output(&cluster, "asked").await, "/usr/bin\n");
    cluster.node.shutdown().await;
    assert!(!Path::new(place).exists(), "nothing is left behind");
}

#[tokio::test]
async fn mounts_are_links_in_the_own_directory_and_shared_between_containers() {
    let cluster = Cluster::start();
    cluster.object(Kind::Secret, json!({"metadata": {"name": "s"}, "data": {"word": "aHVzaA=="}}));
    cluster.pod_with("mounts", "cat scratch/x in/secret/word; ls etc/host/passwd", |spec| {
        spec["volumes"] = json!([
            {"name": "shared", "emptyDir": {}}, {"name": "secret", "secret": {"secretName": "s"}},
            {"name": "host", "hostPath": {"path": "/etc", "type": "Directory"}},
            {"name": "far", "nfs": {"server": "nowhere", "path": "/"}},
        ]);
        spec["containers"][0]["volumeMounts"] = json!([
            {"name": "shared", "mountPath": "/scratch"}, {"name": "secret", "mountPath": "/in/secret"},
            {"name": "host", "mountPath": "/etc/host"}, {"name": "far", "mountPath": "/far"},
        ]);
        spec["initContainers"] = json!([{
            "name": "first", "image": "busybox:local", "command": ["sh", "-c", "echo from init > work/x"],
            "volumeMounts": [{"name": "shared", "mountPath": "/work"}],
        }]);
    });
    assert_eq!(output(&cluster, "mounts").await, "from init\nhushetc/host/passwd\n");
    cluster.event("mounts", "MountNotMapped").await;
    cluster.node.shutdown().await;
}

#[tokio::test]
async fn init_containers_run_in_order_before_the_main_one() {
    let cluster = Cluster::start();
    let step =
        |name: &str| json!({"name": name, "image": "busybox:local", "command": ["sh", "-c", "sleep 0.1"]});
    cluster.pod_with("steps", "true", |spec| spec["initContainers"] = json!([step("one"), step("two")]));
    let waiting = cluster.pod("steps", "one runs", |pod| {
        container(pod, "initContainerStatuses", "one")["state"]["running"].is_object()
    });
    let pod = waiting.await;
    assert_eq!(main_state(pod.value())["waiting"]["reason"], "PodInitializing");
    assert_eq!(
        container(pod.value(), "initContainerStatuses", "two")["state"]["waiting"]["reason"],
        "PodInitializing"
    );
    assert_eq!(pod.value()["status"]["phase"], "Pending");
    cluster.job_condition("steps", "Complete").await;
    cluster.node.shutdown().await;
}

#[tokio::test]
async fn a_failing_init_container_ends_the_pod_and_the_main_one_never_starts() {
    let cluster = Cluster::start();
    cluster.pod_with("broken", "true", |spec| {
        spec["initContainers"] =
            json!([{"name": "first", "image": "busybox:local", "command": ["sh", "-c", "exit 4"]}]);
    });
    cluster.job_condition("broken", "Failed").await;
    let pod = cluster.pod("broken", "Failed", |pod| pod["status"]["phase"] == "Failed").await;
    assert_eq!(
        container(pod.value(), "initContainerStatuses", "first")["state"]["terminated"]["exitCode"],
        4
    );
    assert_eq!(main_state(pod.value())["waiting"]["reason"], "PodInitializing");
    cluster.node.shutdown().await;
}

#[tokio::test]
async fn a_sidecar_starts_first_and_ends_after_the_main_container() {
    let cluster = Cluster::start();
    cluster.pod_with("beside", "true", |spec| {
        spec["initContainers"] = json!([{
            "name": "car", "image": "busybox:local", "restartPolicy": "Always",
            "command": ["sh", "-c", "trap 'exit 7' TERM; while :; do sleep 0.05; done"],
        }]);
    });
    let pod =
        cluster.pod("beside", "the main one ended", |pod| main_state(pod)["terminated"].is_object()).await;
    assert!(container(pod.value(), "initContainerStatuses", "car")["state"]["running"].is_object());
    cluster.job_condition("beside", "Complete").await;
    let pod = cluster.pod("beside", "Succeeded", |pod| pod["status"]["phase"] == "Succeeded").await;
    let end = &container(pod.value(), "initContainerStatuses", "car")["state"]["terminated"];
    assert!(end.is_object(), "a sidecar's own exit code does not count, but it has one: {end}");
    cluster.node.shutdown().await;
}

#[tokio::test]
async fn a_second_container_keeps_the_pod_running_and_statuses_are_sorted_by_name() {
    let cluster = Cluster::start();
    cluster.pod_with("pair", "true", |spec| {
        let list = spec["containers"].as_array_mut().expect("containers");
        list.push(
            json!({"name": "another", "image": "busybox:local", "command": ["sh", "-c", "sleep 1000"]}),
        );
    });
    let pod = cluster.pod("pair", "one of two ended", |pod| {
        main_state(pod)["terminated"].is_object()
            && container(pod, "containerStatuses", "another")["state"]["running"].is_object()
    });
    let pod = pod.await;
    assert_eq!(pod.value()["status"]["phase"], "Running");
    assert_eq!(pod.value()["status"]["containerStatuses"][0]["name"], "another");
    assert!(cluster.store().get(Kind::Job, Some(NAMESPACE), "pair").expect("a job").value()["status"]["conditions"].is_null());
    cluster.node.shutdown().await;
}

#[tokio::test]
async fn a_container_that_fails_is_started_again_if_its_policy_says_so() {
    let cluster = Cluster::with(Cluster::hasty());
    cluster.job_with("again", |job| {
        job["spec"]["backoffLimit"] = json!(6);
        let spec = &mut job["spec"]["template"]["spec"];
        spec["restartPolicy"] = json!("OnFailure");
        spec["containers"][0]["args"] = json!([
            "-c",
            "echo x >> seen; case $(wc -l < seen) in 3) echo third;; 2) echo second; exit 9;; *) exit 9; esac"
        ]);
    });
    let mark = cluster.mark();
    cluster.job_condition("again", "Complete").await;
    let pod = cluster.pod("again", "Succeeded", |pod| pod["status"]["phase"] == "Succeeded").await;
    let status = container(pod.value(), "containerStatuses", MAIN);
    assert_eq!(status["restartCount"], 2);
    assert_eq!(status["lastState"]["terminated"]["exitCode"], 9);
    let history = cluster.history(Kind::Pod, mark);
    let waited = |restarts: u64| {
        history.iter().any(|pod| {
            main_state(pod)["waiting"]["reason"] == "CrashLoopBackOff"
                && container(pod, "containerStatuses", MAIN)["restartCount"] == restarts
        })
    };
    assert_eq!((waited(0), waited(1)), (false, true), "the first time it is started again at once");
    assert_eq!(cluster.log(&pod, whole_log()).await.expect("a log"), "third\n");
    let previous = LogQuery { previous: true, ..whole_log() };
    assert_eq!(cluster.log(&pod, previous).await.expect("a log"), "second\n");
    cluster.node.shutdown().await;
}

#[tokio::test]
async fn a_pod_over_its_own_deadline_stays_and_says_why() {
    let cluster = Cluster::start();
    cluster.pod_with("late", "sleep 1000", |spec| spec["activeDeadlineSeconds"] = json!(1));
    cluster.job_condition("late", "Failed").await;
    let pod = cluster.pod("late", "Failed", |pod| pod["status"]["phase"] == "Failed").await;
    assert_eq!(pod.value()["status"]["reason"], "DeadlineExceeded");
    assert_eq!(main_state(pod.value())["terminated"]["exitCode"], 143);
    assert!(!pod.is_being_deleted());
    cluster.node.shutdown().await;
}

#[tokio::test]
async fn a_container_runs_as_another_user_only_where_that_is_permitted() {
    let cluster = Cluster::start();
    cluster
        .pod_with("user", "id -u; touch mine", |spec| spec["securityContext"] = json!({"runAsUser": 12_345}));
    let own = nix::unistd::geteuid();
    let text = output(&cluster, "user").await;
    if own.is_root() {
        assert_eq!(text, "12345\n");
    } else {
        assert_eq!(text, format!("{own}\n"));
        cluster.event("user", "RunAsIgnored").await;
    }
    assert_eq!(cluster.terminated("user").await["exitCode"], 0);
    cluster.node.shutdown().await;
}
