//! `launchway network`: where a job is reached.

use launcher_api::JobId;
use launcher_api::job::ExposedPort;
use serde_json::json;

use crate::context::Context;
use crate::exit::{self, Ended};
use crate::failure::Failure;
use crate::options::PluginArgs;
use crate::printer::{Format, Tone};
use crate::table::plain;

/// Tell the host, the addresses and the ports at which a job is reached
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  launchway network mara-session-x7k2p
  launchway network mara-session-x7k2p --json | jq -r .ipAddresses[0]")]
pub(crate) struct Network {
    /// The job
    id: JobId,
    #[command(flatten)]
    plugin: PluginArgs,
}

impl Network {
    pub(crate) async fn execute(self, context: &Context) -> Result<Ended, Failure> {
        let (network, job) = context
            .with_plugin(&self.plugin, async |client, user| {
                Ok((client.network(user, &self.id).await?, client.job(user, &self.id).await?))
            })
            .await?;
        let printer = &context.printer;
        if printer.format() == Format::Json {
            printer.json(&json!({
                "host": network.host,
                "ipAddresses": network.ip_addresses,
                "exposedPorts": job.exposed_ports,
            }))?;
            return Ok(Ended(exit::DONE));
        }
        printer.fact("host", Tone::Plain, &plain(&network.host))?;
        for address in &network.ip_addresses {
            printer.fact("address", Tone::Plain, &plain(address))?;
        }
        for port in &job.exposed_ports {
            printer.fact("port", Tone::Plain, &port_text(port))?;
        }
        Ok(Ended(exit::DONE))
    }
}

/// `8787/TCP at 31234`.
pub(crate) fn port_text(port: &ExposedPort) -> String {
    let inside = format!("{}/{}", port.target_port, plain(&port.protocol));
    match port.published_port {
        Some(outside) => format!("{inside} at {outside}"),
        None => format!("{inside}, not published"),
    }
}
