//! The main job on an embedded cluster, in one run.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use futures::StreamExt as _;
use launcher_api::{Job, JobId, JobSelector, JobStatus, Requester};
use launchway::{PluginClient, PluginCommand, StderrTo};
use serde_json::{Value, json};

use super::memory::resident_kib;
use super::programs::{size_mib, time_cargo};
use super::summary::Samples;
use crate::cluster::{Cluster, Metrics, ObjectKind};
use crate::failure::Failure;
use crate::printer::Printer;
use crate::programs::{self, Build, Programs};
use crate::site::Site;

/// Jobs whose latencies are measured.
const JOBS: usize = 20;
/// Starts of the plugin that are measured.
const STARTS: usize = 20;
/// How long one job, or the plugin's catching up with a full table, may take.
const PATIENCE: Duration = Duration::from_secs(60);

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Also time a clean debug build and `cargo test --workspace`, in a target folder of their own (minutes).
    #[arg(long)]
    builds: bool,
    /// Jobs in the table for the second look at the plugin's memory.
    #[arg(long, default_value_t = 1000)]
    table: usize,
}

pub(super) async fn run(arguments: &Arguments, printer: &Printer) -> Result<(), Failure> {
    let programs = programs::build(Build::Release)?;
    let cluster = Cluster::embedded(Metrics::Measured).await?;
    let site = Site::for_cluster(&cluster)?;
    let mut rows: Vec<(String, String)> = Vec::new();
    let mut row = |what: &str, figure: String| rows.push((what.to_owned(), figure));

    row("start to Bootstrap answer", measure_starts(&programs, &site).await?.describe());

    let client = start(&programs, &site).await?;
    row("resident memory, idle", resident(&client)?);
    let latencies = measure_jobs(&client).await?;
    row("submit to answer", latencies.answer.describe());
    row("submit to first status", latencies.first_status.describe());
    row("submit to Running", latencies.running.describe());
    row("submit to Finished", latencies.finished.describe());

    fill_table(&client, &cluster, arguments.table).await?;
    row(&format!("resident memory, {} jobs", arguments.table), resident(&client)?);
    client.close().await.map_err(|e| Failure::during("closing the plugin", e))?;
    let fresh = start(&programs, &site).await?;
    row(&format!("resident memory, {} jobs, restarted", arguments.table), resident(&fresh)?);
    fresh.close().await.map_err(|e| Failure::during("closing the plugin", e))?;

    row("rstudio-kubernetes-launcher", format!("{:.1} MiB", size_mib(&programs.plugin)?));
    row("launchway (with the embedded cluster)", format!("{:.1} MiB", size_mib(&programs.client)?));
    if arguments.builds {
        let folder = tempfile::tempdir().map_err(|e| Failure::during("making a target folder", e))?;
        let seconds = |d: Duration| format!("{:.0} s", d.as_secs_f64());
        row("clean debug build, all crates", seconds(time_cargo(&["build", "--workspace"], folder.path())?));
        time_cargo(&["test", "--workspace", "--no-run"], folder.path())?;
        row("cargo test --workspace, built", seconds(time_cargo(&["test", "--workspace"], folder.path())?));
    }
    cluster.shutdown().await;
    for (what, figure) in rows {
        printer.line(&format!("{what:40} {figure}"));
    }
    Ok(())
}

fn command(programs: &Programs, site: &Site) -> PluginCommand {
    PluginCommand::new(&programs.plugin).args(site.quiet_flags()).heartbeat(None).stderr(StderrTo::Capture)
}

async fn start(programs: &Programs, site: &Site) -> Result<PluginClient, Failure> {
    PluginClient::start(&command(programs, site)).await.map_err(|e| Failure::during("starting the plugin", e))
}

async fn measure_starts(programs: &Programs, site: &Site) -> Result<Samples, Failure> {
    let mut samples = Samples::default();
    for _ in 0..STARTS {
        let began = Instant::now();
        let client = start(programs, site).await?;
        samples.push(began.elapsed());
        client.close().await.map_err(|e| Failure::during("closing the plugin", e))?;
    }
    Ok(samples)
}

fn resident(client: &PluginClient) -> Result<String, Failure> {
    let pid = client.pid().ok_or_else(|| Failure::new("the plugin does not run"))?;
    let kib = resident_kib(pid)?;
    Ok(format!("{:.1} MiB", f64::from(u32::try_from(kib).unwrap_or(u32::MAX)) / 1024.0))
}

