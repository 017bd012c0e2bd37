//! A Job's life.

use std::time::Duration;

use serde_json::{Value, json};

use super::harness::{Cluster, MAIN, NAMESPACE, has_condition, main_state, whole_log};
use crate::kind::Kind;
use crate::node::NodeOptions;
use crate::store::{DeleteOptions, Object};

fn conditions(job: &Value) -> Vec<&str> {
    let conditions = job["status"]["conditions"].as_array();
    let held = conditions.into_iter().flatten().filter(|condition| condition["status"] == "True");
    held.filter_map(|condition| condition["type"].as_str()).collect()
}

#[tokio::test]
async fn a_job_that_succeeds_shows_the_end_of_its_container_then_of_its_pod_then_its_own() {
    let cluster = Cluster::start();
    let mark = cluster.mark();
    cluster.job("ok", "echo hello; echo problem >&2; exit 0");
    let job = cluster.job_condition("ok", "Complete").await;
    assert_eq!(conditions(job.value()), ["SuccessCriteriaMet", "Complete"]);
    assert_eq!(job.value()["status"]["succeeded"], 1);
    assert!(job.value()["status"]["completionTime"].is_string());

    let states = cluster.history(Kind::Pod, mark);
    let first = |what: &str, holds: &dyn Fn(&Value) -> bool| {
        states.iter().position(holds).unwrap_or_else(|| panic!("{what} was never seen"))
    };
    let bound = first("a node", &|pod| pod["spec"]["nodeName"] == "node1");
    let creating =
        first("ContainerCreating", &|pod| main_state(pod)["waiting"]["reason"] == "ContainerCreating");
    let running = first("running", &|pod| main_state(pod)["running"].is_object());
    let terminated = first("terminated", &|pod| main_state(pod)["terminated"]["exitCode"] == 0);
    let succeeded = first("Succeeded", &|pod| pod["status"]["phase"] == "Succeeded");
    assert!(bound < creating && creating < running && running < terminated && terminated < succeeded);
    assert_eq!(states[terminated]["status"]["phase"], "Running", "the phase lags behind");

    let version = |object: &Value| object["metadata"]["resourceVersion"].as_str().map(str::to_owned);
    let jobs = cluster.history(Kind::Job, mark);
    let met = jobs.iter().find(|job| has_condition(job, "SuccessCriteriaMet")).expect("the first condition");
    assert!(!has_condition(met, "Complete"), "one after the other");
    let number = |object: &Value| version(object).and_then(|text| text.parse::<u64>().ok());
    assert!(number(&states[succeeded]) < number(met), "the job follows the pod");
    let pod = cluster.pod("ok", "counted", |pod| pod["metadata"]["finalizers"].is_null()).await;
    assert_eq!(cluster.log(&pod, whole_log()).await.expect("a log"), "hello\nproblem\n");
    cluster.node.shutdown().await;
}

#[tokio::test]
async fn a_job_that_fails_has_the_exit_code_of_its_process() {
    let cluster = Cluster::start();
    cluster.job("bad", "exit 3");
    let job = cluster.job_condition("bad", "Failed").await;
    assert_eq!(conditions(job.value()), ["FailureTarget", "Failed"]);
    assert_eq!(job.value()["status"]["failed"], 1);
    assert!(job.value()["status"]["completionTime"].is_null());
    let end = cluster.terminated("bad").await;
    assert_eq!((&end["exitCode"], &end["reason"]), (&json!(3), &json!("Error")));
    let event = cluster.event("bad", "BackoffLimitExceeded").await;
    assert_eq!(event["type"], "Warning");
    cluster.node.shutdown().await;
}

#[tokio::test]
async fn a_suspended_job_loses_its_pod_and_a_resumed_one_gets_a_new_one() {
    let cluster = Cluster::start();
    cluster.job("sleeper", "sleep 1000");
    let first = cluster.running("sleeper").await;
    let suspend = |suspended: bool| {
        let done = cluster.store().update(Kind::Job, Some(NAMESPACE), "sleeper", |job| {
            job["spec"]["suspend"] = json!(suspended);
            Ok(())
        });
        done.expect("the job is there");
    };
    suspend(true);
    let job = cluster.job_condition("sleeper", "Suspended").await;
    assert!(job.value()["status"]["startTime"].is_null());
    cluster
        .wait(Kind::Job, "no pod is left", |job| {
            job.value()["status"]["terminating"] == 0 && has_condition(job.value(), "Suspended")
        })
        .await;
    suspend(false);
    let second = cluster.pod("sleeper", "a second one", |pod| {
        pod["metadata"]["uid"] != first.uid() && main_state(pod)["running"].is_object()
    });
    second.await;
    let job = cluster.store().get(Kind::Job, Some(NAMESPACE), "sleeper").expect("the job is there");
    assert!(job.value()["status"]["failed"].is_null(), "a suspension is no failure");
    cluster.event("sleeper", "Resumed").await;
    cluster.node.shutdown().await;
}

