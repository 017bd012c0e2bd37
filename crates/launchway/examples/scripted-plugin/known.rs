//! The jobs that stand in the table from the beginning, and what the cluster offers.

use jiff::{SignedDuration, Timestamp};
use launcher_api::job::{Container, ExposedPort, PlacementConstraint, ResourceLimit, ResourceLimitType};
use launcher_api::response::{ClusterInfo, ResourceProfile};
use launcher_api::{Job, JobStatus, JobTime};

use crate::script::{Output, Played};

/// Five jobs of two users, one in each state that is worth seeing.
pub(crate) fn jobs() -> Vec<Played> {
    vec![
        Played {
            output: vec![
                Output::Stdout("reading 3 years\n".into()),
                Output::Stderr("warning: 2021 is incomplete\n".into()),
                Output::Stdout("done\n".into()),
            ],
            ..played(
                Job {
                    exit_code: Some(0),
                    host: "node-1".into(),
                    tags: vec!["nightly".into()],
                    ..Job::default()
                },
                ("mara-nightly-fit-x7k2p", "Nightly fit", "mara", 130),
                JobStatus::Finished,
            )
        },
        Played {
            output: vec![Output::Mixed("listening on 8787\n".into())],
            ..played(
                Job {
                    host: "node-3".into(),
                    exposed_ports: vec![ExposedPort {
                        published_port: Some(31_234),
                        ..ExposedPort::tcp(8787)
                    }],
                    status_code: "Running".into(),
                    ..Job::default()
                },
                ("mara-session-9qz41", "Session", "mara", 42),
                JobStatus::Running,
            )
        },
        played(
            Job {
                status_message: "0/3 nodes are available: 3 Insufficient cpu.".into(),
                tags: vec!["nightly".into()],
                ..Job::default()
            },
            ("mara-train-4kd8w", "Train deep", "mara", 3),
            JobStatus::Pending,
        ),
        played(
            Job { exit_code: Some(137), status_code: "OOMKilled".into(), ..Job::default() },
            ("otto-merge-c5t1m", "", "otto", 5_000),
            JobStatus::Killed,
        ),
        played(
            Job {
                status_code: "ErrImagePull".into(),
                status_message: "no such image: r:9".into(),
                ..Job::default()
            },
            ("otto-report-b2v8n", "Report \u{1b}[31mred", "otto", 300),
            JobStatus::Failed,
        ),
    ]
}

fn played(job: Job, (id, name, user, minutes): (&str, &str, &str, i64), status: JobStatus) -> Played {
    // Some seconds more, so that its age in minutes does not change while it is looked at.
    let submitted = Timestamp::now() - SignedDuration::from_secs(minutes * 60 + 20);
    let job = Job {
        id: id.into(),
        name: name.into(),
        user: user.into(),
        cluster: "Scripted".into(),
        status,
        command: "Rscript fit.R".into(),
        args: vec!["--years".into(), "3".into()],
        container: Some(Container { image: "r:4.4".into(), ..Container::default() }),
        resource_limits: vec![limit(ResourceLimitType::Memory, "4096")],
        submission_time: Some(JobTime::new(submitted)),
        last_update_time: Some(JobTime::new(submitted)),
        ..job
    };
    Played { states: vec![status], job, output: Vec::new() }
}

fn limit(limit_type: ResourceLimitType, value: &str) -> ResourceLimit {
    ResourceLimit { limit_type, value: value.into(), ..ResourceLimit::default() }
}

fn range(limit_type: ResourceLimitType, default: &str, most: &str) -> ResourceLimit {
    ResourceLimit {
        limit_type,
        default_value: Some(default.into()),
        max_value: Some(most.into()),
        ..ResourceLimit::default()
    }
}

pub(crate) fn cluster_info() -> ClusterInfo {
    let region = |value: &str| PlacementConstraint { name: "region".into(), value: Some(value.into()) };
    ClusterInfo {
        supports_containers: true,
        supports_init_containers: true,
        default_image: Some("r:4.4".into()),
        images: vec!["r:4.3".into(), "r:4.4".into()],
        placement_constraints: vec![
            PlacementConstraint { name: "node".into(), value: None },
            region("eu"),
            region("us"),
        ],
        resource_limits: vec![
            range(ResourceLimitType::CpuCount, "1", "8"),
            range(ResourceLimitType::Memory, "512", "16384"),
        ],
        resource_profiles: vec![ResourceProfile {
            name: "small".into(),
            limits: vec![limit(ResourceLimitType::CpuCount, "1"), limit(ResourceLimitType::Memory, "1024")],
            ..ResourceProfile::default()
        }],
        ..ClusterInfo::default()
    }
}