#[derive(Default)]
struct Latencies {
    answer: Samples,
    first_status: Samples,
    running: Samples,
    finished: Samples,
}

/// One job after the other: what a session's user waits for.
async fn measure_jobs(client: &PluginClient) -> Result<Latencies, Failure> {
    let user = Requester::from("bench");
    let mut states = client
        .status_stream(&user, JobSelector::All)
        .await
        .map_err(|e| Failure::during("opening a status stream", e))?;
    let mut latencies = Latencies::default();
    for _ in 0..JOBS {
        let job = Job { name: "bench".into(), command: "true".into(), ..Job::default() };
        let began = Instant::now();
        // The stream is read while the answer is awaited, as the first state may come before it.
        let mut seen: HashMap<JobId, Vec<(JobStatus, Duration)>> = HashMap::new();
        let submit = client.submit(&user, job);
        tokio::pin!(submit);
        let mut answered: Option<JobId> = None;
        let life = async {
            loop {
                tokio::select! {
                    answer = &mut submit, if answered.is_none() => {
                        let job = answer.map_err(|e| Failure::during("submitting", e))?;
                        latencies.answer.push(began.elapsed());
                        answered = Some(job.id);
                    }
                    state = states.next() => {
                        let state = state
                            .ok_or_else(|| Failure::new("the status stream ended"))?
                            .map_err(|e| Failure::during("reading states", e))?;
                        seen.entry(state.id).or_default().push((state.status, began.elapsed()));
                    }
                }
                if let Some(told) = answered.as_ref().and_then(|id| seen.get(id))
                    && told.iter().any(|(status, _)| status.is_terminal())
                {
                    return Ok::<_, Failure>(told.clone());
                }
            }
        };
        let told = tokio::time::timeout(PATIENCE, life)
            .await
            .map_err(|_| Failure::new("a job did not end within a minute"))??;
        let at = |wanted: JobStatus| told.iter().find(|(status, _)| *status == wanted).map(|(_, at)| *at);
        if let Some((_, at)) = told.first() {
            latencies.first_status.push(*at);
        }
        if let Some(at) = at(JobStatus::Running) {
            latencies.running.push(at);
        }
        if let Some(at) = at(JobStatus::Finished) {
            latencies.finished.push(at);
        }
    }
    Ok(latencies)
}

/// Copies one submitted job's object many times, suspended so that none needs a pod, and waits until the plugin
/// shows them all.
async fn fill_table(client: &PluginClient, cluster: &Cluster, wanted: usize) -> Result<(), Failure> {
    let user = Requester::from("bench");
    let job = Job { name: "copied".into(), command: "sleep 1".into(), ..Job::default() };
    let job = client.submit(&user, job).await.map_err(|e| Failure::during("submitting", e))?;
    let objects = cluster.admin.of_job(ObjectKind::Job, job.id.as_str()).await?;
    let original = objects.first().ok_or_else(|| Failure::new("the job has no object"))?;
    for number in 0..wanted {
        cluster.admin.create(ObjectKind::Job, &suspended_copy(original, number)).await?;
    }
    let shown = async {
        loop {
            let jobs = client
                .jobs(&Requester::Everyone, launcher_api::request::JobFilter::default())
                .await
                .map_err(|e| Failure::during("listing jobs", e))?;
            if jobs.len() >= wanted {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(PATIENCE, shown)
        .await
        .unwrap_or_else(|_| Err(Failure::new("the plugin does not show all jobs after a minute")))
}

fn suspended_copy(original: &Value, number: usize) -> Value {
    let mut copy = original.clone();
    copy["metadata"] = json!({
        "name": format!("copy-{number:05}"),
        "labels": original["metadata"]["labels"],
        "annotations": original["metadata"]["annotations"],
    });
    copy["spec"]["suspend"] = true.into();
    if let Some(spec) = copy["spec"].as_object_mut() {
        // What the server fills in belongs to the original alone.
        spec.remove("selector");
    }
    for key in
        ["controller-uid", "batch.kubernetes.io/controller-uid", "job-name", "batch.kubernetes.io/job-name"]
    {
        if let Some(labels) = copy["spec"]["template"]["metadata"]["labels"].as_object_mut() {
            labels.remove(key);
        }
    }
    copy.as_object_mut().map(|object| object.remove("status"));
    copy
}
