//! The flags that describe a job, and the job that they and `--file` make.

use std::io;
use std::path::{Path, PathBuf};

use launcher_api::Job;
use launcher_api::job::{
    Container, EnvVar, ExposedPort, JobConfig, Mount, PlacementConstraint, ResourceLimit, ResourceLimitType,
};
use serde_json::{Map, Value};

use super::{amount, mount, words};

/// What is to run, and how.
#[derive(Debug, Default, clap::Args)]
#[command(next_help_heading = "The job")]
pub(crate) struct JobFlags {
    /// A job of the Launcher API in JSON; flags change it
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// A name for people; it may repeat
    #[arg(long)]
    name: Option<String>,
    /// The container image; without it the cluster's default
    #[arg(long)]
    image: Option<String>,
    /// CPUs, such as 2 or 0.5
    #[arg(long, value_name = "COUNT", value_parser = amount::cpus)]
    cpus: Option<String>,
    /// Memory in MB, or with a unit: 512M, 4G
    #[arg(long, value_name = "MB", value_parser = amount::megabytes)]
    memory: Option<String>,
    /// NVIDIA GPUs
    #[arg(long, value_name = "COUNT")]
    gpus: Option<u32>,
    /// AMD GPUs
    #[arg(long, value_name = "COUNT")]
    amd_gpus: Option<u32>,
    /// A variable of the job's environment; NAME alone takes the value from here
    #[arg(long, short, value_name = "NAME=VALUE", value_parser = words::variable)]
    env: Vec<EnvVar>,
    /// /HOST/DIR:/IN/JOB, nfs:SERVER:/DIR:/IN/JOB (either with :ro), or the API's JSON
    #[arg(long, value_name = "MOUNT", value_parser = mount::mount)]
    mount: Vec<Mount>,
    /// A port of the job to be reached from outside: 8787 or 53/udp
    #[arg(long, short, value_name = "PORT[/PROTOCOL]", value_parser = words::port)]
    port: Vec<ExposedPort>,
    /// A word to find the job by
    #[arg(long)]
    tag: Vec<String>,
    /// Where the job may run
    #[arg(long, value_name = "NAME=VALUE", value_parser = words::constraint)]
    constraint: Vec<PlacementConstraint>,
    /// A key of a secret of the cluster, put into a variable
    #[arg(long, value_name = "SECRET:KEY:VARIABLE", value_parser = words::secret)]
    secret: Vec<JobConfig>,
    /// Directory in the container to run in
    #[arg(long, value_name = "DIR")]
    workdir: Option<String>,
    /// The host that shall run the job
    #[arg(long)]
    host: Option<String>,
    /// Numeric user in the container
    #[arg(long, value_name = "UID")]
    user_id: Option<u32>,
    /// Numeric group in the container
    #[arg(long, value_name = "GID")]
    group_id: Option<u32>,
    /// A profile of limits that the cluster offers (see `launchway info`)
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    /// Data of yours to be kept with the job
    #[arg(long, value_name = "JSON", value_parser = words::object)]
    metadata: Option<Map<String, Value>>,
    /// Shell text to run, instead of a program
    #[arg(long, value_name = "TEXT", conflicts_with = "program")]
    command: Option<String>,
    /// The program to run and its arguments, without a shell
    #[arg(last = true, value_name = "PROGRAM")]
    program: Vec<String>,
}

/// Why the flags and the file make no job.
#[derive(Debug, thiserror::Error)]
pub(crate) enum JobFlagsError {
    /// The job's file cannot be read.
    #[error("cannot read the job's file '{}'", path.display())]
    Read { path: PathBuf, source: io::Error },
    /// The job's file holds no job.
    #[error("the job's file '{}' holds no job", path.display())]
    Parse { path: PathBuf, source: serde_json::Error },
    /// A user or group of the container is set, but no image.
    #[error("a numeric user or group belongs to a container, but no image is given")]
    NoImage,
}

impl JobFlags {
    /// The job: the file's if there is one, changed by the flags. A flag of a single thing replaces it; a variable or
    /// limit replaces the one of the same name; mounts, ports, tags, constraints and secrets are added.
    pub(crate) fn into_job(self) -> Result<Job, JobFlagsError> {
        let mut job = match &self.file {
            Some(path) => read(path)?,
            None => Job::default(),
        };
        self.change_container(&mut job)?;
        self.change_limits(&mut job);
        self.change_command(&mut job);
        replace(&mut job.name, self.name);
        replace(&mut job.working_directory, self.workdir);
        replace(&mut job.host, self.host);
        replace(&mut job.resource_profile, self.profile);
        for variable in &self.env {
            job.environment.retain(|known| known.name != variable.name);
        }
        job.environment.extend(self.env);
        job.mounts.extend(self.mount);
        job.exposed_ports.extend(self.port);
        job.tags.extend(self.tag);
        job.placement_constraints.extend(self.constraint);
        job.config.extend(self.secret);
        job.metadata = self.metadata.or(job.metadata);
        Ok(job)
    }

