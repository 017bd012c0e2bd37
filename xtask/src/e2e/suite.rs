//! Runs behaviours, several at once, on one cluster; those that failed again, one by one.

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

/// How often a behaviour that does not hold is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Tries {
    /// What does not hold has failed.
    Once,
    /// Once more, by itself, when all others are done; the end of the report tells of both tries.
    Twice,
}

/// Shows each behaviour, and prints how it went as soon as that is known.
pub(super) async fn run(
    behaviours: &[&Behaviour],
    cluster: &Arc<Cluster>,
    programs: &Arc<Programs>,
    at_once: usize,
    tries: Tries,
    printer: &Printer,
) -> Vec<Shown> {
    // Some run by themselves, after the others.
    let (alone, together): (Vec<_>, Vec<_>) =
        behaviours.iter().copied().enumerate().partition(|(_, behaviour)| behaviour.runs_alone());
    let mut shown = Vec::with_capacity(behaviours.len());
    let mut failed = Vec::new();
    for (group, at_once) in [(together, at_once.max(1)), (alone, 1)] {
        let mut results = futures::stream::iter(group)
            .map(|(number, behaviour)| async move {
                (number, behaviour, try_once(number, behaviour, cluster, programs).await)
            })
            .buffer_unordered(at_once);
        while let Some((number, behaviour, one)) = results.next().await {
            one.print(printer);
            match one.outcome {
                Outcome::Fails(why) if tries == Tries::Twice => failed.push((number, behaviour, why)),
                _ => shown.push(one),
            }
        }
    }
    for (number, behaviour, first) in failed {
        // Another number: what the first try left in the cluster has other names.
        let mut again = try_once(number + behaviours.len(), behaviour, cluster, programs).await;
        if let Outcome::Holds = again.outcome {
            again.outcome = Outcome::HoldsAtSecondTry(first);
        }
        again.print(printer);
        shown.push(again);
    }
    shown
}

async fn try_once(
    number: usize,
    behaviour: &Behaviour,
    cluster: &Arc<Cluster>,
    programs: &Arc<Programs>,
) -> Shown {
    let began = Instant::now();
    let outcome = show(behaviour, number, Arc::clone(cluster), Arc::clone(programs)).await;
    Shown { sentence: behaviour.sentence.clone(), outcome, took: began.elapsed() }
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
