//! `launchway stop`, `kill`, `cancel`, `suspend`, `resume`: operations on jobs.

use launcher_api::request::ControlOperation;
use launcher_api::{JobId, Requester};
use launchway::{ClientError, PluginClient};
use serde::Serialize;

use crate::context::Context;
use crate::exit::{self, Ended};
use crate::failure::Failure;
use crate::options::PluginArgs;
use crate::printer::{Format, Printer};

/// The jobs of a command.
#[derive(Debug, clap::Args)]
struct Jobs {
    /// The jobs
    #[arg(required = true, value_name = "ID")]
    ids: Vec<JobId>,
    #[command(flatten)]
    plugin: PluginArgs,
}

macro_rules! operation {
    ($(#[$doc:meta])* $name:ident, $help:literal) => {
        $(#[$doc])*
        #[derive(Debug, clap::Args)]
        #[command(after_help = $help)]
        pub(crate) struct $name {
            #[command(flatten)]
            jobs: Jobs,
        }

        impl $name {
            pub(crate) async fn execute(self, context: &Context) -> Result<Ended, Failure> {
                self.jobs.control(ControlOperation::$name, context).await
            }
        }
    };
}

operation!(
    /// Ask running jobs to end, as SIGTERM does; they become Finished
    ///
    /// The ids of the jobs that were asked are printed. A job may take its time: `launchway status -f ID` waits for its end.
    Stop,
    "Examples:
  launchway stop mara-fit-x7k2p
  launchway ps --tag nightly --json | jq -r '.[].id' | xargs launchway stop"
);

operation!(
    /// End running jobs at once, as SIGKILL does; they become Killed
    Kill,
    "Example:
  launchway kill mara-fit-x7k2p mara-fit-9qz41"
);

operation!(
    /// Take back jobs that do not run yet; they become Canceled
    Cancel,
    "Example:
  launchway cancel mara-fit-x7k2p"
);

operation!(
    /// Halt running jobs, as SIGSTOP does; they become Suspended. Not every cluster can
    Suspend,
    "Example:
  launchway suspend mara-fit-x7k2p"
);

operation!(
    /// Let suspended jobs go on, as SIGCONT does. Not every cluster can
    Resume,
    "Example:
  launchway resume mara-fit-x7k2p"
);

/// What became of the operation on one job.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Outcome<'a> {
    id: &'a JobId,
    operation_complete: bool,
    #[serde(skip_serializing_if = "String::is_empty")]
    message: String,
}

impl<'a> Outcome<'a> {
    fn refused(id: &'a JobId, refusal: &ClientError) -> Self {
        Self { id, operation_complete: false, message: refusal.to_string() }
    }
}

impl Jobs {
    async fn control(self, operation: ControlOperation, context: &Context) -> Result<Ended, Failure> {
        let printer = &context.printer;
        context
            .with_plugin(&self.plugin, async |client, user| {
                let mut outcomes = Vec::new();
                let mut refusals = Vec::new();
                for id in &self.ids {
                    match control_one(client, user, id, operation).await {
                        Ok(outcome) => outcomes.push(outcome),
                        Err(refusal @ ClientError::Plugin { .. }) if self.ids.len() > 1 => {
                            match printer.format() {
                                Format::Human => printer.error(&refusal, None),
                                Format::Json => outcomes.push(Outcome::refused(id, &refusal)),
                            }
                            refusals.push(refusal);
                        }
                        Err(error) => return Err(error.into()),
                    }
                }
                print(printer, &outcomes)?;
                match refusals.first() {
                    None => Ok(Ended(exit::DONE)),
                    Some(first) => Err(Failure::Some {
                        operation,
                        failed: refusals.len(),
                        asked: self.ids.len(),
                        first: first.code(),
                    }),
                }
            })
            .await
    }
}

async fn control_one<'a>(
    client: &PluginClient,
    user: &Requester,
    id: &'a JobId,
    operation: ControlOperation,
) -> Result<Outcome<'a>, ClientError> {
    let answer = client.control(user, id, operation).await?;
    Ok(Outcome { id, operation_complete: answer.operation_complete, message: answer.status_message })
}

fn print(printer: &Printer, outcomes: &[Outcome<'_>]) -> Result<(), Failure> {
    if printer.format() == Format::Json {
        return Ok(printer.json(&outcomes)?);
    }
    for outcome in outcomes {
        if outcome.operation_complete {
            printer.line(outcome.id.as_str())?;
        } else {
            printer.warning(&format!("{}: not carried out: {}", outcome.id, outcome.message));
        }
    }
    Ok(())
}
