//! Failures on demand, seen from outside.

use std::time::Duration;

use crate::support::{Server, cluster, start};
use embedded_cluster::{Effect, EmbeddedCluster, Matching, StartError, Times};
use http_body_util::{BodyExt, Full};
use serde_json::{Value, json};

const JOBS: &str = "/apis/batch/v1/namespaces/rstudio/jobs";

fn job(name: &str) -> Value {
    json!({
        "metadata": {"name": name},
        "spec": {"suspend": true, "template": {"spec": {
            "restartPolicy": "Never", "containers": [{"name": "a", "image": "b"}]
        }}},
    })
}

async fn version(server: &Server) -> String {
    server.get(JOBS).await.json()["metadata"]["resourceVersion"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn an_address_that_others_can_reach_is_refused() {
    let started = EmbeddedCluster::builder().listen("0.0.0.0:0".parse().unwrap()).start().await;
    let error = started.unwrap_err();
    assert!(matches!(error, StartError::NotLoopback(_)));
    assert_eq!(
        error.to_string(),
        "cannot start the embedded cluster on 0.0.0.0:0: it isolates nothing, so it only listens on loopback addresses (127.0.0.1 or ::1)"
    );
}

#[tokio::test]
async fn an_answer_is_given_so_many_times_and_then_the_real_one() {
    let (cluster, server) = cluster().await;
    let effect = Effect::Answer { code: 429, message: "slow down".to_owned() };
    let matching = Matching::any().verb("create").resource("jobs");
    let fault = cluster.faults().inject(matching, effect, Times::Next(2));
    for _ in 0..2 {
        let answer = server.post(JOBS, &job("a")).await;
        assert_eq!(answer.status, 429);
        assert_eq!(answer.headers["retry-after"], "1");
        let status = answer.json();
        assert_eq!((&status["reason"], &status["message"]), (&json!("TooManyRequests"), &json!("slow down")));
    }
    assert_eq!(server.get(JOBS).await.status, 200, "other verbs are not meant");
    assert_eq!(server.post(JOBS, &job("a")).await.status, 201);
    assert_eq!(cluster.faults().hits(fault), 2);
}

#[tokio::test]
async fn a_plain_text_answer_has_no_status() {
    let (cluster, server) = cluster().await;
    let effect = Effect::AnswerText { code: 502, text: "bad gateway".to_owned() };
    cluster.faults().inject(Matching::any().path_prefix("/apis/batch"), effect, Times::Next(1));
    let answer = server.get(JOBS).await;
    assert_eq!((answer.status.as_u16(), answer.text().as_str()), (502, "bad gateway"));
}

#[tokio::test]
async fn an_answer_can_be_lost_after_the_work_was_done() {
    let (cluster, server) = cluster().await;
    cluster.faults().inject(Matching::any().verb("create"), Effect::LoseAnswer, Times::Next(1));
    let body = job("lost").to_string();
    let request =
        server.request("POST", JOBS, &server.launcher_token).header("content-type", "application/json");
    let asked = server.open(request.body(Full::from(body)).unwrap());
    assert!(tokio::time::timeout(Duration::from_millis(300), asked).await.is_err(), "nothing comes");
    assert_eq!(server.get(&format!("{JOBS}/lost")).await.status, 200);
}

#[tokio::test]
async fn a_stream_can_be_cut_midway() {
    let (cluster, server) = cluster().await;
    server.post(JOBS, &job("a")).await;
    cluster.faults().inject(Matching::any().verb("watch"), Effect::CutAfter(40), Times::Next(1));
    let answer = server.get(&format!("{JOBS}?watch=true&timeoutSeconds=10")).await;
    assert_eq!((answer.status.as_u16(), answer.body.len(), answer.cut), (200, 40, true));
}

#[tokio::test]
async fn a_stream_can_stall_and_stay_open() {
    let (cluster, server) = cluster().await;
    server.post(JOBS, &job("a")).await;
    cluster.faults().inject(Matching::any().verb("list"), Effect::StallAfter(10), Times::Next(1));
    let request = server.request("GET", JOBS, &server.launcher_token).body(Full::default()).unwrap();
    let mut body = server.open(request).await.unwrap().into_body();
    let first = body.frame().await.unwrap().unwrap().into_data().unwrap();
    assert_eq!(first.len(), 10);
    assert!(tokio::time::timeout(Duration::from_millis(300), body.frame()).await.is_err());
}

#[tokio::test]
async fn a_request_can_be_delayed() {
    let (cluster, server) = cluster().await;
    let delay = Duration::from_millis(300);
    cluster.faults().inject(Matching::any().resource("jobs"), Effect::Delay(delay), Times::Next(1));
    let before = std::time::Instant::now();
    assert_eq!(server.get(JOBS).await.status, 200);
    assert!(before.elapsed() >= delay);
}

#[tokio::test]
async fn silence_holds_answers_back_until_it_ends() {
    let (cluster, server) = cluster().await;
    cluster.faults().fall_silent();
    assert!(tokio::time::timeout(Duration::from_millis(300), server.get(JOBS)).await.is_err());
    let waiting = tokio::spawn({
        let server = server.clone();
        async move { server.get(JOBS).await.status }
    });
    tokio::time::sleep(Duration::from_millis(100)).await;
    cluster.faults().speak();
    assert_eq!(waiting.await.unwrap(), 200);
}

#[tokio::test]
async fn silence_holds_open_watches_too() {
    let (cluster, server) = cluster().await;
    let path = format!("{JOBS}?watch=true");
    let request = server.request("GET", &path, &server.launcher_token).body(Full::default()).unwrap();
    let mut body = server.open(request).await.unwrap().into_body();
    cluster.faults().fall_silent();
    let making = tokio::spawn({
        let server = server.clone();
        async move { server.post(JOBS, &job("a")).await.status }
    });
    assert!(tokio::time::timeout(Duration::from_millis(300), body.frame()).await.is_err());
    cluster.faults().speak();
    assert_eq!(making.await.unwrap(), 201);
    let frame = body.frame().await.unwrap().unwrap().into_data().unwrap();
    assert!(String::from_utf8_lossy(&frame).contains("ADDED"));
}

#[tokio::test]
async fn refused_connections_are_refused_until_the_door_is_open_again() {
    let (cluster, server) = cluster().await;
    cluster.faults().refuse_connections();
    let refused = async {
        while server.connect().await.is_ok() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), refused).await.unwrap();
    cluster.faults().accept_connections();
    let accepted = async {
        while server.connect().await.is_err() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), accepted).await.unwrap();
    assert_eq!(server.get(JOBS).await.status, 200);
}

