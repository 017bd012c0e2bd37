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
