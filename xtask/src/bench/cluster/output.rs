//! Output: a log that is read through the plugin, against the same URL read by a bare client.

use std::time::{Duration, Instant};

use launcher_api::request::{OpenJobOutput, OutputSelection, StreamRequest};
use launcher_api::response::OutputPiece;
use launcher_api::{Job, JobId, JobStatus, RequestBody, RequestId, Response};
use serde_json::Value;

use super::bare::{Bare, Call};
use super::report::{Goal, Report};
use super::stage::{Stage, caller, delete_job, pods_path, submit};
use super::wire::{Frame, Plugin};
use crate::bench::summary::Samples;
use crate::cluster::Need;
use crate::failure::Failure;

/// What the job writes: below the 10 MiB at which a kubelet puts a log aside, with what the node adds to each line.
const BYTES: usize = 7_000_000;
/// Bytes of each line, its end included.
const LINE: usize = 100;
/// Messages that are longer than this, in bytes, are not the last of a stream.
const SHORT: usize = 1024;

/// Which of a job's streams are read, and how the API is asked for them.
struct Way {
    what: &'static str,
    selection: OutputSelection,
    /// The parameter of each request; one that is empty reads both streams as one.
    requests: &'static [&'static str],
}

const MIXED: &[Way] =
    &[Way { what: "output, one stream", selection: OutputSelection::Both, requests: &[""] }];
const APART: &[Way] = &[
    Way { what: "output, one stream", selection: OutputSelection::Stdout, requests: &["&stream=Stdout"] },
    Way {
        what: "output, two streams by time",
        selection: OutputSelection::Both,
        requests: &["&stream=Stdout", "&stream=Stderr"],
    },
];

/// Reads a log of 7 MB `rounds` times with and without the plugin, in turn.
///
/// # Errors
/// What is measured does not work.
pub(super) async fn run(stage: &Stage, rounds: usize, report: &mut Report) -> Result<(), Failure> {
    let mut plugin = stage.watching_plugin().await?;
    let text = "x".repeat(LINE - 1);
    let command = format!("yes {text} | head -c {BYTES}");
    let job = submit(&mut plugin, Job { name: "bench".into(), command, ..Job::default() }).await?.id;
    wait_for_end(&mut plugin, &job).await?;
    let mut bare = stage.bare().await?;
    let pod = pod_of(&mut bare, &job).await?;
    let ways = if stage.cluster.offers.meet(Need::SplitStreams) { APART } else { MIXED };
    for way in ways {
        let (mut with, mut without) = (Samples::default(), Samples::default());
        // The first round is not counted: the file comes from the disk.
        for round in 0..=rounds {
            let plugin_took = through_plugin(&mut plugin, &job, way.selection).await?;
            let bare_took = through_bare(stage, &pod, way.requests).await?;
            if round > 0 {
                with.push(plugin_took);
                without.push(bare_took);
            }
        }
        report.rates(way.what, BYTES, &without, &with, Goal::RateShare(0.9));
    }
    report.note(&format!(
        "output: a log of {BYTES} bytes in lines of {LINE} of a container that has ended, from the request to the \
         stream's end; both sides ask with follow and timestamps"
    ));
    bare.call(&delete_job(&job)).await?;
    plugin.close().await
}

async fn wait_for_end(plugin: &mut Plugin, job: &JobId) -> Result<(), Failure> {
    loop {
        if let Response::JobStatus(news) = plugin.next().await?.response()?
            && news.id == *job
            && news.status.is_terminal()
        {
            return match news.status {
                JobStatus::Finished => Ok(()),
                other => Err(Failure::new(format!("the job that writes has ended as {other}"))),
            };
        }
    }
}

async fn pod_of(bare: &mut Bare, job: &JobId) -> Result<String, Failure> {
    let list = bare.call(&Call::get(format!("{}?labelSelector=job-name%3D{job}", pods_path()))).await?;
    let list: Value = serde_json::from_slice(&list).map_err(|e| Failure::during("reading a list", e))?;
    list.pointer("/items/0/metadata/name")
        .and_then(Value::as_str)
        .map(ToOwned::to_owned)
        .ok_or_else(|| Failure::new("the job has no pod"))
}

async fn through_plugin(
    plugin: &mut Plugin,
    job: &JobId,
    streams: OutputSelection,
) -> Result<Duration, Failure> {
    let began = Instant::now();
    let open = OpenJobOutput { who: caller(), job: job.clone(), streams };
    let id = plugin.send(RequestBody::JobOutputStream(StreamRequest::Open(open))).await?;
    // What is said is read afterwards: this process shares the machine with those that are measured.
    let mut frames = Vec::new();
    loop {
        let frame = plugin.next().await?;
        let last = frame.payload.len() < SHORT && ends(&frame, id)?;
        let at = frame.at;
        frames.push(frame);
        if last {
            return match bytes_of(&frames, id)? {
                BYTES => Ok(at - began),
                bytes => Err(Failure::new(format!("{bytes} bytes of output came, not {BYTES}"))),
            };
        }
    }
}

fn ends(frame: &Frame, stream: RequestId) -> Result<bool, Failure> {
    match frame.response()? {
        Response::JobOutput(output) => {
            Ok(output.request_id == stream && output.piece == OutputPiece::Complete)
        }
        Response::Error(refusal) => Err(Failure::new(refusal.message)),
        _ => Ok(false),
    }
}

fn bytes_of(frames: &[Frame], stream: RequestId) -> Result<usize, Failure> {
    let mut bytes = 0;
    for frame in frames {
        if let Response::JobOutput(output) = frame.response()?
            && output.request_id == stream
            && let OutputPiece::Data { output, .. } = output.piece
        {
            bytes += output.len();
        }
    }
    Ok(bytes)
}

/// On connections of their own, at the same time.
async fn through_bare(stage: &Stage, pod: &str, requests: &[&str]) -> Result<Duration, Failure> {
    let mut connections = Vec::new();
    for _ in requests {
        connections.push(stage.bare().await?);
    }
    let began = Instant::now();
    let reads = requests.iter().zip(&mut connections).map(|(parameter, bare)| async move {
        let call = Call::get(format!(
            "{}/{pod}/log?container=rs-launcher-container&follow=true&timestamps=true{parameter}",
            pods_path()
        ));
        let mut answer = bare.open(&call).await?;
        let mut bytes = 0;
        while let Some(chunk) = answer.chunk().await? {
            bytes += chunk.len();
        }
        Ok::<usize, Failure>(bytes)
    });
    let bytes: usize = futures::future::try_join_all(reads).await?.into_iter().sum();
    if bytes < BYTES {
        return Err(Failure::new(format!("the bare client read {bytes} bytes of the log, not {BYTES}")));
    }
    Ok(began.elapsed())
}