#[tokio::test]
async fn after_a_restart_even_the_newest_version_is_too_old() {
    let (cluster, server) = cluster().await;
    server.post(JOBS, &job("a")).await;
    let newest = version(&server).await;
    let first_page = server.get(&format!("{JOBS}?limit=1")).await.json();
    server.post(JOBS, &job("b")).await;
    let page = server.get(&format!("{JOBS}?limit=1")).await.json()["metadata"]["continue"].clone();
    assert_eq!(first_page["metadata"]["continue"], Value::Null);

    cluster.faults().restart().await;
    let answer = server.get(&format!("{JOBS}?watch=true&resourceVersion={newest}")).await;
    assert_eq!(answer.status, 200);
    let event: Value = serde_json::from_str(answer.text().trim()).unwrap();
    assert_eq!(event["type"], "ERROR");
    assert_eq!((&event["object"]["code"], &event["object"]["reason"]), (&json!(410), &json!("Expired")));
    let text = event["object"]["message"].as_str().unwrap();
    assert!(text.starts_with(&format!("too old resource version: {newest} (")), "{text}");

    let expired = server.get(&format!("{JOBS}?limit=1&continue={}", page.as_str().unwrap())).await;
    assert_eq!(expired.status, 410);
    let token = expired.json()["metadata"]["continue"].as_str().unwrap().to_owned();
    let rest = server.get(&format!("{JOBS}?limit=1&continue={token}")).await.json();
    assert_eq!(rest["items"][0]["metadata"]["name"], "b", "the token of the refusal goes on");
}

