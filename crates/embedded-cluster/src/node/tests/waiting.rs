//! The ways not to run.

use serde_json::{Value, json};

use super::harness::{Cluster, MAIN, main_state, whole_log};
use crate::kind::Kind;
use crate::node::StreamRefusal;

/// Makes a Job whose container is changed, and waits for its waiting reason.
async fn waits_with(cluster: &Cluster, reason: &str, change: impl FnOnce(&mut Value)) -> String {
    cluster.pod_with("stuck", "true", change);
    let pod = cluster.pod("stuck", reason, |pod| main_state(pod)["waiting"]["reason"] == reason).await;
    assert_eq!(pod.value()["status"]["phase"], "Pending");
    main_state(pod.value())["waiting"]["message"].as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn an_image_that_cannot_be_pulled_is_tried_again_for_ever() {
    let cluster = Cluster::with(Cluster::hasty());
    let mark = cluster.mark();
    let message = waits_with(&cluster, "ImagePullBackOff", |spec| {
        spec["containers"][0]["image"] = json!("registry.invalid/x:1");
    });
    assert!(message.await.starts_with("Back-off pulling image \"registry.invalid/x:1\": ErrImagePull: "));
    let again = cluster.wait(Kind::Event, "a second try", |event| {
        event.value()["reason"] == "Pulling" && event.value()["count"].as_u64() > Some(1)
    });
    again.await;
    let reasons: Vec<_> = cluster
        .history(Kind::Pod, mark)
        .iter()
        .map(|pod| main_state(pod)["waiting"]["reason"].clone())
        .filter(|reason| reason.as_str().is_some_and(|reason| reason.contains("Image")))
        .collect();
    assert_eq!(reasons[..3], ["ErrImagePull", "ImagePullBackOff", "ErrImagePull"]);
    cluster.node.shutdown().await;
}

#[tokio::test]
async fn an_image_that_may_not_be_pulled_says_so() {
    let cluster = Cluster::with(Cluster::hasty());
    waits_with(&cluster, "ErrImageNeverPull", |spec| {
        spec["containers"][0]["image"] = json!("x:missing");
        spec["containers"][0]["imagePullPolicy"] = json!("Never");
    })
    .await;
    cluster.event("stuck", "ErrImageNeverPull").await;
    cluster.node.shutdown().await;
}

#[tokio::test]
async fn a_malformed_image_name_says_so() {
    let cluster = Cluster::with(Cluster::hasty());
    let message =
        waits_with(&cluster, "InvalidImageName", |spec| spec["containers"][0]["image"] = json!("Bad Name"));
    assert!(message.await.contains("couldn't parse image name \"Bad Name\""));
    cluster.event("stuck", "InspectFailed").await;
    cluster.node.shutdown().await;
}

#[tokio::test]
async fn a_missing_secret_in_the_environment_holds_the_container_until_it_is_there() {
    let cluster = Cluster::with(Cluster::hasty());
    let message = waits_with(&cluster, "CreateContainerConfigError", |spec| {
        spec["containers"][0]["env"] =
            json!([{"name": "A", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}}]);
    });
    assert_eq!(message.await, "secret \"s\" not found");
    cluster.object(Kind::Secret, json!({"metadata": {"name": "s"}, "data": {}}));
    let other = "couldn't find key k in Secret rstudio/s";
    cluster.pod("stuck", other, |pod| main_state(pod)["waiting"]["message"] == other).await;
    let filled = cluster.store().update(Kind::Secret, Some("rstudio"), "s", |secret| {
        secret["data"] = json!({"k": "eA=="});
        Ok(())
    });
    filled.expect("the secret is there");
    cluster.job_condition("stuck", "Complete").await;
    cluster.node.shutdown().await;
}

#[tokio::test]
async fn a_container_that_must_not_run_as_root_does_not() {
    let cluster = Cluster::with(Cluster::hasty());
    let message = waits_with(&cluster, "CreateContainerConfigError", |spec| {
        spec["securityContext"] = json!({"runAsNonRoot": true, "runAsUser": 0});
    });
    assert!(message.await.starts_with("container's runAsUser breaks non-root policy (pod: \"stuck-"));
    cluster.node.shutdown().await;
}

