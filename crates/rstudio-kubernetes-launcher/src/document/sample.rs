//! Commented sample files with every option and every key.

use std::fmt::Write as _;

use super::{options_of, remark, sentence, wrap};
use crate::option::{Group, Places};
use crate::profiles::key;

const WIDTH: usize = 94;

/// A sample of `launcher.kubernetes.conf`: every option, its default, and a line to uncomment.
#[must_use]
pub fn configuration() -> String {
    let mut text = "\
# /etc/rstudio/launcher.kubernetes.conf: configuration of the Kubernetes Job Launcher plugin.
#
# One name=value a line; '#' begins a comment anywhere. This file beats the command line.
# Remove the '#' before an option to set it.
"
    .to_owned();
    for group in Group::ALL {
        // Writing to a String cannot fail.
        let _ = write!(text, "\n\n# {0}\n# {1}\n", group.title(), "-".repeat(group.title().len()));
        for option in options_of(group) {
            let definition = option.definition();
            if definition.places == Places::Flag {
                continue;
            }
            text.push('\n');
            comment(&mut text, '#', &sentence(definition.summary));
            comment(&mut text, '#', &format!("Default: {}", option.default_text()));
            if let Some(remark) = remark(definition.support) {
                comment(&mut text, '#', &sentence(&remark));
            }
            let _ = writeln!(text, "#{}={}", definition.name, definition.example);
        }
    }
    text
}

/// A sample of `launcher.kubernetes.profiles.conf`: every key and a line to uncomment.
#[must_use]
pub fn profiles() -> String {
    let mut text = "\
# /etc/rstudio/launcher.kubernetes.profiles.conf: what is allowed and assumed for whom.
#
# Sections: [*] for everyone, [@group] for the members of a Unix group, [user] for one user.
# ';' or '#' begins a comment at the start of a line only. Of all lines that concern a user the last one counts.

[*]
"
    .to_owned();
    for key in key::ALL {
        text.push('\n');
        comment(&mut text, ';', &sentence(key.summary));
        comment(&mut text, ';', &format!("Default: {}", key.default));
        // Writing to a String cannot fail.
        let _ = writeln!(text, ";{}={}", key.name, key.example);
    }
    text
}

fn comment(text: &mut String, mark: char, said: &str) {
    for line in wrap(said, WIDTH) {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{mark} {line}");
    }
}
