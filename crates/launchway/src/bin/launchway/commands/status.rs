//! `launchway status`: one job in full, or the states of jobs as they change.

use futures::StreamExt;
use jiff::Timestamp;
use launcher_api::request::JobFilter;
use launcher_api::response::JobStatusResponse;
use launcher_api::{Job, JobSelector, JobTime, Requester};
use launchway::{ClientError, PluginClient};
use serde_json::json;

use crate::age::age;
use crate::commands::network::port_text;
use crate::commands::ps::table;
use crate::context::Context;
use crate::exit::{self, Ended};
use crate::failure::Failure;
use crate::interrupts::Interrupts;
use crate::options::PluginArgs;
use crate::printer::{Format, Printer, Tone};
use crate::table::plain;

/// Tell the state of a job, or follow the states of one or all
///
/// With --json: the job, an array of jobs, or with --follow one line for each news of a state.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  launchway status mara-fit-x7k2p          everything about a job
  launchway status -f mara-fit-x7k2p       its states until it is over
  launchway status -f '*'                  all states of all jobs until Ctrl-C
  launchway status mara-fit-x7k2p --json | jq .exitCode")]
pub(crate) struct Status {
    /// The job, or '*' for all
    #[arg(default_value = "*", hide_default_value = true)]
    id: String,
    /// Go on with each change, until the job is over
    #[arg(long, short)]
    follow: bool,
    #[command(flatten)]
    plugin: PluginArgs,
}

impl Status {
    pub(crate) async fn execute(self, context: &Context) -> Result<Ended, Failure> {
        let printer = &context.printer;
        let jobs = JobSelector::from(self.id.as_str());
        context
            .with_plugin(&self.plugin, async |client, user| match jobs {
                jobs if self.follow => follow(client, user, jobs, printer).await,
                JobSelector::One(id) => tell(&client.job(user, &id).await?, printer),
                JobSelector::All => tell_all(&client.jobs(user, JobFilter::default()).await?, printer),
            })
            .await?;
        Ok(Ended(exit::DONE))
    }
}

fn tell_all(jobs: &[Job], printer: &Printer) -> Result<(), Failure> {
    match printer.format() {
        Format::Json => printer.json(&jobs)?,
        Format::Human if jobs.is_empty() => printer.note("there are no jobs"),
        Format::Human => printer.table(&table(jobs, Timestamp::now()))?,
    }
    Ok(())
}

fn tell(job: &Job, printer: &Printer) -> Result<(), Failure> {
    if printer.format() == Format::Json {
        return Ok(printer.json(job)?);
    }
    let texts = [
        ("name", &job.name),
        ("user", &job.user.to_string()),
        ("cluster", &job.cluster),
        ("host", &job.host),
        ("image", &job.container.as_ref().map(|container| container.image.clone()).unwrap_or_default()),
        ("command", &command_line(job)),
        ("directory", &job.working_directory),
        ("tags", &job.tags.join(", ")),
        ("profile", &job.resource_profile),
    ];
    printer.fact("id", Tone::Strong, &plain(job.id.as_str()))?;
    printer.fact("status", Tone::from(job.status), job.status.as_str())?;
    // A code that only repeats the state says nothing.
    let code = Some(job.status_code.as_str()).filter(|code| *code != job.status.as_str());
    let why = code.into_iter().chain([job.status_message.as_str()]);
    let why: Vec<&str> = why.filter(|text| !text.is_empty()).collect();
    if !why.is_empty() {
        printer.fact("why", Tone::Plain, &plain(&why.join(": ")))?;
    }
    if let Some(code) = job.exit_code {
        printer.fact("exit code", if code == 0 { Tone::Good } else { Tone::Bad }, &code.to_string())?;
    }
    for (name, text) in texts.into_iter().filter(|(_, text)| !text.is_empty()) {
        printer.fact(name, Tone::Plain, &plain(text))?;
    }
    for limit in &job.resource_limits {
        printer.fact(
            "limit",
            Tone::Plain,
            &plain(&format!("{} {}", limit.limit_type.as_str(), limit.value)),
        )?;
    }
    for port in &job.exposed_ports {
        printer.fact("port", Tone::Plain, &port_text(port))?;
    }
    let now = Timestamp::now();
    for (name, time) in [("submitted", job.submission_time), ("last news", job.last_update_time)] {
        if let Some(time) = time {
            let ago = age(Some(JobTime::timestamp(time)), now);
            printer.fact(name, Tone::Plain, &format!("{time} ({ago} ago)"))?;
        }
    }
    Ok(())
}

fn command_line(job: &Job) -> String {
    let program = if job.exe.is_empty() { &job.command } else { &job.exe };
    [std::slice::from_ref(program), &job.args].concat().join(" ")
}

/// Prints each news of a state, until the one job is over or the user has seen enough.
async fn follow(
    client: &PluginClient,
    user: &Requester,
    jobs: JobSelector,
    printer: &Printer,
) -> Result<(), Failure> {
    let mut interrupts = Interrupts::listen()?;
    let only_one = matches!(jobs, JobSelector::One(_));
    let mut stream = client.status_stream(user, jobs).await?;
    loop {
        let item = tokio::select! {
            item = stream.next() => item,
            () = interrupts.next() => return Ok(()),
        };
        match item {
            None => return Ok(()),
            Some(Err(gap @ ClientError::Gap { .. })) => printer.warning(&gap.to_string()),
            Some(Err(error)) => return Err(error.into()),
            Some(Ok(news)) => {
                tell_news(&news, printer)?;
                if only_one && news.status.is_terminal() {
                    return Ok(());
                }
            }
        }
    }
}

fn tell_news(news: &JobStatusResponse, printer: &Printer) -> Result<(), Failure> {
    match printer.format() {
        Format::Json => printer.json_line(&json!({
            "id": news.id,
            "name": news.name,
            "status": news.status,
            "statusCode": news.status_code,
            "statusMessage": news.status_message,
        }))?,
        Format::Human => {
            let status = printer.paint(Tone::from(news.status), &format!("{:<9}", news.status.as_str()));
            let message = plain(&news.status_message);
            printer.line(format!("{}  {status}  {message}", plain(news.id.as_str())).trim_end())?;
        }
    }
    Ok(())
}