#[tokio::test]
async fn a_volume_that_cannot_be_mounted_shows_in_events_alone_until_it_can() {
    let cluster = Cluster::with(Cluster::hasty());
    let place = tempfile::tempdir().expect("a directory");
    let path = place.path().join("later");
    cluster.pod_with("mount", "true", |spec| {
        spec["volumes"] = json!([{"name": "v", "hostPath": {"path": path, "type": "Directory"}}]);
        spec["containers"][0]["volumeMounts"] = json!([{"name": "v", "mountPath": "/v"}]);
    });
    let event = cluster.event("mount", "FailedMount").await;
    let shown = path.display();
    assert_eq!(
        event["message"],
        format!(
            "MountVolume.SetUp failed for volume \"v\" : hostPath type check failed, {shown} is not a directory, unable to determine its type: path \"{shown}\" does not exist"
        )
    );
    let pod = cluster.pod("mount", "waiting", |pod| main_state(pod)["waiting"].is_object()).await;
    assert_eq!(main_state(pod.value()), &json!({"waiting": {"reason": "ContainerCreating"}}));
    std::fs::create_dir(&path).expect("a directory");
    cluster.job_condition("mount", "Complete").await;
    cluster.node.shutdown().await;
}

#[tokio::test]
async fn a_missing_secret_volume_names_the_secret() {
    let cluster = Cluster::with(Cluster::hasty());
    cluster.pod_with("volume", "true", |spec| {
        spec["volumes"] = json!([{"name": "v", "secret": {"secretName": "nosuch"}}]);
    });
    let event = cluster.event("volume", "FailedMount").await;
    assert_eq!(event["message"], "MountVolume.SetUp failed for volume \"v\" : secret \"nosuch\" not found");
    cluster.node.shutdown().await;
}

#[tokio::test]
async fn a_process_that_cannot_be_started_ends_with_128_and_no_start() {
    type Change = fn(&mut Value);
    let cases: [(&str, Change, &str); 4] = [
        (
            "nofile",
            |container| container["command"] = json!(["/nope"]),
            "unable to start container process: exec: \"/nope\": stat /nope: no such file or directory",
        ),
        (
            "nopath",
            |container| container["command"] = json!(["nosuchcmd"]),
            "exec: \"nosuchcmd\": executable file not found in $PATH",
        ),
        (
            "nowhere",
            |container| container["workingDir"] = json!("/etc/passwd"),
            "chdir to cwd (\"/etc/passwd\") set in config.json failed: not a directory",
        ),
        (
            "nothing",
            |container| {
                container["command"] = json!([]);
                container["args"] = json!([]);
            },
            "args must not be empty",
        ),
    ];
    let cluster = Cluster::start();
    for (name, change, message) in cases {
        cluster.pod_with(name, "true", |spec| change(&mut spec["containers"][0]));
        let end = cluster.terminated(name).await;
        assert_eq!((&end["exitCode"], &end["reason"]), (&json!(128), &json!("StartError")));
        assert_eq!(end["startedAt"], "1970-01-01T00:00:00Z");
        let found = end["message"].as_str().unwrap_or_default();
        assert!(
            found.starts_with("failed to create containerd task: ") && found.ends_with(message),
            "{found}"
        );
        cluster.job_condition(name, "Failed").await;
        let pod = cluster.pod(name, "there", |_| true).await;
        assert_eq!(cluster.log(&pod, whole_log()).await, Ok(String::new()));
    }
    cluster.node.shutdown().await;
}

#[tokio::test]
async fn the_log_of_a_container_that_waits_is_refused_with_its_reason() {
    let cluster = Cluster::start();
    cluster.pod_with("early", "true", |spec| {
        spec["initContainers"] =
            json!([{"name": "first", "image": "busybox:local", "command": ["sh", "-c", "sleep 1000"]}]);
    });
    let pod = cluster
        .pod("early", "initializing", |pod| {
            pod["status"]["initContainerStatuses"][0]["state"]["running"].is_object()
        })
        .await;
    let refused = cluster.log(&pod, whole_log()).await;
    let name = pod.name();
    let message = format!("container \"{MAIN}\" in pod \"{name}\" is waiting to start: PodInitializing");
    assert!(
        matches!(refused, Err(StreamRefusal::Status(status)) if status.code == 400 && status.message == message)
    );
    cluster.node.shutdown().await;
}
