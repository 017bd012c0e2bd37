//! How to start a plugin: program, arguments, environment, and what becomes of its standard error.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// The flag by which a Launcher tells a plugin how often to send a heartbeat.
const HEARTBEAT_FLAG: &str = "--heartbeat-interval-seconds";

/// A plugin to be started, as a Launcher's `[cluster]` section names it.
///
/// ```
/// use launchway::PluginCommand;
///
/// let command = PluginCommand::new("/usr/lib/rstudio-server/bin/rstudio-kubernetes-launcher")
///     .args(["--unprivileged=1", "--heartbeat-interval-seconds=10"]);
/// assert_eq!(command.heartbeat_interval(), Some(std::time::Duration::from_secs(10)));
/// ```
#[derive(Clone, Debug)]
pub struct PluginCommand {
    /// The program: a path, or a name to be found in `PATH`.
    pub program: PathBuf,
    /// Its arguments, without the program's own name.
    pub args: Vec<OsString>,
    /// Variables added to the environment that this process has.
    pub env: Vec<(OsString, OsString)>,
    /// What becomes of the plugin's standard error.
    pub stderr: StderrTo,
    /// How often heartbeats go both ways, in whole seconds; `None` for none. Passed on as
    /// `--heartbeat-interval-seconds`, unless [`args`](Self::args) hold that flag: then the flag decides.
    pub heartbeat: Option<Duration>,
}

/// Where a plugin's standard error goes. It is always read: a full pipe would stop the plugin.
#[derive(Clone, Default)]
pub enum StderrTo {
    /// To this process's own standard error.
    #[default]
    Inherit,
    /// Kept: the last lines can be asked for with [`PluginClient::stderr_tail`](crate::PluginClient::stderr_tail).
    Capture,
    /// Kept as by `Capture`, and each line (without its end) is handed to a function, which should be quick.
    Lines(Arc<dyn Fn(&str) + Send + Sync>),
}

impl fmt::Debug for StderrTo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Inherit => "Inherit",
            Self::Capture => "Capture",
            Self::Lines(_) => "Lines(..)",
        })
    }
}

impl PluginCommand {
    /// A program without arguments, heartbeats every five seconds, standard error inherited.
    pub fn new(program: impl Into<PathBuf>) -> Self {
        Self {
            program: program.into(),
            args: Vec::new(),
            env: Vec::new(),
            stderr: StderrTo::default(),
            heartbeat: Some(Duration::from_secs(5)),
        }
    }

    /// Adds arguments.
    #[must_use]
    pub fn args<A: Into<OsString>>(mut self, args: impl IntoIterator<Item = A>) -> Self {
        self.args.extend(args.into_iter().map(Into::into));
        self
    }

    /// Adds a variable to the environment.
    #[must_use]
    pub fn env(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.env.push((name.into(), value.into()));
        self
    }

    /// Chooses where standard error goes.
    #[must_use]
    pub fn stderr(mut self, stderr: StderrTo) -> Self {
        self.stderr = stderr;
        self
    }

    /// Chooses how often heartbeats go both ways; `None` for none. Fractions of a second are cut.
    #[must_use]
    pub fn heartbeat(mut self, interval: Option<Duration>) -> Self {
        self.heartbeat = interval;
        self
    }

    /// The interval that holds: the flag's among the arguments, else [`heartbeat`](Self::heartbeat).
    pub fn heartbeat_interval(&self) -> Option<Duration> {
        let seconds = match self.heartbeat_flag() {
            Some(value) => value.parse().unwrap_or(0),
            None => self.heartbeat.map_or(0, |interval| interval.as_secs()),
        };
        (seconds > 0).then(|| Duration::from_secs(seconds))
    }

    /// All arguments that the plugin gets, the heartbeat flag first.
    pub(crate) fn full_args(&self) -> Vec<OsString> {
        let mut args = Vec::with_capacity(self.args.len() + 1);
        if self.heartbeat_flag().is_none() {
            let seconds = self.heartbeat.map_or(0, |interval| interval.as_secs());
            args.push(OsString::from(format!("{HEARTBEAT_FLAG}={seconds}")));
        }
        args.extend(self.args.iter().cloned());
        args
    }

    /// The value of the heartbeat flag in `args`, in either of its forms.
    fn heartbeat_flag(&self) -> Option<&str> {
        let mut args = self.args.iter().map(OsString::as_os_str).map(OsStr::to_str);
        while let Some(arg) = args.next() {
            let Some(rest) = arg.and_then(|arg| arg.strip_prefix(HEARTBEAT_FLAG)) else { continue };
            match rest.strip_prefix('=') {
                Some(value) => return Some(value),
                None if rest.is_empty() => return Some(args.next().flatten().unwrap_or_default()),
                None => {}
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn interval(args: &[&str]) -> Option<u64> {
        PluginCommand::new("plugin").args(args).heartbeat_interval().map(|interval| interval.as_secs())
    }

    #[test]
    fn the_flag_among_the_arguments_decides_the_heartbeat() {
        assert_eq!(interval(&[]), Some(5));
        assert_eq!(interval(&["--heartbeat-interval-seconds=7"]), Some(7));
        assert_eq!(interval(&["--x", "--heartbeat-interval-seconds", "8", "--y"]), Some(8));
        assert_eq!(interval(&["--heartbeat-interval-seconds=0"]), None);
        assert_eq!(interval(&["--heartbeat-interval-seconds-longer=9"]), Some(5));
    }

    #[test]
    fn the_plugin_is_told_the_heartbeat_exactly_once() {
        let told = PluginCommand::new("p").args(["--a"]).heartbeat(None).full_args();
        assert_eq!(told, ["--heartbeat-interval-seconds=0", "--a"]);
        let own = PluginCommand::new("p").args(["--heartbeat-interval-seconds", "2"]).full_args();
        assert_eq!(own, ["--heartbeat-interval-seconds", "2"]);
    }
}
