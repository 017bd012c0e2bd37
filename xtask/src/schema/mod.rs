//! `crates/kubernetes-backend/src/schema/fields.txt`: the fields of Jobs and Services, from a real API server.

mod table;

use std::path::Path;

use clap::Args;
use local_kubernetes::{Cluster, Version};
use serde_json::Value;

use crate::failure::Failure;
use crate::local_cluster::{Terminal, Which, told};
use crate::printer::Printer;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    which: Which,
    /// Tell whether the table is as the server has it, and write nothing.
    #[arg(long)]
    check: bool,
}

/// Writes the table, or checks it. The cluster is started if need be, and then taken down again.
///
/// # Errors
/// The cluster can't be asked, the file can't be written, or (in a check) is not as it should be.
pub(crate) fn run(arguments: &Arguments, printer: &Printer) -> Result<(), Failure> {
    let options = arguments.which.options(&[])?;
    let running = Cluster::find(&options.name).map_err(|error| told(&error))?;
    let is_ours = running.is_none();
    let cluster = match running {
        Some(cluster) => cluster,
        None => Cluster::up(&options, &mut Terminal::new()).map_err(|error| told(&error))?,
    };
    let text = of_server(&cluster);
    if is_ours {
        cluster.down().map_err(|error| told(&error))?;
    }
    let text = text?;
    let file =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/kubernetes-backend/src/schema/fields.txt");
    let path = file.display();
    if !arguments.check {
        std::fs::write(&file, &text).map_err(|error| Failure::during(format!("writing {path}"), error))?;
        printer.line(&format!("wrote {path}: {} lines", text.lines().count()));
        return Ok(());
    }
    let written =
        std::fs::read_to_string(&file).map_err(|error| Failure::during(format!("reading {path}"), error))?;
    if written == text { Ok(()) } else { Err(Failure::new(format!("{path} is not as the server has it"))) }
}

fn of_server(cluster: &Cluster) -> Result<String, Failure> {
    let batch = schemas(cluster, "/openapi/v3/apis/batch/v1")?;
    let core = schemas(cluster, "/openapi/v3/api/v1")?;
    let roots = [(&batch, "io.k8s.api.batch.v1.Job"), (&core, "io.k8s.api.core.v1.Service")];
    table::text(&release(cluster.version()), &roots)
}

/// The release without its patch: patches do not change fields.
fn release(version: Version) -> String {
    version.without_patch()
}

fn schemas(cluster: &Cluster, path: &str) -> Result<Value, Failure> {
    let doing = || format!("asking the API server for {path}");
    let output = cluster
        .kubectl()
        .args(["get", "--raw", path])
        .output()
        .map_err(|error| Failure::during(doing(), error))?;
    if !output.status.success() {
        return Err(Failure::during(doing(), String::from_utf8_lossy(&output.stderr).trim()));
    }
    let document: Value =
        serde_json::from_slice(&output.stdout).map_err(|error| Failure::during(doing(), error))?;
    Ok(document["components"]["schemas"].clone())
}
