//! Runs behaviours, several at once, on one cluster.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::StreamExt as _;

use super::behaviour::Behaviour;
use super::report::{Outcome, Shown};
use super::steps;
use super::world::World;
use crate::cluster::Cluster;
use crate::printer::Printer;
use crate::programs::Programs;

/// A behaviour that hangs is a failure after this time.
const LIMIT: Duration = Duration::from_secs(240);

/// Shows each behaviour, and prints how it went as soon as that is known.
pub(super) async fn run(
    behaviours: &[&Behaviour],
    cluster: &Arc<Cluster>,
    programs: &Arc<Programs>,
    at_once: usize,
    printer: &Printer,
) -> Vec<Shown> {
    // Some run by themselves, after the others.
    let (alone, together): (Vec<_>, Vec<_>) =
        behaviours.iter().copied().enumerate().partition(|(_, behaviour)| behaviour.runs_alone());
    let mut shown = Vec::with_capacity(behaviours.len());
    for (group, at_once) in [(together, at_once.max(1)), (alone, 1)] {
        let mut results = futures::stream::iter(group)
            .map(|(number, behaviour)| {
                let (cluster, programs) = (Arc::clone(cluster), Arc::clone(programs));
                async move {
                    let began = Instant::now();
                    let outcome = show(behaviour, number, cluster, programs).await;
                    Shown { sentence: behaviour.sentence.clone(), outcome, took: began.elapsed() }
                }
            })
            .buffer_unordered(at_once);
        while let Some(one) = results.next().await {
            one.print(printer);
            shown.push(one);
        }
    }
    shown
}

async fn show(
    behaviour: &Behaviour,
    number: usize,
    cluster: Arc<Cluster>,
    programs: Arc<Programs>,
) -> Outcome {
    if let Some(need) = behaviour.needs.iter().find(|need| !cluster.offers.meet(**need)) {
        return Outcome::Skipped(*need);
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
