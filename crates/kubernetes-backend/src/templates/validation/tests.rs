use std::path::{Path, PathBuf};
use std::time::Duration;

use super::*;
use crate::objects::{JobParts, service_ports};
use crate::profiles::{Audience, FileLine, Given, Profile, Section};
use crate::templates::{BUILT_IN_JOB, BUILT_IN_SERVICE, ObjectTemplates, ProfileData, TemplateVersion};

/// What is found in the built-in templates when `from` is replaced by `to` in one of them.
fn problems(changes: &[(&str, &str)]) -> String {
    problems_with(&Profiles::default(), changes)
}

/// The same, with these profiles.
fn problems_with(profiles: &Profiles, changes: &[(&str, &str)]) -> String {
    let place = tempfile::tempdir().expect("a folder");
    let (mut job, mut service) = (BUILT_IN_JOB.to_owned(), BUILT_IN_SERVICE.to_owned());
    for (from, to) in changes {
        assert!(job.contains(from) || service.contains(from), "{from:?} is not there");
        job = job.replacen(from, to, 1);
        service = service.replacen(from, to, 1);
    }
    std::fs::write(place.path().join("job.tpl"), job).expect("written");
    std::fs::write(place.path().join("service.tpl"), service).expect("written");
    let folder = TemplateFolder {
        path: place.path().to_owned(),
        version: TemplateVersion::ONE,
        exec_limit: Duration::from_secs(10),
    };
    let validation = validate(&folder, profiles).expect("templates that can be loaded");
    let mut text = String::new();
    for problem in &validation.problems {
        let drawn = validation.diagnostic(problem).to_string();
        let drawn = drawn.replace(place.path().to_str().expect("text"), "[DIR]");
        text.push_str(&format!("{}:\n{drawn}\n\n", problem.question.title()));
    }
    text
}

#[test]
fn the_templates_that_come_with_the_plugin_have_no_problem() {
    assert_eq!(problems(&[]), "");
}

