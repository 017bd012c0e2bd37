//! `launchway info`: what the cluster offers.

use launcher_api::job::{PlacementConstraint, ResourceLimit};
use launcher_api::response::{ClusterInfo, ResourceProfile};
use serde_json::{Value, json};

use crate::context::Context;
use crate::exit::{self, Ended};
use crate::failure::Failure;
use crate::options::PluginArgs;
use crate::printer::{Format, Printer, Tone};
use crate::table::plain;

/// Tell what the cluster offers to the user: images, limits, profiles, constraints
///
/// With --json: the plugin's version beside what Cluster Info answers.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  launchway info
  launchway info --user mara --json | jq .resourceLimits")]
pub(crate) struct Info {
    #[command(flatten)]
    plugin: PluginArgs,
}

impl Info {
    pub(crate) async fn execute(self, context: &Context) -> Result<Ended, Failure> {
        let (version, info) = context
            .with_plugin(&self.plugin, async |client, user| {
                Ok((client.version(), client.cluster_info(user).await?))
            })
            .await?;
        let printer = &context.printer;
        if printer.format() == Format::Json {
            let mut document = json!({"version": version.to_string()});
            if let (Value::Object(document), Ok(Value::Object(info))) =
                (&mut document, serde_json::to_value(&info))
            {
                document.extend(info);
            }
            printer.json(&document)?;
            return Ok(Ended(exit::DONE));
        }
        printer.fact("API", Tone::Plain, &version.to_string())?;
        tell(&info, printer)?;
        Ok(Ended(exit::DONE))
    }
}

fn tell(info: &ClusterInfo, printer: &Printer) -> Result<(), Failure> {
    let facts: [(&str, Vec<String>); 8] = [
        ("containers", vec![yes_or_no(info.supports_containers)]),
        ("init", vec![yes_or_no(info.supports_init_containers)]),
        ("image", images(info)),
        ("queue", info.queues.clone()),
        ("limit", info.resource_limits.iter().map(limit).collect()),
        ("profile", info.resource_profiles.iter().map(profile).collect()),
        ("constraint", info.placement_constraints.iter().map(constraint).collect()),
        ("setting", info.config.iter().map(|setting| setting.name.clone()).collect()),
    ];
    for (name, texts) in facts {
        for text in texts {
            printer.fact(name, Tone::Plain, &plain(&text))?;
        }
    }
    Ok(())
}

fn yes_or_no(yes: bool) -> String {
    if yes { "yes" } else { "no" }.to_owned()
}

/// The images by name, the default one marked, and whether there may be others.
fn images(info: &ClusterInfo) -> Vec<String> {
    let mut images = info.images.clone();
    if let Some(default) = &info.default_image {
        images.retain(|image| image != default);
        images.insert(0, format!("{default} (the default)"));
    }
    if info.allow_unknown_images {
        images.push("any other".to_owned());
    }
    images
}

fn profile(profile: &ResourceProfile) -> String {
    let limits: Vec<String> = profile.limits.iter().map(limit).collect();
    match limits.is_empty() {
        true => profile.name.clone(),
        false => format!("{}: {}", profile.name, limits.join(", ")),
    }
}

fn constraint(constraint: &PlacementConstraint) -> String {
    match &constraint.value {
        Some(value) => format!("{}={value}", constraint.name),
        None => format!("{} (any value)", constraint.name),
    }
}

/// `memory 1024, default 512, at most 16384`.
fn limit(limit: &ResourceLimit) -> String {
    let mut text = limit.limit_type.as_str().to_owned();
    if !limit.value.is_empty() {
        text.push_str(&format!(" {}", limit.value));
    }
    if let Some(default) = &limit.default_value {
        text.push_str(&format!(", default {default}"));
    }
    if let Some(most) = &limit.max_value {
        text.push_str(&format!(", at most {most}"));
    }
    text
}
