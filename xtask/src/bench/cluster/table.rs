//! Ten thousand jobs: the plugin's memory, and its first complete answer after a start against a bare list.

use std::io::Read as _;
use std::time::{Duration, Instant};

use launcher_api::job::JobFields;
use launcher_api::request::{GetJobs, JobFilter};
use launcher_api::{JobSelector, RequestBody, Response};
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::bare::Call;
use super::report::{Goal, Report};
use super::stage::{Stage, caller, homeless, jobs_path};
use super::wire::Plugin;
use crate::bench::memory::{peak_kib, resident_kib};
use crate::bench::summary::Samples;
use crate::failure::Failure;

/// Connections that make and remove jobs.
const CONNECTIONS: usize = 8;
/// Objects in a page: what the plugin asks for where it has to page (`fetch-limit`).
const PAGE: usize = 500;
/// Starts of the plugin that are measured.
const STARTS: usize = 5;
/// The most memory that the plugin may take, in MiB.
const MEMORY: f64 = 80.0;

/// Makes the jobs, starts plugins and bare lists in turn, and removes the jobs.
///
/// # Errors
/// What is measured does not work.
pub(super) async fn run(stage: &Stage, jobs: usize, report: &mut Report) -> Result<(), Failure> {
    fill(stage, jobs).await?;
    let measured = measure(stage, jobs, report).await;
    let emptied = empty(stage).await;
    measured.and(emptied)
}

async fn measure(stage: &Stage, jobs: usize, report: &mut Report) -> Result<(), Failure> {
    let mut answer = Samples::default();
    let (mut plain, mut gzip) = (Samples::default(), Samples::default());
    let mut bytes = (0, 0);
    for start in 0..STARTS {
        let began = Instant::now();
        let mut plugin = stage.plugin().await?;
        let ready = began.elapsed();
        // What reading the answer costs the benchmark is not the plugin's.
        let (took, shown) = list(&mut plugin).await?;
        answer.push(ready + took);
        if shown != jobs {
            return Err(Failure::new(format!("the plugin shows {shown} jobs, not {jobs}")));
        }
        if start + 1 == STARTS {
            let pid = plugin.pid()?;
            let what = format!("memory, {jobs} jobs, after the first answer");
            report.mebibytes(&what, resident_kib(pid)?, Goal::AtMostMib(MEMORY));
            let what = format!("memory, {jobs} jobs, at most until then");
            report.mebibytes(&what, peak_kib(pid)?, Goal::AtMostMib(MEMORY));
        }
        plugin.close().await?;
        let (took, read) = pages(stage, jobs, Call::get).await?;
        plain.push(took);
        bytes.0 = read;
        let (took, read) = pages(stage, jobs, |path| Call::get(path).with_gzip()).await?;
        gzip.push(took);
        bytes.1 = read;
    }
    let what = format!("start to Get Jobs, {jobs} jobs");
    report.times(&format!("{what}: plain pages"), &plain, &answer, Goal::Times(1.2));
    report.times(&format!("{what}: gzip pages"), &gzip, &answer, Goal::None);
    report.note(&format!(
        "list: pages of {PAGE} on a fresh connection, {:.1} MB plain, {:.1} MB with gzip; the bare client only counts \
         the objects. The plugin's time is from its exec to the last byte of the answer, all fields of all jobs",
        megabytes(bytes.0),
        megabytes(bytes.1)
    ));
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "to be read by a person")]
fn megabytes(bytes: usize) -> f64 {
    bytes as f64 / 1e6
}

/// How many jobs the plugin shows, and the time from the request to the last byte of its answer.
pub(super) async fn list(plugin: &mut Plugin) -> Result<(Duration, usize), Failure> {
    let all = GetJobs {
        who: caller(),
        selector: JobSelector::All,
        filter: JobFilter::default(),
        fields: JobFields::ALL,
    };
    match plugin.ask(RequestBody::GetJobs(all)).await? {
        (took, Response::JobState(answer)) => Ok((took, answer.jobs.len())),
        (_, other) => Err(Failure::new(format!("the answer to Get Jobs is {other:?}"))),
    }
}

#[derive(Deserialize)]
struct Page {
    metadata: PageMeta,
    items: Vec<IgnoredAny>,
}

#[derive(Deserialize)]
struct PageMeta {
    #[serde(default, rename = "continue")]
    token: String,
}

/// Reads all Jobs page by page on a connection of its own. Returns how long that took and how many bytes came.
async fn pages(
    stage: &Stage,
    jobs: usize,
    call: impl Fn(String) -> Call,
) -> Result<(Duration, usize), Failure> {
    let began = Instant::now();
    let mut bare = stage.bare().await?;
    let (mut token, mut found, mut bytes) = (String::new(), 0, 0);
    loop {
        let path = format!("{}?labelSelector={SELECTOR}&limit={PAGE}{token}", jobs_path());
        let mut answer = bare.open(&call(path)).await?;
        let zipped = answer.headers.get("content-encoding").is_some_and(|value| value == "gzip");
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await? {
            body.extend_from_slice(&chunk);
        }
        bytes += body.len();
        if zipped {
            let mut text = Vec::new();
            flate2::read::MultiGzDecoder::new(&*body)
                .read_to_end(&mut text)
                .map_err(|e| Failure::during("unpacking a page", e))?;
            body = text;
        }
        let page: Page = serde_json::from_slice(&body).map_err(|e| Failure::during("reading a page", e))?;
        found += page.items.len();
        if page.metadata.token.is_empty() {
            break;
        }
        token = format!("&continue={}", page.metadata.token);
    }
    if found < jobs {
        return Err(Failure::new(format!("the bare client finds {found} jobs, not {jobs}")));
    }
    Ok((began.elapsed(), bytes))
}

/// What all objects of the launcher have in common, as a query writes it.
const SELECTOR: &str = "app.kubernetes.io%2Fmanaged-by%3Dlauncher";

/// Makes suspended jobs of the plugin's own shape, on several connections.
pub(super) async fn fill(stage: &Stage, jobs: usize) -> Result<(), Failure> {
    let recording = stage.record(homeless(&[])).await?;
    let recording = &recording;
    let makers = (0..CONNECTIONS).map(|number| async move {
        let mut bare = stage.bare().await?;
        for _ in (number..jobs).step_by(CONNECTIONS) {
            bare.call(&recording.suspended()?).await?;
        }
        Ok::<(), Failure>(())
    });
    futures::future::try_join_all(makers).await.map(drop)
}

#[derive(Deserialize)]
struct Names {
    items: Vec<Named>,
}

#[derive(Deserialize)]
struct Named {
    metadata: Name,
}

#[derive(Deserialize)]
struct Name {
    name: String,
}

/// Removes all jobs of the launcher.
pub(super) async fn empty(stage: &Stage) -> Result<(), Failure> {
    let path = format!("{}?labelSelector={SELECTOR}", jobs_path());
    let list = stage.bare().await?.call(&Call::get(path)).await?;
    let names: Names = serde_json::from_slice(&list).map_err(|e| Failure::during("reading a list", e))?;
    let names = &names.items;
    let removers = (0..CONNECTIONS).map(|number| async move {
        let mut bare = stage.bare().await?;
        for item in names.iter().skip(number).step_by(CONNECTIONS) {
            bare.call(&super::stage::delete_job(&item.metadata.name.as_str().into())).await?;
        }
        Ok::<(), Failure>(())
    });
    futures::future::try_join_all(removers).await.map(drop)
}
