use std::time::Duration;

use super::*;
use crate::objects::{JobParts, service_ports};
use crate::templates::{BUILT_IN_JOB, BUILT_IN_SERVICE, ObjectTemplates, TemplateVersion};

/// What is found in the built-in templates when `from` is replaced by `to` in one of them.
fn problems(changes: &[(&str, &str)]) -> String {
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
    let validation = validate(&folder).expect("templates that can be loaded");
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
