//! What a job can't be, whatever the cluster.

use super::Job;
use crate::requester::Requester;

/// Why a job can't be launched anywhere. Printed for its submitter; the error code is 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidJob {
    /// Two ways to run.
    #[error("a job must have either `command` or `exe`, this one has both")]
    CommandAndExe,
    /// No way to run, and no image to bring one.
    #[error("a job without a container must have a `command` or an `exe`, this one has neither")]
    NothingToRun,
    /// Everyone can't own a job.
    #[error("`job.user` must be the name of one user, found `*`")]
    OwnerIsEveryone,
}

impl Job {
    /// Whether the job can be launched, as far as can be said without a cluster.
    ///
    /// Wrong types, unknown states and incomplete mounts never become a [`Job`], so they are no concern here. Limits,
    /// images and the kinds of mounts are the plugin's to check.
    ///
    /// # Errors
    /// Both `command` and `exe`; neither of them and no container (a container alone runs its image's entry point); `*`
    /// for the owner.
    pub fn check(&self) -> Result<(), InvalidJob> {
        let has_container = self.container.as_ref().is_some_and(|container| !container.image.is_empty());
        match (self.command.is_empty(), self.exe.is_empty()) {
            (false, false) => return Err(InvalidJob::CommandAndExe),
            (true, true) if !has_container => return Err(InvalidJob::NothingToRun),
            _ => {}
        }
        match Requester::from(self.user.as_str()) {
            Requester::Everyone => Err(InvalidJob::OwnerIsEveryone),
            Requester::User(_) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::job::Container;

    fn job(command: &str, exe: &str, image: Option<&str>) -> Job {
        Job {
            command: command.into(),
            exe: exe.into(),
            container: image.map(|image| Container { image: image.into(), ..Container::default() }),
            ..Job::default()
        }
    }

    #[test]
    fn a_job_has_exactly_one_way_to_run() {
        assert_eq!(job("ls", "", None).check(), Ok(()));
        assert_eq!(job("", "/bin/ls", Some("r:4.4")).check(), Ok(()));
        assert_eq!(job("", "", Some("r:4.4")).check(), Ok(()));
        assert_eq!(job("ls", "/bin/ls", None).check(), Err(InvalidJob::CommandAndExe));
        assert_eq!(job("ls", "/bin/ls", Some("r:4.4")).check(), Err(InvalidJob::CommandAndExe));
        assert_eq!(job("", "", None).check(), Err(InvalidJob::NothingToRun));
        assert_eq!(job("", "", Some("")).check(), Err(InvalidJob::NothingToRun));
    }

    #[test]
    fn a_job_belongs_to_one_user() {
        let everyones = Job { user: "*".into(), ..job("ls", "", None) };
        assert_eq!(everyones.check(), Err(InvalidJob::OwnerIsEveryone));
    }
}
