//! What is found while the test jobs are rendered.

use std::collections::BTreeMap;

use launcher_api::Job;
use serde_json::Value;

use super::problem::{Place, Problem};
use super::rendering::Rendering;
use super::rules::Finding;
use super::{Question, Rendered, TestCase, Validation, fields, rules, space};
use crate::objects::{self, BuildContext, JobParts, Owner, Ratio, StdinPlace, service_ports};
use crate::templates::error::TemplateFault;
use crate::templates::{ObjectKind, ObjectTemplates, ProfileData, data, rendered};

/// Collects the problems.
pub(super) struct Found {
    validation: Validation,
    /// Where each problem stands, by question, file, place and subject.
    known: BTreeMap<(Question, String, Option<Place>, String), usize>,
}

impl Found {
    /// To add to a validation.
    pub(super) fn new(validation: Validation) -> Self {
        Self { validation, known: BTreeMap::new() }
    }

    pub(super) fn into_validation(self) -> Validation {
        let mut validation = self.validation;
        validation.sort();
        validation
    }

    /// Renders a job's objects, and looks at them.
    pub(super) fn job(
        &mut self,
        case: &TestCase,
        job: &Job,
        profile_data: &ProfileData,
        templates: &ObjectTemplates,
    ) {
        let context = BuildContext { profile_data: profile_data.clone(), ..context(templates) };
        let Ok(parts) = JobParts::of(job, &context) else { return };
        let data = data::for_job(job, &parts);
        if let Some((mut object, at)) = self.render(ObjectKind::Job, case, templates, &data) {
            self.findings(at, case, rules::of_job(&object, job, &parts));
            self.findings(at, case, fields::of(ObjectKind::Job, &object));
            let place = if job.stdin.is_empty() { StdinPlace::Nowhere } else { StdinPlace::Annotation };
            let completed = objects::complete(&mut object, job, &place, &context);
            self.validation.rendered[at].object = completed.is_ok().then_some(object);
        }
        if service_ports(job).next().is_some() {
            let owner = Owner { name: "mara-fit-x7k2p".to_owned(), uid: "uid".to_owned() };
            let data = data::for_service(job, &parts, &owner);
            if let Some((mut object, at)) = self.render(ObjectKind::Service, case, templates, &data) {
                self.findings(at, case, rules::of_service(&object, job, &owner));
                self.findings(at, case, fields::of(ObjectKind::Service, &object));
                let completed = objects::complete_service(&mut object, &owner);
                self.validation.rendered[at].object = completed.is_ok().then_some(object);
            }
        }
    }

    /// Adds what is wrong with an object, in all cases that gave it.
    pub(super) fn findings_of_all(&mut self, at: usize, findings: Vec<Finding>) {
        let cases = self.validation.rendered[at].cases.clone();
        self.add_findings(at, &cases, findings);
    }

    fn findings(&mut self, at: usize, case: &TestCase, findings: Vec<Finding>) {
        self.add_findings(at, std::slice::from_ref(case), findings);
    }

    fn add_findings(&mut self, at: usize, cases: &[TestCase], findings: Vec<Finding>) {
        for finding in findings {
            let Rendered { kind, rendering, .. } = &self.validation.rendered[at];
            let place = rendering.writer_of(&finding.at, &self.validation.sources);
            let problem = Problem {
                gravity: finding.gravity,
                message: finding.message,
                why: finding.why,
                fix: finding.fix,
                field: Some(finding.at),
                ..Problem::of(finding.question, *kind, cases)
            };
            self.add(problem.at(place), &finding.subject);
        }
    }