#[tokio::test]
async fn a_deleted_pod_gets_sigterm_and_shows_143_before_it_is_gone() {
    let cluster = Cluster::start();
    let mark = cluster.mark();
    cluster.job("victim", "sleep 1000");
    let pod = cluster.running("victim").await;
    let options = DeleteOptions::default();
    cluster.registry.delete(Kind::Pod, Some(NAMESPACE), pod.name(), &options).expect("a pod");
    cluster.job_condition("victim", "Failed").await;
    let codes: Vec<_> = cluster
        .history(Kind::Pod, mark)
        .iter()
        .map(|pod| main_state(pod)["terminated"]["exitCode"].clone())
        .filter(|code| !code.is_null())
        .collect();
    assert_eq!(codes.first(), Some(&json!(143)));
    assert!(cluster.store().list(Kind::Pod, None).items.is_empty());
    cluster.node.shutdown().await;
}

#[tokio::test]
async fn a_pod_deleted_without_grace_gets_sigkill_at_once() {
    let cluster = Cluster::start();
    cluster.job("sudden", "trap 'exit 0' TERM; while :; do sleep 0.01; done");
    let pod = cluster.running("sudden").await;
    let mark = cluster.mark();
    let now = DeleteOptions { grace_period: Some(0), ..DeleteOptions::default() };
    cluster.registry.delete(Kind::Pod, Some(NAMESPACE), pod.name(), &now).expect("a pod");
    cluster.job_condition("sudden", "Failed").await;
    let codes: Vec<_> = cluster
        .history(Kind::Pod, mark)
        .iter()
        .map(|pod| main_state(pod)["terminated"]["exitCode"].clone())
        .filter(|code| !code.is_null())
        .collect();
    assert!(codes.iter().all(|code| *code == 137), "{codes:?}");
    cluster.node.shutdown().await;
}

