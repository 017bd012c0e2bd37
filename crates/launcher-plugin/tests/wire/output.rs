//! Job Output streams.

use std::sync::atomic::Ordering;
use std::time::Duration;

use bytes::Bytes;
use futures::StreamExt;
use launcher_api::JobStatus;
use launcher_api::response::OutputKind::{Mixed, Stderr, Stdout};
use launcher_plugin::{BackendError, JobUpdate, OutputChunk, PluginOptions};
use serde_json::{Value, json};

use crate::support::{FakeBackend, Launcher, Setup, begin, chunk, endless, job, source, state};

fn open(id: u64, user: &str, job: &str) -> Value {
    json!({"messageType": 6, "requestId": id, "username": user, "jobId": job, "outputType": 2, "cancel": false})
}

fn cancel(id: u64) -> Value {
    json!({"messageType": 6, "requestId": id, "username": "mara", "jobId": "a", "cancel": true})
}

fn data(request: u64, seq: u64, output: &str, kind: &str) -> Value {
    json!({"messageType": 5, "requestId": request, "seqId": seq, "output": output, "outputType": kind, "complete": false})
}

fn complete(request: u64, seq: u64) -> Value {
    json!({"messageType": 5, "requestId": request, "seqId": seq, "complete": true})
}

async fn with(status: JobStatus) -> Launcher {
    begin(FakeBackend::with([job("a", "mara", status)])).bootstrapped().await
}

const QUIET: Duration = Duration::from_secs(60);

#[tokio::test(start_paused = true)]
async fn it_tells_all_output_as_it_comes_and_then_that_it_is_complete() {
    let mut launcher = with(JobStatus::Running).await;
    let (log, output) = source();
    launcher.backend.give_output("a", output);
    launcher.send(open(1, "mara", "a")).await;
    launcher.expect_nothing_for(QUIET).await;
    log.give(chunk(Mixed, b"reading 3 years\n")).await;
    launcher.expect(data(1, 1, "reading 3 years\n", "mixed")).await;
    log.give(chunk(Stdout, b"no line end")).await;
    launcher.expect(data(1, 2, "no line end", "stdout")).await;
    // The job's end is not the output's end.
    launcher.backend.becomes("a", state(JobStatus::Finished)).await;
    launcher.expect_nothing_for(QUIET).await;
    log.give(chunk(Stderr, b"done\n")).await;
    launcher.expect(data(1, 3, "done\n", "stderr")).await;
    drop(log);
    launcher.expect(complete(1, 4)).await;
    launcher.expect_nothing_for(QUIET).await;
}

