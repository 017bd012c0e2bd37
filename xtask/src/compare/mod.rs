//! The embedded cluster judged by a real one: every row of `api-conformance` is asked of both.

mod page;
mod report;

use std::path::Path;

use api_conformance::{Accepted, Administrator, Compared, ConformanceError, Group, Judgement, Place};
use embedded_cluster::EmbeddedCluster;
use kube::config::{KubeConfigOptions, Kubeconfig};

use self::report::Report;
use crate::failure::Failure;
use crate::printer::Printer;

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
    let real = Real::read(kubeconfig, image).await?;
    let mut judged = Vec::new();
    let mut versions = None;
    for group in groups {
        let mut right = real.place().await?;
        let version = right.release().to_owned();
        let cluster = EmbeddedCluster::builder()
            .server_version(&version)
            .start()
            .await
            .map_err(|e| Failure::during("starting the embedded cluster", e))?;
        let left = embedded_place(&cluster, image).await;
        let compared = match left {
            Ok(mut left) => api_conformance::compare(&group, &mut left, &mut right, &accepted).await,
            Err(error) => Err(error),
        };
        let cleared = right.clear().await;
        cluster.shutdown().await;
        let doing = format!("comparing {}", group.name);
        let rows = compared.map_err(|e| Failure::during(&doing, with_causes(&e)))?;
        cleared.map_err(|e| Failure::during("clearing the real cluster", with_causes(&e)))?;
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

/// A running cluster and who administers it.
struct Real {
    url: String,
    authority_pem: Vec<u8>,
    administrator: Administrator,
    image: String,
}

impl Real {
    async fn read(kubeconfig: &Path, image: &str) -> Result<Real, Failure> {
        let doing = || format!("reading {}", kubeconfig.display());
        let parsed = Kubeconfig::read_from(kubeconfig).map_err(|e| Failure::during(doing(), e))?;
        let config = kube::Config::from_custom_kubeconfig(parsed, &KubeConfigOptions::default())
            .await
            .map_err(|e| Failure::during(doing(), e))?;
        let missing = |what: &str| Failure::new(format!("{}: no {what}", doing()));
        let authority = config.root_cert.as_deref().ok_or_else(|| missing("certificate authority"))?;
        let authority_pem = authority.iter().map(|der| pem(der)).collect::<String>().into_bytes();
        let login = &config.auth_info;
        let administrator = if let Some(token) = &login.token {
            Administrator::Token(secrecy_free(token))
        } else {
            let certificate =
                pem_of(login.client_certificate.as_deref(), login.client_certificate_data.as_deref());
            let key = pem_of(login.client_key.as_deref(), login.client_key_data.as_ref().map(secrecy_free).as_deref());
            Administrator::Certificate {
                certificate_pem: certificate?.ok_or_else(|| missing("client certificate"))?,
                key_pem: key?.ok_or_else(|| missing("client key"))?,
            }
        };
        let url = config.cluster_url.to_string().trim_end_matches('/').to_owned();
        Ok(Real { url, authority_pem, administrator, image: image.to_owned() })
    }

    async fn place(&self) -> Result<Place, Failure> {
        Place::prepare(&self.url, &self.authority_pem, self.administrator.clone(), &self.image)
            .await
            .map_err(|e| Failure::during("preparing the real cluster", with_causes(&e)))
    }
}