    fn change_container(&self, job: &mut Job) -> Result<(), JobFlagsError> {
        if let Some(image) = &self.image {
            job.container.get_or_insert_with(Container::default).image.clone_from(image);
        }
        if self.user_id.is_none() && self.group_id.is_none() {
            return Ok(());
        }
        let container = job.container.as_mut().ok_or(JobFlagsError::NoImage)?;
        container.run_as_user_id = self.user_id.map(i64::from).or(container.run_as_user_id);
        container.run_as_group_id = self.group_id.map(i64::from).or(container.run_as_group_id);
        Ok(())
    }

    fn change_limits(&self, job: &mut Job) {
        let limits = [
            (ResourceLimitType::CpuCount, self.cpus.clone()),
            (ResourceLimitType::Memory, self.memory.clone()),
            (ResourceLimitType::NvidiaGpus, self.gpus.map(|count| count.to_string())),
            (ResourceLimitType::AmdGpus, self.amd_gpus.map(|count| count.to_string())),
        ];
        for (limit_type, value) in limits {
            let Some(value) = value else { continue };
            job.resource_limits.retain(|known| known.limit_type != limit_type);
            job.resource_limits.push(ResourceLimit { limit_type, value, ..ResourceLimit::default() });
        }
    }

    fn change_command(&self, job: &mut Job) {
        if let Some(command) = &self.command {
            job.command.clone_from(command);
            job.exe.clear();
            job.args.clear();
        }
        if let Some((exe, args)) = self.program.split_first() {
            job.command.clear();
            job.exe.clone_from(exe);
            job.args = args.to_vec();
        }
    }
}

fn replace(place: &mut String, new: Option<String>) {
    if let Some(new) = new {
        *place = new;
    }
}

fn read(path: &Path) -> Result<Job, JobFlagsError> {
    let text = std::fs::read(path).map_err(|source| JobFlagsError::Read { path: path.to_owned(), source })?;
    serde_json::from_slice(&text).map_err(|source| JobFlagsError::Parse { path: path.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(clap::Parser)]
    struct Line {
        #[command(flatten)]
        job: JobFlags,
    }

    fn job(args: &[&str]) -> Result<Job, JobFlagsError> {
        let line = <Line as clap::Parser>::try_parse_from([&["job"], args].concat()).unwrap();
        line.job.into_job()
    }

    #[test]
    fn flags_describe_a_whole_job() {
        let job = job(&[
            "--name",
            "Nightly fit",
            "--image",
            "r:4.4",
            "--cpus",
            "0.5",
            "--memory",
            "4G",
            "--gpus",
            "1",
            "--env",
            "TZ=Europe/Vienna",
            "--mount",
            "nfs:nas:/exports:/home:ro",
            "--port",
            "8787",
            "--tag",
            "nightly",
            "--constraint",
            "region=eu",
            "--secret",
            "db:password:PW",
            "--workdir",
            "/home",
            "--host",
            "node-3",
            "--user-id",
            "1204",
            "--group-id",
            "100",
            "--profile",
            "small",
            "--metadata",
            r#"{"a":1}"#,
            "--",
            "Rscript",
            "fit.R",
            "--years",
        ])
        .unwrap();
        insta::assert_snapshot!(serde_json::to_string_pretty(&job).unwrap());
    }

    #[test]
    fn flags_change_the_job_of_a_file() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let text = r#"{"name": "old", "command": "sleep 9", "tags": ["a"], "container": {"image": "i", "runAsGroupId": 7},
            "environment": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}],
            "resourceLimits": [{"type": "memory", "value": "64"}, {"type": "cpuCount", "value": "1"}]}"#;
        std::fs::write(file.path(), text).unwrap();
        let path = file.path().to_str().unwrap();
        let args =
            ["--file", path, "--env", "A=3", "--memory", "128", "--tag", "b", "--user-id", "5", "--", "true"];
        let job = job(&args).unwrap();
        assert_eq!((job.name.as_str(), job.command.as_str(), job.exe.as_str()), ("old", "", "true"));
        assert_eq!(job.tags, ["a", "b"]);
        let variables: Vec<_> =
            job.environment.iter().map(|it| (it.name.as_str(), it.value.as_str())).collect();
        assert_eq!(variables, [("B", "2"), ("A", "3")]);
        let limits: Vec<_> =
            job.resource_limits.iter().map(|it| (it.limit_type.as_str(), it.value.as_str())).collect();
        assert_eq!(limits, [("cpuCount", "1"), ("memory", "128")]);
        let container = job.container.unwrap();
        assert_eq!((container.run_as_user_id, container.run_as_group_id), (Some(5), Some(7)));
    }

    #[test]
    fn a_numeric_user_without_an_image_is_refused() {
        assert!(matches!(job(&["--user-id", "5"]), Err(JobFlagsError::NoImage)));
    }

    #[test]
    fn a_file_that_is_no_job_is_refused() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), r#"{"args": 3}"#).unwrap();
        assert!(matches!(job(&["--file", file.path().to_str().unwrap()]), Err(JobFlagsError::Parse { .. })));
        assert!(matches!(job(&["--file", "/does/not/exist"]), Err(JobFlagsError::Read { .. })));
    }
}
