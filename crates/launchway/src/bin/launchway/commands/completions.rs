//! `launchway completions`: what a shell needs to complete command lines.

use clap::CommandFactory;
use clap_complete::Shell;

use crate::Cli;
use crate::context::Context;
use crate::exit::{self, Ended};
use crate::failure::Failure;
use crate::printer::Stream;

/// Print the completions for a shell
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  launchway completions bash > ~/.local/share/bash-completion/completions/launchway
  launchway completions zsh > ~/.zfunc/_launchway
  launchway completions fish > ~/.config/fish/completions/launchway.fish")]
pub(crate) struct Completions {
    /// The shell
    shell: Shell,
}

impl Completions {
    pub(crate) fn execute(self, context: &Context) -> Result<Ended, Failure> {
        let mut text = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "launchway", &mut text);
        context.printer.output(Stream::Stdout, &String::from_utf8_lossy(&text))?;
        Ok(Ended(exit::DONE))
    }
}
