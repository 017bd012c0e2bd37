//! Options on the process: its user, its folders, its log (product document 3.1, plugin API 1.3).

use std::path::PathBuf;

use super::{
    AnyOption, Definition, Group, OpenSetting, Places, Setting, Support,
    kind::{ABSOLUTE_PATH, ANY_PATH, BOOLEAN, Kind, LEVEL, USER_NAME, whole},
};
use crate::logging::LogLevel;

/// The group's options, in the order of the documents.
pub static OPTIONS: &[&dyn AnyOption] = &[
    &CONFIG_FILE,
    &SERVER_USER,
    &UNPRIVILEGED,
    &SCRATCH_PATH,
    &LOGGING_DIR,
    &LOG_LEVEL,
    &ENABLE_DEBUG_LOGGING,
    &THREAD_POOL_SIZE,
    &LAUNCHER_CONFIG_FILE,
    &RSANDBOX_PATH,
];

const fn process(name: &'static str, summary: &'static str, example: &'static str) -> Definition {
    Definition::new(name, Group::Process, summary, example)
}

/// `config-file`.
pub static CONFIG_FILE: OpenSetting<PathBuf> = OpenSetting {
    definition: Definition {
        places: Places::Flag,
        ..process("config-file", "the configuration file to read", "/etc/rstudio/launcher.kubernetes.conf")
    },
    kind: ANY_PATH,
    otherwise: "launcher.kubernetes.conf in the configuration directory, normally /etc/rstudio",
};

/// `server-user`.
pub static SERVER_USER: Setting<String> = Setting {
    definition: process(
        "server-user",
        "user that the plugin becomes when it was started as root",
        "rstudio-server",
    ),
    kind: USER_NAME,
    default: || "rstudio-server".to_owned(),
};

/// `unprivileged`.
pub static UNPRIVILEGED: OpenSetting<bool> = OpenSetting {
    definition: process(
        "unprivileged",
        "whether the plugin runs as whoever started it, changes no owner, and logs to stderr (and to a file only \
             if logging-dir is set)",
        "0",
    ),
    kind: BOOLEAN,
    otherwise: "0 when started as root, else 1",
};

/// `scratch-path`.
pub static SCRATCH_PATH: OpenSetting<PathBuf> = OpenSetting {
    definition: process(
        "scratch-path",
        "directory of the plugin's own for what it keeps on this machine",
        "/var/lib/rstudio-launcher/Kubernetes",
    ),
    kind: ABSOLUTE_PATH,
    otherwise: "/var/lib/rstudio-launcher/ and the plugin-name",
};

/// `logging-dir`.
pub static LOGGING_DIR: Setting<PathBuf> = Setting {
    definition: process("logging-dir", "directory of the log file", "/var/log/rstudio/launcher"),
    kind: ABSOLUTE_PATH,
    default: || PathBuf::from("/var/log/rstudio/launcher"),
};

/// `log-level`.
pub static LOG_LEVEL: Setting<LogLevel> = Setting {
    definition: process("log-level", "how much is logged: OFF, ERROR, WARNING, INFO or DEBUG", "WARNING"),
    kind: LEVEL,
    default: || LogLevel::Warning,
};

/// `enable-debug-logging`.
pub static ENABLE_DEBUG_LOGGING: Setting<bool> = Setting {
    definition: process("enable-debug-logging", "whether to log at DEBUG, whatever log-level says", "0"),
    kind: BOOLEAN,
    default: || false,
};

const THREADS: Kind<u32> = whole::<0, 65_536>("THREADS");

/// `thread-pool-size`; 0 counts as unwritten.
pub static THREAD_POOL_SIZE: OpenSetting<u32> = OpenSetting {
    definition: process(
        "thread-pool-size",
        "most threads of each kind: those that wait for the network, of which there are never more than CPUs, and \
         those that look up files and names, made when they are needed; 0 stands for the default",
        "8",
    ),
    kind: THREADS,
    otherwise: "number of CPUs * 2",
};

/// `launcher-config-file`.
pub static LAUNCHER_CONFIG_FILE: OpenSetting<PathBuf> = OpenSetting {
    definition: Definition {
        support: Support::Ignored("the Launcher passes what the plugin needs to know from it"),
        ..process("launcher-config-file", "the Launcher's own launcher.conf", "/etc/rstudio/launcher.conf")
    },
    kind: ANY_PATH,
    otherwise: "none",
};

/// `rsandbox-path`.
pub static RSANDBOX_PATH: OpenSetting<PathBuf> = OpenSetting {
    definition: Definition {
        support: Support::Ignored("only plugins that start processes on this machine need a sandbox"),
        ..process("rsandbox-path", "path of the rsandbox program", "/usr/lib/rstudio-server/bin/rsandbox")
    },
    kind: ANY_PATH,
    otherwise: "none",
};
