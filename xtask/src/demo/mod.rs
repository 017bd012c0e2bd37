//! The product's main job, shown live: every line that begins with `$` is a command of `launchway`, run as shown.

mod stage;

use std::path::Path;
use std::time::Duration;

use self::stage::{Stage, Trial};
use crate::failure::Failure;
use crate::printer::Printer;
use crate::programs::{self, Build};

/// The script of the first job. `./serve` answers one visitor.
const SCRIPT: &str = r#"echo "read $(wc -l) lines"
echo "one of them twice" >&2
echo "waiting for a visitor"
./serve PORT "hello from the job"
exit 3
"#;

/// What the first job reads.
const WORDS: &str = "one\ntwo\ntwo\nthree\n";

/// Builds, starts a trial cluster, and plays the three jobs.
///
/// # Errors
/// Something does not go as it should; the message says what.
pub(crate) async fn run(printer: &Printer) -> Result<(), Failure> {
    let programs = programs::build(Build::Debug)?;
    printer.line(
        &printer.title("A trial cluster starts; its kubeconfig and the plugin's configuration are written."),
    );
    let trial = Trial::start(&programs).await?;
    let played = match Stage::new(printer, &programs, &trial) {
        Ok(stage) => play(&stage).await,
        Err(failure) => Err(failure),
    };
    let ended = trial.end().await;
    played.and(ended)?;
    printer.line("\nNothing is left behind: the cluster, its processes and its files are gone.");
    Ok(())
}

async fn play(stage: &Stage<'_>) -> Result<(), Failure> {
    stage.say("\nWhat does the cluster offer? Each command starts the plugin, speaks with it as a Launcher, and ends it.");
    stage.show(&["info"]).await?;
    read_write_serve_and_exit(stage).await?;
    wait_and_be_canceled(stage).await?;
    run_and_be_killed(stage).await?;

    stage.say("\nA plugin that has just been started shows it all: the cluster is the database.");
    let before = stage.ask_json(&["ps", "--all", "--json"]).await?;
    stage.show(&["ps", "--all"]).await?;
    let after = stage.ask_json(&["ps", "--all", "--json"]).await?;
    if before != after {
        return Err(Failure::new(format!("a restarted plugin shows another list:\n{before}\n{after}")));
    }
    stage.say("…and the one after it the same, field by field.");
    Ok(())
}

async fn read_write_serve_and_exit(stage: &Stage<'_>) -> Result<(), Failure> {
    let port = stage.free_port()?;
    stage.write("words.txt", WORDS)?;
    stage.write("story.sh", &SCRIPT.replace("PORT", &port.to_string()))?;
    stage.say("\nA job that reads a file, writes to both streams, is visited on its port, and exits 3:");
    stage.shell("cat story.sh")?;
    let port_flag = port.to_string();
    let folder = stage.folder().display().to_string();
    let mut job = stage.begin(
        &["run", "--name", "story", "--port", &port_flag, "--workdir", &folder, "--", "/bin/sh", "story.sh"],
        Path::new("words.txt"),
    )?;
    job.until_line("waiting for a visitor").await?;
    let id = stage.id_of("story").await?;
    let network = stage.ask_json(&["network", &id, "--json"]).await?;
    let address = network["ipAddresses"][0].as_str().unwrap_or("127.0.0.1").to_owned();
    let published = network["exposedPorts"][0]["publishedPort"]
        .as_u64()
        .and_then(|port| u16::try_from(port).ok())
        .ok_or_else(|| Failure::new(format!("the port is not published: {network}")))?;
    let text = stage.fetch(&address, published).await?;
    stage.say(&format!("   (a visitor from outside: http://{address}:{published}/ says '{text}')"));
    let code = job.end().await?;
    stage.expect("the exit code of the job", code, Some(3))?;
    stage.say("   (launchway exits with the job's own code: 3)");
    Ok(())
}

async fn wait_and_be_canceled(stage: &Stage<'_>) -> Result<(), Failure> {
    stage.say("\nA job that no node can take says why it waits, and is canceled:");
    let id = stage
        .submit(&["submit", "--name", "waits", "--constraint", "region=the-moon", "--", "/bin/true"])
        .await?;
    stage
        .until(&id, "a reason to wait", |job| {
            job["statusMessage"].as_str().is_some_and(|message| !message.is_empty())
        })
        .await?;
    stage.show(&["status", &id]).await?;
    stage.show(&["cancel", &id]).await?;
    stage.until(&id, "Canceled", |job| job["status"] == "Canceled").await
}

async fn run_and_be_killed(stage: &Stage<'_>) -> Result<(), Failure> {
    stage.say("\nA job that would run for ten minutes is killed:");
    let id = stage.submit(&["submit", "--name", "endless", "--", "/bin/sleep", "600"]).await?;
    stage.until(&id, "Running", |job| job["status"] == "Running").await?;
    stage.show(&["kill", &id]).await?;
    stage.until(&id, "Killed", |job| job["status"] == "Killed" && job["exitCode"] == 137).await
}

/// How long anything in the demo may take.
const PATIENCE: Duration = Duration::from_secs(20);
