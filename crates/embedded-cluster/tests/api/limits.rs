//! Sizes: what is too large, what is compressed, and how long many objects take.

use std::{io::Read, time::Instant};

use crate::support::cluster;
use flate2::read::GzDecoder;
use http_body_util::Full;
use serde_json::{Value, json};

const JOBS: &str = "/apis/batch/v1/namespaces/rstudio/jobs";

fn job(name: &str, annotation: usize, argument: usize) -> Value {
    json!({
        "metadata": {"name": name, "annotations": {"a": "x".repeat(annotation)}},
        "spec": {"suspend": true, "template": {"spec": {
            "restartPolicy": "Never",
            "containers": [{"name": "a", "image": "b", "args": ["x".repeat(argument)]}]
        }}},
    })
}

#[tokio::test]
async fn a_body_over_three_mebibytes_is_too_large() {
    let (_cluster, server) = cluster().await;
    let answer = server.post(JOBS, &job("a", 0, 3 * 1024 * 1024)).await;
    assert_eq!(answer.status, 413);
    let status = answer.json();
    assert_eq!(status["reason"], "RequestEntityTooLarge");
    assert_eq!(status["message"], "Request entity too large: limit is 3145728");
}

#[tokio::test]
async fn an_object_over_the_databases_limit_is_refused_by_it() {
    let (_cluster, server) = cluster().await;
    let large = job("a", 0, 1_600_000);
    let answer = server.post(JOBS, &large).await;
    assert_eq!(answer.status, 500);
    let status = answer.json();
    assert_eq!(
        (&status["message"], &status["reason"]),
        (&json!("etcdserver: request is too large"), &Value::Null)
    );
    assert_eq!(server.post(&format!("{JOBS}?dryRun=All"), &large).await.status, 201, "a dry run passes");
    assert_eq!(server.post(JOBS, &job("a", 0, 1_400_000)).await.status, 201);
}

#[tokio::test]
async fn annotations_have_a_limit_in_all() {
    let (_cluster, server) = cluster().await;
    let answer = server.post(JOBS, &job("a", 256 * 1024, 0)).await;
    assert_eq!(answer.status, 422);
    assert_eq!(
        answer.json()["message"],
        "Job.batch \"a\" is invalid: metadata.annotations: Too long: may not be more than 262144 bytes"
    );
    assert_eq!(server.post(JOBS, &job("a", 256 * 1024 - 1, 0)).await.status, 201);
}

#[tokio::test]
async fn large_answers_are_compressed_for_those_who_ask() {
    let (_cluster, server) = cluster().await;
    server.post(JOBS, &job("a", 200_000, 0)).await;
    let request = server.request("GET", JOBS, &server.launcher_token).header("accept-encoding", "gzip");
    let answer = server.send(request.body(Full::default()).unwrap()).await;
    assert_eq!(answer.headers["content-encoding"], "gzip");
    let mut text = String::new();
    GzDecoder::new(answer.body.as_ref()).read_to_string(&mut text).unwrap();
    assert!(answer.body.len() * 10 < text.len());
    let plain = server.get(JOBS).await;
    assert_eq!(plain.text(), text);
    let small = server.request("GET", "/version", &server.launcher_token).header("accept-encoding", "gzip");
    let small = server.send(small.body(Full::default()).unwrap()).await;
    assert!(!small.headers.contains_key("content-encoding"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_jobs_are_listed_and_watched_whole() {
    let (_cluster, server) = cluster().await;
    let start = server.get(JOBS).await.json()["metadata"]["resourceVersion"].as_str().unwrap().to_owned();
    let mut makers = Vec::new();
    for maker in 0..10 {
        let server = server.clone();
        makers.push(tokio::spawn(async move {
            let mut session = server.session().await;
            for number in 0..100 {
                let body = job(&format!("many-{maker}-{number}"), 100, 100).to_string();
                let request = server.request("POST", JOBS, &server.launcher_token);
                let request =
                    request.header("content-type", "application/json").body(Full::from(body)).unwrap();
                assert_eq!(session.send(request).await, 201);
            }
        }));
    }
    for maker in makers {
        maker.await.unwrap();
    }
    let list = server.get(JOBS).await.json();
    assert_eq!(list["items"].as_array().unwrap().len(), 1_000);
    let before = Instant::now();
    let answer = server.get(&format!("{JOBS}?watch=true&resourceVersion={start}&timeoutSeconds=2")).await;
    let added = answer.text().lines().filter(|line| line.starts_with("{\"type\":\"ADDED\"")).count();
    assert_eq!(added, 1_000);
    assert!(before.elapsed().as_secs() < 10, "the watch ended in time");
}

#[tokio::test]
async fn a_watch_list_is_compressed_and_a_plain_watch_is_not() {
    let (_cluster, server) = cluster().await;
    server.post(JOBS, &job("a", 10_000, 0)).await;
    let list = "watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true";
    for (query, compressed) in [(list, true), ("watch=true", false)] {
        let path = format!("{JOBS}?{query}&timeoutSeconds=1");
        let request = server.request("GET", &path, &server.launcher_token).header("accept-encoding", "gzip");
        let answer = server.send(request.body(Full::default()).unwrap()).await;
        assert_eq!(answer.headers.contains_key("content-encoding"), compressed, "{query}");
        let mut text = answer.text();
        if compressed {
            text.clear();
            GzDecoder::new(answer.body.as_ref()).read_to_string(&mut text).unwrap();
            assert!(text.contains("k8s.io/initial-events-end"));
        }
        assert!(text.starts_with("{\"type\":\"ADDED\""), "{query}");
    }
}
