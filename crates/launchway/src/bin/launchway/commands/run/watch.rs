//! Staying with a job: its states and its output at once, and what Ctrl-C does to it.

use std::time::Duration;

use futures::StreamExt;
use launcher_api::request::{ControlOperation, OutputSelection};
use launcher_api::response::JobStatusResponse;
use launcher_api::{ErrorCode, JobId, JobSelector, JobStatus, Requester};
use launchway::{ClientError, OutputChunk, PluginClient};
use serde_json::json;
use tokio::time::{Instant, sleep_until};

use super::output::print_output;
use crate::failure::Failure;
use crate::interrupts::Interrupts;
use crate::printer::{Format, Printer};
use crate::table::plain;

/// How long the output of a job that is over may be silent before it is taken to be complete.
const LAST_OUTPUT: Duration = Duration::from_secs(30);

/// How the watch ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The job is over and its output was printed.
    Over,
    /// The user does not want to wait for its end.
    Left,
}

/// All that can happen meanwhile.
enum Event {
    Status(Option<Result<JobStatusResponse, ClientError>>),
    Output(Option<Result<OutputChunk, ClientError>>),
    Interrupt,
    /// The job is over, but its output does not end.
    OutputOverdue,
}

/// What is known of the job.
struct Watch<'a> {
    client: &'a PluginClient,
    user: &'a Requester,
    id: &'a JobId,
    printer: &'a Printer,
    status: JobStatus,
    output_ended: bool,
    interrupts: u32,
}

/// Prints a job's output until it is over. Ctrl-C stops it (or cancels it while it is Pending), a second one kills it, a
/// third leaves it alone.
pub(super) async fn watch(
    client: &PluginClient,
    user: &Requester,
    id: &JobId,
    printer: &Printer,
    mut signals: Interrupts,
) -> Result<Outcome, Failure> {
    let mut states = client.status_stream(user, JobSelector::One(id.clone())).await?;
    let mut output = client.output_stream(user, id, OutputSelection::Both).await?;
    let mut watch =
        Watch { client, user, id, printer, status: JobStatus::Pending, output_ended: false, interrupts: 0 };
    let mut last_heard = Instant::now();
    loop {
        let over = watch.status.is_terminal();
        if over && watch.output_ended {
            return Ok(Outcome::Over);
        }
        let event = tokio::select! {
            // A job starts before it speaks: of what is there already, its states come first.
            biased;
            () = signals.next() => Event::Interrupt,
            news = states.next(), if !over => Event::Status(news),
            piece = output.next(), if !watch.output_ended => Event::Output(piece),
            () = sleep_until(last_heard + LAST_OUTPUT), if over => Event::OutputOverdue,
        };
        last_heard = Instant::now();
        match event {
            Event::Status(news) => watch.take_news(news)?,
            Event::Output(piece) => watch.take_output(piece)?,
            Event::Interrupt => {
                watch.interrupts += 1;
                if watch.interrupts > 2 {
                    return Ok(Outcome::Left);
                }
                watch.end_job().await?;
            }
            Event::OutputOverdue => {
                printer.warning("the job is over, but its output does not end: some of it may be missing");
                return Ok(Outcome::Over);
            }
        }
    }
}

impl Watch<'_> {
    fn take_news(&mut self, news: Option<Result<JobStatusResponse, ClientError>>) -> Result<(), Failure> {
        let news = match news {
            Some(Ok(news)) => news,
            Some(Err(gap @ ClientError::Gap { .. })) => {
                self.printer.warning(&gap.to_string());
                return Ok(());
            }
            Some(Err(error)) => return Err(error.into()),
            // A plugin that is gone tells so as an error.
            None => return Ok(()),
        };
        self.status = news.status;
        if self.printer.format() == Format::Json {
            self.printer.json_line(&json!({
                "event": "status",
                "status": news.status,
                "statusCode": news.status_code,
                "statusMessage": news.status_message,
            }))?;
        }
        match news.status {
            JobStatus::Pending | JobStatus::Suspended => {
                let why = match news.status_message.as_str() {
                    "" => String::new(),
                    message => format!(": {}", plain(message)),
                };
                self.printer.progress(&format!("{} is {}{why}", self.id, news.status));
            }
            _ => self.printer.end_progress(),
        }
        Ok(())
    }

    fn take_output(&mut self, piece: Option<Result<OutputChunk, ClientError>>) -> Result<(), Failure> {
        match piece {
            None => self.output_ended = true,
            Some(Ok(chunk)) => {
                self.printer.end_progress();
                print_output(self.printer, &chunk)?;
            }
            Some(Err(gap @ ClientError::Gap { .. })) => self.printer.warning(&gap.to_string()),
            // Without its output the job still has an end and an exit code.
            Some(Err(refusal @ ClientError::Plugin { .. })) => {
                self.printer.warning(&refusal.to_string());
                self.output_ended = true;
            }
            Some(Err(error)) => return Err(error.into()),
        }
        Ok(())
    }

    /// Asks for the job's end, more firmly each time.
    async fn end_job(&self) -> Result<(), Failure> {
        let operation = match (self.status, self.interrupts) {
            (JobStatus::Pending, _) => ControlOperation::Cancel,
            (_, 1) => ControlOperation::Stop,
            _ => ControlOperation::Kill,
        };
        self.printer.note(match operation {
            ControlOperation::Cancel => "canceling the job",
            ControlOperation::Stop => "stopping the job; Ctrl-C again kills it",
            _ => "killing the job; Ctrl-C again leaves it",
        });
        match self.client.control(self.user, self.id, operation).await {
            Ok(answer) if answer.operation_complete => Ok(()),
            Ok(answer) => {
                self.printer.warning(&format!("{operation} was not carried out: {}", answer.status_message));
                Ok(())
            }
            // Its state has changed meanwhile: news of that is on the way, and the user may ask again.
            Err(ClientError::Plugin { code: ErrorCode::InvalidJobState, message, .. }) => {
                self.printer.note(&plain(&message));
                Ok(())
            }
            Err(refusal @ ClientError::Plugin { .. }) => {
                self.printer.warning(&refusal.to_string());
                Ok(())
            }
            Err(error) => Err(error.into()),
        }
    }
}
