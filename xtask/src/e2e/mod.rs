//! The end-to-end suite: behaviours in data files, shown on a real plugin process and a cluster.

mod behaviour;
mod conversation;
mod heard;
mod matching;
mod steps;
mod world;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::StreamExt as _;

use self::behaviour::{Behaviour, Need};
use self::world::World;
use crate::cluster::Cluster;
use crate::failure::Failure;
use crate::printer::Printer;
use crate::programs::{self, Build};

/// A behaviour that hangs is a failure after this time.
const LIMIT: Duration = Duration::from_secs(200);

/// Which cluster, and which behaviours.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Run on an embedded cluster, started for this run (the default).
    #[arg(long, conflicts_with = "kubeconfig")]
    embedded: bool,
    /// Run on the cluster that this administrator's kubeconfig leads to.
    #[arg(long, requires_all = ["launcher_token", "image"])]
    kubeconfig: Option<PathBuf>,
    /// The token of the service account `job-launcher` there.
    #[arg(long)]
    launcher_token: Option<PathBuf>,
    /// An image there that has BusyBox's programs.
    #[arg(long)]
    image: Option<String>,
    /// Only behaviours whose sentence holds this text.
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
    /// How many run at once.
    #[arg(long, default_value_t = 6)]
    jobs: usize,
    /// Print the sentences and stop.
    #[arg(long)]
    list: bool,
}

enum Outcome {
    Holds,
    Skipped(Need),
    Fails(String),
}

/// Runs the suite; fails when a behaviour does not hold.
///
/// # Errors
/// The suite can't be run, or something does not hold.
pub(crate) async fn run(arguments: &Arguments, printer: &Printer) -> Result<(), Failure> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("e2e");
    let mut behaviours = behaviour::load(&folder).map_err(|e| Failure::new(e.to_string()))?;
    if let Some(text) = &arguments.only {
        behaviours.retain(|behaviour| behaviour.sentence.contains(text));
    }
    if arguments.list {
        behaviours.iter().for_each(|behaviour| printer.line(&behaviour.sentence));
        return Ok(());
    }
    if behaviours.is_empty() {
        return Err(Failure::new("no behaviour has such a sentence; --list prints them all"));
    }
    let programs = Arc::new(programs::build(Build::Debug)?);
    let cluster = Arc::new(match (&arguments.kubeconfig, &arguments.launcher_token, &arguments.image) {
        (Some(kubeconfig), Some(token), Some(image)) => Cluster::existing(kubeconfig, token, image).await?,
        _ => Cluster::embedded().await?,
    });
    let started = Instant::now();
    let mut results = futures::stream::iter(behaviours.iter().enumerate())
        .map(|(number, behaviour)| {
            let (cluster, programs) = (Arc::clone(&cluster), Arc::clone(&programs));
            async move {
                let began = Instant::now();
                let outcome = show(behaviour, number, cluster, programs).await;
                (behaviour, outcome, began.elapsed())
            }
        })
        .buffer_unordered(arguments.jobs.max(1));
    let (mut passed, mut failed, mut skipped) = (0, 0, 0);
    while let Some((behaviour, outcome, took)) = results.next().await {
        let seconds = took.as_secs_f64();
        match outcome {
            Outcome::Holds => {
                passed += 1;
                printer.line(&format!("{} {seconds:6.1} s  {}", printer.good("holds  "), behaviour.sentence));
            }
            Outcome::Skipped(need) => {
                skipped += 1;
                printer.line(&format!("skipped           {}: {need}", behaviour.sentence));
            }
            Outcome::Fails(why) => {
                failed += 1;
                printer.line(&format!("{} {seconds:6.1} s  {}", printer.bad("FAILS  "), behaviour.sentence));
                printer.line(&indent(&why));
            }
        }
    }
    drop(results);
    if let Ok(cluster) = Arc::try_unwrap(cluster).map_err(|_| ()) {
        cluster.shutdown().await;
    }
    printer.line(&format!("\nin {:.0} s", started.elapsed().as_secs_f64()));
    printer.line(&format!("{passed} passed, {failed} failed, {skipped} skipped"));
    if failed > 0 {
        return Err(Failure::new(format!("{failed} behaviours do not hold")));
    }
    Ok(())
}

async fn show(
    behaviour: &Behaviour,
    number: usize,
    cluster: Arc<Cluster>,
    programs: Arc<programs::Programs>,
) -> Outcome {
    if let Some(need) = behaviour.needs {
        let offered = match need {
            Need::SplitStreams => cluster.split_streams,
        };
        if !offered {
            return Outcome::Skipped(need);
        }
    }
    let mut world = match World::begin(cluster, programs, number, behaviour).await {
        Ok(world) => world,
        Err(e) => return Outcome::Fails(e.to_string()),
    };
    let steps = async {
        for (index, step) in behaviour.steps.iter().enumerate() {
            if let Err(e) = steps::run(step, &mut world).await {
                return Some(format!("step {}: {e}\n({step:?})", index + 1));
            }
        }
        None
    };
    let wrong = match tokio::time::timeout(LIMIT, steps).await {
        Ok(wrong) => wrong,
        Err(_) => Some(format!("not done within {} s", LIMIT.as_secs())),
    };
    let log = world.log_tail();
    let faults = world.end().await;
    match wrong {
        Some(wrong) => Outcome::Fails(format!("{wrong}\n{}\n{log}", faults.join("\n"))),
        None if !faults.is_empty() => Outcome::Fails(format!("{}\n{log}", faults.join("\n"))),
        None => Outcome::Holds,
    }
}

fn indent(text: &str) -> String {
    text.lines().map(|line| format!("    {line}\n")).collect()
}
