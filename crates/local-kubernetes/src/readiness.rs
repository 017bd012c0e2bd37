//! When a part of a cluster is ready for the next one.

use std::net::{SocketAddr, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::time::Duration;

use crate::daemon::Daemon;
use crate::error::Error;
use crate::kubectl::Kubectl;
use crate::process;
use crate::progress::{Progress, Step};
use crate::site::{NODE, Site};
use crate::wait::{self, GaveUp, Look};

/// For one part, on a machine that is busy with other things.
const LIMIT: Duration = Duration::from_secs(180);

pub(crate) fn kubectl(site: &Site) -> Kubectl {
    Kubectl::new(site.kubernetes_program("kubectl"), site.path("admin.kubeconfig"), &site.folder())
}

/// Where a daemon takes calls once it is up.
enum Door {
    Socket(PathBuf),
    Port(SocketAddr),
}

fn door(site: &Site, daemon: Daemon) -> Door {
    let port = |port| Door::Port((site.record.slot.node(), port).into());
    match daemon {
        Daemon::Containerd => Door::Socket(site.path("containerd.sock")),
        Daemon::Etcd => port(2381),
        Daemon::ApiServer => port(6443),
        Daemon::ControllerManager => port(10257),
        Daemon::Scheduler => port(10259),
        Daemon::Kubelet => port(10250),
        Daemon::Proxy => port(10256),
        Daemon::MetricsServer => port(4443),
    }
}

/// The daemon takes calls; the API server's callers have to wait for its readiness too.
///
/// # Errors
/// The daemon ends, or it takes too long.
pub(crate) fn takes_calls(site: &Site, daemon: Daemon) -> Result<(), Error> {
    let door = door(site, daemon);
    let ready = wait::until(LIMIT, || {
        process::none_has_ended(site, &[daemon])?;
        let opened = match &door {
            Door::Socket(path) => UnixStream::connect(path).map(drop),
            Door::Port(address) => TcpStream::connect_timeout(address, Duration::from_secs(1)).map(drop),
        };
        Ok::<_, Error>(match opened {
            Ok(()) => Look::Done(()),
            Err(error) => Look::NotYet(error.to_string()),
        })
    })?;
    ready.map_err(|gave_up| timed_out(site, daemon.name(), LIMIT, gave_up))
}

/// The API server says that it is ready.
///
/// # Errors
/// One of `daemons` ends, or it takes too long.
pub(crate) fn api_server(site: &Site, daemons: &[Daemon], progress: &mut dyn Progress) -> Result<(), Error> {
    let question = Question { what: "API server ready", ask: &["get", "--raw", "/readyz"], answer: "ok" };
    question.until_answered(site, daemons, progress)
}

/// The node takes pods, and the namespace `default` has the account that pods run under.
///
/// # Errors
/// A daemon ends, or it takes too long.
pub(crate) fn node(site: &Site, progress: &mut dyn Progress) -> Result<(), Error> {
    let condition = "jsonpath={.status.conditions[?(@.type==\"Ready\")].status}";
    for question in [
        Question { what: "node ready", ask: &["get", "node", NODE, "-o", condition], answer: "True" },
        Question {
            what: "default service account",
            ask: &["get", "serviceaccount", "default", "-o", "name"],
            answer: "serviceaccount/default",
        },
    ] {
        question.until_answered(site, &Daemon::ALL, progress)?;
    }
    Ok(())
}

/// Something to ask `kubectl` for until the answer is the right one.
struct Question<'a> {
    what: &'a str,
    ask: &'a [&'a str],
    answer: &'a str,
}

impl Question<'_> {
    fn until_answered(
        &self,
        site: &Site,
        daemons: &[Daemon],
        progress: &mut dyn Progress,
    ) -> Result<(), Error> {
        let kubectl = kubectl(site);
        let mut step = Step::begin(progress, self.what);
        let ready = wait::until(LIMIT, || {
            process::none_has_ended(site, daemons)?;
            step.goes_on();
            Ok::<_, Error>(match kubectl.attempt(self.ask)? {
                Ok(said) if said == self.answer => Look::Done(()),
                Ok(said) | Err(said) => Look::NotYet(said),
            })
        })?;
        ready.map_err(|gave_up| timed_out(site, self.what, LIMIT, gave_up))?;
        step.end();
        Ok(())
    }
}

pub(crate) fn timed_out(site: &Site, what: &str, limit: Duration, gave_up: GaveUp) -> Error {
    Error::TimedOut {
        what: what.to_owned(),
        seconds: limit.as_secs(),
        last_seen: gave_up.last_seen,
        logs: site.logs(),
    }
}

/// Whether the API server has the feature `PodLogsQuerySplitStreams` on, as its own metrics tell; none when it does
/// not answer.
///
/// # Errors
/// `kubectl` can't be started.
pub(crate) fn has_split_log_streams(kubectl: &Kubectl) -> Result<Option<bool>, Error> {
    let metrics = kubectl.attempt(&["get", "--raw", "/metrics"])?;
    Ok(metrics.ok().map(|metrics| is_enabled("PodLogsQuerySplitStreams", &metrics)))
}

/// `kubernetes_feature_enabled{name="Feature",stage="ALPHA"} 1`.
fn is_enabled(feature: &str, metrics: &str) -> bool {
    let name = format!("name=\"{feature}\"");
    metrics
        .lines()
        .filter(|line| line.starts_with("kubernetes_feature_enabled{") && line.contains(&name))
        .any(|line| line.ends_with(" 1"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feature_is_on_when_the_metrics_say_so() {
        let metrics = "# TYPE kubernetes_feature_enabled gauge\n\
            kubernetes_feature_enabled{name=\"Other\",stage=\"\"} 1\n\
            kubernetes_feature_enabled{name=\"PodLogsQuerySplitStreams\",stage=\"BETA\"} 0\n";
        assert!(is_enabled("Other", metrics));
        assert!(!is_enabled("PodLogsQuerySplitStreams", metrics));
        assert!(!is_enabled("Unknown", metrics));
    }
}
