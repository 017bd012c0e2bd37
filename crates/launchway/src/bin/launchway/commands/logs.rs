//! `launchway logs`: a job's output.

use std::time::Duration;

use futures::StreamExt;
use launcher_api::request::OutputSelection;
use launcher_api::{Job, JobId, JobStatus};
use launchway::{ClientError, OutputStream};
use tokio::time::timeout;

use crate::commands::run::output::print_output;
use crate::context::Context;
use crate::exit::{self, Ended};
use crate::failure::Failure;
use crate::interrupts::Interrupts;
use crate::options::PluginArgs;
use crate::printer::Printer;

/// Without --follow the output of a job that runs is taken to be at its present end when nothing came for so long.
const QUIET: Duration = Duration::from_secs(1);

/// Print a job's output from its beginning
///
/// Standard output goes to standard output, standard error to standard error, and what the cluster cannot tell apart
/// to standard output. With --json: one line for each piece.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  launchway logs mara-fit-x7k2p            what there is now
  launchway logs -f mara-fit-x7k2p         and what comes, until the job is over
  launchway logs --stderr mara-fit-x7k2p 2>&1 | tail")]
pub(crate) struct Logs {
    /// The job
    id: JobId,
    /// Go on with what comes, until the job's output ends
    #[arg(long, short)]
    follow: bool,
    /// Only standard output
    #[arg(long, conflicts_with = "stderr")]
    stdout: bool,
    /// Only standard error
    #[arg(long)]
    stderr: bool,
    #[command(flatten)]
    plugin: PluginArgs,
}

impl Logs {
    pub(crate) async fn execute(self, context: &Context) -> Result<Ended, Failure> {
        let selection = match (self.stdout, self.stderr) {
            (true, _) => OutputSelection::Stdout,
            (_, true) => OutputSelection::Stderr,
            _ => OutputSelection::Both,
        };
        let printer = &context.printer;
        context
            .with_plugin(&self.plugin, async |client, user| {
                let job = client.job(user, &self.id).await?;
                let Some(wait) = wait(&job, self.follow) else {
                    printer.note("the job has not started, so it has no output yet (--follow waits for it)");
                    return Ok(());
                };
                let stream = client.output_stream(user, &self.id, selection).await?;
                print_all(stream, wait, printer).await
            })
            .await?;
        Ok(Ended(exit::DONE))
    }
}

/// How long to wait for the next piece of output.
#[derive(Clone, Copy)]
enum Wait {
    ForEver,
    AtMost(Duration),
}

/// `None`: there can be no output yet.
fn wait(job: &Job, follow: bool) -> Option<Wait> {
    match job.status {
        _ if follow || job.status.is_terminal() => Some(Wait::ForEver),
        JobStatus::Pending => None,
        _ => Some(Wait::AtMost(QUIET)),
    }
}

async fn print_all(mut stream: OutputStream, wait: Wait, printer: &Printer) -> Result<(), Failure> {
    let mut interrupts = Interrupts::listen()?;
    loop {
        let next = async {
            match wait {
                Wait::ForEver => stream.next().await,
                Wait::AtMost(quiet) => timeout(quiet, stream.next()).await.ok().flatten(),
            }
        };
        let item = tokio::select! {
            item = next => item,
            () = interrupts.next() => return Ok(()),
        };
        match item {
            None => return Ok(()),
            Some(Ok(chunk)) => print_output(printer, &chunk)?,
            Some(Err(gap @ ClientError::Gap { .. })) => printer.warning(&gap.to_string()),
            Some(Err(error)) => return Err(error.into()),
        }
    }
}
