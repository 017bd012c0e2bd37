//! Bad days, on the embedded cluster.

use std::sync::Arc;
use std::time::Duration;

use embedded_cluster::{Effect, EmbeddedCluster, Matching, Times};
use futures::StreamExt as _;
use kubernetes_backend::client::{ApiClient, Call, Patience, Propagation, Resource};
use launcher_api::JobStatus;
use launcher_api::request::{ControlOperation, OutputSelection};
use launcher_api::response::OutputKind;
use launcher_plugin::{Backend, BackendError, ControlOutcome};
use serde_json::json;

use crate::support::{Cluster, Plugin};

/// A script that prints numbered lines for some seconds.
const TALKER: &str = "i=0; while [ $i -lt 40 ]; do echo line $i; i=$((i+1)); sleep 0.1; done";

fn talk() -> String {
    (0..40).map(|i| format!("line {i}\n")).collect()
}

fn answer(code: u16) -> Effect {
    Effect::Answer { code, message: "by a test".to_owned() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restarted_api_server_is_no_news_to_anyone() {
    let cluster = Cluster::embedded().await;
    let plugin = cluster.plugin().await;
    let before = plugin.submit(json!({ "command": "sleep 3; exit 5" })).await;
    plugin.until_status(&before.id, JobStatus::Running).await;
    cluster.inside().faults().restart().await;
    let after = plugin.submit(json!({ "command": "exit 6" })).await;
    let told = plugin.until_status(&after.id, JobStatus::Finished).await;
    assert_eq!(told.job.exit_code, Some(6));
    let told = plugin.until_status(&before.id, JobStatus::Finished).await;
    assert_eq!(told.job.exit_code, Some(5));
    let statuses: Vec<JobStatus> = told.states.iter().map(|s| s.status).collect();
    assert!(statuses.is_sorted_by_key(|s| *s as u8), "nothing goes back: {statuses:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happened_while_the_server_was_away_is_told_when_it_is_back() {
    let cluster = Cluster::embedded().await;
    let (plugin, other) = (cluster.plugin().await, cluster.plugin().await);
    let ends = plugin.submit(json!({ "command": "sleep 2; exit 5" })).await;
    let removed = plugin.submit(json!({ "command": "true" })).await;
    plugin.until_status(&ends.id, JobStatus::Running).await;
    let told = plugin.until_status(&removed.id, JobStatus::Finished).await;
    other.until_status(&removed.id, JobStatus::Finished).await;
    // From here on, this plugin's watches are refused; the rest of the world goes on.
    let faults = cluster.inside().faults();
    let refused = faults.inject(Matching::any().verb("watch"), answer(503), Times::Always);
    faults.cut_connections();
    other.backend.remove(Arc::new(told.job)).await.expect("removed");
    while faults.hits(refused) < 4 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    faults.compact();
    faults.clear();
    plugin.until(&removed.id, "removed", |told| told.removed).await;
    let told = plugin.until_status(&ends.id, JobStatus::Finished).await;
    assert_eq!(told.job.exit_code, Some(5));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_watch_that_is_too_old_inside_an_answer_begins_anew() {
    let cluster = Cluster::embedded().await;
    let plugin = cluster.plugin().await;
    let faults = cluster.inside().faults();
    let expired =
        faults.inject(Matching::any().verb("watch").resource("jobs"), Effect::ExpireWatch, Times::Next(1));
    faults.cut_connections();
    let job = plugin.submit(json!({ "command": "exit 3" })).await;
    let told = plugin.until_status(&job.id, JobStatus::Finished).await;
    assert_eq!(told.job.exit_code, Some(3));
    assert_eq!(faults.hits(expired), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_paged_through_and_begun_anew_when_it_is_too_old() {
    let cluster = Cluster::embedded().await;
    let first = cluster.plugin().await;
    let mut jobs = Vec::new();
    for _ in 0..7 {
        jobs.push(first.submit(json!({ "command": "true" })).await);
    }
    for job in &jobs {
        first.until_status(&job.id, JobStatus::Finished).await;
    }
    drop(first);
    let faults = cluster.inside().faults();
    let refused = faults.inject(Matching::any().verb("list").resource("jobs"), answer(410), Times::Next(1));
    let settings = kubernetes_backend::KubernetesSettings { fetch_limit: 2, ..cluster.settings() };
    let second = Plugin::start(settings).await.expect("a started backend");
    assert_eq!(faults.hits(refused), 1);
    let table = second.table();
    for job in &jobs {
        assert_eq!(table.jobs[&job.id].job.status, JobStatus::Finished);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn output_is_whole_though_its_connection_breaks() {
    let cluster = Cluster::embedded().await;
    let plugin = cluster.plugin().await;
    let job = plugin.submit(json!({ "command": TALKER })).await;
    plugin.until_status(&job.id, JobStatus::Running).await;
    let faults = cluster.inside().faults();
    let log = || Matching::any().resource("pods").subresource("log");
    let cut = faults.inject(log(), Effect::CutAfter(333), Times::Next(3));
    faults.inject(log(), answer(500), Times::Next(2));
    let (text, kinds) = plugin.output(&job, OutputSelection::Both).await;
    assert_eq!(text, talk());
    assert_eq!(kinds, [OutputKind::Mixed]);
    assert_eq!(faults.hits(cut), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn output_is_told_apart_where_the_cluster_can_do_it() {
    let cluster =
        Cluster::of(EmbeddedCluster::builder().split_log_streams().start().await.expect("a cluster"));
    let plugin = cluster.plugin().await;
    let script = "echo one; sleep 0.3; echo two >&2; sleep 0.3; echo three; sleep 0.3; echo four >&2";
    let job = plugin.submit(json!({ "command": script })).await;
    let told = plugin.until_status(&job.id, JobStatus::Finished).await;
    let (text, kinds) = plugin.output(&told.job, OutputSelection::Both).await;
    assert_eq!(text, "one\ntwo\nthree\nfour\n");
    use OutputKind::{Stderr, Stdout};
    assert_eq!(kinds, [Stdout, Stderr, Stdout, Stderr]);
    assert_eq!(
        plugin.output(&told.job, OutputSelection::Stdout).await,
        ("one\nthree\n".to_owned(), vec![Stdout])
    );
    assert_eq!(
        plugin.output(&told.job, OutputSelection::Stderr).await,
        ("two\nfour\n".to_owned(), vec![Stderr])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_output_of_a_removed_pod_is_gone_and_the_job_keeps_its_end() {
    let cluster = Cluster::embedded().await;
    let plugin = cluster.plugin().await;
    let job = plugin.submit(json!({ "command": "echo text; exit 4" })).await;
    let told = plugin.until_status(&job.id, JobStatus::Finished).await;
    let pod = pod_of(&cluster, &job).await;
    admin(&cluster).delete(&pod).await;
    // Once the end has been written to the Job, the pod does not matter any more.
    let again = cluster.plugin().await;
    let after = &again.table().jobs[&job.id].job;
    assert_eq!((after.status, after.exit_code), (JobStatus::Finished, Some(4)));
    assert_eq!(after.last_update_time, told.job.last_update_time);
    let gone = first_error(&again, after).await;
    assert!(matches!(gone, BackendError::OutputNotFound(_)), "{gone}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_was_not_made_is_made_by_the_next_plugin() {
    let cluster = Cluster::embedded().await;
    let faults = cluster.inside().faults();
    let failed =
        faults.inject(Matching::any().verb("create").resource("services"), answer(503), Times::Always);
    let plugin = cluster.plugin().await;
    let job =
        plugin.submit(json!({ "command": "sleep 600", "exposedPorts": [{ "targetPort": 8787 }] })).await;
    assert_eq!(job.exposed_ports[0].published_port, None);
    assert!(faults.hits(failed) > 0);
    drop(plugin);
    faults.clear();
    let again = cluster.plugin().await;
    again.until(&job.id, "reachable", |told| told.job.exposed_ports[0].published_port.is_some()).await;
    again.backend.remove(Arc::new(job)).await.expect("removed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_submission_whose_answer_is_cut_off_is_one_job() {
    let cluster = Cluster::embedded().await;
    let plugin = cluster.plugin().await;
    let faults = cluster.inside().faults();
    let cut =
        faults.inject(Matching::any().verb("create").resource("jobs"), Effect::CutAfter(20), Times::Next(1));
    let job = plugin.submit(json!({ "command": "exit 3" })).await;
    assert_eq!(faults.hits(cut), 1);
    let told = plugin.until_status(&job.id, JobStatus::Finished).await;
    assert_eq!(told.job.exit_code, Some(3));
    assert_eq!(plugin.table().jobs.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_submission_waits_for_a_server_that_is_away_for_a_moment() {
    let cluster = Cluster::embedded().await;
    let plugin = cluster.plugin().await;
    cluster.inside().faults().refuse_connections();
    cluster.inside().faults().cut_connections();
    let submitted = plugin.submit(json!({ "command": "exit 3" }));
    let back = async {
        tokio::time::sleep(Duration::from_millis(600)).await;
        cluster.inside().faults().accept_connections();
    };
    let (job, ()) = tokio::join!(submitted, back);
    plugin.until_status(&job.id, JobStatus::Finished).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_submission_waits_for_a_server_that_has_just_started_or_fails_for_a_moment() {
    let cluster = Cluster::embedded().await;
    let plugin = cluster.plugin().await;
    let faults = cluster.inside().faults();
    let create = || Matching::any().verb("create").resource("jobs");
    for code in [403, 401, 500, 503, 429] {
        let failing = faults.inject(create(), answer(code), Times::Next(1));
        let job = plugin.submit(json!({ "command": "exit 3" })).await;
        assert_eq!(faults.hits(failing), 1, "{code}");
        plugin.until_status(&job.id, JobStatus::Finished).await;
    }
    // It is away for longer than a refused right is not believed, and then refuses.
    let away = faults.inject(create(), answer(429), Times::Next(4));
    let refusing = faults.inject(create(), answer(403), Times::Next(1));
    plugin.submit(json!({ "command": "exit 3" })).await;
    assert_eq!((faults.hits(away), faults.hits(refusing)), (4, 1));
    // The Job is made, and neither that nor what became of it is told at first.
    let lost = faults.inject(create(), Effect::CutAfter(0), Times::Next(1));
    let unknown = faults.inject(Matching::any().verb("get").resource("jobs"), answer(503), Times::Next(2));
    let job = plugin.submit(json!({ "command": "exit 3" })).await;
    assert_eq!((faults.hits(lost), faults.hits(unknown)), (1, 2));
    plugin.until_status(&job.id, JobStatus::Finished).await;
    assert_eq!(plugin.table().jobs.len(), 7, "each was made once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quota_is_told_as_what_a_job_waits_for() {
    let cluster = Cluster::embedded().await;
    let plugin = cluster.plugin().await;
    cluster
        .inside()
        .faults()
        .deny_create("pods", "exceeded quota: q, requested: pods=1, used: pods=2, limited: pods=2");
    let job = plugin.submit(json!({ "command": "true" })).await;
    let told =
        plugin.until(&job.id, "waiting for a reason", |told| !told.job.status_message.is_empty()).await;
    assert!(told.job.status_message.contains("exceeded quota"), "{}", told.job.status_message);
    cluster.inside().faults().allow_create();
    plugin.until_status(&job.id, JobStatus::Finished).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signal_that_cannot_be_sent_leaves_the_job_as_it_was() {
    let cluster = Cluster::embedded().await;
    let plugin = cluster.plugin().await;
    let job = plugin.submit(json!({ "command": "sleep 1; exit 0" })).await;
    plugin.until_status(&job.id, JobStatus::Running).await;
    cluster.inside().faults().inject(Matching::any().subresource("exec"), answer(500), Times::Always);
    let failed =
        plugin.backend.control(Arc::new(job.clone()), ControlOperation::Kill).await.expect_err("failed");
    assert!(matches!(failed, BackendError::ControlFailed(_)), "{failed}");
    let told = plugin.until(&job.id, "over", |told| told.job.status.is_terminal()).await;
    assert_eq!((told.job.status, told.job.exit_code), (JobStatus::Finished, Some(0)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_has_just_come_back_is_waited_for_until_it_knows_its_pods() {
    let cluster = Cluster::embedded().await;
    let plugin = cluster.plugin().await;
    let node = cluster.inside().node();
    let job = plugin.submit(json!({ "command": "echo begun; sleep 600" })).await;
    plugin.until_status(&job.id, JobStatus::Running).await;
    node.disconnect();
    node.reconnect();
    let mut output = plugin.backend.output(Arc::new(job.clone()), OutputSelection::Both);
    let piece = output.next().await.expect("a piece").expect("output");
    assert_eq!(String::from_utf8_lossy(&piece.bytes), "begun\n");
    node.disconnect();
    node.reconnect();
    let done = plugin.backend.control(Arc::new(job.clone()), ControlOperation::Kill).await;
    assert_eq!(done, Ok(ControlOutcome::done()));
    let told = plugin.until_status(&job.id, JobStatus::Killed).await;
    assert_eq!(told.job.exit_code, Some(137));
    assert!(output.next().await.is_none(), "the output ends with the job, and says nothing twice");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_moment_of_403_at_the_start_passes() {
    let cluster = Cluster::embedded().await;
    cluster.inside().faults().inject(
        Matching::any().verb("watch").resource("jobs"),
        answer(403),
        Times::Next(2),
    );
    let plugin = cluster.plugin().await;
    let job = plugin.submit(json!({ "command": "true" })).await;
    plugin.until_status(&job.id, JobStatus::Finished).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_right_to_list_the_start_says_which_rule_to_add() {
    let cluster = Cluster::embedded().await;
    cluster.inside().faults().inject(Matching::any().resource("pods"), answer(403), Times::Always);
    let Err(error) = Plugin::start(cluster.settings()).await else { panic!("it started") };
    let text = error.to_string();
    assert!(text.contains("cannot list pods in namespace 'rstudio'"), "{text}");
    assert!(text.contains("apiGroups [\"\"], resources [pods], verbs [list]"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_of_another_authority_is_told_at_once() {
    let (cluster, other) = (Cluster::embedded().await, Cluster::embedded().await);
    let settings = kubernetes_backend::KubernetesSettings {
        certificate_authority: other.settings().certificate_authority,
        ..cluster.settings()
    };
    let Err(error) = Plugin::start(settings).await else { panic!("it started") };
    assert!(error.to_string().contains("certificate"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renewed_token_is_read_from_its_file() {
    let cluster = Cluster::embedded().await;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("token");
    std::fs::write(&path, "a token of yesterday").expect("written");
    let settings = kubernetes_backend::KubernetesSettings {
        token: kubernetes_backend::TokenSource::File(path.clone()),
        ..cluster.settings()
    };
    let backend = kubernetes_backend::KubernetesBackend::new(settings.clone()).expect("a backend");
    let findings = backend.diagnose().await;
    assert!(findings.iter().any(|f| f.what.contains("does not accept the token")), "{findings:?}");
    std::fs::write(&path, cluster.inside().launcher_token()).expect("written");
    let findings = backend.diagnose().await;
    assert!(findings.iter().all(|f| f.severity == kubernetes_backend::Severity::Fine), "{findings:?}");
}

async fn first_error(plugin: &Plugin, job: &launcher_api::Job) -> BackendError {
    use futures::StreamExt;
    let mut pieces = plugin.backend.output(Arc::new(job.clone()), OutputSelection::Both);
    match pieces.next().await {
        Some(Err(error)) => error,
        other => panic!("no error but {other:?}"),
    }
}

/// A client of the cluster with the Launcher's rights, for what others do to its objects.
fn admin(cluster: &Cluster) -> Admin {
    Admin { client: ApiClient::new(&cluster.settings(), Patience::default()).expect("a client") }
}

struct Admin {
    client: ApiClient,
}

impl Admin {
    async fn delete(&self, pod: &str) {
        let call = Call::delete(Resource::Pods, pod, Propagation::Background);
        self.client.call(&call).await.expect("deleted");
        while self.client.call(&Call::get(Resource::Pods, pod)).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

async fn pod_of(cluster: &Cluster, job: &launcher_api::Job) -> String {
    let pod =
        kubernetes_backend::pods::of_job(&admin(cluster).client, job.id.as_str()).await.expect("an answer");
    pod.expect("a pod").metadata.name
}