#[tokio::test]
async fn a_process_that_ignores_sigterm_is_killed_after_the_grace_period() {
    let cluster = Cluster::start();
    cluster.job_with("stubborn", |job| {
        let spec = &mut job["spec"]["template"]["spec"];
        spec["terminationGracePeriodSeconds"] = json!(1);
        spec["containers"][0]["args"] = json!(["-c", "trap '' TERM; echo ready; while :; do sleep 1; done"]);
    });
    let pod = cluster.running("stubborn").await;
    loop {
        if cluster.log(&pod, whole_log()).await.expect("a log").contains("ready") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let mark = cluster.mark();
    cluster
        .registry
        .delete(Kind::Pod, Some(NAMESPACE), pod.name(), &DeleteOptions::default())
        .expect("a pod");
    cluster.job_condition("stubborn", "Failed").await;
    let killed =
        cluster.history(Kind::Pod, mark).iter().any(|pod| main_state(pod)["terminated"]["exitCode"] == 137);
    assert!(killed);
    cluster.node.shutdown().await;
}

#[tokio::test]
async fn a_job_over_its_deadline_fails_and_its_pod_is_deleted() {
    let cluster = Cluster::start();
    cluster.job_with("late", |job| {
        job["spec"]["activeDeadlineSeconds"] = json!(1);
        job["spec"]["template"]["spec"]["containers"][0]["args"] = json!(["-c", "sleep 1000"]);
    });
    let job = cluster.job_condition("late", "Failed").await;
    let reasons: Vec<_> = job.value()["status"]["conditions"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|one| &one["reason"])
        .collect();
    assert_eq!(reasons, ["DeadlineExceeded", "DeadlineExceeded"]);
    assert_eq!(job.value()["status"]["failed"], 1);
    cluster.node.shutdown().await;
}

#[tokio::test]
async fn a_finished_job_is_deleted_when_its_time_to_live_is_over() {
    let cluster = Cluster::start();
    cluster.job_with("short", |job| job["spec"]["ttlSecondsAfterFinished"] = json!(0));
    cluster.wait(Kind::Job, "deletion", Object::is_being_deleted).await;
    cluster.node.shutdown().await;
}

#[tokio::test]
async fn a_job_whose_pods_are_refused_says_so_and_goes_on_trying() {
    let cluster = Cluster::with(Cluster::hasty());
    cluster.faults.deny_create("pods", "exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1");
    cluster.job("refused", "true");
    let first = cluster.event("refused", "FailedCreate").await;
    // Each try has another name for its pod, so each is an event of its own.
    let again = cluster.wait(Kind::Event, "a second refusal", |event| {
        event.value()["reason"] == "FailedCreate" && event.value()["message"] != first["message"]
    });
    let message = again.await.value()["message"].as_str().unwrap_or_default().to_owned();
    assert!(
        message.starts_with("Error creating: pods ") && message.contains("is forbidden: exceeded quota"),
        "{message}"
    );
    let job = cluster.store().get(Kind::Job, Some(NAMESPACE), "refused").expect("the job is there");
    assert_eq!(job.value()["status"]["ready"], 0);
    assert!(job.value()["status"]["active"].is_null());
    cluster.faults.allow_create();
    cluster.job_condition("refused", "Complete").await;
    cluster.node.shutdown().await;
}

#[tokio::test]
async fn a_failed_pod_is_replaced_until_the_backoff_limit() {
    let cluster = Cluster::with(Cluster::hasty());
    cluster.job_with("again", |job| {
        job["spec"]["backoffLimit"] = json!(2);
        job["spec"]["template"]["spec"]["containers"][0]["args"] = json!(["-c", "exit 1"]);
    });
    let job = cluster.job_condition("again", "Failed").await;
    assert_eq!(job.value()["status"]["failed"], 3);
    assert_eq!(cluster.store().list(Kind::Pod, None).items.len(), 3);
    cluster.node.shutdown().await;
}

#[tokio::test]
async fn the_pods_of_a_job_have_its_four_labels_and_its_name() {
    let cluster = Cluster::start();
    let name = "x".repeat(63);
    let job = cluster.job(&name, "true");
    let pod = cluster.pod(&name, "made", |_| true).await;
    assert_eq!(pod.name().len(), 63);
    assert!(pod.name().starts_with(&format!("{}-", "x".repeat(57))));
    let labels = &pod.value()["metadata"]["labels"];
    for (label, value) in [
        ("job-name", name.as_str()),
        ("batch.kubernetes.io/job-name", name.as_str()),
        ("controller-uid", job.uid()),
        ("batch.kubernetes.io/controller-uid", job.uid()),
    ] {
        assert_eq!(labels[label], value, "{label}");
    }
    assert_eq!(pod.value()["spec"]["containers"][0]["name"], MAIN);
    cluster.node.shutdown().await;
}

#[tokio::test]
async fn a_job_made_suspended_never_has_a_pod() {
    let cluster = Cluster::start();
    cluster.job_with("idle", |job| job["spec"]["suspend"] = json!(true));
    let job = cluster.job_condition("idle", "Suspended").await;
    assert!(job.value()["status"]["startTime"].is_null());
    cluster.event("idle", "Suspended").await;
    assert!(cluster.store().list(Kind::Pod, None).items.is_empty());
    cluster.node.shutdown().await;
}

#[tokio::test]
async fn an_event_is_forgotten_when_nobody_repeats_it() {
    let options = NodeOptions { event_lifetime: Duration::from_millis(50), ..Cluster::hasty() };
    let cluster = Cluster::with(options);
    let mark = cluster.mark();
    cluster.job("brief", "true");
    cluster.job_condition("brief", "Complete").await;
    let all_gone = async {
        while !cluster.store().list(Kind::Event, None).items.is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), all_gone).await.expect("the last event's end");
    let told = cluster.history(Kind::Event, mark);
    assert!(told.iter().any(|event| event["reason"] == "Completed"));
    cluster.node.shutdown().await;
}

#[tokio::test]
async fn several_pods_at_a_time_complete_a_job_together() {
    let cluster = Cluster::start();
    cluster.job_with("team", |job| {
        job["spec"]["parallelism"] = json!(2);
        job["spec"]["completions"] = json!(5);
    });
    let job = cluster.job_condition("team", "Complete").await;
    assert_eq!(job.value()["status"]["succeeded"], 5);
    assert_eq!(cluster.store().list(Kind::Pod, None).items.len(), 5);
    cluster.node.shutdown().await;
}
