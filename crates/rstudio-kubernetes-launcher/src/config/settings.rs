//! Configuration as meant: checked, with every default filled in.

use std::path::{Path, PathBuf};
use std::time::Duration;

use kubernetes_backend::templates::TemplateFolder;
use kubernetes_backend::{Profiles, TemplateSource};

use super::{ConfigError, ConfigErrors, ConfigWarning, Connection, Reading, Surroundings, Written};
use crate::logging::LogLevel;
use crate::option::{
    cluster::{FETCH_LIMIT, KUBERNETES_NAMESPACE, WATCH_TIMEOUT},
    jobs::{JOB_EXPIRY, SHARED_PROCESS_NAMESPACE, TEMPLATE_EXEC_TIMEOUT, TEMPLATE_VERSION, USE_TEMPLATING},
    process::{
        ENABLE_DEBUG_LOGGING, LAUNCHER_CONFIG_FILE, LOG_LEVEL, LOGGING_DIR, RSANDBOX_PATH, SCRATCH_PATH,
        SERVER_USER, THREAD_POOL_SIZE, UNPRIVILEGED,
    },
    protocol::{HEARTBEAT_INTERVAL, MAX_MESSAGE_SIZE, METRICS_INTERVAL, PLUGIN_NAME},
};
use crate::profiles;

/// Everything that the plugin is told.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The cluster's name, as in `launcher.conf`.
    pub plugin_name: String,
    /// How the API server is reached.
    pub connection: Connection,
    /// Where jobs are created.
    pub namespace: String,
    /// When the API server ends a watch.
    pub watch_timeout: Duration,
    /// Most objects in one list answer.
    pub fetch_limit: u32,
    /// Whether a job's containers share one process namespace.
    pub shared_process_namespace: bool,
    /// When an ended job is removed.
    pub job_expiry: Duration,
    /// Where the templates of objects come from.
    pub templates: TemplateSource,
    /// The profiles as they are now. The files that they name are still to be read, by the server user.
    pub profiles: Profiles,
    /// The file to read them from again.
    pub profiles_path: PathBuf,
    /// Time between heartbeats; `None` for none.
    pub heartbeat_interval: Option<Duration>,
    /// Time between metrics; `None` for none.
    pub metrics_interval: Option<Duration>,
    /// Whether the interval of metrics was written, and not just assumed.
    pub metrics_requested: bool,
    /// Largest message, in bytes.
    pub max_message_size: u32,
    /// The process.
    pub process: ProcessSettings,
    /// Its log.
    pub log: LogSettings,
}

/// What concerns the process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProcessSettings {
    /// The user to become; `None` to stay who one is.
    pub server_user: Option<String>,
    /// Where the plugin may keep files.
    pub scratch_path: PathBuf,
    /// Threads that wait for the network.
    pub workers: usize,
    /// Most threads that look up files and names. At least four: with a stdin and a stdout that are no pipes, two are
    /// taken by those.
    pub blocking_threads: usize,
}

/// What concerns the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogSettings {
    /// The directory of the log file.
    pub directory: PathBuf,
    /// Whether the directory was written, and not just assumed.
    pub directory_requested: bool,
    /// How much is logged.
    pub level: LogLevel,
}

