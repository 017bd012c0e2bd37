//! Heartbeats both ways, and how a dead plugin is found out.

use std::time::Duration;

use launcher_api::{RequestBody, RequestId, Response};
use launchway::{ClientOptions, Gone};
use tokio::time::{Instant, sleep};

use crate::fake::{connected, mara, quiet};

fn beating() -> ClientOptions {
    ClientOptions { heartbeat: Some(Duration::from_secs(5)), ..ClientOptions::default() }
}

#[tokio::test(start_paused = true)]
async fn a_heartbeat_is_sent_every_interval() {
    let (_client, mut plugin) = connected(beating()).await;
    let begun = Instant::now();
    for beat in 1..=4 {
        let request = plugin.request().await;
        assert_eq!((request.id, request.body), (RequestId(0), RequestBody::Heartbeat));
        assert_eq!(begun.elapsed().as_secs(), beat * 5);
        plugin.write(Response::Heartbeat).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_plugin_that_is_silent_for_three_intervals_is_dead_and_whoever_waits_is_told() {
    let (client, mut plugin) = connected(beating()).await;
    sleep(Duration::from_secs(7)).await;
    plugin.write(Response::Heartbeat).await;
    let begun = Instant::now();
    let error = client.cluster_info(&mara()).await.unwrap_err();
    assert!((15..=20).contains(&begun.elapsed().as_secs()), "{:?}", begun.elapsed());
    insta::assert_snapshot!(error, @"Cluster Info failed: the plugin is gone: it was silent for 18 s, three heartbeats are missing");
    assert!(matches!(client.gone().await, Gone::Silent(_)));
}

#[tokio::test(start_paused = true)]
async fn anything_that_comes_is_a_sign_of_life() {
    let (client, mut plugin) = connected(beating()).await;
    for _ in 0..100 {
        sleep(Duration::from_secs(12)).await;
        plugin.write_payload(b"nonsense").await;
    }
    let gone = tokio::time::timeout(Duration::from_secs(1), client.gone()).await;
    assert!(gone.is_err(), "{gone:?}");
}

#[tokio::test(start_paused = true)]
async fn without_heartbeats_a_silent_plugin_lives_for_ever() {
    let (client, mut plugin) = connected(quiet()).await;
    let gone = tokio::time::timeout(Duration::from_secs(86_400), client.gone()).await;
    assert!(gone.is_err(), "{gone:?}");
    assert!(plugin.is_silent().await);
}
