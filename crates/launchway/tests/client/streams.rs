//! Streams: routing, ends, gaps, cancels, slow readers.

use std::time::Duration;

use futures::StreamExt;
use launcher_api::request::{Caller, CancelStream, OutputSelection, StreamRequest};
use launcher_api::response::{
    JobOutputResponse, JobResourceUtilResponse, OutputKind, OutputPiece, ResourceUse, ResourceUtil,
    StreamSequence,
};
use launcher_api::{ErrorCode, JobSelector, JobStatus, RequestBody, RequestId, Response};
use launchway::{ClientError, ClientOptions, OutputChunk, ProtocolFault};

use crate::fake::{connected, job, jobs, mara, quiet, refusal, status};

fn output(request_id: RequestId, seq_id: u64, text: &str) -> Response {
    let piece = OutputPiece::Data { output: text.to_owned(), kind: OutputKind::Stdout };
    Response::JobOutput(JobOutputResponse { request_id, seq_id, piece })
}

fn complete(request_id: RequestId, seq_id: u64) -> Response {
    Response::JobOutput(JobOutputResponse { request_id, seq_id, piece: OutputPiece::Complete })
}

fn chunk(text: &str) -> OutputChunk {
    OutputChunk { kind: OutputKind::Stdout, text: text.to_owned() }
}

#[tokio::test]
async fn one_status_message_may_answer_several_streams_each_with_its_own_count() {
    let (client, mut plugin) = connected(quiet()).await;
    let mut all = client.status_stream(&mara(), JobSelector::All).await.unwrap();
    let mut one = client.status_stream(&mara(), JobSelector::from("a")).await.unwrap();
    let (first, second) = (plugin.request().await.id, plugin.request().await.id);
    plugin.write(status("b", JobStatus::Running, &[(first, 1)])).await;
    plugin.write(status("a", JobStatus::Finished, &[(second, 1), (first, 2)])).await;
    assert_eq!(all.next().await.unwrap().unwrap().id, "b");
    assert_eq!(all.next().await.unwrap().unwrap().id, "a");
    assert_eq!(one.next().await.unwrap().unwrap().status, JobStatus::Finished);
    assert_eq!(client.faults(), []);
}

#[tokio::test]
async fn output_comes_in_order_and_ends_with_the_complete_message() {
    let (client, mut plugin) = connected(quiet()).await;
    let stream = client.output_stream(&mara(), &"a".into(), OutputSelection::Both).await.unwrap();
    let id = plugin.request().await.id;
    plugin.write(output(id, 1, "one\n")).await;
    plugin.write(output(id, 2, "two")).await;
    plugin.write(complete(id, 3)).await;
    let pieces: Vec<_> = stream.map(Result::unwrap).collect().await;
    assert_eq!(pieces, [chunk("one\n"), chunk("two")]);
    assert_eq!(client.faults(), []);
}

#[tokio::test]
async fn a_job_without_output_has_an_empty_stream() {
    let (client, mut plugin) = connected(quiet()).await;
    let mut stream = client.output_stream(&mara(), &"a".into(), OutputSelection::Stderr).await.unwrap();
    let id = plugin.request().await.id;
    plugin.write(complete(id, 1)).await;
    assert!(stream.next().await.is_none());
}

#[tokio::test]
async fn resource_samples_come_until_the_job_is_over() {
    let (client, mut plugin) = connected(quiet()).await;
    let mut stream = client.resource_stream(&mara(), &"a".into()).await.unwrap();
    let request_id = plugin.request().await.id;
    let sample = ResourceUse { cpu_percent: Some(87.5), ..ResourceUse::default() };
    for (seq_id, data) in [(1, ResourceUtil::Sample(sample)), (2, ResourceUtil::Complete)] {
        let sequences = vec![StreamSequence { request_id, seq_id }];
        plugin.write(Response::JobResourceUtil(JobResourceUtilResponse { sequences, data })).await;
    }
    assert_eq!(stream.next().await.unwrap().unwrap(), sample);
    assert!(stream.next().await.is_none());
}

