//! What every command has at hand, and the plugin's life around an action.

use std::time::Duration;

use launcher_api::Requester;
use launchway::{ClientError, ClientOptions, PluginClient, PluginExit};

use crate::failure::Failure;
use crate::options::{Options, PluginArgs, current_user};
use crate::printer::Printer;

/// How long a plugin that has failed may take to exit, so that its exit status can be told.
const DEATH_PATIENCE: Duration = Duration::from_secs(1);

/// What every command has at hand.
#[derive(Debug)]
pub(crate) struct Context {
    pub(crate) printer: Printer,
    pub(crate) options: Options,
}

impl Context {
    /// Starts the plugin, does something with it as the chosen user, and ends it.
    pub(crate) async fn with_plugin<T>(
        &self,
        args: &PluginArgs,
        action: impl AsyncFnOnce(&PluginClient, &Requester) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let command = self.options.plugin(args, &self.printer)?;
        let requester = self.options.requester()?;
        let options = ClientOptions {
            // For the plugin's log; a user without a name can act for one that has one.
            request_username: current_user().ok(),
            // Whoever reads this program's output decides how fast it goes.
            reader_patience: None,
            ..ClientOptions::default()
        };
        self.printer.progress("starting the plugin");
        let started = PluginClient::start_with(&command, options).await;
        self.printer.end_progress();
        let client = started?;
        let result = action(&client, &requester).await;
        self.printer.end_progress();
        match result {
            Err(Failure::Client(error @ (ClientError::Gone { .. } | ClientError::Timeout { .. }))) => {
                let exit = client.kill_after(DEATH_PATIENCE).await.ok();
                Err(Failure::Gone { error, exit })
            }
            result => {
                // What the action did or why it failed is what counts; how the plugin ended is only mentioned.
                match client.close().await {
                    Ok(exit) => self.mention(&exit),
                    Err(error) => self.printer.warning(&error.to_string()),
                }
                result
            }
        }
    }

    fn mention(&self, exit: &PluginExit) {
        if !exit.is_clean() {
            self.printer.warning(&format!("the plugin {exit}"));
        }
    }

    /// The last lines of a dead plugin's standard error, unless they were shown as they came.
    pub(crate) fn last_words(&self, failure: &Failure) {
        if self.printer.is_verbose() {
            return;
        }
        if let Some(exit) = failure.plugin_exit() {
            self.printer.last_words(exit);
        }
    }
}
