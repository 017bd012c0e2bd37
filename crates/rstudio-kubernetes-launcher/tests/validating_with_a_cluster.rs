//! `--validate-templates --cluster` on the program itself, with a cluster that takes, refuses, or cannot be asked.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[expect(dead_code, reason = "each test program uses a part of it")]
mod program;

use program::Installation;
use program::stage::Stage;

/// The exit status, and what is printed.
fn validate(installation: &Installation, flags: &[&str]) -> (i32, String) {
    let run = |flags: &[&str]| installation.command().arg("--unprivileged=1").args(flags).output().unwrap();
    assert!(run(&["--generate-templates"]).status.success());
    let output = run(&[&["--validate-templates", "--cluster"], flags].concat());
    let text = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    (output.status.code().unwrap_or(-1), text.concat())
}

#[test]
fn what_a_policy_refuses_is_a_problem_of_the_templates() {
    let stage = Stage::new("");
    stage.cluster.faults().deny_create("services", "no services here");
    let (status, text) = validate(&stage.installation, &[]);
    assert_eq!(status, 1, "{text}");
    assert!(text.contains("What the cluster says:\n"), "{text}");
    assert!(text.contains("no services here"), "{text}");
    assert!(text.contains("met with the test jobs session, everything"), "{text}");
    stage.close();
}

#[test]
fn an_account_without_the_right_is_told_what_to_add_to_its_role() {
    let stage = Stage::new("");
    let bindings = "/apis/rbac.authorization.k8s.io/v1/namespaces/rstudio/rolebindings";
    for binding in stage.ask("GET", bindings, None).1["items"].as_array().unwrap() {
        let name = binding["metadata"]["name"].as_str().unwrap();
        assert_eq!(stage.ask("DELETE", &format!("{bindings}/{name}"), None).0, 200);
    }
    let (status, text) = validate(&stage.installation, &[]);
    assert_eq!(status, 2, "{text}");
    assert!(
        text.contains("the cluster cannot be asked: cannot create jobs in namespace 'rstudio'"),
        "{text}"
    );
    assert!(text.contains("add to its Role: apiGroups [batch], resources [jobs], verbs [create]"), "{text}");
    stage.close();
}

#[test]
fn a_cluster_that_is_not_there_is_told_apart_from_templates_that_are_wrong() {
    let (status, text) = validate(&Installation::without_cluster(""), &["--json"]);
    assert_eq!(status, 2, "{text}");
    assert!(text.contains("\"valid\": true"), "{text}");
    assert!(text.contains("\"failure\": \"cannot get version: the API server cannot be reached"), "{text}");
    assert!(text.contains("check api-url, and that the API server runs"), "{text}");
}

#[test]
fn what_the_cluster_refuses_is_told_with_the_data_of_the_profile() {
    let stage = Stage::new("");
    let installation = &stage.installation;
    let here = installation.folder.path().display();
    let profiles = format!("[ada]\ntemplate-data={here}/good.yaml\n[bob]\ntemplate-data={here}/bad.yaml\n");
    installation.write("launcher.kubernetes.profiles.conf", &profiles);
    installation.write("good.yaml", "completions: 1\n");
    installation.write("bad.yaml", "completions: -1\n");
    let (status, text) = validate(installation, &[]);
    assert_eq!(status, 0, "{text}");
    assert!(text.contains("was asked about 7 objects"), "{text}");

    let job = installation.path("scratch/job.tpl");
    let template = std::fs::read_to_string(&job).unwrap();
    let limit = "  backoffLimit: 0\n";
    assert_eq!(template.matches(limit).count(), 1);
    let completions = "  completions: {{ .Profile.completions | default 1 }}\n";
    std::fs::write(&job, template.replace(limit, &format!("{limit}{completions}"))).unwrap();
    let (status, text) = validate(installation, &[]);
    let text = installation.named(&text);
    assert_eq!(status, 1, "{text}");
    assert!(text.contains("refuses 'spec.completions'"), "{text}");
    assert!(text.contains("image-only, with the data of [DIR]/bad.yaml\n"), "{text}");
    // What several data give is asked once.
    assert!(text.contains("was asked about 12 objects"), "{text}");
    stage.close();
}
