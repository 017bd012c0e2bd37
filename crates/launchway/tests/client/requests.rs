//! Bootstrap, requests and their answers, what belongs to nobody.

use std::time::Duration;

use launcher_api::message_type::RequestType;
use launcher_api::response::{BootstrapResponse, Metrics, UnknownResponse};
use launcher_api::{API_VERSION, ApiVersion, ErrorCode, Job, RequestBody, RequestId, Response};
use launchway::{Asked, ClientError, ClientOptions, Direction, ProtocolFault};

use crate::fake::{connected, job, jobs, mara, quiet, refusal, wire};

#[tokio::test]
async fn heartbeats_and_metrics_before_the_answer_to_bootstrap_are_passed_over() {
    let (client, mut plugin) = wire(quiet());
    let play = async {
        plugin.write(Response::Heartbeat).await;
        plugin.write(Response::Metrics(Metrics::default())).await;
        plugin.answer_bootstrap().await;
    };
    let (client, ()) = tokio::join!(client, play);
    assert_eq!(client.unwrap().version(), API_VERSION);
}

#[tokio::test]
async fn a_refused_bootstrap_is_told_with_the_plugins_words() {
    let (client, mut plugin) = wire(quiet());
    let play = async {
        let request = plugin.request().await;
        plugin.write(refusal(&request, ErrorCode::Unknown)).await;
    };
    let (client, ()) = tokio::join!(client, play);
    insta::assert_snapshot!(client.unwrap_err(), @"Bootstrap was refused by the plugin: no [unknown error (0)]");
}

#[tokio::test]
async fn a_plugin_of_another_major_version_is_refused_and_another_minor_is_welcome() {
    for (version, welcome) in [((4, 0, 0), false), ((2, 7, 0), false), ((3, 0, 0), true), ((3, 99, 1), true)]
    {
        let (client, mut plugin) = wire(quiet());
        let version = ApiVersion { major: version.0, minor: version.1, patch: version.2 };
        let play = async {
            let request_id = plugin.request().await.id;
            plugin.write(Response::Bootstrap(BootstrapResponse { request_id, version })).await;
        };
        let (client, ()) = tokio::join!(client, play);
        match client {
            Ok(client) => assert!(welcome && client.version() == version, "{version}"),
            Err(ClientError::Version { plugin, .. }) => assert!(!welcome && plugin == version, "{version}"),
            Err(error) => panic!("{version}: {error}"),
        }
    }
}

#[tokio::test]
async fn requests_are_numbered_from_one_and_answers_may_come_in_any_order() {
    let (client, mut plugin) = connected(quiet()).await;
    let user = mara();
    let play = async {
        let first = plugin.request().await;
        let second = plugin.request().await;
        assert_eq!((first.id, second.id), (RequestId(1), RequestId(2)));
        plugin.write(jobs(&second, [job("b")])).await;
        plugin.write(jobs(&first, [job("a")])).await;
    };
    let (first_id, second_id) = ("a".into(), "b".into());
    let (first, second, ()) = tokio::join!(client.job(&user, &first_id), client.job(&user, &second_id), play);
    assert_eq!(first.unwrap(), job("a"));
    assert_eq!(second.unwrap(), job("b"));
}

#[tokio::test]
async fn who_asks_is_told_beside_the_user_acted_for() {
    let options = ClientOptions { request_username: Some("root".into()), ..quiet() };
    let (client, mut plugin) = connected(options).await;
    let user = mara();
    let play = async {
        let request = plugin.request().await;
        let RequestBody::SubmitJob(submit) = &request.body else { panic!("{request:?}") };
        assert_eq!(submit.who.username, mara());
        assert_eq!(submit.who.request_username, "root");
        plugin.write(jobs(&request, [job("a")])).await;
    };
    let (submitted, ()) = tokio::join!(client.submit(&user, Job::default()), play);
    assert_eq!(submitted.unwrap().id, "a");
}

#[tokio::test]
async fn a_refusal_carries_the_code_and_what_was_asked() {
    let (client, mut plugin) = connected(quiet()).await;
    let (user, id) = (mara(), "gone".into());
    let play = async {
        let request = plugin.request().await;
        plugin.write(refusal(&request, ErrorCode::JobNotFound)).await;
    };
    let (answer, ()) = tokio::join!(client.job(&user, &id), play);
    let error = answer.unwrap_err();
    assert_eq!(error.code(), Some(ErrorCode::JobNotFound));
    insta::assert_snapshot!(error, @"Get Jobs was refused by the plugin: no [job not found (3)]");
}

