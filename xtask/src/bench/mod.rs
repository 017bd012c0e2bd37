//! Benchmarks: medians of one run, each with the command that repeats it.

mod cluster;
mod main_job;
mod memory;
mod page;
mod programs;
pub(crate) mod release;
mod summary;
mod templates;

use crate::failure::Failure;
use crate::printer::Printer;

/// What is measured.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Bench {
    /// The main job on an embedded cluster: latencies of 20 jobs, start-up, memory, sizes of the programs.
    ///
    /// Builds the programs for release first. Run it on a machine that does nothing else.
    Main(main_job::Arguments),
    /// What the plugin adds to a cluster's API: submissions, news, output, ten thousand jobs, beside a bare client.
    ///
    /// Builds the programs for release first. Run it on a machine, and a cluster, that do nothing else.
    ///
    /// Examples:
    ///   cargo xtask bench cluster --embedded
    ///   cargo xtask bench cluster --only submit,news
    #[command(verbatim_doc_comment)]
    Cluster(cluster::Arguments),
    /// Templates here beside Go and the fastest Rust peer: rendering, parsing, YAML, a cold start.
    ///
    /// Builds all sides first; needs Go. Run it on a machine that does nothing else.
    ///
    /// Examples:
    ///   cargo xtask bench templates
    ///   cargo xtask bench templates --rounds 51 --record
    #[command(verbatim_doc_comment)]
    Templates(templates::Arguments),
}

/// Runs one benchmark and prints its table.
///
/// # Errors
/// What is measured does not work.
pub(crate) async fn run(bench: &Bench, printer: &Printer) -> Result<(), Failure> {
    match bench {
        Bench::Main(arguments) => main_job::run(arguments, printer).await,
        Bench::Cluster(arguments) => cluster::run(arguments, printer).await,
        Bench::Templates(arguments) => templates::run(arguments, printer),
    }
}
