//! Submissions under way, so that the answer to one comes before the first status of its job.

use launcher_api::{Job, JobId, Username};

/// A submission that has gone to the backend. What is known of the job while it has no id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Submission {
    pub(crate) user: Username,
    pub(crate) name: String,
}

impl Submission {
    pub(crate) fn of(job: &Job) -> Self {
        Self { user: job.user.clone(), name: job.name.clone() }
    }
}

/// Holds back the first status of jobs that may be one of those being submitted.
///
/// The watch often knows a new job before its submission is answered. Which one it is can't be told yet, so all new
/// jobs with the user and name of an open submission wait for its answer.
#[derive(Debug, Default)]
pub(crate) struct Submissions {
    open: Vec<Submission>,
    held: Vec<(JobId, Submission)>,
}

impl Submissions {
    pub(crate) fn begin(&mut self, submission: Submission) {
        self.open.push(submission);
    }

    /// Whether a job that was seen for the first time is to be told later.
    pub(crate) fn hold(&mut self, job: &Job) -> bool {
        let may_be = self.open.iter().any(|open| open.user == job.user && open.name == job.name);
        if may_be {
            self.held.push((job.id.clone(), Submission::of(job)));
        }
        may_be
    }

    /// Whether the job has not been told yet.
    pub(crate) fn holds(&self, id: &JobId) -> bool {
        self.held.iter().any(|(held, _)| held == id)
    }

    /// Lets a job be told although its submission is not over. Whether it was held.
    pub(crate) fn release(&mut self, id: &JobId) -> bool {
        self.held.extract_if(.., |(held, _)| held == id).next().is_some()
    }

    /// A submission is over. The jobs that can be told now.
    pub(crate) fn end(&mut self, submission: &Submission, id: Option<&JobId>) -> Vec<JobId> {
        if let Some(place) = self.open.iter().position(|open| open == submission) {
            self.open.swap_remove(place);
        }
        let open = &self.open;
        let free = |held: &JobId, of: &Submission| Some(held) == id || !open.contains(of);
        self.held.extract_if(.., |(held, of)| free(held, of)).map(|(held, _)| held).collect()
    }
}

#[cfg(test)]
mod tests {
    use launcher_api::Job;

    use super::{Submission, Submissions};

    fn job(id: &str, user: &str) -> Job {
        Job { id: id.into(), user: user.into(), name: "fit".into(), ..Job::default() }
    }

    #[test]
    fn a_job_waits_only_for_submissions_that_may_be_its_own() {
        let mut submissions = Submissions::default();
        let of_mara = Submission::of(&job("", "mara"));
        submissions.begin(of_mara.clone());
        assert!(!submissions.hold(&job("a", "tom")));
        assert!(submissions.hold(&job("b", "mara")));
        assert!(submissions.holds(&"b".into()));
        assert_eq!(submissions.end(&of_mara, Some(&"b".into())), ["b"]);
        assert!(!submissions.holds(&"b".into()));
    }

    #[test]
    fn of_two_equal_submissions_the_first_answer_frees_its_own_job_and_the_second_the_rest() {
        let mut submissions = Submissions::default();
        let twice = Submission::of(&job("", "mara"));
        submissions.begin(twice.clone());
        submissions.begin(twice.clone());
        for id in ["a", "b", "c"] {
            assert!(submissions.hold(&job(id, "mara")));
        }
        assert_eq!(submissions.end(&twice, Some(&"b".into())), ["b"]);
        assert_eq!(submissions.end(&twice, None), ["a", "c"]);
    }
}
