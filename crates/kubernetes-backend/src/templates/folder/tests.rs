use super::*;

fn folder(files: &[(&str, &str)]) -> (tempfile::TempDir, TemplateFolder) {
    let place = tempfile::tempdir().expect("a folder");
    let folder = TemplateFolder {
        path: place.path().to_owned(),
        version: TemplateVersion::ONE,
        exec_limit: Duration::from_secs(10),
    };
    for (name, text) in files {
        std::fs::write(place.path().join(name), text).expect("written");
    }
    (place, folder)
}

/// What is wrong, without the folder's own path.
fn problems(folder: &TemplateFolder) -> Vec<String> {
    let here = format!("{}/", folder.path.display());
    let errors = folder.load().expect_err("something is wrong");
    errors.iter().map(|error| error.to_string().replace(&here, "")).collect()
}

const JOB: (&str, &str) = ("job.tpl", "# Version: 1\nkind: Job\n");
const SERVICE: (&str, &str) = ("service.tpl", "# Version: 1\nkind: Service\n");

#[test]
fn the_templates_that_are_written_can_be_read() {
    let (_place, folder) = folder(&[]);
    assert_eq!(folder.write_missing().expect("written").len(), 2);
    assert!(folder.load().is_ok());
}

#[test]
fn a_template_that_is_there_is_never_overwritten() {
    let (_place, folder) = folder(&[JOB]);
    assert_eq!(folder.write_missing().expect("written"), [folder.path.join("service.tpl")]);
    assert_eq!(std::fs::read_to_string(folder.path.join("job.tpl")).expect("read"), JOB.1);
}

#[test]
fn a_missing_template_is_named() {
    let (_place, folder) = folder(&[JOB]);
    insta::assert_snapshot!(problems(&folder).join("\n"));
}

#[test]
fn a_version_has_to_be_the_expected_one_and_in_the_first_line() {
    let (_place, folder) = folder(&[
        ("job.tpl", "kind: Job\n# Version: 1\n"),
        ("service.tpl", "# Version: 2.5.0\nkind: Service\n"),
    ]);
    insta::assert_snapshot!(problems(&folder).join("\n"));
    std::fs::write(folder.path.join("job.tpl"), "# A licence\n# Version: 1\n").expect("written");
    std::fs::write(folder.path.join("service.tpl"), SERVICE.1).expect("written");
    insta::assert_snapshot!(problems(&folder).join("\n"));
}

#[test]
fn newer_templates_are_taken_where_they_are_expected() {
    let newer = "# A licence\n# Version: 2.5.0\nkind: Job\n";
    let (_place, mut folder) = folder(&[("job.tpl", newer), ("service.tpl", newer)]);
    folder.version = "2.5.0".parse().expect("a version");
    assert!(folder.load().is_ok());
}

#[test]
fn all_that_is_wrong_in_any_file_is_told_at_once() {
    let (_place, folder) = folder(&[
        ("job.tpl", "# Version: 1\n{{ includ \"x.tpl\" . }}\n{{ .Job.name | quot }}\n"),
        ("service.tpl", "# Version: 1\n{{ if .Job.id }}\n"),
        ("custom.tpl", "{{ printf }}\n"),
    ]);
    insta::assert_snapshot!(problems(&folder).join("\n"));
}

#[test]
fn files_are_included_by_their_names() {
    let (_place, folder) = folder(&[
        (
            "job.tpl",
            "# Version: 1\napiVersion: batch/v1\nkind: Job\nmetadata: {name: {{ include \"custom.tpl\" .Job.name }}}\n",
        ),
        SERVICE,
        ("custom.tpl", "{{ . | upper | quote }}"),
        (".job.tpl.swp.tpl", "{{ broken"),
        ("notes.txt", "{{ broken"),
    ]);
    let templates = folder.load().expect("templates");
    let data = helm_template::Value::map([("Job", helm_template::Value::map([("name", "fit")]))]);
    let object = templates.render(ObjectKind::Job, &data).expect("an object");
    assert_eq!(object["metadata"]["name"], "FIT");
}

/// What a template of the folder gives in place of a name, when it is rendered for a job of root's.
fn printed(template: &str) -> String {
    let job = format!(
        "# Version: 1\napiVersion: batch/v1\nkind: Job\nmetadata:\n  name: {{{{ print ({template}) | toJson }}}}\n"
    );
    let (_place, folder) = folder(&[("job.tpl", &job), SERVICE]);
    let templates = folder.load().unwrap_or_else(|errors| panic!("{template}: {errors:?}"));
    let volumes = helm_template::Value::list([helm_template::Value::map([("name", "mount0")])]);
    let job = helm_template::Value::map([("user", "root".into()), ("volumes", volumes)]);
    let data = helm_template::Value::map([("Job", job)]);
    let object =
        templates.render(ObjectKind::Job, &data).unwrap_or_else(|error| panic!("{template}: {error}"));
    object["metadata"]["name"].as_str().expect("a text").to_owned()
}

#[test]
fn functions_of_the_document_print_what_it_says() {
    for (template, text) in [
        ("toYaml .Job.volumes", "- name: mount0"),
        ("exec \"echo\" \"Hello, world\"", "Hello, world\n"),
        // No shell comes between.
        ("exec \"echo\" \"$HOME; ls\"", "$HOME; ls\n"),
        ("kindOf (groups .Job.user)", "slice"),
        ("has \"root\" (groups .Job.user)", "true"),
        ("has \"no-such-group\" (groups .Job.user)", "false"),
    ] {
        assert_eq!(printed(template), text, "{template}");
    }
}

#[test]
fn the_result_of_a_program_tells_its_exit_code_error_and_both_outputs_apart() {
    let both = r#"exec "sh" "-c" "printf out; printf err >&2; exit 3""#;
    let fine = r#"exec "printf" "fine""#;
    let killed = r#"exec "sh" "-c" "kill -9 $$""#;
    let absent = r#"exec "/nonexistent/program""#;
    for (template, text) in [
        (format!("({both}).ExitCode"), "3"),
        (format!("kindOf ({both}).ExitCode"), "int"),
        (format!("({both}).Err"), "exit status 3"),
        (format!("({both}).Stdout"), "out"),
        (format!("kindOf ({both}).Stdout"), "string"),
        (format!("({both}).Stderr"), "err"),
        (format!("kindOf ({both}).Stderr"), "string"),
        (both.to_owned(), "out"),
        (format!("({fine}).ExitCode"), "0"),
        (format!("kindOf ({fine}).Err"), "invalid"),
        (format!("({fine}).Stderr"), ""),
        (format!("({killed}).ExitCode"), "-1"),
        (format!("({killed}).Err"), "signal: killed"),
        (format!("({absent}).ExitCode"), "-1"),
        (format!("({absent}).Err"), "fork/exec /nonexistent/program: no such file or directory"),
    ] {
        assert_eq!(printed(&template), text, "{template}");
    }
}

#[test]
fn a_program_that_runs_longer_than_it_may_is_ended() {
    let job = "# Version: 1\napiVersion: batch/v1\nkind: Job\nmetadata:\n  name: {{ (exec \"sleep\" \"600\").Err | toString | quote }}\n";
    let (_place, mut folder) = folder(&[("job.tpl", job), SERVICE]);
    folder.exec_limit = Duration::from_millis(50);
    let object =
        folder.load().expect("templates").render(ObjectKind::Job, &helm_template::Value::map([("Job", "")]));
    assert_eq!(object.expect("an object")["metadata"]["name"], "sleep: not ended within 50ms, and killed");
}
