//! Options on what becomes of jobs (product document 3.1).

use std::path::PathBuf;
use std::time::Duration;

use super::{
    AnyOption, Definition, Group, OpenSetting, Setting, Support,
    kind::{ABSOLUTE_PATH, BOOLEAN, HOURS},
};

/// The group's options, in the order of the documents.
pub static OPTIONS: &[&dyn AnyOption] =
    &[&PROFILE_CONFIG, &JOB_EXPIRY, &SHARED_PROCESS_NAMESPACE, &USE_TEMPLATING];

const fn jobs(name: &'static str, summary: &'static str, example: &'static str) -> Definition {
    Definition::new(name, Group::Jobs, summary, example)
}

/// `profile-config`.
pub static PROFILE_CONFIG: OpenSetting<PathBuf> = OpenSetting {
    definition: jobs(
        "profile-config",
        "file with the user and group profiles; none need exist",
        "/etc/rstudio/launcher.kubernetes.profiles.conf",
    ),
    kind: ABSOLUTE_PATH,
    otherwise: "launcher.kubernetes.profiles.conf in the configuration directory, normally /etc/rstudio",
};

/// `job-expiry-hours`.
pub static JOB_EXPIRY: Setting<Duration> = Setting {
    definition: jobs(
        "job-expiry-hours",
        "hours after which a job that has ended is removed from the cluster",
        "24",
    ),
    kind: HOURS,
    default: || Duration::from_secs(24 * 3600),
};

/// `shared-process-namespace`.
pub static SHARED_PROCESS_NAMESPACE: Setting<bool> = Setting {
    definition: jobs(
        "shared-process-namespace",
        "whether the containers of a job share one process namespace, so that signals reach all its processes",
        "1",
    ),
    kind: BOOLEAN,
    default: || true,
};

/// `use-templating`.
pub static USE_TEMPLATING: Setting<bool> = Setting {
    definition: Definition {
        support: Support::NotYet("jobs are made from the built-in templates, not from those in scratch-path"),
        ..jobs(
            "use-templating",
            "whether jobs and services are made from the templates in scratch-path; job-json-overrides then do \
             not count",
            "0",
        )
    },
    kind: BOOLEAN,
    default: || false,
};
