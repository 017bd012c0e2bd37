//! One call of `kubectl`: its arguments and input, and what it must print.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde::Deserialize;

/// Who calls.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Account {
    #[default]
    Admin,
    JobLauncher,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    /// What holds, as a sentence.
    pub does: String,
    #[serde(default, rename = "as")]
    pub account: Account,
    pub args: Vec<String>,
    pub stdin: Option<String>,
    /// Parts of standard output.
    #[serde(default)]
    pub prints: Vec<String>,
    /// Parts of standard error.
    #[serde(default)]
    pub complains: Vec<String>,
    #[serde(default)]
    pub exits: i32,
    /// What is asked for appears after a while (metrics): ask again for some seconds.
    #[serde(default)]
    pub retries: bool,
}

/// Runs the case once; `Err` tells what was expected and what came.
pub(crate) fn run(case: &Case, kubectl: &Path, kubeconfig: &Path) -> Result<(), String> {
    let output = call(case, kubectl, kubeconfig).map_err(|e| format!("cannot run kubectl: {e}"))?;
    let stdout = String::from_utf8_lossy(&output.stdout);
    let stderr = String::from_utf8_lossy(&output.stderr);
    let mut wrong = Vec::new();
    if output.status.code() != Some(case.exits) {
        wrong.push(format!("exit: expected {}, got {}", case.exits, output.status));
    }
    wrong.extend(
        case.prints
            .iter()
            .filter(|part| !stdout.contains(*part))
            .map(|part| format!("stdout lacks '{part}'")),
    );
    wrong.extend(
        case.complains
            .iter()
            .filter(|part| !stderr.contains(*part))
            .map(|part| format!("stderr lacks '{part}'")),
    );
    if wrong.is_empty() {
        return Ok(());
    }
    Err(format!(
        "kubectl {}\n{}\n--- stdout\n{stdout}\n--- stderr\n{stderr}",
        case.args.join(" "),
        wrong.join("\n")
    ))
}

fn call(case: &Case, kubectl: &Path, kubeconfig: &Path) -> std::io::Result<Output> {
    let mut child = Command::new(kubectl)
        .arg("--kubeconfig")
        .arg(kubeconfig)
        .args(["--namespace", "rstudio"])
        .args(&case.args)
        .stdin(if case.stdin.is_some() { Stdio::piped() } else { Stdio::null() })
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    if let (Some(text), Some(mut stdin)) = (&case.stdin, child.stdin.take()) {
        // A kubectl that fails early closes its input: what it prints tells more than the broken pipe.
        let _ = stdin.write_all(text.as_bytes());
    }
    child.wait_with_output()
}