    /// The object, and where it stands among what was rendered.
    fn render(
        &mut self,
        kind: ObjectKind,
        case: &TestCase,
        templates: &ObjectTemplates,
        data: &helm_template::Value,
    ) -> Option<(Value, usize)> {
        let (text, trace) = match templates.traced(kind, data) {
            Ok(traced) => traced,
            Err(error) => {
                let message = error.message().unwrap_or_else(|| error.engine().cause().to_string());
                let origin = error.engine().origin();
                let place = origin.span.and_then(|span| {
                    self.validation.sources.place(&origin.file, span.start as usize, span.end as usize)
                });
                let problem = Problem {
                    message: message.clone(),
                    fix: error.hint(),
                    ..Problem::of(Question::Template, kind, std::slice::from_ref(case))
                };
                self.add(problem.at(place), &message);
                return None;
            }
        };
        let rendering = Rendering::new(text, trace);
        self.white_space(kind, case, &rendering);
        let object = rendered::object(&rendering.text, kind);
        if let Err(fault) = &object {
            let line = match fault {
                TemplateFault::Yaml { line, .. } => *line,
                TemplateFault::SecondDocument { line } => Some(*line),
                _ => None,
            };
            let place = line.and_then(|line| rendering.writer_of_text(line, &self.validation.sources));
            let message = format!("{fault}, for the job '{}'", case.job);
            let problem =
                Problem { message, ..Problem::of(Question::Yaml, kind, std::slice::from_ref(case)) };
            let subject = match fault {
                TemplateFault::Yaml { text, .. } => text.clone().unwrap_or_default(),
                other => other.to_string(),
            };
            self.add(problem.at(place), &subject);
        }
        let at = self.keep(kind, case, rendering);
        Some((object.ok()?, at))
    }

    /// Keeps a text once, whatever data of the job gives it.
    fn keep(&mut self, kind: ObjectKind, case: &TestCase, rendering: Rendering) -> usize {
        let all = &mut self.validation.rendered;
        let is_same = |known: &Rendered| {
            known.kind == kind
                && known.rendering.text == rendering.text
                && known.cases.iter().any(|known| known.job == case.job)
        };
        if let Some(at) = all.iter().position(is_same) {
            all[at].cases.push(case.clone());
            return at;
        }
        all.push(Rendered { cases: vec![case.clone()], kind, rendering, object: None });
        all.len() - 1
    }

    fn white_space(&mut self, kind: ObjectKind, case: &TestCase, rendering: &Rendering) {
        for oddity in space::oddities(&rendering.text) {
            let place = rendering.writer_of_line(oddity.line, &self.validation.sources);
            let problem = Problem {
                message: format!(
                    "{} (line {} of what is rendered for the job '{}')",
                    oddity.what, oddity.line, case.job
                ),
                fix: Some("trim it with `{{-` or `-}}`, or take it out of the template".to_owned()),
                ..Problem::of(Question::WhiteSpace, kind, std::slice::from_ref(case))
            };
            self.add(problem.at(place), oddity.what);
        }
    }

    /// Keeps a problem once, however many test jobs meet it: `subject` says which problem it is.
    fn add(&mut self, found: Problem, subject: &str) {
        let key = (found.question, found.file.clone(), found.place, subject.to_owned());
        match self.known.get(&key) {
            Some(at) => {
                let cases = &mut self.validation.problems[*at].cases;
                // A loop may meet it again in the same case.
                let new: Vec<TestCase> =
                    found.cases.into_iter().filter(|case| !cases.contains(case)).collect();
                cases.extend(new);
            }
            None => {
                self.known.insert(key, self.validation.problems.len());
                self.validation.problems.push(found);
            }
        }
    }
}

/// What test jobs are rendered with.
pub(super) fn context(templates: &ObjectTemplates) -> BuildContext {
    BuildContext {
        templates: templates.clone(),
        cluster: "Kubernetes".into(),
        shared_process_namespace: true,
        default_image: None,
        overrides: std::sync::Arc::default(),
        profile_data: ProfileData::default(),
        cpu_request_ratio: Ratio::new(0.5).unwrap_or(Ratio::ALL),
        memory_request_ratio: Ratio::new(0.5).unwrap_or(Ratio::ALL),
        deliverer: "".into(),
        stdin_key: String::new(),
    }
}
