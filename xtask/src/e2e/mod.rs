//! The end-to-end suite: behaviours in data files, shown on a real plugin process and a cluster.

mod behaviour;
mod conversation;
mod heard;
mod matching;
mod pass;
mod place;
mod report;
mod steps;
mod suite;
mod world;

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use self::behaviour::Behaviour;
use self::pass::Pass;
use self::place::Place;
use self::report::{Shown, Sum};
use self::suite::Tries;
use crate::cluster::{Cluster, Metrics};
use crate::compare::{self, Record};
use crate::failure::Failure;
use crate::local_cluster::Which;
use crate::printer::Printer;
use crate::programs::{self, Build, Programs};

/// Which cluster.
#[derive(Debug, clap::Args)]
pub(crate) struct Where {
    /// Run on an embedded cluster, started for this run (the default).
    #[arg(long, conflicts_with = "real")]
    embedded: bool,
    /// Run on a real cluster: the one that `KUBECONFIG` leads to, or else this project's own, which is started (and
    /// built) if need be.
    #[arg(long)]
    real: bool,
    #[command(flatten)]
    which: Which,
    /// An image with BusyBox's programs in the cluster of `KUBECONFIG`.
    #[arg(long, default_value = "docker.io/library/busybox:latest")]
    image: String,
    /// An image there with no program but `/bare`.
    #[arg(long, default_value = "docker.io/library/bare:local")]
    bare_image: String,
}

impl Where {
    /// The cluster. Another one than the embedded one keeps its metrics-server.
    ///
    /// # Errors
    /// It can't be started or reached.
    pub(crate) async fn open(&self) -> Result<Cluster, Failure> {
        let metrics = if self.real { Metrics::Measured } else { Metrics::Absent };
        self.place()?.open(metrics).await
    }

    /// Whether it is a real one.
    pub(crate) fn is_real(&self) -> bool {
        self.real
    }

    fn place(&self) -> Result<Place, Failure> {
        if self.real { self.real_place() } else { Ok(Place::Embedded) }
    }

    fn real_place(&self) -> Result<Place, Failure> {
        let kubeconfig = std::env::var_os("KUBECONFIG").filter(|value| !value.is_empty());
        Ok(match kubeconfig {
            Some(kubeconfig) => Place::Existing {
                kubeconfig: kubeconfig.into(),
                image: self.image.clone(),
                bare_image: self.bare_image.clone(),
            },
            None => Place::Own(self.which.options(&[])?),
        })
    }
}

/// Which cluster, and which behaviours.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    cluster: Where,
    /// Run with the cluster set up in this way only; may be repeated.
    #[arg(long = "pass", value_enum, value_name = "PASS")]
    passes: Vec<Pass>,
    /// Only behaviours whose sentence holds this text.
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
    /// How many run at once.
    #[arg(long, default_value_t = 6)]
    jobs: usize,
    /// How often to try what does not hold.
    #[arg(long, value_enum, default_value_t = Tries::Once)]
    tries: Tries,
    /// Don't run behaviours: ask the rows of `api-conformance` of an embedded cluster and of the real one, and
    /// compare the answers. `--only` then chooses groups by name, `--record` writes docs/conformance.md.
    #[arg(long, conflicts_with = "embedded")]
    compare: bool,
    /// Write the results into docs/behaviours.md.
    #[arg(long, conflicts_with = "only")]
    record: bool,
    /// Print the sentences and stop.
    #[arg(long)]
    list: bool,
}

impl Arguments {
    fn passes(&self, place: &Place) -> Vec<Pass> {
        match (self.passes.as_slice(), place) {
            ([], Place::Own(options)) => {
                Pass::ALL.into_iter().filter(|pass| pass.is_known_to(options.version)).collect()
            }
            ([], _) => vec![Pass::Whole],
            (chosen, _) => chosen.to_vec(),
        }
    }
}

/// Runs the suite; fails when a behaviour does not hold.
///
/// # Errors
/// The suite can't be run, or something does not hold.
pub(crate) async fn run(arguments: &Arguments, printer: &Printer) -> Result<(), Failure> {
    if arguments.compare {
        let real = arguments.cluster.real_place()?.administered().await?;
        let record = if arguments.record { Record::Write } else { Record::Print };
        return compare::run(&real.kubeconfig, &real.image, arguments.only.as_deref(), record, printer).await;
    }
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
    let place = arguments.cluster.place()?;
    let mut failed = 0;
    let mut shown = Vec::new();
    for pass in arguments.passes(&place) {
        let run = format!("{} cluster, {pass}", place.name());
        printer.line(&printer.title(&format!("\n{run}")));
        let results = one_pass(pass, &place, &behaviours, &programs, arguments, printer).await?;
        failed += Sum::of(&results).failed;
        shown.push((run, results));
    }
    for (run, results) in &shown {
        results.iter().for_each(|one| one.print_trouble(run, printer));
    }
    if failed > 0 {
        return Err(Failure::new(format!("{failed} behaviours do not hold")));
    }
    Ok(())
}

async fn one_pass(
    pass: Pass,
    place: &Place,
    behaviours: &[Behaviour],
    programs: &Arc<Programs>,
    arguments: &Arguments,
    printer: &Printer,
) -> Result<Vec<Shown>, Failure> {
    let cluster = Arc::new(pass.open(place).await?);
    let started = Instant::now();
    let covered: Vec<&Behaviour> = behaviours.iter().filter(|one| pass.covers(one)).collect();
    let shown = suite::run(&covered, &cluster, programs, arguments.jobs, arguments.tries, printer).await;
    if let Ok(cluster) = Arc::try_unwrap(cluster) {
        pass.close(cluster).await?;
    }
    printer.line(&format!("\nin {:.0} s", started.elapsed().as_secs_f64()));
    printer.line(&Sum::of(&shown).to_string());
    if arguments.record {
        let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
        let column = match pass {
            Pass::Whole => place.name(),
            _ => format!("{} {}", place.name(), pass.key()),
        };
        report::record(&docs, &column, &shown, behaviours)?;
    }
    Ok(shown)
}