#[test]
fn every_test_job_is_rendered_and_those_with_ports_get_a_service() {
    let context = found::context(&ObjectTemplates::built_in());
    for (name, job) in test_jobs::all() {
        JobParts::of(&job, &context).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
    let services = test_jobs::all().iter().filter(|(_, job)| service_ports(job).next().is_some()).count();
    assert_eq!((test_jobs::all().len(), services), (5, 2));
}

#[test]
fn yaml_that_is_none_is_told_with_the_line_of_the_template() {
    let example = "      hostAliases:\n        - ip: \"10.2.141.12\",\n          hostnames: [\"db01\"]\n      restartPolicy: Never\n";
    insta::assert_snapshot!(problems(&[("      restartPolicy: Never\n", example)]));
}

#[test]
fn extra_white_space_is_told_with_the_line_of_the_template() {
    insta::assert_snapshot!(problems(&[
        ("  backoffLimit: 0\n", "  backoffLimit: 0  \n"),
        ("      {{- with .Job.host }}\n", "      {{ with .Job.host }}\n"),
    ]));
}

#[test]
fn a_function_that_fails_is_told_with_its_line() {
    insta::assert_snapshot!(problems(&[(
        "      restartPolicy: Never\n",
        "      restartPolicy: Never\n      hostname: {{ index .Job.args 0 }}\n",
    )]));
}

#[test]
fn what_the_launcher_needs_is_missed_with_the_reason() {
    insta::assert_snapshot!(problems(&[
        ("        user: {{ .Job.user | quote }}\n", ""),
        (
            "          image: {{ .Job.container.image | quote }}\n          {{- if .Job.command }}\n          command: [\"/bin/sh\"]",
            "          image: fixed\n          {{- if .Job.command }}\n          command: [\"/bin/bash\"]"
        ),
        ("    job-name: {{ .Job.id | quote }}\n    {{- range", "    {{- range"),
        ("      targetPort: {{ .targetPort }}\n", "      targetPort: {{ .targetPort | quote }}\n"),
    ]));
}

#[test]
fn values_that_have_to_be_as_they_are_are_told() {
    insta::assert_snapshot!(problems(&[
        ("  backoffLimit: 0\n", "  backoffLimit: 3\n"),
        ("restartPolicy: Never", "restartPolicy: OnFailure"),
        ("- name: rs-launcher-container", "- name: main"),
        ("type: NodePort", "type: ClusterIP"),
    ]));
}

#[test]
fn fields_that_kubernetes_does_not_take_are_told_with_what_was_meant() {
    insta::assert_snapshot!(problems(&[
        (
            "        - name: rs-launcher-container\n",
            "        - name: rs-launcher-container\n          imagePullPolcy: Always\n          terminationMessagePolicy: file\n",
        ),
        (
            "            - name: {{ .name | quote }}\n              value: {{ .value | verbatim | quote }}\n",
            "            - nam: {{ .name | quote }}\n              value: 3\n"
        ),
        (
            "  backoffLimit: 0\n",
            "  backoffLimit: 0\n  ttlSecondsAfterFinished: {{ \"soon\" }}\n  suspended: {{ false }}\n"
        ),
        (
            "  type: NodePort\n",
            "  type: NodePort\n  sessionAffinityConfig: { clientIP: { timeoutSecond: 5 } }\n"
        ),
    ]));
}

/// Profiles of two users, beside those who have none.
fn profiles_with_data() -> Profiles {
    let of = |user: &str, file: &str| {
        let place = FileLine { path: Path::new("p").into(), line: 1 };
        let template_data = Given { value: Some(file.into()), place: Some(place) };
        let profile = Profile { template_data, ..Profile::default() };
        Section { audience: Audience::User(user.to_owned()), profile }
    };
    let data = [("/ada.yaml", "queue: { name: day }\n"), ("/bob.yaml", "queue: { name: night }\nhosts: 3\n")];
    let data = data
        .map(|(file, text)| (PathBuf::from(file), ProfileData::from_yaml(text.as_bytes()).expect("YAML")));
    Profiles::new(vec![of("ada", "/ada.yaml"), of("bob", "/bob.yaml")]).with_template_data(data.into())
}

#[test]
fn problems_that_not_all_data_meets_are_told_with_the_data_that_does() {
    insta::assert_snapshot!(problems_with(
        &profiles_with_data(),
        &[
            // All data.
            ("  backoffLimit: 0\n", "  backoffLimit: 3\n"),
            // No data.
            (
                "    job-name: {{ .Job.id | quote }}\n    {{- range",
                "    job-name: {{ .Job.id | quote }}\n    queue: {{ (required \"no queue\" .Profile.queue).name }}\n    {{- range",
            ),
            // That of Bob.
            (
                "      restartPolicy: Never\n",
                "      restartPolicy: Never\n      hostAliases: {{ .Profile.hosts | default list | toJson }}\n",
            ),
            // That of Ada, and none.
            (
                "restartPolicy: Never",
                "restartPolicy: {{ ternary \"Never\" \"Always\" (hasKey .Profile \"hosts\") }}"
            ),
        ]
    ));
}

#[test]
fn a_text_that_several_data_give_is_shown_once() {
    let place = tempfile::tempdir().expect("a folder");
    let job = BUILT_IN_JOB.replacen(
        "      annotations:\n",
        "      annotations:\n        hosts: {{ .Profile.hosts | default 1 | quote }}\n",
        1,
    );
    std::fs::write(place.path().join("job.tpl"), job).expect("written");
    std::fs::write(place.path().join("service.tpl"), BUILT_IN_SERVICE).expect("written");
    let folder = TemplateFolder {
        path: place.path().to_owned(),
        version: TemplateVersion::ONE,
        exec_limit: Duration::from_secs(10),
    };
    let validation = validate(&folder, &profiles_with_data()).expect("templates that can be loaded");
    let shown: Vec<String> =
        validation.rendered().map(|(job, file, _)| format!("{file} {job}")).take(4).collect();
    assert_eq!(
        shown,
        [
            "job.tpl 'plain', with the data of /ada.yaml, and without any",
            "job.tpl 'plain', with the data of /bob.yaml",
            "job.tpl 'session', with the data of /ada.yaml, and without any",
            "service.tpl 'session'",
        ]
    );
}
