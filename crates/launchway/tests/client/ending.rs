//! How a connection ends: by the plugin, by its nonsense, by us.

use futures::StreamExt;
use launcher_api::JobSelector;
use launchway::{ClientError, EndedBy, Gone};

use crate::fake::{connected, mara, quiet};

#[tokio::test]
async fn when_the_plugin_ends_every_request_and_stream_fails_and_later_ones_too() {
    let (client, mut plugin) = connected(quiet()).await;
    let mut stream = client.status_stream(&mara(), JobSelector::All).await.unwrap();
    let user = mara();
    let play = async {
        plugin.request().await;
        plugin.request().await;
        plugin.exit().await;
    };
    let (answer, ()) = tokio::join!(client.cluster_info(&user), play);
    insta::assert_snapshot!(answer.unwrap_err(), @"Cluster Info failed: the plugin is gone: it closed its output");
    insta::assert_snapshot!(stream.next().await.unwrap().unwrap_err(), @"Job Status stream failed: the plugin is gone: it closed its output");
    assert!(stream.next().await.is_none());
    insta::assert_snapshot!(client.cluster_info(&mara()).await.unwrap_err(), @"Cluster Info failed: the plugin is gone: it closed its output");
    assert!(client.status_stream(&mara(), JobSelector::All).await.is_err());
    assert!(client.raw(&b"{}"[..]).await.is_err());
}

#[tokio::test]
async fn bytes_that_are_no_frames_end_the_connection() {
    for (bytes, told) in [
        (&b"\x7f\xff\xff\xff"[..], "message of 2147483647 bytes exceeds the limit of 5242880 bytes"),
        (&b"\0\0"[..], "input ended inside the header of a message: 2 of 4 bytes arrived"),
        (&b"\0\0\0\x05{}"[..], "input ended inside a message: 2 of 5 bytes arrived"),
    ] {
        let (client, mut plugin) = connected(quiet()).await;
        plugin.write_bytes(bytes).await;
        plugin.exit().await;
        let why = client.gone().await;
        assert!(matches!(why, Gone::BadFrame(_)), "{why}");
        assert_eq!(why.to_string(), format!("its output cannot be read: {told}"));
    }
}

#[tokio::test]
async fn closing_cancels_the_streams_closes_the_plugins_input_and_waits_for_its_end() {
    let (client, mut plugin) = connected(quiet()).await;
    let mut stream = client.status_stream(&mara(), JobSelector::All).await.unwrap();
    let opened = plugin.request().await.id;
    let play = async {
        assert_eq!(plugin.request().await.id, opened);
        assert!(plugin.read().await.is_none());
        plugin.exit().await;
    };
    let (exit, ()) = tokio::join!(client.close(), play);
    let exit = exit.unwrap();
    assert_eq!(exit.ended_by, EndedBy::Itself);
    assert!(exit.is_clean());
    let error = stream.next().await.unwrap().unwrap_err();
    assert!(matches!(error, ClientError::Gone { why: Gone::ClosedHere, .. }), "{error}");
}

#[tokio::test]
async fn a_dropped_client_closes_the_plugins_input() {
    let (client, mut plugin) = connected(quiet()).await;
    drop(client);
    assert!(plugin.read().await.is_none());
}