#[tokio::test]
async fn a_gap_is_an_item_of_the_stream_and_a_fault_and_the_stream_goes_on() {
    let (client, mut plugin) = connected(quiet()).await;
    let mut stream = client.output_stream(&mara(), &"a".into(), OutputSelection::Both).await.unwrap();
    let id = plugin.request().await.id;
    plugin.write(output(id, 1, "a")).await;
    plugin.write(output(id, 4, "d")).await;
    plugin.write(output(id, 5, "e")).await;
    plugin.write(complete(id, 9)).await;
    let mut told = Vec::new();
    while let Some(item) = stream.next().await {
        told.push(match item {
            Ok(chunk) => chunk.text,
            Err(error) => error.to_string(),
        });
    }
    insta::assert_snapshot!(told.join("\n"), @r"
    a
    Job Output stream has a gap: message 2 was due, 4 came
    d
    e
    Job Output stream has a gap: message 6 was due, 9 came
    ");
    let gaps = [(2, 4), (6, 9)].map(|(expected, found)| ProtocolFault::Gap { request: id, expected, found });
    assert_eq!(client.faults(), gaps);
}

#[tokio::test]
async fn an_error_ends_its_stream_and_nothing_else() {
    let (client, mut plugin) = connected(quiet()).await;
    let mut gone = client.status_stream(&mara(), JobSelector::from("gone")).await.unwrap();
    let mut all = client.status_stream(&mara(), JobSelector::All).await.unwrap();
    let refused = plugin.request().await;
    let second = plugin.request().await.id;
    plugin.write(refusal(&refused, ErrorCode::JobNotFound)).await;
    plugin.write(status("a", JobStatus::Running, &[(second, 1)])).await;
    let error = gone.next().await.unwrap().unwrap_err();
    assert_eq!(error.code(), Some(ErrorCode::JobNotFound));
    assert!(gone.next().await.is_none());
    assert_eq!(all.next().await.unwrap().unwrap().id, "a");
}

#[tokio::test]
async fn a_dropped_stream_is_canceled_with_its_own_id_and_job_and_what_still_comes_is_no_fault() {
    let (client, mut plugin) = connected(quiet()).await;
    let stream = client.output_stream(&mara(), &"a".into(), OutputSelection::Both).await.unwrap();
    let opened = plugin.request().await;
    drop(stream);
    let canceled = plugin.request().await;
    assert_eq!(canceled.id, opened.id);
    let cancel = CancelStream { who: Caller::new(mara()), job: JobSelector::from("a") };
    assert_eq!(canceled.body, RequestBody::JobOutputStream(StreamRequest::Cancel(cancel)));

    plugin.write(output(opened.id, 1, "late")).await;
    plugin.write(refusal(&opened, ErrorCode::JobOutputNotFound)).await;
    let (user, id) = (mara(), "a".into());
    let play = async {
        let request = plugin.request().await;
        plugin.write(jobs(&request, [job("a")])).await;
    };
    let (answer, ()) = tokio::join!(client.job(&user, &id), play);
    assert_eq!(answer.unwrap(), job("a"));
    assert_eq!(client.faults(), []);
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_has_ended_is_not_canceled() {
    let (client, mut plugin) = connected(quiet()).await;
    let mut stream = client.output_stream(&mara(), &"a".into(), OutputSelection::Both).await.unwrap();
    let id = plugin.request().await.id;
    plugin.write(complete(id, 1)).await;
    assert!(stream.next().await.is_none());
    drop(stream);
    assert!(plugin.is_silent().await);
}

#[tokio::test]
async fn a_message_after_the_end_of_a_stream_is_a_fault() {
    let (client, mut plugin) = connected(quiet()).await;
    let mut stream = client.output_stream(&mara(), &"a".into(), OutputSelection::Both).await.unwrap();
    let id = plugin.request().await.id;
    plugin.write(complete(id, 1)).await;
    plugin.write(output(id, 2, "more")).await;
    assert!(stream.next().await.is_none());
    plugin.exit().await;
    client.gone().await;
    assert_eq!(client.faults(), [ProtocolFault::NobodyAsked { message_type: 5, request: id }]);
}

#[tokio::test(start_paused = true)]
async fn a_slow_reader_holds_the_plugin_back_and_loses_nothing() {
    let (client, mut plugin) =
        connected(ClientOptions { stream_queue: 1, reader_patience: None, ..quiet() }).await;
    let mut stream = client.output_stream(&mara(), &"a".into(), OutputSelection::Both).await.unwrap();
    let id = plugin.request().await.id;
    let large = "x".repeat(10_000);
    // Far more than the queue and the wire hold together.
    let written = tokio::spawn(async move {
        for seq_id in 1..=50 {
            plugin.write(output(id, seq_id, &large)).await;
        }
        plugin.write(complete(id, 51)).await;
    });
    tokio::time::sleep(Duration::from_secs(3_600)).await;
    assert!(!written.is_finished(), "the plugin was not held back");
    let mut count = 0;
    while let Some(piece) = stream.next().await {
        assert_eq!(piece.unwrap().text.len(), 10_000);
        count += 1;
    }
    assert_eq!(count, 50);
    written.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_reader_without_end_is_given_up_so_that_the_others_go_on() {
    let patience = Duration::from_secs(30);
    let options = ClientOptions { stream_queue: 1, reader_patience: Some(patience), ..quiet() };
    let (client, mut plugin) = connected(options).await;
    let mut slow = client.status_stream(&mara(), JobSelector::All).await.unwrap();
    let id = plugin.request().await.id;
    for seq_id in 1..=3 {
        plugin.write(status("a", JobStatus::Running, &[(id, seq_id)])).await;
    }
    let (user, job_id) = (mara(), "a".into());
    let begun = tokio::time::Instant::now();
    let play = async {
        let request = plugin.request().await;
        plugin.write(jobs(&request, [job("a")])).await;
        plugin.request().await
    };
    let (answer, canceled) = tokio::join!(client.job(&user, &job_id), play);
    assert_eq!(answer.unwrap(), job("a"));
    assert_eq!(begun.elapsed(), patience);
    assert_eq!(canceled.id, id);
    assert!(slow.next().await.unwrap().is_ok());
    let error = slow.next().await.unwrap().unwrap_err();
    assert!(matches!(error, ClientError::SlowReader { after } if after == patience), "{error}");
    assert!(slow.next().await.is_none());
}