impl Reading<'_> {
    /// What is meant by all that is written.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub(super) fn settings(mut self) -> Result<(Settings, Vec<ConfigWarning>), ConfigErrors> {
        let (written, surroundings) = (self.written, self.surroundings);
        let connection = self.connection();
        let plugin_name = PLUGIN_NAME.read(written, &mut self.errors);
        let process = self.process(&plugin_name);
        let templates = self.templates(&process.scratch_path);
        let log = self.log();
        let profiles_path = super::profiles_path(written, surroundings, &mut self.errors);
        let profiles = self.profiles(&profiles_path);
        let job_expiry = self.job_expiry();
        self.options_without_effect();
        self.warnings.extend(super::shared_scratch::warning(&self.config_file, written, surroundings));
        let errors = &mut self.errors;
        let namespace = KUBERNETES_NAMESPACE.read(written, errors);
        let watch_timeout = WATCH_TIMEOUT.read(written, errors);
        let fetch_limit = FETCH_LIMIT.read(written, errors);
        let shared_process_namespace = SHARED_PROCESS_NAMESPACE.read(written, errors);
        let heartbeat_interval = nonzero(HEARTBEAT_INTERVAL.read(written, errors));
        let metrics_interval = nonzero(METRICS_INTERVAL.read(written, errors));
        let max_message_size = MAX_MESSAGE_SIZE.read(written, errors);
        let Some(connection) = connection.filter(|_| self.errors.is_empty()) else {
            return Err(ConfigErrors::new(self.errors));
        };
        let settings = Settings {
            plugin_name,
            connection,
            namespace,
            watch_timeout,
            fetch_limit,
            shared_process_namespace,
            job_expiry,
            templates,
            profiles,
            profiles_path,
            heartbeat_interval,
            metrics_interval,
            metrics_requested: written.origin("plugin-metrics-interval-seconds").is_some(),
            max_message_size,
            process,
            log,
        };
        Ok((settings, self.warnings))
    }

    fn process(&mut self, plugin_name: &str) -> ProcessSettings {
        let (written, surroundings, errors) = (self.written, self.surroundings, &mut self.errors);
        let cpus = surroundings.cpus();
        let threads = THREAD_POOL_SIZE.read(written, errors).map(|threads| threads as usize);
        let threads = threads.filter(|threads| *threads > 0).unwrap_or(cpus * 2);
        ProcessSettings {
            server_user: server_user(written, surroundings, errors),
            scratch_path: SCRATCH_PATH
                .read(written, errors)
                .unwrap_or_else(|| PathBuf::from("/var/lib/rstudio-launcher").join(plugin_name)),
            workers: threads.min(cpus),
            blocking_threads: threads.max(4),
        }
    }

    fn log(&mut self) -> LogSettings {
        let level = LOG_LEVEL.read(self.written, &mut self.errors);
        let debug = ENABLE_DEBUG_LOGGING.read(self.written, &mut self.errors);
        LogSettings {
            directory: LOGGING_DIR.read(self.written, &mut self.errors),
            directory_requested: self.written.origin("logging-dir").is_some(),
            level: if debug { LogLevel::Debug } else { level },
        }
    }

    fn profiles(&mut self, path: &Path) -> Profiles {
        match profiles::load(path, &**self.surroundings.directory()) {
            Ok(file) => {
                self.warnings.extend(file.warnings);
                file.profiles
            }
            Err(mistakes) => {
                self.errors.extend(mistakes.into_iter().map(ConfigError::Profile));
                Profiles::default()
            }
        }
    }

    fn job_expiry(&mut self) -> Duration {
        let expiry = JOB_EXPIRY.read(self.written, &mut self.errors);
        if expiry.is_zero()
            && let Some(origin) = self.written.origin("job-expiry-hours")
        {
            self.warnings.push(ConfigWarning::ExpiryAtOnce { origin: origin.clone() });
        }
        expiry
    }

    /// Checks the values of options that nothing follows from.
    fn options_without_effect(&mut self) {
        LAUNCHER_CONFIG_FILE.read(self.written, &mut self.errors);
        RSANDBOX_PATH.read(self.written, &mut self.errors);
    }

    /// Where the templates of objects come from. What is said of them is checked in any case.
    fn templates(&mut self, scratch_path: &Path) -> TemplateSource {
        let (written, errors) = (self.written, &mut self.errors);
        let folder = TemplateFolder {
            path: scratch_path.to_owned(),
            version: TEMPLATE_VERSION.read(written, errors),
            exec_limit: TEMPLATE_EXEC_TIMEOUT.read(written, errors),
        };
        if USE_TEMPLATING.read(written, errors) {
            TemplateSource::Folder(folder)
        } else {
            TemplateSource::BuiltIn
        }
    }
}

/// The user to become; `None` to stay who one is.
pub(super) fn server_user(
    written: &Written,
    surroundings: &Surroundings,
    errors: &mut Vec<ConfigError>,
) -> Option<String> {
    let user = SERVER_USER.read(written, errors);
    let unprivileged = UNPRIVILEGED.read(written, errors).unwrap_or(false) || !surroundings.is_root();
    (!unprivileged).then_some(user)
}

fn nonzero(interval: Duration) -> Option<Duration> {
    Some(interval).filter(|interval| !interval.is_zero())
}
