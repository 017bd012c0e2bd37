//! The commands on object templates, on the program itself.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A configuration directory, and what a command on its templates prints.
struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new(files: &[(&str, &str)]) -> Self {
        let place = Self { folder: tempfile::tempdir().unwrap() };
        for (name, content) in files {
            place.write(name, content);
        }
        place
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn write(&self, name: &str, content: &str) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content.replace("[DIR]", self.path().to_str().unwrap())).unwrap();
    }

    /// The exit status, stdout and stderr, with the folder's name made the same in every run.
    fn run(&self, arguments: &[&str]) -> String {
        self.run_with_path(arguments, std::env::var_os("PATH").unwrap().into())
    }

    fn run_with_path(&self, arguments: &[&str], programs: PathBuf) -> String {
        let here = self.path().to_str().unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_rstudio-kubernetes-launcher"))
            .args(arguments.iter().map(|argument| argument.replace("[DIR]", here)))
            .arg("--unprivileged=1")
            .env_clear()
            .env("PATH", programs)
            .env("RSTUDIO_CONFIG_DIR", self.path())
            .output()
            .unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace(here, "[DIR]");
        format!(
            "{}{}exit status {}\n",
            text(&output.stdout),
            text(&output.stderr),
            output.status.code().unwrap_or(-1)
        )
    }

    fn change(&self, file: &str, from: &str, to: &str) {
        let path = self.path().join(file);
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!(text.matches(from).count(), 1, "{from:?}");
        fs::write(path, text.replace(from, to)).unwrap();
    }
}

const SCRATCH: &str = "--scratch-path=[DIR]/scratch";

#[test]
fn templates_are_generated_once_and_then_stay_as_they_are() {
    let place = Place::new(&[]);
    insta::assert_snapshot!(place.run(&["--generate-templates", SCRATCH]));
    place.change("scratch/job.tpl", "backoffLimit: 0", "backoffLimit: 1");
    insta::assert_snapshot!(place.run(&["--generate-templates", SCRATCH]));
    assert!(fs::read_to_string(place.path().join("scratch/job.tpl")).unwrap().contains("backoffLimit: 1"));
}

#[test]
fn the_folder_follows_from_the_configuration_files() {
    let launcher = "[server]\nscratch-path=[DIR]/launcher\n[cluster]\nname=Night\ntype=Kubernetes\n";
    let place = Place::new(&[("launcher.conf", launcher)]);
    insta::assert_snapshot!(place.run(&["--generate-templates"]));
    place.write("launcher.kubernetes.conf", "scratch-path=[DIR]/own\n");
    insta::assert_snapshot!(place.run(&["--generate-templates"]));
}

#[test]
fn one_of_several_clusters_has_to_be_named() {
    let launcher = "[cluster]\nname=Day\ntype=Kubernetes\n[cluster]\nname=Night\ntype=Kubernetes\nconfig-file=[DIR]/night.conf\n";
    let place = Place::new(&[("launcher.conf", launcher), ("night.conf", "scratch-path=[DIR]/night\n")]);
    insta::assert_snapshot!(place.run(&["--generate-templates"]));
    insta::assert_snapshot!(place.run(&["--generate-templates", "--plugin-name=Night"]));
}

#[test]
fn what_was_changed_is_shown_by_diff() {
    let place = Place::new(&[]);
    place.run(&["--generate-templates", SCRATCH]);
    assert_eq!(place.run(&["--diff-templates", SCRATCH]), "exit status 0\n");
    place.change(
        "scratch/service.tpl",
        "  type: NodePort\n",
        "  type: NodePort\n  externalTrafficPolicy: Local\n",
    );
    insta::assert_snapshot!(place.run(&["--diff-templates", SCRATCH]));
    insta::assert_snapshot!(
        place.run_with_path(&["--diff-templates", SCRATCH], PathBuf::from("/nonexistent"))
    );
}

#[test]
fn templates_that_give_all_that_is_needed_are_valid() {
    let place = Place::new(&[]);
    place.run(&["--generate-templates", SCRATCH]);
    insta::assert_snapshot!(place.run(&["--validate-templates", SCRATCH]));
    insta::assert_snapshot!(place.run(&["--validate-templates", "--json", SCRATCH]));
    insta::assert_snapshot!(place.run(&["--validate-templates", "--verbose", SCRATCH]));
}

