//! `launchway settings`: what holds, and where it was found.

use serde_json::json;

use crate::context::Context;
use crate::exit::{self, Ended};
use crate::failure::Failure;
use crate::options::PluginArgs;
use crate::printer::{Format, Tone};
use crate::settings::search_path;

/// Tell the plugin, its arguments and the user that the other commands would use
///
/// They come from the command line, then from the first of these files that exists: the one of --settings,
/// ./launchway.toml, $XDG_CONFIG_HOME/launchway/launchway.toml (~/.config where that is not set).
#[derive(Debug, clap::Args)]
#[command(after_help = "\
A settings file, every line optional:
  # A name is looked for in PATH; a relative path with a `/` starts at this file's directory.
  plugin = \"/usr/lib/rstudio-server/bin/rstudio-kubernetes-launcher\"
  args = [\"--unprivileged=1\", \"--config-file=/etc/rstudio/launcher.kubernetes.conf\"]
  user = \"mara\"

  [env]
  SSL_CERT_FILE = \"/etc/ssl/lab.pem\"")]
pub(crate) struct ShowSettings {
    #[command(flatten)]
    plugin: PluginArgs,
}

impl ShowSettings {
    pub(crate) fn execute(self, context: &Context) -> Result<Ended, Failure> {
        let printer = &context.printer;
        let file = context.options.settings()?.file;
        let requester = context.options.requester()?;
        let command = match context.options.plugin(&self.plugin, printer) {
            Ok(command) => Some(command),
            Err(Failure::NoPlugin) => None,
            Err(failure) => return Err(failure),
        };
        if printer.format() == Format::Json {
            let text = |text: &std::ffi::OsStr| text.to_string_lossy().into_owned();
            printer.json(&json!({
                "file": file,
                "plugin": command.as_ref().map(|command| &command.program),
                "args": command.iter().flat_map(|it| &it.args).map(|arg| text(arg)).collect::<Vec<_>>(),
                "env": command.iter().flat_map(|it| &it.env).map(|(name, _)| text(name)).collect::<Vec<_>>(),
                "user": requester,
            }))?;
            return Ok(Ended(exit::DONE));
        }
        match &file {
            Some(file) => printer.fact("file", Tone::Plain, &file.display().to_string())?,
            None => {
                let looked: Vec<String> =
                    search_path().iter().map(|path| path.display().to_string()).collect();
                printer.fact("file", Tone::Faint, &format!("none; looked for {}", looked.join(" and ")))?;
            }
        }
        match &command {
            Some(command) => {
                printer.fact("plugin", Tone::Plain, &command.program.display().to_string())?;
                for arg in &command.args {
                    printer.fact("argument", Tone::Plain, &arg.to_string_lossy())?;
                }
                // Only the names: a value may be a secret.
                for (name, _) in &command.env {
                    printer.fact("variable", Tone::Plain, &name.to_string_lossy())?;
                }
            }
            None => {
                printer.fact("plugin", Tone::Waiting, "none; name it with --plugin PROGRAM or in a file")?;
            }
        }
        printer.fact("user", Tone::Plain, requester.as_str())?;
        Ok(Ended(exit::DONE))
    }
}
