//! Configurations as an administrator writes them, each with what comes of it.
//!
//! A case is a file in `tests/configurations`: parts begin with `=== NAME`. `flags`, `environment` (one each line),
//! `file NAME` (written into the case's folder, `[DIR]` in all texts) and `result`. `UPDATE_CASES=1` writes the results.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use kubernetes_backend::Profiles;
use kubernetes_backend::TemplateSource;
use kubernetes_backend::profiles::{Directory, Person};
use rstudio_kubernetes_launcher::command_line::CommandLine;
use rstudio_kubernetes_launcher::config::{self, Settings, Surroundings};
use rstudio_kubernetes_launcher::option::{self, AnyOption};
use rstudio_kubernetes_launcher::profiles::key;
use rstudio_kubernetes_launcher::report::{self, Notice};

#[test]
fn every_configuration_means_what_its_case_says() {
    let update = std::env::var_os("UPDATE_CASES").is_some();
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/configurations");
    let mut failures = String::new();
    let mut count = 0;
    for entry in std::fs::read_dir(cases).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let case = Case::parse(&text);
        let found = case.outcome();
        count += 1;
        if update {
            std::fs::write(&path, format!("{}=== result\n{found}", case.question)).unwrap();
        } else if found != case.result {
            let _ = write!(failures, "{}\n--- expected\n{}--- found\n{found}\n", path.display(), case.result);
        }
    }
    assert!(failures.is_empty(), "{failures}");
    assert!(count > 20, "only {count} cases were found");
}

/// Has one group.
#[derive(Debug)]
struct Machine;

impl Directory for Machine {
    fn groups_of(&self, _user: &str, _groups: &[String]) -> io::Result<Vec<String>> {
        Ok(Vec::new())
    }

    fn has_group(&self, name: &str) -> io::Result<bool> {
        match name {
            "broken" => Err(io::Error::other("the directory does not answer")),
            name => Ok(name == "rstudio-power-users"),
        }
    }
}

struct Case<'a> {
    /// Everything before the result, as it stands in the file.
    question: &'a str,
    flags: Vec<&'a str>,
    environment: Vec<(&'a str, &'a str)>,
    files: Vec<(&'a str, &'a str)>,
    result: &'a str,
}

impl<'a> Case<'a> {
    fn parse(text: &'a str) -> Self {
        let (question, result) = text.split_once("=== result\n").expect("a case has a result");
        let mut case =
            Self { question, flags: Vec::new(), environment: Vec::new(), files: Vec::new(), result };
        for part in question.split("=== ").skip(1) {
            let (name, content) = part.split_once('\n').expect("a part has a name");
            match name.split_once(' ') {
                Some(("file", file)) => case.files.push((file, content)),
                None if name == "flags" => case.flags = content.lines().collect(),
                None if name == "environment" => {
                    case.environment = content.lines().map(|line| line.split_once('=').unwrap()).collect();
                }
                _ => panic!("unknown part '{name}'"),
            }
        }
        case
    }

    fn outcome(&self) -> String {
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path().to_str().unwrap();
        let ca = include_str!("certificates/ca.pem");
        let ca_base64 = base64::Engine::encode(&base64::prelude::BASE64_STANDARD, ca);
        let place =
            |text: &str| text.replace("[DIR]", dir).replace("[CA]", &ca_base64).replace("[CA PEM]", ca);
        let name = |text: &str| text.replace(dir, "[DIR]").replace(&ca_base64[..60], "[CA]");
        for (file, content) in &self.files {
            let path = folder.path().join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, place(content)).unwrap();
        }
        let environment: Vec<_> =
            self.environment.iter().map(|(variable, value)| (*variable, place(value))).collect();
        let variables = environment.iter().map(|(variable, value)| (*variable, value.as_str()));
        let surroundings = Surroundings::of(variables.chain([("RSTUDIO_CONFIG_DIR", dir)]))
            .with_service_account(folder.path().join("serviceaccount"))
            .with_directory(Arc::new(Machine))
            .as_root();
        let line = CommandLine::read(self.flags.iter().map(|flag| OsString::from(place(flag))));
        name(&match config::load(line, &surroundings) {
            Ok(loaded) => {
                let warnings: Vec<_> =
                    loaded.warnings.iter().map(|warning| Notice::warning(warning, warning.help())).collect();
                report::plain(&warnings) + &changed(&loaded.settings)
            }
            Err(errors) => {
                let errors: Vec<_> =
                    errors.all().iter().map(|error| Notice::error(error, error.help())).collect();
                report::plain(&errors)
            }
        })
    }
}

/// The settings that differ from those of a configuration with nothing but what is required.
fn changed(settings: &Settings) -> String {
    let minimal = ["--api-url=https://minimal", "--auth-token=minimal"].map(OsString::from);
    let surroundings = Surroundings::of([("RSTUDIO_CONFIG_DIR", "/nonexistent")]).as_root();
    let minimal = config::load(CommandLine::read(minimal), &surroundings).unwrap();
    let minimal = facts(&minimal.settings);
    let mut text = String::new();
    for (name, value) in facts(settings) {
        if minimal.get(name) != Some(&value) && name != "profiles_path" {
            let _ = writeln!(text, "{name}: {value}");
        }
    }
    text
}

