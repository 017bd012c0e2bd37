//! `launchway submit`: launch a job and print its id.

use crate::commands::run::input::{InputFlags, Presence};
use crate::context::Context;
use crate::exit::{self, Ended};
use crate::failure::Failure;
use crate::job::JobFlags;
use crate::options::PluginArgs;
use crate::printer::Format;

/// Launch a job and print its id, without waiting for it
///
/// What follows `--` is the job's program; arguments for the plugin go into --plugin-arg or the settings file.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  launchway submit --image r:4.4 --cpus 2 --memory 4G -- Rscript fit.R --years 3
  launchway submit --file job.json --tag nightly
  id=$(launchway submit --image alpine --command 'sleep 60; date') && launchway logs -f \"$id\"
  launchway submit --image alpine --stdin script.sh -- /bin/sh")]
pub(crate) struct Submit {
    #[command(flatten)]
    job: JobFlags,
    #[command(flatten)]
    input: InputFlags,
}

impl Submit {
    pub(crate) async fn execute(self, context: &Context) -> Result<Ended, Failure> {
        let mut job = self.job.into_job()?;
        self.input.put_into(&mut job, Presence::WhenAsked)?;
        let submitted = context
            .with_plugin(&PluginArgs::default(), async |client, user| Ok(client.submit(user, job).await?))
            .await?;
        match context.printer.format() {
            Format::Human => context.printer.line(submitted.id.as_str())?,
            Format::Json => context.printer.json(&submitted)?,
        }
        Ok(Ended(exit::DONE))
    }
}
