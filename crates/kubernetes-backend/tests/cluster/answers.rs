//! What API servers answer, as real ones were seen to.

use std::sync::Arc;
use std::time::Duration;

use embedded_cluster::{Effect, EmbeddedCluster, Matching, Times};
use futures::StreamExt;
use kubernetes_backend::client::{ApiClient, Call, FailureKind, Patience, Propagation, Resource, Verb};
use launcher_api::request::{ControlOperation, OutputSelection};
use launcher_api::response::OutputKind;
use launcher_api::{Job, JobStatus};
use launcher_plugin::{Backend, BackendError};
use serde_json::json;
use tokio::time::{sleep, timeout};

use crate::support::{Cluster, Plugin};

/// One line to each stream, some time apart.
const BOTH: &str = "echo one; sleep 0.3; echo two >&2; sleep 0.3; echo three";

fn answer(code: u16) -> Effect {
    Effect::Answer { code, message: "by a test".to_owned() }
}

fn text(code: u16, text: &str) -> Effect {
    Effect::AnswerText { code, text: text.to_owned() }
}

fn log() -> Matching {
    Matching::any().resource("pods").subresource("log")
}

async fn finished(plugin: &Plugin, command: &str) -> Job {
    let job = plugin.submit(json!({ "command": command })).await;
    plugin.until_status(&job.id, JobStatus::Finished).await.job
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_before_1_32_ignores_the_stream_parameter_and_is_not_believed() {
    let builder = EmbeddedCluster::builder().server_version("1.30.0").split_log_streams();
    let cluster = Cluster::of(builder.start().await.expect("a cluster"));
    let plugin = cluster.plugin().await;
    let job = finished(&plugin, BOTH).await;
    let pod = pod_of(&cluster, &job).await;
    let ignored = Call::get(Resource::PodLog, &pod).with("stream", "Stderr");
    let all = client(&cluster).call(&ignored).await.expect("a log").body;
    assert_eq!(all, "one\ntwo\nthree\n", "the parameter does nothing, and is not refused");
    for selection in [OutputSelection::Both, OutputSelection::Stderr] {
        let (text, kinds) = plugin.output(&job, selection).await;
        assert_eq!((text.as_str(), kinds), ("one\ntwo\nthree\n", vec![OutputKind::Mixed]));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_with_the_gate_off_refuses_the_stream_parameter_and_gives_one_stream() {
    let cluster = Cluster::embedded().await;
    let plugin = cluster.plugin().await;
    let job = finished(&plugin, BOTH).await;
    let pod = pod_of(&cluster, &job).await;
    let asked = Call::get(Resource::PodLog, &pod).with("stream", "Stderr");
    let Err(refused) = client(&cluster).call(&asked).await else { panic!("it is not refused") };
    assert!(matches!(refused.kind, FailureKind::Invalid { causes, .. } if causes[0].field == "stream"));
    let (text, kinds) = plugin.output(&job, OutputSelection::Both).await;
    assert_eq!((text.as_str(), kinds), ("one\ntwo\nthree\n", vec![OutputKind::Mixed]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_before_1_34_that_refuses_watch_lists_is_listed_page_by_page() {
    let cluster =
        Cluster::of(EmbeddedCluster::builder().server_version("1.30.0").start().await.expect("a cluster"));
    let first = cluster.plugin().await;
    let job = finished(&first, "exit 4").await;
    let second = cluster.plugin().await;
    assert_eq!(second.table().jobs[&job.id].job.exit_code, Some(4));
    let again = finished(&second, "exit 5").await;
    assert_eq!(again.exit_code, Some(5), "and watched from there");
}

#[tokio::test(flavor = "multi_thread")]
async fn events_go_on_when_their_history_was_compacted() {
    let cluster = Cluster::embedded().await;
    let plugin = cluster.plugin().await;
    let faults = cluster.inside().faults();
    faults.compact();
    faults.cut_connections();
    faults.deny_create("pods", "exceeded quota: q, requested: pods=1");
    let job = plugin.submit(json!({ "command": "true" })).await;
    plugin.until(&job.id, "waiting for a quota", |told| told.job.status_message.contains("quota")).await;
    faults.allow_create();
    plugin.until_status(&job.id, JobStatus::Finished).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn events_that_are_told_again_are_no_news() {
    let cluster = Cluster::embedded().await;
    let plugin = cluster.plugin().await;
    let faults = cluster.inside().faults();
    faults.deny_create("pods", "exceeded quota: q, requested: pods=1");
    let job = plugin.submit(json!({ "command": "true" })).await;
    plugin.until(&job.id, "waiting for a quota", |told| told.job.status_message.contains("quota")).await;
    // The whole history comes again, twice; the job that follows shows that it has been taken in.
    for _ in 0..2 {
        let again = faults.inject(
            Matching::any().verb("watch").resource("events"),
            Effect::ExpireWatch,
            Times::Next(1),
        );
        faults.cut_connections();
        while faults.hits(again) == 0 {
            sleep(Duration::from_millis(20)).await;
        }
    }
    let later = plugin.submit(json!({ "command": "true" })).await;
    plugin.until(&later.id, "waiting for a quota", |told| told.job.status_message.contains("quota")).await;
    let told = plugin.table().jobs[&job.id].states.clone();
    let words: Vec<&str> = told.iter().map(|state| state.status_message.as_str()).collect();
    let mut different = words.clone();
    different.dedup();
    assert_eq!(words, different, "nothing is told twice");
    assert!(told.is_sorted_by_key(|state| state.time), "and nothing older after something newer: {told:#?}");
    for job in [job, later] {
        plugin.backend.remove(Arc::new(job)).await.expect("removed");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_is_not_there_yet_is_waited_for() {
    let cluster = Cluster::embedded().await;
    let plugin = cluster.plugin().await;
    let job = plugin.submit(json!({ "command": "echo one; sleep 1; echo two" })).await;
    plugin.until_status(&job.id, JobStatus::Running).await;
    // 400: the container is waiting to start; 500: the node can't be reached; 403: the server has just been restarted.
    for code in [400, 500, 403] {
        cluster.inside().faults().inject(log(), answer(code), Times::Next(1));
    }
    assert_eq!(plugin.output(&job, OutputSelection::Both).await.0, "one\ntwo\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_a_log_is_not_the_end_of_its_container() {
    let cluster = Cluster::embedded().await;
    let plugin = cluster.plugin().await;
    let script = "i=0; while [ $i -lt 30 ]; do echo line $i; i=$((i+1)); sleep 0.1; done";
    let job = plugin.submit(json!({ "command": script })).await;
    plugin.until_status(&job.id, JobStatus::Running).await;
    let mut pieces = plugin.backend.output(Arc::new(job.clone()), OutputSelection::Both);
    let mut bytes = pieces.next().await.expect("a piece").expect("output").bytes.to_vec();
    // A kubelet that goes down ends the log in order, as if the container had ended.
    cluster.inside().node().disconnect();
    sleep(Duration::from_millis(300)).await;
    cluster.inside().node().reconnect();
    let rest = async {
        while let Some(piece) = pieces.next().await {
            bytes.extend_from_slice(&piece.expect("output").bytes);
        }
    };
    timeout(Duration::from_secs(30), rest).await.expect("the output ends");
    let expected: String = (0..30).map(|i| format!("line {i}\n")).collect();
    assert_eq!(String::from_utf8_lossy(&bytes), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_metrics_server_resource_use_is_not_supported() {
    let cluster =
        Cluster::of(EmbeddedCluster::builder().without_metrics_server().start().await.expect("a cluster"));
    let plugin = cluster.plugin().await;
    let job = plugin.submit(json!({ "command": "sleep 600" })).await;
    plugin.until_status(&job.id, JobStatus::Running).await;
    let first = plugin.backend.resource_use(Arc::new(job.clone())).next().await;
    let Some(Err(BackendError::NotSupported(text))) = first else { panic!("{first:?}") };
    assert!(text.contains("metrics-server"), "{text}");
    plugin.backend.remove(Arc::new(job)).await.expect("removed");
}

#[tokio::test(flavor = "multi_thread")]
async fn resource_use_that_was_not_measured_yet_is_waited_for() {
    let cluster = Cluster::embedded().await;
    let plugin = cluster.plugin().await;
    let job = plugin.submit(json!({ "command": "while :; do :; done" })).await;
    plugin.until_status(&job.id, JobStatus::Running).await;
    let unmeasured = cluster.inside().faults().inject(
        Matching::any().path_prefix("/apis/metrics.k8s.io/"),
        answer(404),
        Times::Next(1),
    );
    let mut samples = plugin.backend.resource_use(Arc::new(job.clone()));
    let sample = timeout(Duration::from_secs(40), samples.next()).await.expect("a sample in time");
    assert!(sample.expect("a sample").is_ok());
    assert_eq!(cluster.inside().faults().hits(unmeasured), 1);
    plugin.backend.control(Arc::new(job.clone()), ControlOperation::Kill).await.expect("killed");
    plugin.backend.remove(Arc::new(job)).await.expect("removed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deletion_that_finds_nothing_the_second_time_has_succeeded() {
    let cluster = Cluster::embedded().await;
    let plugin = cluster.plugin().await;
    let job = finished(&plugin, "true").await;
    let lost = cluster.inside().faults().inject(
        Matching::any().verb("delete").resource("jobs"),
        Effect::LoseAnswer,
        Times::Next(1),
    );
    let patience = Patience { first_answer: Duration::from_secs(3), ..Patience::default() };
    let client = ApiClient::new(&cluster.settings(), patience).expect("a client");
    let call = Call::delete(Resource::Jobs, job.id.as_str(), Propagation::Background);
    let deleted = client.call(&call).await.map(drop);
    assert_eq!(deleted, Ok(()));
    assert_eq!(cluster.inside().faults().hits(lost), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_answers_instead_of_the_server_is_told_with_its_words() {
    let cluster = Cluster::embedded().await;
    let _gateway = cluster.inside().faults().inject(Matching::any(), text(502, "bad gateway"), Times::Always);
    let failure = client(&cluster).call(&Call::new(Verb::List, Resource::Jobs)).await;
    let Err(failure) = failure else { panic!("it succeeded") };
    assert!(failure.kind.is_passing(), "{failure}");
    assert!(failure.to_string().contains("bad gateway"), "{failure}");
}

fn client(cluster: &Cluster) -> ApiClient {
    ApiClient::new(&cluster.settings(), Patience::default()).expect("a client")
}

async fn pod_of(cluster: &Cluster, job: &Job) -> String {
    let pod = kubernetes_backend::pods::of_job(&client(cluster), job.id.as_str()).await.expect("an answer");
    pod.expect("a pod").metadata.name
}