#[test]
fn what_is_not_written_is_as_the_document_says() {
    let line = ["--api-url=https://host", "--auth-token=abc"].map(OsString::from);
    let surroundings = Surroundings::of([("RSTUDIO_CONFIG_DIR", "/etc/rstudio")]).as_root();
    let settings = config::load(CommandLine::read(line), &surroundings).unwrap().settings;
    let threads = surroundings.cpus() * 2;
    let found = facts(&settings);
    for (name, value) in [
        ("server_user", "Some(\"rstudio-server\")"),
        ("blocking_threads", &threads.to_string()),
        ("log_level", "WARNING"),
        ("scratch_path", "/var/lib/rstudio-launcher/Kubernetes"),
        ("log_directory", "/var/log/rstudio/launcher"),
        ("job_expiry", "86400s"),
        ("profiles_path", "/etc/rstudio/launcher.kubernetes.profiles.conf"),
        ("namespace", "rstudio"),
        ("shared_process_namespace", "true"),
        ("verify_certificates", "true"),
        ("certificate_authority", "System"),
        ("watch_timeout", "180s"),
        ("fetch_limit", "500"),
        ("templates", "built in"),
        ("profiles", ""),
    ] {
        assert_eq!(found[name], value, "{name}");
    }
}

/// What the profiles set for everyone.
fn of_everyone(profiles: &Profiles) -> String {
    let effective = profiles.effective(Person::Anyone);
    let set = key::ALL.iter().filter_map(|key| match key.show(&effective) {
        (value, Some(_)) => Some(format!("{}={value}", key.name)),
        (_, None) => None,
    });
    set.collect::<Vec<_>>().join(" ")
}

fn facts(settings: &Settings) -> BTreeMap<&'static str, String> {
    let Settings { connection, process, log, .. } = settings;
    let authority = format!("{:?}", connection.certificate_authority);
    BTreeMap::from([
        ("api_url", connection.api_url.to_string()),
        ("token", format!("{:?}", connection.token)),
        ("certificate_authority", authority.split('(').next().unwrap().to_owned()),
        ("verify_certificates", connection.verify_certificates.to_string()),
        ("namespace", settings.namespace.clone()),
        ("watch_timeout", format!("{:?}", settings.watch_timeout)),
        ("fetch_limit", settings.fetch_limit.to_string()),
        ("shared_process_namespace", settings.shared_process_namespace.to_string()),
        ("job_expiry", format!("{:?}", settings.job_expiry)),
        ("profiles", of_everyone(&settings.profiles)),
        ("templates", templates(&settings.templates)),
        ("profiles_path", settings.profiles_path.display().to_string()),
        ("plugin_name", settings.plugin_name.clone()),
        ("heartbeat_interval", format!("{:?}", settings.heartbeat_interval)),
        ("metrics_interval", format!("{:?}", settings.metrics_interval)),
        ("metrics_requested", settings.metrics_requested.to_string()),
        ("max_message_size", settings.max_message_size.to_string()),
        ("server_user", format!("{:?}", process.server_user)),
        ("scratch_path", process.scratch_path.display().to_string()),
        ("workers", process.workers.to_string()),
        ("blocking_threads", process.blocking_threads.to_string()),
        ("log_directory", log.directory.display().to_string()),
        ("log_level", log.level.to_string()),
    ])
}

#[test]
fn a_configuration_that_cannot_be_read_is_told_from_one_that_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let directory = PathBuf::from(folder.path());
    let flag = OsString::from(format!("--config-file={}", directory.display()));
    let errors = config::load(CommandLine::read([flag]), &Surroundings::of([])).unwrap_err();
    let text = errors.all()[0].to_string();
    assert!(text.starts_with("cannot read the configuration file") && text.contains("directory"), "{text}");
}

#[test]
fn every_option_that_can_be_wrong_is_checked_in_the_file_and_on_the_command_line() {
    const NONSENSE: &str = "wrong value!";
    let wrong = || option::all().filter(|option| option.check(NONSENSE).is_err()).map(AnyOption::definition);
    assert!(wrong().count() > 20);
    for definition in wrong() {
        let folder = tempfile::tempdir().unwrap();
        let surroundings = Surroundings::of([("RSTUDIO_CONFIG_DIR", folder.path().to_str().unwrap())]);
        let complains = |flags: &[String]| {
            let errors = config::load(CommandLine::read(flags.iter().map(OsString::from)), &surroundings);
            let errors =
                errors.err().map(|errors| errors.all().iter().map(ToString::to_string).collect::<Vec<_>>());
            let name = format!("for '{}'", definition.name);
            errors.unwrap_or_default().iter().any(|error| error.contains(&name))
        };
        assert!(complains(&[format!("--{}={NONSENSE}", definition.name)]), "--{}", definition.name);
        let line = format!("{}={NONSENSE}\n", definition.name);
        std::fs::write(folder.path().join("launcher.kubernetes.conf"), line).unwrap();
        assert!(complains(&[]), "{}", definition.name);
    }
}

fn templates(source: &TemplateSource) -> String {
    match source {
        TemplateSource::BuiltIn => "built in".to_owned(),
        TemplateSource::Folder(folder) => {
            let (path, version, limit) = (folder.path.display(), folder.version, folder.exec_limit);
            format!("{path}, version {version}, programs at most {limit:?}")
        }
    }
}
