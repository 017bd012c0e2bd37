//! Connections that die without a word: nothing passes, and nothing breaks.

use std::sync::Arc;
use std::time::Duration;

use embedded_cluster::{Effect, EmbeddedCluster, Matching, Times};
use forgetful_proxy::Proxy;
use futures::StreamExt;
use kubernetes_backend::annotation;
use kubernetes_backend::client::{ApiClient, Call, FailureKind, Patience, Resource};
use kubernetes_backend::streams::{Outcome, Session, exec};
use kubernetes_backend::{KubernetesSettings, pods};
use launcher_api::JobStatus;
use launcher_api::request::OutputSelection;
use launcher_plugin::Backend;
use serde_json::json;
use tokio::time::{Instant, sleep, timeout};

use crate::support::{Cluster, Plugin};

/// Short limits. The proportions are those of the real ones.
fn hasty() -> Patience {
    Patience {
        first_answer: Duration::from_millis(800),
        opening: Duration::from_secs(2),
        bookmarks: Duration::from_millis(500),
        quiet_log: Duration::from_millis(500),
        ping: Duration::from_millis(400),
        ..Patience::default()
    }
}

/// An embedded cluster with as many bookmarks as those limits ask for, and a proxy in front of it.
async fn behind_a_proxy() -> (Cluster, Proxy, Plugin) {
    let builder = EmbeddedCluster::builder().bookmark_interval(Duration::from_millis(200));
    let cluster = Cluster::of(builder.start().await.expect("a cluster"));
    let (proxy, settings) = through_a_proxy(&cluster).await;
    let plugin = Plugin::with_patience(settings, hasty()).await.expect("a started backend");
    (cluster, proxy, plugin)
}

async fn through_a_proxy(cluster: &Cluster) -> (Proxy, KubernetesSettings) {
    let settings = cluster.settings();
    let server = settings.api_url.trim_start_matches("https://").trim_end_matches('/');
    let proxy = Proxy::before(server).await.expect("a proxy");
    let settings = KubernetesSettings { api_url: format!("https://{}", proxy.address()), ..settings };
    (proxy, settings)
}

fn statuses(plugin: &Plugin, job: &launcher_api::Job) -> Vec<JobStatus> {
    let mut statuses: Vec<_> = plugin.table().jobs[&job.id].states.iter().map(|s| s.status).collect();
    statuses.dedup();
    statuses
}

