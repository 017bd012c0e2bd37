//! The step that connects to a job as a client of a session would.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep};

use super::jobs;
use crate::e2e::behaviour::Network;
use crate::e2e::world::{World, check_refusal};
use crate::failure::Failure;

const NETWORK: i64 = 8;

/// How long a session may take to listen, and how often it is tried.
const PATIENCE: Duration = Duration::from_secs(20);
const PAUSE: Duration = Duration::from_millis(100);

pub(super) async fn network(step: &Network, world: &mut World) -> Result<(), Failure> {
    let (id, user) = world.resolve(&step.subject)?;
    let answer = world.ask(step.subject.plugin.as_deref(), NETWORK, &user, json!({"jobId": id})).await?;
    check_refusal(&answer, step.refused.as_ref())?;
    if step.refused.is_some() {
        return Ok(());
    }
    let addresses: Vec<String> = answer["ipAddresses"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(Into::into)
        .collect();
    if (step.addresses || step.fetch.is_some())
        && (addresses.is_empty() || answer["host"].as_str().is_none_or(str::is_empty))
    {
        return Err(Failure::new(format!("no host or no address: {answer}")));
    }
    let told = |address: &String| addresses.contains(address);
    if step.lists.as_ref().is_some_and(|address| !told(address)) || step.lacks.as_ref().is_some_and(told) {
        return Err(Failure::new(format!("these addresses are told: {addresses:?}")));
    }
    let Some(target) = &step.fetch else { return Ok(()) };
    let target = world.meant(target);
    let alias = step.subject.job.clone().unwrap_or_else(|| "job".into());
    let deadline = Instant::now() + PATIENCE;
    loop {
        let job = jobs::whole(&alias, world).await?;
        let seen = match published(&job, &target) {
            Some(port) => fetch(&addresses, port).await,
            None => Err(Failure::new(format!("port {target} is not published: {}", job["exposedPorts"]))),
        };
        match seen {
            Ok(text) if step.gets.as_ref().is_none_or(|part| text.contains(part.as_str())) => return Ok(()),
            Ok(text) if Instant::now() > deadline => {
                return Err(Failure::new(format!("fetched {text:?}, expected {:?}", step.gets)));
            }
            Err(e) if Instant::now() > deadline => return Err(e),
            // The job has just started: it may not listen yet, and the port may not be told yet.
            _ => sleep(PAUSE).await,
        }
    }
}

fn published(job: &Value, target: &Value) -> Option<u16> {
    let ports = job["exposedPorts"].as_array()?;
    let port = ports.iter().find(|port| port["targetPort"] == *target)?;
    port["publishedPort"].as_u64().and_then(|port| u16::try_from(port).ok())
}

async fn fetch(addresses: &[String], port: u16) -> Result<String, Failure> {
    let mut last = Failure::new("there is no address");
    for address in addresses {
        let get = async {
            let mut connection = TcpStream::connect((address.as_str(), port)).await?;
            connection.write_all(b"GET / HTTP/1.0\r\n\r\n").await?;
            let mut text = Vec::new();
            connection.read_to_end(&mut text).await?;
            std::io::Result::Ok(String::from_utf8_lossy(&text).into_owned())
        };
        match get.await {
            Ok(text) => return Ok(text),
            Err(e) => last = Failure::during(format!("fetching from {address}:{port}"), e),
        }
    }
    Err(last)
}
