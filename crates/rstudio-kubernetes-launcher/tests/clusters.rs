//! Several named clusters from one installation: each has a configuration, a scratch path and templates of its own.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[expect(dead_code, reason = "each test program uses a part of it")]
mod program;

use std::fs;
use std::process::Command;

use program::{Installation, Plugin};

/// A configuration folder with the clusters `Day` and `Night`, of which one has a configuration file of its own.
struct Clusters {
    installation: Installation,
}

impl Clusters {
    fn new() -> Self {
        let installation = Installation::without_cluster("");
        let here = installation.folder.path().display();
        installation.write(
            "launcher.conf",
            &format!(
                "[server]\nscratch-path={here}/lib\n[cluster]\nname=Day\ntype=Kubernetes\n[cluster]\nname=Night\n\
                 type=Kubernetes\nconfig-file={here}/launcher.night.conf\n"
            ),
        );
        let common = format!(
            "api-url=https://127.0.0.1:9\nauth-token-path={here}/token\nuse-templating=1\nlog-level=INFO\n"
        );
        installation.write("launcher.kubernetes.conf", &common);
        let own = format!("{common}kubernetes-namespace=night\ntemplate-version=2.5.0\n");
        installation.write("launcher.night.conf", &own);
        Self { installation }
    }

    /// The flags that the Launcher passes for a cluster, as `launcher.conf` says.
    fn flags(&self, name: &str) -> Vec<String> {
        let here = self.installation.folder.path().display();
        let mut flags = vec![format!("--plugin-name={name}"), format!("--scratch-path={here}/lib/{name}")];
        if name == "Night" {
            flags.push(format!("--config-file={here}/launcher.night.conf"));
        }
        flags
    }

    fn start(&self, name: &str) -> Plugin {
        let flags = self.flags(name);
        self.installation.start(&flags.iter().map(String::as_str).collect::<Vec<_>>())
    }

    /// Starts a cluster's plugin, and returns what it logs until it is there.
    fn log_of(&self, name: &str) -> String {
        let mut plugin = self.start(name);
        let log = self.installation.named(&plugin.await_stderr("the plugin starts"));
        plugin.close_input();
        assert_eq!(plugin.end().status.code(), Some(0));
        log
    }
}

#[test]
fn two_clusters_run_side_by_side_each_with_templates_and_options_of_its_own() {
    let clusters = Clusters::new();
    // The templates that the other cluster's configuration asks for: of another version.
    let mut written = Command::new(env!("CARGO_BIN_EXE_rstudio-kubernetes-launcher"));
    written.env("RSTUDIO_CONFIG_DIR", clusters.installation.folder.path());
    let output = written.args(["--generate-templates", "--plugin-name=Night"]).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    for file in ["job.tpl", "service.tpl"] {
        let path = clusters.installation.path("lib/Night").join(file);
        let text = fs::read_to_string(&path).unwrap();
        fs::write(path, text.replacen("# Version: 1\n", "# Version: 2.5.0\n", 1)).unwrap();
    }

    let (mut day, mut night) = (clusters.start("Day"), clusters.start("Night"));
    for (plugin, name) in [(&mut day, "Day"), (&mut night, "Night")] {
        let log = clusters.installation.named(&plugin.await_stderr("the plugin starts"));
        let from = format!(
            "jobs are made from [DIR]/lib/{name}/job.tpl, services from [DIR]/lib/{name}/service.tpl"
        );
        assert!(log.contains(&from), "{log}");
        assert!(log.contains(&format!("cluster: {name}")), "{log}");
    }
    for plugin in [day, night] {
        plugin.signal(nix::sys::signal::Signal::SIGTERM);
        assert_eq!(plugin.end().status.code(), Some(0));
    }
}

#[test]
fn templates_of_a_folder_that_a_cluster_does_not_read_are_warned_of() {
    let clusters = Clusters::new();
    assert!(!clusters.log_of("Day").contains("no effect"));
    let changed = clusters.installation.path("lib/Day/job.tpl");
    let text = fs::read_to_string(&changed).unwrap();
    fs::write(&changed, text.replace("backoffLimit: 0", "backoffLimit: 1")).unwrap();
    fs::write(clusters.installation.path("lib/job.tpl"), text).unwrap();
    let warnings = |name: &str| {
        let log = clusters.log_of(name);
        let warnings: Vec<&str> =
            log.lines().filter_map(|line| line.split_once(" WARNING ").map(|(_, text)| text)).collect();
        warnings.join("\n")
    };
    // Of its own version, so that nothing else is wrong.
    clusters.installation.write(
        "launcher.night.conf",
        &fs::read_to_string(clusters.installation.path("launcher.kubernetes.conf")).unwrap(),
    );
    insta::assert_snapshot!("what_night_does_not_read_when_its_own_are_new", warnings("Night"));
    insta::assert_snapshot!("what_night_does_not_read_later", warnings("Night"));
}

#[test]
fn a_scratch_path_that_several_clusters_are_told_is_warned_of() {
    let clusters = Clusters::new();
    let file = clusters.installation.path("launcher.night.conf");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, format!("{text}scratch-path={}\n", clusters.installation.path("shared").display()))
        .unwrap();
    // One cluster alone reads that file.
    assert!(!clusters.log_of("Night").contains("is one for the clusters"));
    let launcher = clusters.installation.path("launcher.conf");
    let text = fs::read_to_string(&launcher).unwrap();
    let third = format!("{text}[cluster]\nname=Late\ntype=Kubernetes\nconfig-file={}\n", file.display());
    fs::write(&launcher, third).unwrap();
    let log = clusters.log_of("Night");
    let warning = log.lines().find_map(|line| line.split_once(" WARNING ")).unwrap().1;
    insta::assert_snapshot!(warning);
}
