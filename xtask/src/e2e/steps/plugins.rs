//! Steps about the plugin itself: started, restarted, spoken to in raw frames, ended.

use std::time::Duration;

use nix::sys::signal::{Signal as Number, kill};
use nix::unistd::Pid;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use super::jobs;
use crate::e2e::behaviour::{
    Bootstrap, Command, EndInput, HowToEnd, Log, Plugin, Raw, Reload, RestartPlugin, Signal, Template,
};
use crate::e2e::matching;
use crate::e2e::world::{OWN_PLUGIN, World, patience};
use crate::failure::Failure;

pub(super) async fn start(step: &Plugin, world: &mut World) -> Result<(), Failure> {
    let alias = step.alias.as_deref().unwrap_or(OWN_PLUGIN);
    let mut flags = step.flags.clone();
    if !flags.iter().any(|flag| flag.starts_with("--heartbeat-interval-seconds")) {
        flags.push("--heartbeat-interval-seconds=0".into());
    }
    let plugin = world.start_plugin(alias, &flags).await?;
    match step.bootstrap {
        Bootstrap::Once => plugin.bootstrap().await,
        Bootstrap::Never => Ok(()),
    }
}

pub(super) async fn restart(step: &RestartPlugin, world: &mut World) -> Result<(), Failure> {
    let mut before = Vec::new();
    for alias in &step.same {
        before.push(jobs::whole(alias, world).await?);
    }
    // A behaviour may have ended its plugin already, by a signal.
    if let Some(mut plugin) = world.plugins.remove(OWN_PLUGIN) {
        match step.how {
            HowToEnd::EndInput => {
                plugin.end_input().await?;
            }
            HowToEnd::Kill => plugin.kill().await?,
        }
        let faults = std::mem::take(&mut plugin.listener().heard().faults);
        let cut_short = matches!(step.how, HowToEnd::Kill);
        if !faults.is_empty() && !cut_short {
            return Err(Failure::new(faults.join("; ")));
        }
    }
    world.forget_watchers(OWN_PLUGIN);
    if let Some(seconds) = step.away_seconds {
        sleep(Duration::from_secs(seconds)).await;
    }
    world.start_plugin(OWN_PLUGIN, &["--heartbeat-interval-seconds=0".into()]).await?.bootstrap().await?;
    for (alias, before) in step.same.iter().zip(before) {
        let after = jobs::whole(alias, world).await?;
        if after != before {
            return Err(Failure::new(format!("'{alias}' was\n{before}\nand is\n{after}")));
        }
    }
    Ok(())
}

pub(super) async fn raw(step: &Raw, world: &mut World) -> Result<(), Failure> {
    let message = step.send.as_ref().map(|value| world.meant(value));
    let expected = step.expect.as_ref().map(|value| world.meant(value));
    let plugin = world.plugin(None)?;
    if let Some(message) = &message {
        plugin.send(message).await?;
    }
    if let Some(bytes) = &step.bytes {
        plugin.send_bytes(bytes.as_bytes()).await?;
    }
    if let Some(expected) = expected {
        let mut nearest: Option<String> = None;
        let frame: Value = plugin
            .listener()
            .until(patience(None), &format!("a frame like {expected}"), |heard| {
                let found = heard.unclaimed.iter().position(|frame| {
                    let difference = matching::difference(&expected, frame);
                    let met = difference.is_none();
                    if difference.is_some() {
                        nearest = difference.map(|d| format!("{d} in {frame}"));
                    }
                    met
                })?;
                Some(heard.unclaimed.remove(found))
            })
            .await
            .map_err(|e| Failure::new(format!("{e}; nearest: {nearest:?}")))?;
        if let Some(part) = &step.says
            && !frame.to_string().contains(part.as_str())
        {
            return Err(Failure::new(format!("{frame} does not say '{part}'")));
        }
    }
    match step.exits {
        Some(code) => expect_exit(world, code).await,
        None => Ok(()),
    }
}

async fn expect_exit(world: &mut World, code: i32) -> Result<(), Failure> {
    let ended = world.plugin(None)?.ended().await?;
    world.plugins.remove(OWN_PLUGIN);
    if ended == Some(code) {
        return Ok(());
    }
    Err(Failure::new(format!("the plugin exited with {ended:?}, expected {code}")))
}

