//! An unmodified `kubectl` against the embedded cluster.

mod build;
mod case;

use std::path::Path;
use std::time::{Duration, Instant};

use self::build::BuildError;
use self::case::{Account, Case};
use crate::cluster::{Cluster, Metrics};
use crate::failure::Failure;
use crate::printer::Printer;

/// How long something that appears after a while may take.
const PATIENCE: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(500);

/// Builds `kubectl`, starts an embedded cluster, and makes every call of `xtask/kubectl/cases.yaml`.
///
/// # Errors
/// A build that fails, or a call that does not do what its sentence says.
pub(crate) async fn run(printer: &Printer) -> Result<(), Failure> {
    let kubectl = match tokio::task::spawn_blocking(build::kubectl).await {
        Ok(Ok(kubectl)) => kubectl,
        Ok(Err(BuildError::NoGo)) => {
            printer.line(&format!("skipped: {}", BuildError::NoGo));
            return Ok(());
        }
        Ok(Err(e)) => return Err(Failure::new(e.to_string())),
        Err(e) => return Err(Failure::during("building kubectl", e)),
    };
    let cases = load()?;
    let cluster = Cluster::embedded(Metrics::Measured).await?;
    let folder = tempfile::tempdir().map_err(|e| Failure::during("making a folder for kubeconfigs", e))?;
    let (admin, launcher) = (folder.path().join("admin"), folder.path().join("launcher"));
    if let Some(embedded) = cluster.embedded_handle() {
        for (path, text) in
            [(&admin, embedded.admin_kubeconfig()), (&launcher, embedded.launcher_kubeconfig())]
        {
            std::fs::write(path, text).map_err(|e| Failure::during("writing a kubeconfig", e))?;
        }
    }
    let (mut passed, mut failed) = (0, 0);
    for case in cases {
        let kubeconfig = match case.account {
            Account::Admin => admin.clone(),
            Account::JobLauncher => launcher.clone(),
        };
        let kubectl = kubectl.clone();
        let done = tokio::task::spawn_blocking(move || {
            let result = run_patiently(&case, &kubectl, &kubeconfig);
            (case, result)
        })
        .await;
        match done {
            Ok((case, Ok(()))) => {
                passed += 1;
                printer.line(&format!("{} {}", printer.good("holds  "), case.does));
            }
            Ok((case, Err(why))) => {
                failed += 1;
                printer.line(&format!("{} {}\n{why}", printer.bad("FAILS  "), case.does));
            }
            Err(e) => return Err(Failure::during("calling kubectl", e)),
        }
    }
    cluster.shutdown().await;
    printer.line(&format!("\n{passed} passed, {failed} failed, 0 skipped"));
    if failed > 0 {
        return Err(Failure::new(format!("{failed} calls of kubectl do not do what they should")));
    }
    Ok(())
}

fn load() -> Result<Vec<Case>, Failure> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("kubectl/cases.yaml");
    let doing = || format!("reading {}", path.display());
    let text = std::fs::read_to_string(&path).map_err(|e| Failure::during(doing(), e))?;
    serde_saphyr::from_str(&text).map_err(|e| Failure::during(doing(), e))
}

fn run_patiently(case: &Case, kubectl: &Path, kubeconfig: &Path) -> Result<(), String> {
    let began = Instant::now();
    loop {
        let result = case::run(case, kubectl, kubeconfig);
        if result.is_ok() || !case.retries || began.elapsed() > PATIENCE {
            return result;
        }
        pause();
    }
}

#[expect(clippy::disallowed_methods, reason = "kubectl offers no event to await: ask again after a pause")]
fn pause() {
    std::thread::sleep(PAUSE);
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_calls_of_kubectl_are_readable() {
        let cases = super::load().unwrap_or_else(|e| panic!("{e}"));
        assert!(cases.len() >= 50, "{} calls", cases.len());
    }
}