#[tokio::test]
async fn an_answer_of_the_wrong_kind_or_number_or_that_cannot_be_read_fails_its_request_alone() {
    let (client, mut plugin) = connected(quiet()).await;
    let (user, id) = (mara(), "a".into());
    let mut told = Vec::new();
    for wrong in ["kind", "none", "two", "nonsense"] {
        let play = async {
            let request = plugin.request().await;
            match wrong {
                "kind" => plugin.write_payload(br#"{"messageType":201,"requestId":1,"responseId":1}"#).await,
                "none" => plugin.write(jobs(&request, [])).await,
                "two" => plugin.write(jobs(&request, [job("a"), job("b")])).await,
                _ => plugin.write_payload(br#"{"messageType":2,"requestId":4,"jobs":7}"#).await,
            }
        };
        let (answer, ()) = tokio::join!(client.job(&user, &id), play);
        told.push(answer.unwrap_err().to_string());
    }
    insta::assert_snapshot!(told.join("\n"), @r"
    Get Jobs got an answer that does not fit: expected a message of type 2, found 201
    Get Jobs got an answer that does not fit: it holds no job
    Get Jobs got an answer that does not fit: it holds 2 jobs, not one
    Get Jobs got an answer that does not fit: `jobs` must be an array, found the number 7
    ");
    let play = async {
        let request = plugin.request().await;
        plugin.write(jobs(&request, [job("a")])).await;
    };
    let (answer, ()) = tokio::join!(client.job(&user, &id), play);
    assert_eq!(answer.unwrap(), job("a"));
}

#[tokio::test(start_paused = true)]
async fn a_request_that_is_not_answered_fails_after_its_time_and_a_late_answer_harms_nobody() {
    let options = ClientOptions { request_timeout: Duration::from_secs(120), ..quiet() };
    let (client, mut plugin) = connected(options).await;
    let (user, id) = (mara(), "a".into());
    let begun = tokio::time::Instant::now();
    let error = client.job(&user, &id).await.unwrap_err();
    assert_eq!(begun.elapsed().as_secs(), 120);
    assert!(
        matches!(error, ClientError::Timeout { what: Asked::Request(RequestType::GetJobs), .. }),
        "{error}"
    );

    let late = plugin.request().await;
    plugin.write(jobs(&late, [job("late")])).await;
    let play = async {
        let request = plugin.request().await;
        plugin.write(jobs(&request, [job("a")])).await;
    };
    let (answer, ()) = tokio::join!(client.job(&user, &id), play);
    assert_eq!(answer.unwrap(), job("a"));
    assert_eq!(client.faults(), []);
}

#[tokio::test]
async fn a_request_that_is_too_large_is_not_sent() {
    let (client, mut plugin) = connected(ClientOptions { max_message_size: 200, ..quiet() }).await;
    let (user, id) = (mara(), "a".into());
    let large = Job { stdin: "x".repeat(200), ..Job::default() };
    let error = client.submit(&user, large).await.unwrap_err();
    assert!(matches!(error, ClientError::TooLarge { .. }), "{error}");
    let play = async {
        let request = plugin.request().await;
        assert!(matches!(request.body, RequestBody::GetJobs(_)), "{request:?}");
        plugin.write(refusal(&request, ErrorCode::JobNotFound)).await;
    };
    let (answer, ()) = tokio::join!(client.job(&user, &id), play);
    assert_eq!(answer.unwrap_err().code(), Some(ErrorCode::JobNotFound));
}

#[tokio::test]
async fn what_nobody_asked_for_is_a_fault_and_the_connection_goes_on() {
    let (client, mut plugin) = connected(quiet()).await;
    plugin.write_payload(b"this is no JSON").await;
    plugin.write_payload(b"").await;
    let never_asked = plugin_request(77);
    plugin.write(jobs(&never_asked, [])).await;
    plugin.write(refusal(&never_asked, ErrorCode::Unknown)).await;
    let other = serde_json::Map::new();
    plugin
        .write(Response::Unknown(UnknownResponse { message_type: 999, request_id: RequestId(0), other }))
        .await;

    let (user, id) = (mara(), "a".into());
    let play = async {
        let request = plugin.request().await;
        plugin.write(jobs(&request, [job("a")])).await;
    };
    let (answer, ()) = tokio::join!(client.job(&user, &id), play);
    assert_eq!(answer.unwrap(), job("a"));
    let faults: Vec<String> = client.faults().iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(faults.join("\n"), @r"
    unreadable message: message is not JSON: expected ident at line 1 column 2; it begins with `this is no JSON`
    unreadable message: message is not JSON: EOF while parsing a value at line 1 column 0; it begins with ``
    a message of type 2 answers request 77, which is not open
    a message of type -1 answers request 77, which is not open
    a message of the unknown type 999
    ");
    assert_eq!(client.faults().last(), Some(&ProtocolFault::UnknownType { message_type: 999 }));
}

fn plugin_request(id: u64) -> launcher_api::Request {
    launcher_api::Request { id: RequestId(id), body: RequestBody::Heartbeat }
}

#[tokio::test]
async fn metrics_can_be_waited_for() {
    let (client, mut plugin) = connected(quiet()).await;
    let mut metrics = client.metrics();
    assert_eq!(*metrics.borrow(), None);
    let told = Metrics { uptime_seconds: 60, memory_usage_bytes: 7, cluster_interaction_latency: None };
    plugin.write(Response::Metrics(told.clone())).await;
    metrics.changed().await.unwrap();
    assert_eq!(*metrics.borrow(), Some(told));
}

#[tokio::test]
async fn a_tap_shows_every_message_both_ways_and_raw_messages_go_out_unchanged() {
    let (client, mut plugin) = connected(quiet()).await;
    let mut tap = client.tap();
    client.raw(&b"{\"messageType\": 9,  \"requestId\": 5, \"username\": \"*\"}"[..]).await.unwrap();
    let request = plugin.request().await;
    assert_eq!((request.id, request.body.message_type()), (RequestId(5), RequestType::ClusterInfo));
    plugin.write(refusal(&request, ErrorCode::Unknown)).await;

    let sent = tap.next().await.unwrap().unwrap();
    assert_eq!(sent.direction, Direction::ToPlugin);
    assert_eq!(&sent.payload[..], b"{\"messageType\": 9,  \"requestId\": 5, \"username\": \"*\"}");
    let received = tap.next().await.unwrap().unwrap();
    assert_eq!(received.direction, Direction::FromPlugin);
    assert!(received.at >= sent.at);
    plugin.exit().await;
    assert!(tap.next().await.unwrap().is_none());
}
