//! Options on what becomes of jobs (product document 3.1).

use std::path::PathBuf;
use std::time::Duration;

use kubernetes_backend::templates::TemplateVersion;

use super::{
    AnyOption, Definition, Group, OpenSetting, Setting,
    kind::{self, ABSOLUTE_PATH, BOOLEAN, HOURS, seconds},
};

/// The group's options, in the order of the documents.
pub static OPTIONS: &[&dyn AnyOption] = &[
    &PROFILE_CONFIG,
    &JOB_EXPIRY,
    &SHARED_PROCESS_NAMESPACE,
    &USE_TEMPLATING,
    &TEMPLATE_VERSION,
    &TEMPLATE_EXEC_TIMEOUT,
];

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
    definition: jobs(
        "use-templating",
        "whether jobs and services are made from the templates in scratch-path; job-json-overrides then do not count",
        "0",
    ),
    kind: BOOLEAN,
    default: || false,
};

/// `template-version`.
pub static TEMPLATE_VERSION: Setting<TemplateVersion> = Setting {
    definition: jobs(
        "template-version",
        "version that the templates in scratch-path are of; those that this program writes are of version 1",
        "1",
    ),
    kind: kind::TEMPLATE_VERSION,
    default: || TemplateVersion::ONE,
};

/// `template-exec-timeout-seconds`.
pub static TEMPLATE_EXEC_TIMEOUT: Setting<Duration> = Setting {
    definition: jobs(
        "template-exec-timeout-seconds",
        "seconds after which a program that a template runs with 'exec' or 'groups' is killed",
        "10",
    ),
    kind: seconds::<1, 60>(),
    default: || Duration::from_secs(10),
};
