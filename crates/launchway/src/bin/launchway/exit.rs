//! The codes with which this program ends.

use std::process::ExitCode;

/// Nothing went wrong.
pub(crate) const DONE: u8 = 0;
/// The plugin refused, or an answer was not what it must be.
pub(crate) const REFUSED: u8 = 1;
/// The command line, the settings file or the job's description is wrong.
pub(crate) const USAGE: u8 = 2;
/// There is no such job, or it is somebody else's.
pub(crate) const NO_SUCH_JOB: u8 = 3;
/// The plugin does not start, does not answer or ended.
pub(crate) const PLUGIN_GONE: u8 = 4;
/// `run` alone: anything of the above, so that it is not taken for the job's own code.
pub(crate) const RUN_FAILED: u8 = 125;
/// `run` alone: the job could not be launched or was lost (`Failed`).
pub(crate) const JOB_FAILED: u8 = 126;
/// `run` alone: the job was canceled before it ran (`Canceled`).
pub(crate) const JOB_CANCELED: u8 = 130;
/// `run` alone: the job was killed (`Killed`), 128 + SIGKILL.
pub(crate) const JOB_KILLED: u8 = 137;
/// Nobody reads standard output any more, 128 + SIGPIPE; nothing is printed.
pub(crate) const BROKEN_PIPE: u8 = 141;

/// The codes of all commands, for `--help`.
pub(crate) const HELP: &str = "\
Examples:
  launchway --plugin ./rstudio-kubernetes-launcher info -- --unprivileged=1
  launchway run --image alpine -- echo hello
  launchway ps --all
  launchway logs -f mara-fit-x7k2p

Exit codes:
  0    done
  1    the plugin refused, or answered with nonsense
  2    the command line, the settings or the job's description is wrong
  3    there is no such job (or it is somebody else's)
  4    the plugin does not start, does not answer or ended
  141  nobody reads standard output any more
  (`launchway run` ends with the job's own code: see `launchway run --help`)";

/// How a command ended that did not fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ended(pub(crate) u8);

impl From<Ended> for ExitCode {
    fn from(ended: Ended) -> Self {
        Self::from(ended.0)
    }
}
