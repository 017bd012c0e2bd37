//! Chores of this project. `cargo xtask --help` lists them.

mod bench;
mod cache;
mod cluster;
mod compare;
mod demo;
mod e2e;
mod failure;
mod fuzz;
mod kubectl;
mod local_cluster;
mod oracle;
mod printer;
mod programs;
mod schema;
mod serve_text;
mod site;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::failure::Failure;
use crate::printer::Printer;
use crate::serve_text::Visitors;

#[derive(Debug, Parser)]
#[command(about = "Chores of this project", disable_version_flag = true)]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Debug, Subcommand)]
enum Chore {
    /// Show the product's main job: an embedded cluster, the plugin, three jobs, a restart.
    Demo,
    /// Show every behaviour of the end-to-end suite on a real plugin process and a cluster.
    ///
    /// Examples:
    ///   cargo xtask e2e --embedded
    ///   cargo xtask e2e --only 'exit code 3'
    ///   cargo xtask e2e --real --kubernetes 1.30
    ///   KUBECONFIG=admin.yaml cargo xtask e2e --real --image registry.example/busybox:1
    #[command(verbatim_doc_comment)]
    E2e(e2e::Arguments),
    /// Drive the embedded cluster with an unmodified kubectl, built from its Go module.
    Kubectl,
    /// A real one-node Kubernetes on this machine, from package registries only. Needs root for all but `build`.
    #[command(subcommand)]
    Cluster(local_cluster::Command),
    /// Go as the judge of templates, from the programs in `oracle/`. Needs Go.
    ///
    /// Examples:
    ///   cargo xtask oracle verify
    ///   cargo xtask oracle fuzz --minutes 30
    ///   cargo xtask oracle fuzz --family formats --seed 7 --coverage
    #[command(subcommand, verbatim_doc_comment)]
    Oracle(oracle::Command),
    /// Measure, and print medians.
    #[command(subcommand)]
    Bench(bench::Bench),
    /// Fuzz the template engine, its functions and YAML. Needs a nightly toolchain and cargo-fuzz.
    ///
    /// Examples:
    ///   cargo xtask fuzz --minutes 15
    ///   cargo xtask fuzz parse yaml_read --jobs 2
    #[command(verbatim_doc_comment)]
    Fuzz(fuzz::Arguments),
    /// Write the fields of Kubernetes' objects, as `--validate-templates` knows them, from a real API server.
    Schema(schema::Arguments),
    /// Answer every HTTP request on 127.0.0.1:PORT with one text: what test jobs run.
    #[command(hide = true)]
    ServeText {
        /// End after one request.
        #[arg(long)]
        once: bool,
        port: u16,
        text: String,
    },
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let printer = Printer::new();
    match run(&arguments.chore, &printer) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            printer.line(&format!("{} {failure}", printer.bad("error:")));
            ExitCode::FAILURE
        }
    }
}

fn run(chore: &Chore, printer: &Printer) -> Result<(), Failure> {
    if let Chore::ServeText { once, port, text } = chore {
        let visitors = if *once { Visitors::One } else { Visitors::All };
        return serve_text::run(*port, text, visitors);
    }
    if let Chore::Cluster(command) = chore {
        return local_cluster::run(command, printer);
    }
    if let Chore::Oracle(command) = chore {
        return oracle::run(command, printer);
    }
    if let Chore::Fuzz(arguments) = chore {
        return fuzz::run(arguments, printer);
    }
    if let Chore::Bench(_) = chore {
        bench::release::or_become_it(printer)?;
    }
    if let Chore::Schema(arguments) = chore {
        return schema::run(arguments, printer);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|e| Failure::during("starting", e))?;
    runtime.block_on(async {
        match chore {
            Chore::Demo => demo::run(printer).await,
            Chore::E2e(arguments) => e2e::run(arguments, printer).await,
            Chore::Kubectl => kubectl::run(printer).await,
            Chore::Bench(bench) => bench::run(bench, printer).await,
            Chore::Cluster(_)
            | Chore::Fuzz(_)
            | Chore::Oracle(_)
            | Chore::Schema(_)
            | Chore::ServeText { .. } => Ok(()),
        }
    })
}
