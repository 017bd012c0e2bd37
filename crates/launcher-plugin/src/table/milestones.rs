//! Who waits for a job to start or to end.

use std::collections::HashMap;

use launcher_api::{JobId, JobStatus};

use super::{Reached, Reply};

/// A point in a job's life that is passed once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Milestone {
    /// It is no longer Pending.
    Started,
    /// Its state is final.
    Ended,
}

impl Milestone {
    /// Whether a job in that state is past it.
    pub(crate) fn is_behind(self, status: JobStatus) -> bool {
        match self {
            Self::Started => status != JobStatus::Pending,
            Self::Ended => status.is_terminal(),
        }
    }
}

/// Those who wait, by job. No job leaves the table before it has ended, so nobody waits for ever. Who has stopped waiting is forgotten when the next one comes for the same job.
#[derive(Debug, Default)]
pub(crate) struct Waiting(HashMap<JobId, Vec<(Milestone, Reply<Reached>)>>);

impl Waiting {
    pub(crate) fn add(&mut self, id: JobId, milestone: Milestone, reply: Reply<Reached>) {
        let waiting = self.0.entry(id).or_default();
        waiting.retain(|(_, reply)| !reply.is_closed());
        waiting.push((milestone, reply));
    }

    /// Tells those whose milestone the job has passed.
    pub(crate) fn tell(&mut self, reached: &Reached) {
        let Some(waiting) = self.0.get_mut(&reached.job.id) else { return };
        for (_, reply) in waiting.extract_if(.., |(milestone, _)| milestone.is_behind(reached.job.status)) {
            // Who has stopped waiting does not want it.
            drop(reply.send(Ok(reached.clone())));
        }
        if waiting.is_empty() {
            self.0.remove(&reached.job.id);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use launcher_api::{Job, JobStatus};
    use tokio::sync::oneshot;

    use super::{Milestone, Waiting};
    use crate::table::{Ran, Reached};

    fn reached(status: JobStatus) -> Reached {
        Reached { job: Arc::new(Job { id: "a".into(), status, ..Job::default() }), ran: Ran::Yes }
    }

    #[test]
    fn each_is_told_when_its_milestone_is_passed() {
        let mut waiting = Waiting::default();
        let (started, mut when_started) = oneshot::channel();
        let (ended, mut when_ended) = oneshot::channel();
        waiting.add("a".into(), Milestone::Started, started);
        waiting.add("a".into(), Milestone::Ended, ended);
        waiting.tell(&reached(JobStatus::Pending));
        assert!(when_started.try_recv().is_err());
        waiting.tell(&reached(JobStatus::Running));
        assert!(when_started.try_recv().is_ok() && when_ended.try_recv().is_err());
        waiting.tell(&reached(JobStatus::Finished));
        assert!(when_ended.try_recv().is_ok());
        assert!(waiting.0.is_empty());
    }

    #[test]
    fn those_who_have_stopped_waiting_do_not_pile_up() {
        let mut waiting = Waiting::default();
        for _ in 0..1000 {
            let (reply, _dropped) = oneshot::channel();
            waiting.add("a".into(), Milestone::Ended, reply);
        }
        assert_eq!(waiting.0["a"].len(), 1);
    }
}
