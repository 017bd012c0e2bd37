//! The commands, one file each: what may be typed, then what it does.

#[cfg(feature = "cluster")]
mod cluster;
mod completions;
mod control;
mod info;
mod logs;
mod network;
mod ps;
mod raw;
mod reload;
mod run;
mod settings;
mod status;
mod submit;
#[cfg(feature = "template")]
mod template;
mod top;

#[cfg(feature = "template")]
pub(crate) use self::template::UnfitError;
use crate::context::Context;
use crate::exit::Ended;
use crate::failure::Failure;

/// What to do.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    Run(run::Run),
    Submit(submit::Submit),
    Ps(ps::Ps),
    Status(status::Status),
    Logs(logs::Logs),
    Stop(control::Stop),
    Kill(control::Kill),
    Cancel(control::Cancel),
    Suspend(control::Suspend),
    Resume(control::Resume),
    Top(top::Top),
    Network(network::Network),
    Info(info::Info),
    Reload(reload::Reload),
    Raw(raw::Raw),
    #[cfg(feature = "cluster")]
    Cluster(cluster::Cluster),
    #[cfg(feature = "template")]
    Template(template::Template),
    Settings(settings::ShowSettings),
    Completions(completions::Completions),
}

impl Command {
    /// Does it.
    pub(crate) async fn execute(self, context: &Context) -> Result<Ended, Failure> {
        match self {
            Self::Run(command) => command.execute(context).await,
            Self::Submit(command) => command.execute(context).await,
            Self::Ps(command) => command.execute(context).await,
            Self::Status(command) => command.execute(context).await,
            Self::Logs(command) => command.execute(context).await,
            Self::Stop(command) => command.execute(context).await,
            Self::Kill(command) => command.execute(context).await,
            Self::Cancel(command) => command.execute(context).await,
            Self::Suspend(command) => command.execute(context).await,
            Self::Resume(command) => command.execute(context).await,
            Self::Top(command) => command.execute(context).await,
            Self::Network(command) => command.execute(context).await,
            Self::Info(command) => command.execute(context).await,
            Self::Reload(command) => command.execute(context).await,
            Self::Raw(command) => command.execute(context).await,
            #[cfg(feature = "cluster")]
            Self::Cluster(command) => command.execute(context).await,
            #[cfg(feature = "template")]
            Self::Template(command) => command.execute(context).await,
            Self::Settings(command) => command.execute(context),
            Self::Completions(command) => command.execute(context),
        }
    }
}
