//! Completion scripts for shells.

use std::fmt::Write as _;
use std::str::FromStr;

use crate::command_line::COMMANDS;

const PROGRAM: &str = "rstudio-kubernetes-launcher";

/// A shell that completes words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shell {
    /// GNU bash.
    Bash,
    /// Zsh.
    Zsh,
    /// Fish.
    Fish,
}

impl FromStr for Shell {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        match name {
            "bash" => Ok(Self::Bash),
            "zsh" => Ok(Self::Zsh),
            "fish" => Ok(Self::Fish),
            _ => Err(()),
        }
    }
}

/// The script for a shell: it completes the names of the options.
#[must_use]
pub fn script(shell: Shell) -> String {
    match shell {
        Shell::Bash => bash(),
        Shell::Zsh => zsh(),
        Shell::Fish => fish(),
    }
}

/// Every flag with its sentence: the options, then the commands.
fn flags() -> impl Iterator<Item = (&'static str, &'static str)> {
    let options = crate::option::all().map(|option| (option.definition().name, option.definition().summary));
    let commands = COMMANDS.map(|(flag, summary)| (flag.split(' ').next().unwrap_or(flag), summary));
    options.chain(commands)
}

fn bash() -> String {
    let words: Vec<String> = flags().map(|(name, _)| format!("--{name}")).collect();
    format!("complete -o default -W '{}' {PROGRAM}\n", words.join(" "))
}

fn zsh() -> String {
    let mut script = format!("#compdef {PROGRAM}\n_arguments \\\n");
    for (name, summary) in flags() {
        let summary = summary.replace('\'', "").replace(['[', ']'], "").replace(':', ",");
        // Writing to a String cannot fail.
        let _ = writeln!(script, "  '--{name}=-[{summary}]:value:_default' \\");
    }
    script.push_str("  && return 0\n");
    script
}

fn fish() -> String {
    let mut script = String::new();
    for (name, summary) in flags() {
        // Writing to a String cannot fail.
        let _ = writeln!(script, "complete -c {PROGRAM} -l {name} -d '{}'", summary.replace('\'', ""));
    }
    script
}
