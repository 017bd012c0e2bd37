//! `launchway top`: what a job uses, live.

use futures::StreamExt;
use launcher_api::JobId;
use launcher_api::response::ResourceUse;
use launchway::ClientError;
use serde_json::json;

use crate::context::Context;
use crate::exit::{self, Ended};
use crate::failure::Failure;
use crate::interrupts::Interrupts;
use crate::options::PluginArgs;
use crate::printer::{Format, Printer, Tone};

/// Show what a running job uses, until it is over or Ctrl-C
///
/// On a terminal one line that is rewritten, else a line for each sample. With --json one line for each sample, with the
/// units of the API: percent of one CPU, seconds, MB.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  launchway top mara-fit-x7k2p
  launchway top mara-fit-x7k2p --json | jq .residentMemory")]
pub(crate) struct Top {
    /// The job
    id: JobId,
    #[command(flatten)]
    plugin: PluginArgs,
}

impl Top {
    pub(crate) async fn execute(self, context: &Context) -> Result<Ended, Failure> {
        let printer = &context.printer;
        let mut interrupts = Interrupts::listen()?;
        context
            .with_plugin(&self.plugin, async |client, user| {
                let mut stream = client.resource_stream(user, &self.id).await?;
                let mut samples = 0_u64;
                loop {
                    let item = tokio::select! {
                        item = stream.next() => item,
                        () = interrupts.next() => break,
                    };
                    match item {
                        None => break,
                        Some(Ok(sample)) => {
                            if samples == 0 {
                                heading(printer)?;
                            }
                            samples += 1;
                            show(printer, &sample)?;
                        }
                        Some(Err(gap @ ClientError::Gap { .. })) => printer.warning(&gap.to_string()),
                        Some(Err(error)) => return Err(error.into()),
                    }
                }
                end(printer, samples)
            })
            .await?;
        Ok(Ended(exit::DONE))
    }
}

fn heading(printer: &Printer) -> Result<(), Failure> {
    if printer.format() == Format::Human {
        let heading = format!("{:>8}{:>12}{:>14}{:>14}", "CPU", "CPU TIME", "RESIDENT", "VIRTUAL");
        printer.line(&printer.paint(Tone::Strong, &heading))?;
    }
    Ok(())
}

fn show(printer: &Printer, sample: &ResourceUse) -> Result<(), Failure> {
    if printer.format() == Format::Json {
        return Ok(printer.json_line(&json!({
            "cpuPercent": sample.cpu_percent,
            "cpuTime": sample.cpu_time,
            "virtualMemory": sample.virtual_memory,
            "residentMemory": sample.resident_memory,
        }))?);
    }
    let amount =
        |value: Option<f64>, unit: &str| value.map_or("-".to_owned(), |value| format!("{value:.1}{unit}"));
    printer.replacing_line(&format!(
        "{:>8}{:>12}{:>14}{:>14}",
        amount(sample.cpu_percent, "%"),
        amount(sample.cpu_time, " s"),
        amount(sample.resident_memory, " MB"),
        amount(sample.virtual_memory, " MB"),
    ))?;
    Ok(())
}

fn end(printer: &Printer, samples: u64) -> Result<(), Failure> {
    match printer.format() {
        Format::Human if samples > 0 && printer.stdout_is_terminal() => printer.line("")?,
        _ if samples == 0 => printer.note("the job is over; it was not measured"),
        _ => {}
    }
    Ok(())
}
