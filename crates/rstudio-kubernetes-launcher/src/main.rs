//! The Kubernetes Job Launcher plugin: started by a Launcher, talks with it over stdin and stdout.

use std::process::ExitCode;

fn main() -> ExitCode {
    rstudio_kubernetes_launcher::program::run(std::env::args_os().skip(1))
}