#[tokio::test(start_paused = true)]
async fn the_first_line_after_a_pause_goes_out_at_once_and_lines_of_the_same_moment_go_together() {
    let mut launcher = with(JobStatus::Running).await;
    let (log, output) = source();
    launcher.backend.give_output("a", output);
    launcher.send(open(1, "mara", "a")).await;
    let before = tokio::time::Instant::now();
    log.give(chunk(Mixed, b"one\n")).await;
    launcher.expect(data(1, 1, "one\n", "mixed")).await;
    assert_eq!(before.elapsed(), Duration::ZERO);
    for line in [&b"two\n"[..], b"three\n"] {
        log.give(chunk(Mixed, line)).await;
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    launcher.expect(data(1, 2, "two\nthree\n", "mixed")).await;
    assert!(before.elapsed() <= Duration::from_millis(10));
    launcher.expect_nothing_for(QUIET).await;
}

#[tokio::test(start_paused = true)]
async fn a_job_without_output_is_complete_in_one_message() {
    let mut launcher = with(JobStatus::Finished).await;
    launcher.send(open(1, "mara", "a")).await;
    launcher.expect(complete(1, 1)).await;
}

#[tokio::test(start_paused = true)]
async fn the_stream_of_a_pending_job_begins_when_the_job_starts() {
    let mut launcher = with(JobStatus::Pending).await;
    let (log, output) = source();
    launcher.backend.give_output("a", output);
    launcher.send(open(1, "mara", "a")).await;
    launcher.expect_nothing_for(Duration::from_secs(100_000)).await;
    launcher.backend.becomes("a", state(JobStatus::Running)).await;
    log.give(chunk(Stdout, b"here\n")).await;
    launcher.expect(data(1, 1, "here\n", "stdout")).await;
}

#[tokio::test(start_paused = true)]
async fn a_pending_job_that_ends_without_having_run_is_complete_alone_and_the_backend_is_not_asked() {
    for end in [JobStatus::Canceled, JobStatus::Failed] {
        let mut launcher = with(JobStatus::Pending).await;
        let (_log, output) = source();
        launcher.backend.give_output("a", output);
        launcher.send(open(1, "mara", "a")).await;
        launcher.expect_nothing_for(QUIET).await;
        launcher.backend.becomes("a", state(end)).await;
        launcher.expect(complete(1, 1)).await;
        launcher.send(open(2, "mara", "a")).await;
        launcher.expect(complete(2, 1)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_pending_job_that_vanishes_is_complete_too() {
    let mut launcher = with(JobStatus::Pending).await;
    launcher.send(open(1, "mara", "a")).await;
    launcher.expect_nothing_for(QUIET).await;
    launcher.backend.tell(JobUpdate::Removed("a".into())).await;
    launcher.expect(complete(1, 1)).await;
}

#[tokio::test(start_paused = true)]
async fn of_a_failed_job_that_nobody_saw_before_the_backend_knows_whether_it_ran() {
    let mut launcher = with(JobStatus::Failed).await;
    let lost = futures::stream::iter([chunk(Stdout, b"half of it\n")]);
    launcher.backend.give_output("a", lost.boxed());
    launcher.send(open(1, "mara", "a")).await;
    launcher.expect(data(1, 1, "half of it\n", "stdout")).await;
    launcher.expect(complete(1, 2)).await;
}

#[tokio::test(start_paused = true)]
async fn an_unknown_job_and_a_foreign_one_are_error_3_and_all_jobs_are_error_2() {
    let mut launcher = with(JobStatus::Running).await;
    launcher.send(open(1, "mara", "nope")).await;
    launcher.expect_error(1, 3).await;
    launcher.send(open(2, "tom", "a")).await;
    launcher.expect_error(2, 3).await;
    launcher.send(open(3, "mara", "*")).await;
    assert!(launcher.expect_error(3, 2).await.contains("jobId"));
}

#[tokio::test(start_paused = true)]
async fn a_failure_before_any_output_has_its_own_code_and_one_after_some_is_error_7() {
    let mut launcher = with(JobStatus::Running).await;
    let (log, output) = source();
    launcher.backend.give_output("a", output);
    launcher.send(open(1, "mara", "a")).await;
    log.give(Err(BackendError::OutputNotFound("node-3 is gone".into()))).await;
    assert_eq!(launcher.expect_error(1, 7).await, "the output of job 'a' can't be read: node-3 is gone");

    let (log, output) = source();
    launcher.backend.give_output("a", output);
    launcher.send(open(2, "mara", "a")).await;
    log.give(Err(BackendError::Unavailable("the API server is away".into()))).await;
    launcher.expect_error(2, 0).await;

    let (log, output) = source();
    launcher.backend.give_output("a", output);
    launcher.send(open(3, "mara", "a")).await;
    log.give(chunk(Stdout, b"some")).await;
    log.give(Err(BackendError::Unavailable("the API server is away".into()))).await;
    launcher.expect(data(3, 1, "some", "stdout")).await;
    launcher.expect_error(3, 7).await;
    launcher.expect_nothing_for(QUIET).await;
}

#[tokio::test(start_paused = true)]
async fn a_backend_that_panics_in_the_middle_is_an_error() {
    let mut launcher = with(JobStatus::Running).await;
    let fault = futures::stream::once(async { panic!("a fault, made by the test") });
    launcher.backend.give_output("a", fault.boxed());
    launcher.send(open(1, "mara", "a")).await;
    launcher.expect_error(1, 0).await;
}

#[tokio::test(start_paused = true)]
async fn text_is_cut_only_between_characters_and_rubbish_is_replaced() {
    let mut launcher = with(JobStatus::Running).await;
    let (log, output) = source();
    launcher.backend.give_output("a", output);
    launcher.send(open(1, "mara", "a")).await;
    log.give(chunk(Stdout, b"caf\xc3")).await;
    launcher.expect(data(1, 1, "caf", "stdout")).await;
    // The unfinished character is kept for its own kind.
    log.give(chunk(Stderr, b"!")).await;
    launcher.expect(data(1, 2, "!", "stderr")).await;
    log.give(chunk(Stdout, b"\xa9 \xff.")).await;
    launcher.expect(data(1, 3, "\u{e9} \u{fffd}.", "stdout")).await;
    log.give(chunk(Stdout, b"\xf0\x9f")).await;
    launcher.expect_nothing_for(QUIET).await;
    drop(log);
    launcher.expect(data(1, 4, "\u{fffd}", "stdout")).await;
    launcher.expect(complete(1, 5)).await;
}

/// The text of a whole stream, and the size of its largest piece.
async fn read_whole(launcher: &mut Launcher) -> (String, usize) {
    let (mut text, mut largest) = (String::new(), 0);
    loop {
        let message = launcher.next().await;
        if message["complete"] == json!(true) {
            return (text, largest);
        }
        let piece = message["output"].as_str().unwrap();
        largest = largest.max(piece.len());
        text.push_str(piece);
    }
}

#[tokio::test(start_paused = true)]
async fn a_piece_has_at_most_64_kib_and_small_chunks_are_gathered() {
    let mut launcher = with(JobStatus::Finished).await;
    let large = "äöü".repeat(100_000);
    let bytes = Bytes::from(large.clone().into_bytes());
    let whole = futures::stream::iter([Ok(OutputChunk { kind: Mixed, bytes: bytes.clone() })]);
    launcher.backend.give_output("a", whole.boxed());
    launcher.send(open(1, "mara", "a")).await;
    let (text, largest) = read_whole(&mut launcher).await;
    assert!(text == large, "the text is as it was");
    assert!(largest <= 64 * 1024 && largest > 60 * 1024, "{largest}");

    let chunks: Vec<_> =
        bytes.chunks(7).map(|bytes| Ok(OutputChunk { kind: Mixed, bytes: bytes.to_vec().into() })).collect();
    launcher.backend.give_output("a", futures::stream::iter(chunks).boxed());
    launcher.send(open(2, "mara", "a")).await;
    let (text, largest) = read_whole(&mut launcher).await;
    assert!(text == large, "the text is as it was");
    assert!(largest > 60 * 1024, "{largest}");
}

#[tokio::test(start_paused = true)]
async fn pieces_fit_a_small_message_size_whatever_json_makes_of_them() {
    let setup = begin(FakeBackend::with([job("a", "mara", JobStatus::Finished)]));
    let options = PluginOptions { max_message_size: 4096, ..setup.options };
    let mut launcher = Setup { options, ..setup }.bootstrapped().await;
    let control = "\u{1}".repeat(10_000);
    let bytes = Bytes::from(control.clone().into_bytes());
    launcher
        .backend
        .give_output("a", futures::stream::iter([Ok(OutputChunk { kind: Stdout, bytes })]).boxed());
    launcher.send(open(1, "mara", "a")).await;
    assert_eq!(read_whole(&mut launcher).await.0, control);
}

#[tokio::test(start_paused = true)]
async fn a_cancel_ends_the_stream_and_the_backends_work_without_an_answer() {
    let mut launcher = with(JobStatus::Running).await;
    let (log, output) = source();
    launcher.backend.give_output("a", output);
    launcher.send(open(1, "mara", "a")).await;
    log.give(chunk(Stdout, b"some")).await;
    launcher.expect(data(1, 1, "some", "stdout")).await;
    launcher.send(cancel(1)).await;
    log.dropped().await;
    launcher.expect_nothing_for(QUIET).await;

    // Cancels of what waits for its job, and of nothing at all.
    launcher.send(cancel(1)).await;
    launcher.send(cancel(50)).await;
    launcher.expect_nothing_for(QUIET).await;
}

#[tokio::test(start_paused = true)]
async fn a_cancel_stops_what_is_queued_for_a_slow_reader() {
    let backend = FakeBackend::with([job("a", "mara", JobStatus::Running)]);
    backend.give_output("a", endless().1);
    let mut launcher = Setup { pipe: 1024, ..begin(backend) }.bootstrapped().await;
    launcher.send(open(1, "mara", "a")).await;
    tokio::time::sleep(QUIET).await;
    launcher.send(cancel(1)).await;
    tokio::time::sleep(QUIET).await;
    launcher.send(json!({"messageType": 201, "requestId": 2})).await;
    assert_eq!(launcher.next().await["messageType"], 5, "the one that was being written");
    launcher.expect(json!({"messageType": 201, "requestId": 2})).await;
    launcher.expect_nothing_for(QUIET).await;
}

#[tokio::test(start_paused = true)]
async fn the_same_request_again_while_it_is_open_is_ignored_and_may_come_again_after_the_end() {
    let mut launcher = with(JobStatus::Running).await;
    let (log, output) = source();
    launcher.backend.give_output("a", output);
    launcher.send(open(1, "mara", "a")).await;
    launcher.send(open(1, "mara", "a")).await;
    log.give(chunk(Stdout, b"once")).await;
    launcher.expect(data(1, 1, "once", "stdout")).await;
    drop(log);
    launcher.expect(complete(1, 2)).await;
    launcher.expect_nothing_for(QUIET).await;
    launcher.send(open(1, "mara", "a")).await;
    launcher.expect(complete(1, 1)).await;
}

#[tokio::test(start_paused = true)]
async fn a_slow_reader_holds_back_its_source_and_nothing_else() {
    let backend = FakeBackend::with([job("a", "mara", JobStatus::Running)]);
    let (taken, output) = endless();
    backend.give_output("a", output);
    let mut launcher = Setup { pipe: 1024, ..begin(backend) }.bootstrapped().await;
    launcher.send(open(1, "mara", "a")).await;
    tokio::time::sleep(QUIET).await;
    let held = taken.load(Ordering::Relaxed);
    assert!(held < 2 * 1024 * 1024, "the queues are short: {held} bytes");
    tokio::time::sleep(Duration::from_secs(10_000)).await;
    assert_eq!(taken.load(Ordering::Relaxed), held, "nothing is taken while nobody reads");

    // An answer does not wait for the pieces before it.
    launcher.send(json!({"messageType": 201, "requestId": 2})).await;
    let mut pieces = 0;
    while launcher.next().await["messageType"] == json!(5) {
        pieces += 1;
    }
    assert!(pieces < 40, "{pieces} pieces came first");
    for _ in 0..20 {
        launcher.next().await;
    }
    assert!(taken.load(Ordering::Relaxed) > held, "the source goes on when the Launcher reads");
}

#[tokio::test(start_paused = true)]
async fn streams_of_one_job_each_begin_at_the_beginning() {
    let mut launcher = with(JobStatus::Finished).await;
    for id in 1..=3 {
        launcher.backend.give_output("a", futures::stream::iter([chunk(Stdout, b"all of it\n")]).boxed());
        launcher.send(open(id, "mara", "a")).await;
        launcher.expect(data(id, 1, "all of it\n", "stdout")).await;
        launcher.expect(complete(id, 2)).await;
    }
}