#[test]
fn all_problems_are_told_at_once_by_question_with_file_and_line() {
    let place = Place::new(&[]);
    place.run(&["--generate-templates", SCRATCH]);
    place.change("scratch/job.tpl", "backoffLimit: 0\n", "backoffLimit: 6 \n");
    place.change("scratch/job.tpl", "        name: {{ .Job.name | quote }}\n", "");
    place.change("scratch/service.tpl", "spec:\n", "spec: {{ .Job.host }}:\n");
    insta::assert_snapshot!(place.run(&["--validate-templates", SCRATCH]));
    insta::assert_snapshot!(place.run(&["--validate-templates", "--json", SCRATCH]));
}

#[test]
fn templates_that_cannot_be_loaded_are_told_with_what_to_do() {
    let place = Place::new(&[
        ("scratch/job.tpl", "apiVersion: batch/v1\n"),
        ("scratch/service.tpl", "# Version: 1\n{{ .Job.name | qoute }}\n"),
    ]);
    insta::assert_snapshot!(place.run(&["--validate-templates", SCRATCH]));
    insta::assert_snapshot!(Place::new(&[]).run(&["--validate-templates", SCRATCH]));
}

#[test]
fn jobs_are_rendered_with_the_data_of_every_profile() {
    let place = Place::new(&[
        (
            "launcher.kubernetes.profiles.conf",
            "[*]\ntemplate-data=[DIR]/all.yaml\n[@no-such-group]\ntemplate-data=[DIR]/group.yaml\n[ada]\n\
             template-data=[DIR]/ada.json\n",
        ),
        ("all.yaml", "retries: 0\n"),
        ("group.yaml", "retries: 2\n"),
        ("ada.json", "{\"retries\": 0}"),
    ]);
    place.run(&["--generate-templates", SCRATCH]);
    insta::assert_snapshot!(place.run(&["--validate-templates", SCRATCH]));
    // Without data of a profile this is refused; but everyone has some.
    let change = "backoffLimit: {{ required \"no retries\" .Profile.retries }}\n";
    place.change("scratch/job.tpl", "backoffLimit: 0\n", change);
    insta::assert_snapshot!(place.run(&["--validate-templates", SCRATCH]));
    insta::assert_snapshot!(place.run(&["--validate-templates", "--json", SCRATCH]));
    let verbose = place.run(&["--validate-templates", "--verbose", SCRATCH]);
    let heading = "--- job.tpl for the test job 'plain', with the data of";
    assert!(verbose.contains(&verbose_heading(heading, &["all.yaml", "ada.json"])), "{verbose}");
    assert!(verbose.contains(&verbose_heading(heading, &["group.yaml"])), "{verbose}");
}

fn verbose_heading(heading: &str, files: &[&str]) -> String {
    let files: Vec<String> = files.iter().map(|file| format!("[DIR]/{file}")).collect();
    format!("{heading} {}\n", files.join(", "))
}

#[test]
fn data_of_profiles_that_cannot_be_used_is_told_with_its_line_beside_all_other_problems() {
    let profiles = "[*]\ntemplate-data=[DIR]/none.yaml\n[ada]\ntemplate-data=[DIR]/bad.yaml\n";
    let place = Place::new(&[
        ("launcher.kubernetes.profiles.conf", &format!("{profiles}[bob]\ntemplate-data=[DIR]/good.yaml\n")),
        ("bad.yaml", "a: 1\nb: c: d\n"),
        ("good.yaml", "a: 1\n"),
    ]);
    place.run(&["--generate-templates", SCRATCH]);
    place.change("scratch/job.tpl", "backoffLimit: 0\n", "backoffLimit: 6\n");
    insta::assert_snapshot!(place.run(&["--validate-templates", SCRATCH]));
    insta::assert_snapshot!(place.run(&["--validate-templates", "--json", SCRATCH]));
    place.write("launcher.kubernetes.profiles.conf", profiles);
    insta::assert_snapshot!(place.run(&["--validate-templates", SCRATCH]));
    place.write("launcher.kubernetes.profiles.conf", "[*]\ntemplate-date=[DIR]/good.yaml\n");
    insta::assert_snapshot!(place.run(&["--validate-templates", SCRATCH]));
}
