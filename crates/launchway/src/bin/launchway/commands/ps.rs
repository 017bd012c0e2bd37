//! `launchway ps`: the list of jobs.

use jiff::Timestamp;
use launcher_api::job::{JobField, JobFields};
use launcher_api::request::JobFilter;
use launcher_api::{Job, JobStatus, JobTime};

use crate::age::{Since, age};
use crate::context::Context;
use crate::exit::{self, Ended};
use crate::failure::Failure;
use crate::options::PluginArgs;
use crate::printer::{Format, Tone};
use crate::table::{Cell, Table};

/// List jobs
///
/// Without --all or --status, those that are not over. With --json: an array of the jobs as the plugin tells them.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  launchway ps                                  jobs that wait or run
  launchway ps --all --since 2h                 all that were submitted in the last two hours
  launchway ps --tag nightly --status Finished --status Failed
  launchway ps --user '*' --json | jq -r '.[].id'")]
pub(crate) struct Ps {
    /// Only jobs with this tag; several: with all of them
    #[arg(long)]
    tag: Vec<String>,
    /// Only jobs in this state; several: in one of them
    #[arg(long, ignore_case = true, value_parser = crate::tone::parse_status)]
    status: Vec<JobStatus>,
    /// Only jobs submitted since then: 90s, 15m, 2h, 3d, or a time such as 2026-11-24T09:30:00Z
    #[arg(long, value_name = "WHEN")]
    since: Option<Since>,
    /// Also jobs that are over
    #[arg(long, short)]
    all: bool,
    #[command(flatten)]
    plugin: PluginArgs,
}

/// The fields that the table shows: nothing else need come over the wire.
const SHOWN: [JobField; 6] = [
    JobField::Name,
    JobField::User,
    JobField::Status,
    JobField::StatusMessage,
    JobField::ExitCode,
    JobField::SubmissionTime,
];

impl Ps {
    pub(crate) async fn execute(self, context: &Context) -> Result<Ended, Failure> {
        let now = Timestamp::now();
        let statuses = match (self.status.is_empty(), self.all) {
            (false, _) => self.status,
            (true, true) => Vec::new(),
            (true, false) => JobStatus::ALL.into_iter().filter(|status| !status.is_terminal()).collect(),
        };
        let filter = JobFilter {
            tags: self.tag,
            statuses,
            start: self.since.map(|since| JobTime::new(since.resolve(now))),
            end: None,
        };
        let fields = match context.printer.format() {
            Format::Human => JobFields::only(SHOWN),
            Format::Json => JobFields::ALL,
        };
        let mut jobs = context
            .with_plugin(&self.plugin, async |client, user| {
                Ok(client.jobs_with_fields(user, filter, fields).await?)
            })
            .await?;
        jobs.sort_by(|one, other| {
            (one.submission_time, one.id.as_str()).cmp(&(other.submission_time, other.id.as_str()))
        });
        match context.printer.format() {
            Format::Json => context.printer.json(&jobs)?,
            Format::Human if jobs.is_empty() => {
                let more = if self.all { "" } else { " (with --all also those that are over)" };
                context.printer.note(&format!("no such jobs{more}"));
            }
            Format::Human => context.printer.table(&table(&jobs, now))?,
        }
        Ok(Ended(exit::DONE))
    }
}

pub(super) fn table(jobs: &[Job], now: Timestamp) -> Table {
    let mut table = Table::new(&["ID", "NAME", "USER", "STATUS", "AGE", "MESSAGE"]);
    for job in jobs {
        let status = match job.exit_code {
            Some(code) => format!("{} ({code})", job.status),
            None => job.status.to_string(),
        };
        table.row(vec![
            job.id.as_str().into(),
            job.name.as_str().into(),
            job.user.as_str().into(),
            Cell::new(Tone::from(job.status), &status),
            Cell::from(age(job.submission_time.map(JobTime::timestamp), now).as_str()),
            Cell::new(Tone::Faint, &job.status_message),
        ]);
    }
    table
}