#[tokio::test]
async fn a_restart_cuts_open_streams() {
    let (cluster, server) = cluster().await;
    let watching = tokio::spawn({
        let server = server.clone();
        async move { server.get(&format!("{JOBS}?watch=true&timeoutSeconds=15")).await.cut }
    });
    tokio::time::sleep(Duration::from_millis(200)).await;
    cluster.faults().restart().await;
    assert!(watching.await.unwrap());
}

#[tokio::test]
async fn a_watch_can_be_told_that_it_is_too_old() {
    let (cluster, server) = cluster().await;
    cluster.faults().inject(Matching::any().verb("watch"), Effect::ExpireWatch, Times::Next(1));
    let answer = server.get(&format!("{JOBS}?watch=true")).await;
    let event: Value = serde_json::from_str(answer.text().trim()).unwrap();
    assert_eq!((answer.status.as_u16(), &event["object"]["code"]), (200, &json!(410)));
}

#[tokio::test]
async fn compaction_expires_old_watches() {
    let (cluster, server) = cluster().await;
    let old = version(&server).await;
    server.post(JOBS, &job("a")).await;
    cluster.faults().compact();
    let answer = server.get(&format!("{JOBS}?watch=true&resourceVersion={old}")).await;
    assert!(answer.text().contains("\"code\":410"));
    let events = "/api/v1/namespaces/rstudio/events";
    let answer = server.get(&format!("{events}?watch=true&resourceVersion={old}&timeoutSeconds=1")).await;
    let text = answer.text();
    assert!(text.contains("The resourceVersion for the provided watch is too old."), "{text}");
}

#[tokio::test]
async fn a_refused_creation_reads_like_a_quota() {
    let (cluster, server) = cluster().await;
    cluster.faults().deny_create("jobs", "exceeded quota: q, requested: count/jobs.batch=1");
    let answer = server.post(JOBS, &job("a")).await;
    assert_eq!(answer.status, 403);
    assert_eq!(
        answer.json()["message"],
        "jobs.batch \"a\" is forbidden: exceeded quota: q, requested: count/jobs.batch=1"
    );
    cluster.faults().allow_create();
    assert_eq!(server.post(JOBS, &job("a")).await.status, 201);
}

#[tokio::test]
async fn bookmarks_come_as_often_as_they_are_set_and_before_the_end() {
    let (_cluster, server) =
        start(EmbeddedCluster::builder().bookmark_interval(Duration::from_millis(200))).await;
    let from = version(&server).await;
    let path = format!("{JOBS}?watch=true&resourceVersion={from}&allowWatchBookmarks=true&timeoutSeconds=1");
    let answer = server.get(&path).await;
    let text = answer.text();
    let marks = text.lines().filter(|line| line.starts_with("{\"type\":\"BOOKMARK\"")).count();
    assert!((3..=5).contains(&marks), "{text}");
    assert!(!answer.cut);
}

#[tokio::test]
async fn a_watch_that_is_too_slow_is_told_so() {
    let (_cluster, server) = start(EmbeddedCluster::builder().watch_window(3)).await;
    let from = version(&server).await;
    for name in ["a", "b", "c", "d", "e"] {
        server.post(JOBS, &job(name)).await;
    }
    let answer = server.get(&format!("{JOBS}?watch=true&resourceVersion={from}")).await;
    assert!(answer.text().contains("too old resource version"), "{}", answer.text());
}

#[tokio::test]
async fn without_a_metrics_server_its_group_is_a_plain_404() {
    let (_cluster, server) = start(EmbeddedCluster::builder().without_metrics_server()).await;
    let answer = server.get("/apis/metrics.k8s.io/v1beta1/namespaces/rstudio/pods/x").await;
    assert_eq!((answer.status.as_u16(), answer.text().as_str()), (404, "404 page not found\n"));
    assert!(!server.get("/apis").await.text().contains("metrics.k8s.io"));
}