pub(super) async fn end_input(step: &EndInput, world: &mut World) -> Result<(), Failure> {
    let ended = world.plugin(None)?.end_input().await?;
    world.plugins.remove(OWN_PLUGIN);
    if ended == Some(step.exits) {
        return Ok(());
    }
    Err(Failure::new(format!("the plugin exited with {ended:?}, expected {}", step.exits)))
}

pub(super) async fn signal(step: &Signal, world: &mut World) -> Result<(), Failure> {
    let number: Number =
        step.name.parse().map_err(|_| Failure::new(format!("'{}' is no signal", step.name)))?;
    let pid = world.plugin(None)?.pid().and_then(|pid| i32::try_from(pid).ok());
    let Some(pid) = pid else {
        return Err(Failure::new("the plugin does not run"));
    };
    kill(Pid::from_raw(pid), number).map_err(|e| Failure::during("sending a signal to the plugin", e))?;
    expect_exit(world, step.exits).await
}

pub(super) fn template(step: &Template, world: &World) -> Result<(), Failure> {
    let path = world.site.scratch().join(&step.file);
    let doing = || format!("changing {}", path.display());
    let text = match step.instead_of.as_ref().or(step.after.as_ref()) {
        None => step.put.clone(),
        Some(place) => {
            let text = std::fs::read_to_string(&path).map_err(|e| Failure::during(doing(), e))?;
            if text.matches(place.as_str()).count() != 1 {
                return Err(Failure::new(format!("{} does not hold '{place}' once", step.file)));
            }
            let kept = if step.after.is_some() { place.as_str() } else { "" };
            text.replace(place.as_str(), &format!("{kept}{}", step.put))
        }
    };
    std::fs::write(&path, text).map_err(|e| Failure::during(doing(), e))
}

pub(super) async fn command(step: &Command, world: &World) -> Result<(), Failure> {
    let mut program = tokio::process::Command::new(&world.programs.plugin);
    program.args(world.site.quiet_flags()).args(&step.flags);
    let output = program.output().await.map_err(|e| Failure::during("running a command of the plugin", e))?;
    let text =
        [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    if output.status.code() != Some(step.exits) {
        return Err(Failure::new(format!("{}, and it said:\n{text}", output.status)));
    }
    if let Some(missing) = step.says.iter().find(|says| !text.contains(says.as_str())) {
        return Err(Failure::new(format!("it does not say '{missing}' but:\n{text}")));
    }
    match step.lacks.iter().find(|lacks| text.contains(lacks.as_str())) {
        None => Ok(()),
        Some(there) => Err(Failure::new(format!("it says '{there}':\n{text}"))),
    }
}

/// The message type of Config Reload.
const RELOAD: i64 = 202;

pub(super) async fn reload(step: &Reload, world: &mut World) -> Result<(), Failure> {
    let answer = world.ask(None, RELOAD, "*", json!({})).await?;
    let code = answer["errorType"].as_i64();
    let (wanted, says) = match &step.refused {
        Some(refusal) => (refusal.code, refusal.says.as_deref().unwrap_or_default()),
        None => (0, ""),
    };
    let says = world.meant(&json!(says));
    let is_said = answer.to_string().contains(says.as_str().unwrap_or_default());
    if answer["messageType"] == RELOAD && code == Some(wanted) && is_said {
        return Ok(());
    }
    Err(Failure::new(format!("a reload was to be answered with the error {wanted} and {says}: {answer}")))
}

pub(super) fn profiles(text: &str, world: &mut World) -> Result<(), Failure> {
    let text = world.meant(&json!(text));
    world.site.write_profiles(text.as_str().unwrap_or(""))
}

/// How often the log is looked at.
const PAUSE: Duration = Duration::from_millis(100);

pub(super) async fn log(step: &Log, world: &World) -> Result<(), Failure> {
    let deadline = Instant::now() + patience(None);
    while !world.log().contains(&step.holds) {
        if Instant::now() > deadline {
            return Err(Failure::new(format!("the log does not say '{}'", step.holds)));
        }
        sleep(PAUSE).await;
    }
    Ok(())
}
