//! `launchway run`: launch a job and stay with it, as if it ran here.

pub(crate) mod input;
pub(crate) mod output;
mod watch;

use launcher_api::{Job, JobStatus};
use serde_json::json;

use crate::context::Context;
use crate::exit::{self, Ended};
use crate::failure::Failure;
use crate::interrupts::Interrupts;
use crate::job::JobFlags;
use crate::options::PluginArgs;
use crate::printer::Format;

use self::input::{InputFlags, Presence};

/// Launch a job and stay with it: its output comes here, its exit code becomes this program's
///
/// What comes on standard input is the job's, unless it is a terminal. What follows `--` is the job's program; arguments for
/// the plugin go into --plugin-arg or the settings file. Ctrl-C stops the job, a second one kills it, a third leaves it.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  launchway run --image alpine -- echo hello
  launchway run --image r:4.4 --cpus 2 --memory 4G --mount nfs:nas:/exports/mara:/home/mara \\
      --workdir /home/mara --env TZ=Europe/Vienna -- Rscript fit.R --years 3
  launchway run --image alpine --command 'cd /tmp && date | tee now'
  printf 'echo $((6 * 7))\\n' | launchway run --image alpine -- /bin/sh
  launchway run --file job.json --tag trial

Exit codes:
  0-255  the job's own (a stopped job has 143 unless it handles SIGTERM)
  125    launchway or the plugin failed; standard error says why
  126    the job could not be launched or was lost (Failed)
  130    the job was canceled before it ran (Canceled), or a third Ctrl-C left it
  137    the job was killed (Killed)
  141    nobody reads standard output any more; the job goes on")]
pub(crate) struct Run {
    #[command(flatten)]
    job: JobFlags,
    #[command(flatten)]
    input: InputFlags,
}

impl Run {
    pub(crate) async fn execute(self, context: &Context) -> Result<Ended, Failure> {
        let mut job = self.job.into_job()?;
        self.input.put_into(&mut job, Presence::WhenPiped)?;
        context
            .with_plugin(&PluginArgs::default(), async |client, user| {
                let printer = &context.printer;
                // From here on Ctrl-C is about the job.
                let signals = Interrupts::listen()?;
                let job = client.submit(user, job).await?;
                if printer.format() == Format::Json {
                    printer.json_line(&json!({"event": "submitted", "job": job}))?;
                }
                match watch::watch(client, user, &job.id, printer, signals).await? {
                    watch::Outcome::Over => {
                        let job = client.job(user, &job.id).await?;
                        if printer.format() == Format::Json {
                            let (status, code) = (job.status, job.exit_code);
                            printer
                                .json_line(&json!({"event": "ended", "status": status, "exitCode": code}))?;
                        }
                        Ok(code_of(&job, context))
                    }
                    watch::Outcome::Left => {
                        printer.note(&format!("left the job '{}'; it goes on", job.id));
                        Ok(Ended(exit::JOB_CANCELED))
                    }
                }
            })
            .await
    }
}

/// The exit code that tells how a job ended. A code beyond what a process can have is cut to its lowest byte, as the
/// operating system does.
fn code_of(job: &Job, context: &Context) -> Ended {
    let own = job.exit_code.map(|code| code.to_le_bytes()[0]);
    let explain = |what: &str| {
        let why = match job.status_message.as_str() {
            "" => String::new(),
            message => format!(": {}", crate::table::plain(message)),
        };
        context.printer.note(&format!("the job '{}' {what}{why}", job.id));
    };
    Ended(match job.status {
        JobStatus::Finished => own.unwrap_or(exit::DONE),
        JobStatus::Killed => {
            explain("was killed");
            own.unwrap_or(exit::JOB_KILLED)
        }
        JobStatus::Canceled => {
            explain("was canceled");
            exit::JOB_CANCELED
        }
        JobStatus::Failed | JobStatus::Pending | JobStatus::Running | JobStatus::Suspended => {
            explain("failed");
            exit::JOB_FAILED
        }
    })
}
