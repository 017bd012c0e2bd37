//! The embedded cluster judged by a real one: every row of `api-conformance` is asked of both.

mod kubeconfig;
mod page;
mod report;

use std::path::Path;
use std::time::Duration;

use api_conformance::{Accepted, Administrator, Compared, Group, Judgement, Place};
use embedded_cluster::EmbeddedCluster;

use self::kubeconfig::Administered;
use self::report::Report;
use crate::failure::Failure;
use crate::printer::Printer;

/// How often a metrics-server looks, as on the real cluster.
const METRICS: Duration = Duration::from_secs(15);

/// How long a pod's status lags behind its processes there, and half of that a job's behind its pods.
const LAG: Duration = Duration::from_millis(1_000);

/// How often a group is asked again that has differences. On a busy machine steps of a real cluster fall together or apart;
/// what is a difference differs each time.
const AGAIN: usize = 2;

/// What is done with the figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Record {
    /// They are printed.
    Print,
    /// They are also written into `docs/conformance.md`.
    Write,
}

/// A group with what came of its rows.
struct Judged {
    group: Group,
    rows: Vec<Compared>,
}

/// Asks all rows whose group or sentence holds `only` of an embedded cluster, started for this, and of the cluster that
/// an administrator's kubeconfig leads to; each in a namespace of its own.
///
/// # Errors
/// One of them can't be asked, or answers differ in a way that is not on the list of accepted differences.
pub(crate) async fn run(
    kubeconfig: &Path,
    image: &str,
    only: Option<&str>,
    record: Record,
    printer: &Printer,
) -> Result<(), Failure> {
    let accepted = Accepted::usual().map_err(|e| Failure::new(with_causes(&e)))?;
    let mut groups = api_conformance::groups().map_err(|e| Failure::new(with_causes(&e)))?;
    if let Some(text) = only {
        groups.retain(|group| group.name.contains(text));
    }
    if groups.is_empty() {
        return Err(Failure::new("no group of rows has such a name"));
    }
    let real = Administered::read(kubeconfig)?;
    let mut judged = Vec::new();
    let mut versions = None;
    for group in groups {
        let (mut rows, version) = ask(&group, &real, image, &accepted).await?;
        for _ in 0..AGAIN {
            if !rows.iter().any(differs) {
                break;
            }
            printer.line(&format!("{}: some rows differ; asked again", group.name));
            let (again, _) = ask(&group, &real, image, &accepted).await?;
            for (row, again) in rows.iter_mut().zip(again) {
                if differs(row) {
                    *row = again;
                }
            }
        }
        report::print(&group, &rows, printer);
        versions = Some(version);
        judged.push(Judged { group, rows });
    }
    let report = Report::of(&judged);
    printer.line(&report.to_string());
    if let (Record::Write, Some(version), None) = (record, versions, only) {
        page::write(&judged, &accepted, &version)?;
    }
    match report.differing {
        0 => Ok(()),
        differing => Err(Failure::new(format!("{differing} rows are answered differently"))),
    }
}

fn differs(row: &Compared) -> bool {
    matches!(row.judgement, Judgement::Differs { .. })
}

/// Asks the rows of one group of a new embedded cluster and of the real one; also says which release that is.
async fn ask(
    group: &Group,
    real: &Administered,
    image: &str,
    accepted: &Accepted,
) -> Result<(Vec<Compared>, String), Failure> {
    let right = Place::prepare(&real.url, &real.authority_pem, real.administrator.clone(), image).await;
    let mut right = right.map_err(|e| Failure::during("preparing the real cluster", with_causes(&e)))?;
    let version = right.release().to_owned();
    let cluster = EmbeddedCluster::builder()
        .server_version(&version)
        .metrics_interval(METRICS)
        .status_lag(LAG)
        .start()
        .await
        .map_err(|e| Failure::during("starting the embedded cluster", e))?;
    let authority = cluster.certificate_authority_pem().as_bytes();
    let administrator = Administrator::Token(cluster.admin_token());
    let left = Place::prepare(&cluster.url(), authority, administrator, image).await;
    let compared = match left {
        Ok(mut left) => api_conformance::compare(group, &mut left, &mut right, accepted).await,
        Err(error) => Err(error),
    };
    let cleared = right.clear().await;
    cluster.shutdown().await;
    let doing = format!("comparing {}", group.name);
    let rows = compared.map_err(|e| Failure::during(&doing, with_causes(&e)))?;
    cleared.map_err(|e| Failure::during("clearing the real cluster", with_causes(&e)))?;
    Ok((rows, version))
}

/// An error with all its causes, in one line.
fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
