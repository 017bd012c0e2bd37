//! `launchway reload`: let the plugin read its configuration again.

use serde_json::json;

use crate::context::Context;
use crate::exit::{self, Ended};
use crate::failure::Failure;
use crate::options::PluginArgs;
use crate::printer::Format;

/// Let the plugin read its configuration again and tell whether it is sound
///
/// The plugin runs for this command alone, so this checks the files; a Launcher's own plugin is not touched.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  launchway reload && echo the profiles are sound")]
pub(crate) struct Reload {
    #[command(flatten)]
    plugin: PluginArgs,
}

impl Reload {
    pub(crate) async fn execute(self, context: &Context) -> Result<Ended, Failure> {
        let outcome =
            context.with_plugin(&self.plugin, async |client, user| Ok(client.reload(user).await?)).await?;
        match (outcome, context.printer.format()) {
            (Ok(()), Format::Json) => context.printer.json(&json!({"reloaded": true}))?,
            (Ok(()), Format::Human) => context.printer.line("the configuration is sound and in force")?,
            (Err(refused), _) => return Err(Failure::Reload(refused)),
        }
        Ok(Ended(exit::DONE))
    }
}
