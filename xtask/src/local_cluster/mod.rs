//! A real one-node Kubernetes on this machine, or the one that `KUBECONFIG` leads to.

mod arguments;
mod terminal;

use std::os::unix::process::CommandExt as _;

use local_kubernetes::{Cluster, Daemon, ExistingCluster, ExistingFacts, Facts};
use serde::Serialize;

pub(crate) use self::arguments::{Command, Which};
use self::arguments::{Switch, Up};
pub(crate) use self::terminal::Terminal;
use crate::failure::Failure;
use crate::printer::Printer;

pub(crate) fn run(command: &Command, printer: &Printer) -> Result<(), Failure> {
    if let Some(existing) = ExistingCluster::from_environment().map_err(|error| told(&error))? {
        return on_existing(&existing, command, printer);
    }
    match command {
        Command::Build(which) => {
            local_kubernetes::build(&which.version()?, &mut Terminal::new()).map_err(|error| told(&error))?;
            printer.line(&format!("built, in {}", local_kubernetes::cache_folder().display()));
            Ok(())
        }
        Command::Up(up) => start(up, printer),
        Command::Down(which) => {
            let name = which.options(&[])?.name;
            match Cluster::find(&name).map_err(|error| told(&error))? {
                Some(cluster) => cluster.down().map_err(|error| told(&error))?,
                None => printer.line(&format!("there is no cluster '{name}'")),
            }
            Ok(())
        }
        Command::Status(status) => {
            let cluster = find(&status.which)?;
            let facts = cluster.facts().map_err(|error| told(&error))?;
            if status.json { json(&facts, printer) } else { show(&cluster, &facts, printer) }
        }
        Command::Stop(one) => find(&one.which)?.stop(one.daemon).map_err(|error| told(&error)),
        Command::Start(one) => find(&one.which)?.start(one.daemon).map_err(|error| told(&error)),
        Command::Restart(one) => {
            let cluster = find(&one.which)?;
            let done = cluster.stop(one.daemon).and_then(|()| cluster.start(one.daemon));
            done.map_err(|error| told(&error))
        }
        Command::Metrics(metrics) => {
            let cluster = find(&metrics.which)?;
            cluster.set_metrics(metrics.switch == Switch::On).map_err(|error| told(&error))
        }
        Command::Kubectl(kubectl) => {
            let mut program = find(&kubectl.which)?.kubectl();
            // Comes back only if it can't be run.
            Err(Failure::during("running kubectl", program.args(&kubectl.arguments).exec()))
        }
    }
}

fn start(up: &Up, printer: &Printer) -> Result<(), Failure> {
    let options = up.which.options(&up.feature_gates)?;
    let cluster = Cluster::up(&options, &mut Terminal::new()).map_err(|error| told(&error))?;
    if up.json {
        return json(&cluster.facts().map_err(|error| told(&error))?, printer);
    }
    printer.line(&format!("export KUBECONFIG={}", cluster.admin_kubeconfig().display()));
    printer.line(&format!("# the launcher's token: {}", cluster.launcher_token().display()));
    Ok(())
}

fn find(which: &Which) -> Result<Cluster, Failure> {
    let name = which.options(&[])?.name;
    match Cluster::find(&name).map_err(|error| told(&error))? {
        Some(cluster) => Ok(cluster),
        None => Err(told(&local_kubernetes::Error::NoSuchCluster { name })),
    }
}

fn show(cluster: &Cluster, facts: &Facts, printer: &Printer) -> Result<(), Failure> {
    let state = if facts.running { printer.good("running") } else { printer.bad("not running") };
    printer.line(&format!("cluster '{}', Kubernetes {}: {state}", facts.name, facts.version));
    for daemon in Daemon::ALL {
        let log = cluster.log(daemon).display().to_string();
        match cluster.pid(daemon) {
            Some(pid) => printer.line(&format!("  {daemon:<20} pid {pid:<9} {log}")),
            None => printer.line(&format!("  {daemon:<20} {:<13} {log}", "not running")),
        }
    }
    let split = match facts.split_log_streams {
        Some(true) => "told apart",
        Some(false) => "not told apart",
        None => "unknown",
    };
    for (what, value) in [
        ("API server", facts.api_url.clone()),
        ("node", format!("{} at {}", facts.node_name, facts.node_ip)),
        ("network namespace", facts.network_namespace.clone()),
        ("administrator", facts.admin_kubeconfig.display().to_string()),
        ("launcher's token", facts.launcher_token.display().to_string()),
        ("images", format!("{}, {}", facts.image, facts.bare_image)),
        ("metrics API", if facts.metrics { "on" } else { "off" }.to_owned()),
        ("stdout and stderr", split.to_owned()),
    ] {
        printer.line(&format!("  {what:<20} {value}"));
    }
    Ok(())
}

/// With `KUBECONFIG` set: looks, sets up the launcher's account, and leaves the rest alone.
fn on_existing(cluster: &ExistingCluster, command: &Command, printer: &Printer) -> Result<(), Failure> {
    let instead = "KUBECONFIG is set: the cluster that it leads to is used";
    match command {
        Command::Up(up) => {
            let access = cluster.set_up_launcher().map_err(|error| told(&error))?;
            if up.json {
                return json(&cluster.facts().map_err(|error| told(&error))?, printer);
            }
            printer.line(&format!("{instead}, and none is started"));
            printer.line(&format!("# the launcher's token: {}", access.token.display()));
            Ok(())
        }
        Command::Status(status) => {
            let facts = cluster.facts().map_err(|error| told(&error))?;
            if status.json { json(&facts, printer) } else { show_existing(&facts, printer) }
        }
        Command::Build(_) | Command::Down(_) => {
            printer.line(&format!("{instead}: there is nothing to do"));
            Ok(())
        }
        _ => Err(Failure::new(format!("{instead}, and this is for our own clusters only: unset KUBECONFIG"))),
    }
}

fn show_existing(facts: &ExistingFacts, printer: &Printer) -> Result<(), Failure> {
    printer.line(&format!("the cluster of KUBECONFIG at {}, Kubernetes {}", facts.api_url, facts.version));
    for node in &facts.nodes {
        printer.line(&format!("  node {:<15} ready: {}", node.name, node.ready));
    }
    printer.line(&format!("  metrics API          {}", if facts.metrics { "on" } else { "off" }));
    Ok(())
}

fn json(facts: &impl Serialize, printer: &Printer) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(facts).map_err(|error| Failure::during("writing JSON", error))?;
    printer.line(&text);
    Ok(())
}

/// The error with its causes.
pub(crate) fn told(error: &dyn std::error::Error) -> Failure {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(&format!(": {error}"));
        cause = error.source();
    }
    Failure::new(text)
}