#[tokio::test(flavor = "multi_thread")]
async fn watches_that_died_silently_are_replaced_and_only_what_happened_is_told() {
    let (_cluster, proxy, plugin) = behind_a_proxy().await;
    let runs = plugin.submit(json!({ "command": "sleep 600" })).await;
    let ends = plugin.submit(json!({ "command": "sleep 1; exit 5" })).await;
    plugin.until_status(&runs.id, JobStatus::Running).await;
    plugin.until_status(&ends.id, JobStatus::Running).await;
    proxy.freeze();
    let told = plugin.until_status(&ends.id, JobStatus::Finished).await;
    assert_eq!(told.job.exit_code, Some(5));
    assert_eq!(statuses(&plugin, &ends), [JobStatus::Pending, JobStatus::Running, JobStatus::Finished]);
    assert_eq!(statuses(&plugin, &runs), [JobStatus::Pending, JobStatus::Running]);
    plugin.backend.remove(Arc::new(runs)).await.expect("removed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_network_that_is_away_for_a_while_changes_no_jobs_state() {
    let (_cluster, proxy, plugin) = behind_a_proxy().await;
    let runs = plugin.submit(json!({ "command": "sleep 600" })).await;
    let ends = plugin.submit(json!({ "command": "sleep 1; exit 5" })).await;
    plugin.until_status(&runs.id, JobStatus::Running).await;
    plugin.until_status(&ends.id, JobStatus::Running).await;
    let before = proxy.accepted();
    proxy.freeze_all();
    // All three watches have been replaced, in vain.
    while proxy.accepted() < before + 3 {
        sleep(Duration::from_millis(20)).await;
    }
    proxy.thaw();
    let told = plugin.until_status(&ends.id, JobStatus::Finished).await;
    assert_eq!(told.job.exit_code, Some(5));
    assert_eq!(statuses(&plugin, &runs), [JobStatus::Pending, JobStatus::Running]);
    plugin.backend.remove(Arc::new(runs)).await.expect("removed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_watch_with_bookmarks_is_not_replaced() {
    let (_cluster, proxy, _plugin) = behind_a_proxy().await;
    let before = proxy.accepted();
    sleep(hasty().bookmarks * 5).await;
    // The watch of events has none, and is renewed.
    let renewed = proxy.accepted() - before;
    assert!(renewed <= 3, "{renewed} new connections in {:?}", hasty().bookmarks * 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn output_goes_on_when_its_connection_has_died_silently() {
    let cluster = Cluster::any().await;
    let (proxy, settings) = through_a_proxy(&cluster).await;
    let patience = Patience { bookmarks: Duration::from_secs(60), ..hasty() };
    let plugin = Plugin::with_patience(settings, patience).await.expect("a started backend");
    let job = plugin.submit(json!({ "command": "echo one; sleep 3; echo two; sleep 1; echo three" })).await;
    // The status comes over watches that are not hasty here: the proxy only takes the log from the plugin.
    plugin.until_status(&job.id, JobStatus::Running).await;
    let mut pieces = plugin.backend.output(Arc::new(job.clone()), OutputSelection::Both);
    let mut text = pieces.next().await.expect("a piece").expect("output").bytes.to_vec();
    proxy.freeze();
    let rest = async {
        while let Some(piece) = pieces.next().await {
            text.extend_from_slice(&piece.expect("output").bytes);
        }
    };
    timeout(Duration::from_secs(30), rest).await.expect("the output comes to its end");
    assert_eq!(String::from_utf8_lossy(&text), "one\ntwo\nthree\n");
    proxy.cut();
    plugin.backend.remove(Arc::new(job)).await.expect("removed");
}

#[tokio::test(flavor = "multi_thread")]
async fn quiet_output_over_living_connections_is_whole_and_told_once() {
    let cluster = Cluster::any().await;
    let (proxy, settings) = through_a_proxy(&cluster).await;
    let patience = Patience { bookmarks: Duration::from_secs(60), ..hasty() };
    let plugin = Plugin::with_patience(settings, patience).await.expect("a started backend");
    let script = "for i in 1 2 3 4; do echo a $i; echo b $i; printf 'half '; sleep 1; done; echo end";
    let job = plugin.submit(json!({ "command": script })).await;
    plugin.until_status(&job.id, JobStatus::Running).await;
    let before = proxy.accepted();
    let (text, _) = plugin.output(&job, OutputSelection::Both).await;
    let expected: String = (1..5).map(|i| format!("a {i}\nb {i}\nhalf ")).collect();
    assert_eq!(text, expected + "end\n");
    assert!(proxy.accepted() > before + 2, "the connection was replaced while the job had nothing to say");
    plugin.backend.remove(Arc::new(job)).await.expect("removed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kept_connection_that_died_holds_a_submission_up_for_a_moment_only() {
    let (_cluster, proxy, plugin) = behind_a_proxy().await;
    let first = plugin.submit(json!({ "command": "true" })).await;
    proxy.freeze();
    let begun = Instant::now();
    let second = plugin.submit(json!({ "command": "exit 3" })).await;
    assert!(begun.elapsed() < hasty().first_answer * 3, "{:?}", begun.elapsed());
    plugin.until_status(&second.id, JobStatus::Finished).await;
    plugin.until_status(&first.id, JobStatus::Finished).await;
    assert_eq!(plugin.table().jobs.len(), 2, "each was made once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_submission_whose_answer_never_comes_is_one_job() {
    let (cluster, _proxy, plugin) = behind_a_proxy().await;
    let lost = cluster.inside().faults().inject(
        Matching::any().verb("create").resource("jobs"),
        Effect::LoseAnswer,
        Times::Next(1),
    );
    let job = plugin.submit(json!({ "command": "exit 3" })).await;
    plugin.until_status(&job.id, JobStatus::Finished).await;
    assert_eq!(cluster.inside().faults().hits(lost), 1);
    assert_eq!(plugin.table().jobs.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_is_silent_and_answers_pings_lives() {
    let (cluster, plugin, job, pod) = running().await;
    let client = ApiClient::new(&cluster.settings(), hasty()).expect("a client");
    let outcome = exec(&client, &pod, &["sh", "-c", "sleep 3; exit 5"], Duration::from_secs(30)).await;
    assert_eq!(outcome, Ok(Outcome::ExitCode(5)));
    plugin.backend.remove(Arc::new(job)).await.expect("removed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_answers_no_ping_is_broken() {
    let (cluster, plugin, job, pod) = running().await;
    let (proxy, settings) = through_a_proxy(&cluster).await;
    let client = ApiClient::new(&settings, hasty()).expect("a client");
    let call = Call::get(Resource::PodExec, &pod)
        .with("container", annotation::MAIN_CONTAINER)
        .with("command", "sleep")
        .with("command", "30")
        .with("stdout", "true");
    let mut session = Session::open(&client, call).await.expect("a session");
    proxy.freeze();
    let broken = async {
        loop {
            if let Err(failure) = session.next().await {
                return failure;
            }
        }
    };
    let failure = timeout(Duration::from_secs(10), broken).await.expect("it is noticed");
    assert!(matches!(failure.kind, FailureKind::Broken { .. }), "{failure}");
    plugin.backend.remove(Arc::new(job)).await.expect("removed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_whose_handshake_is_never_answered_fails_in_time() {
    let (cluster, plugin, job, pod) = running().await;
    let (proxy, settings) = through_a_proxy(&cluster).await;
    let client = ApiClient::new(&settings, hasty()).expect("a client");
    proxy.freeze_all();
    let call = Call::get(Resource::PodAttach, &pod)
        .with("container", annotation::MAIN_CONTAINER)
        .with("stdin", "true");
    let opened =
        timeout(Duration::from_secs(15), Session::open(&client, call)).await.expect("it is given up");
    assert!(matches!(opened.err().map(|failure| failure.kind), Some(FailureKind::Timeout)));
    plugin.backend.remove(Arc::new(job)).await.expect("removed");
}

async fn running() -> (Cluster, Plugin, launcher_api::Job, String) {
    let cluster = Cluster::any().await;
    let plugin = cluster.plugin().await;
    let job = plugin.submit(json!({ "command": "sleep 600" })).await;
    plugin.until_status(&job.id, JobStatus::Running).await;
    let client = ApiClient::new(&cluster.settings(), Patience::default()).expect("a client");
    let pod = pods::of_job(&client, job.id.as_str()).await.expect("an answer").expect("a pod");
    (cluster, plugin, job, pod.metadata.name)
}
