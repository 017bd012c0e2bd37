//! `--help`: every option with its default, grouped, and how to begin.

use std::fmt::Write as _;

use super::{options_of, remark, wrap};
use crate::command_line::COMMANDS;
use crate::option::{AnyOption, Group, Places};

const WIDTH: usize = 96;
const INDENT: usize = 8;

const INTRODUCTION: &str = "\
Runs the jobs of a Launcher on a Kubernetes cluster.

The Launcher starts this program itself, once for each cluster of type Kubernetes in launcher.conf, and talks with it
over stdin and stdout. What an administrator writes is the configuration file.

Usage: rstudio-kubernetes-launcher [OPTIONS]

A minimal /etc/rstudio/launcher.kubernetes.conf:
    api-url=https://192.168.99.100:8443
    auth-token-path=/etc/rstudio/kubernetes.launcher.token
    certificate-authority=LS0tLS1CRUdJTi...        # base64 -w0 ca.crt
In a pod of the cluster none of the three is needed.

To try a configuration without a Launcher, as an ordinary user:
    rstudio-kubernetes-launcher --unprivileged --config-file=my.conf --log-level=INFO < /dev/null

Every option can stand in the file as name=value, and on the command line as --name=value or --name value. The file
beats the command line. Booleans are 1, true, yes, on or 0, false, no, off.
";

const CONCLUSION: &str = "
Files:
    /etc/rstudio/launcher.kubernetes.conf             the configuration
    /etc/rstudio/launcher.kubernetes.profiles.conf    user and group profiles; may be missing
    /var/log/rstudio/launcher/                        the log

Environment:
    RSTUDIO_CONFIG_DIR    configuration directory; else the first 'rstudio' in XDG_CONFIG_DIRS, else /etc/rstudio
    KUBERNETES_SERVICE_HOST, KUBERNETES_SERVICE_PORT    set by Kubernetes in its pods
    NO_COLOR              no colours on a terminal

Signals: TERM and INT end the plugin, jobs go on running; HUP reads the profiles and the templates again.
Exit status: 0 after a regular end, 1 after an error.

To change the objects that jobs become, set use-templating=1 and:
    rstudio-kubernetes-launcher --generate-templates
    editor /var/lib/rstudio-launcher/Kubernetes/job.tpl
    rstudio-kubernetes-launcher --validate-templates
    kill -s HUP $(pidof rstudio-kubernetes-launcher)
The folder follows from launcher.conf and launcher.kubernetes.conf; --scratch-path names another one, and --plugin-name
a cluster where there are several.
";

/// The text of `--help`.
#[must_use]
pub fn text() -> String {
    let mut text = INTRODUCTION.to_owned();
    text.push_str("\nCommands:\n");
    for (flag, summary) in COMMANDS {
        entry(&mut text, &format!("--{flag}"), summary);
    }
    for group in Group::ALL {
        // Writing to a String cannot fail.
        let _ = write!(text, "\n{}:\n", group.title());
        for option in options_of(group) {
            describe(&mut text, option);
        }
    }
    text.push_str(CONCLUSION);
    text
}

fn describe(text: &mut String, option: &dyn AnyOption) {
    let definition = option.definition();
    let shape = option.shape();
    let flag = match shape.bare {
        Some(_) => format!("--{}[={}]", definition.name, shape.placeholder),
        None => format!("--{}={}", definition.name, shape.placeholder),
    };
    let mut summary = definition.summary.to_owned();
    if definition.places == Places::Flag {
        summary.push_str(" (command line only)");
    }
    // Writing to a String cannot fail.
    let _ = write!(summary, " [default: {}]", option.default_text());
    if let Some(remark) = remark(definition.support) {
        let _ = write!(summary, " [{remark}]");
    }
    entry(text, &flag, &summary);
}

fn entry(text: &mut String, flag: &str, summary: &str) {
    // Writing to a String cannot fail.
    let _ = writeln!(text, "    {flag}");
    for line in wrap(summary, WIDTH - INDENT) {
        let _ = writeln!(text, "{:INDENT$}{line}", "");
    }
}
