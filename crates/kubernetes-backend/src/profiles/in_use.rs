//! The profiles that jobs are measured by, and who is in which group.

use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use launcher_api::Requester;
use tokio::time::Instant;

use super::{Directory, Effective, Person, Profiles};

/// How long a user's groups are taken to be what they were.
const FRESH: Duration = Duration::from_secs(60);
/// How many users are remembered at most.
const REMEMBERED: usize = 10_000;

/// The system does not tell a user's groups, and they decide what the user may do.
#[derive(Debug, thiserror::Error)]
#[error("cannot find out the groups of '{user}'")]
pub struct GroupsUnknown {
    /// The user.
    pub user: String,
    /// Why.
    #[source]
    pub cause: io::Error,
}

/// Profiles and a memory of what holds for whom. Made anew when the profiles are read again.
pub struct ProfilesInUse {
    profiles: Profiles,
    groups: Arc<[String]>,
    directory: Arc<dyn Directory>,
    anyone: Arc<Effective>,
    /// What held for a user, and when; never held over an await.
    known: Mutex<HashMap<String, (Instant, Arc<Effective>)>>,
}

impl ProfilesInUse {
    /// Uses these profiles.
    pub fn new(profiles: Profiles, directory: Arc<dyn Directory>) -> Self {
        Self {
            groups: profiles.groups().into_iter().map(str::to_owned).collect(),
            anyone: Arc::new(profiles.effective(Person::Anyone)),
            profiles,
            directory,
            known: Mutex::default(),
        }
    }

    /// What holds for whoever asks.
    ///
    /// # Errors
    /// [`GroupsUnknown`], unless the groups were known before: those count as long as there is no answer.
    pub async fn of(&self, requester: &Requester) -> Result<Arc<Effective>, GroupsUnknown> {
        match requester {
            Requester::Everyone => Ok(Arc::clone(&self.anyone)),
            Requester::User(user) => self.of_user(user.as_str()).await,
        }
    }

    /// What holds for a user.
    ///
    /// # Errors
    /// [`GroupsUnknown`], unless the groups were known before: those count as long as there is no answer.
    pub async fn of_user(&self, user: &str) -> Result<Arc<Effective>, GroupsUnknown> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(user).cloned();
        if let Some((since, effective)) = &known
            && since.elapsed() < FRESH
        {
            return Ok(Arc::clone(effective));
        }
        match self.groups_of(user).await {
            Ok(groups) => {
                let effective =
                    Arc::new(self.profiles.effective(Person::User { name: user, groups: &groups }));
                self.remember(user, &effective);
                Ok(effective)
            }
            Err(cause) => match known {
                Some((_, effective)) => {
                    tracing::warn!(
                        user,
                        "cannot find out the user's groups, so those of before count: {cause}"
                    );
                    Ok(effective)
                }
                None => Err(GroupsUnknown { user: user.to_owned(), cause }),
            },
        }
    }

    async fn groups_of(&self, user: &str) -> io::Result<Vec<String>> {
        if self.groups.is_empty() {
            return Ok(Vec::new());
        }
        let (user, groups, directory) = (user.to_owned(), self.groups.clone(), self.directory.clone());
        let asked = tokio::task::spawn_blocking(move || directory.groups_of(&user, &groups));
        asked.await.map_err(io::Error::other)?
    }

    fn remember(&self, user: &str, effective: &Arc<Effective>) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REMEMBERED {
            known.retain(|_, (since, _)| since.elapsed() < FRESH);
        }
        if known.len() < REMEMBERED {
            known.insert(user.to_owned(), (Instant::now(), Arc::clone(effective)));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

    use super::*;
    use crate::profiles::{Audience, FileLine, Given, Profile, Section};

    /// Everyone is in every group, as long as it answers.
    #[derive(Debug, Default)]
    struct Counting {
        asked: AtomicUsize,
        broken: AtomicBool,
    }

    impl Directory for Counting {
        fn groups_of(&self, _user: &str, groups: &[String]) -> io::Result<Vec<String>> {
            self.asked.fetch_add(1, Ordering::SeqCst);
            if self.broken.load(Ordering::SeqCst) {
                return Err(io::Error::other("no directory"));
            }
            Ok(groups.to_vec())
        }

        fn has_group(&self, _name: &str) -> io::Result<bool> {
            Ok(true)
        }
    }

    fn at_most(cpus: f64, audience: Audience) -> Section {
        let place = FileLine { path: std::path::Path::new("p").into(), line: 1 };
        Section { audience, profile: Profile { max_cpus: Given::at(place, cpus), ..Profile::default() } }
    }

    fn in_use(directory: &Arc<Counting>, section: Section) -> ProfilesInUse {
        ProfilesInUse::new(Profiles::new(vec![section]), directory.clone())
    }

    #[tokio::test(start_paused = true)]
    async fn groups_are_asked_for_again_after_a_minute_and_old_ones_count_while_there_is_no_answer() {
        let directory = Arc::new(Counting::default());
        let profiles = in_use(&directory, at_most(2.0, Audience::Group("staff".to_owned())));
        let max = async || profiles.of_user("ada").await.unwrap().max_cpus.value;
        assert_eq!((max().await, max().await), (2.0, 2.0));
        assert_eq!(directory.asked.load(Ordering::SeqCst), 1);
        tokio::time::advance(FRESH).await;
        directory.broken.store(true, Ordering::SeqCst);
        assert_eq!(max().await, 2.0);
        assert_eq!(directory.asked.load(Ordering::SeqCst), 2);
        let refused = profiles.of_user("bob").await.unwrap_err();
        assert_eq!(refused.to_string(), "cannot find out the groups of 'bob'");
    }

    #[tokio::test]
    async fn nobody_is_asked_where_no_group_has_a_section_or_nobody_in_particular_asks() {
        let directory = Arc::new(Counting::default());
        let profiles = in_use(&directory, at_most(3.0, Audience::Everyone));
        assert_eq!(profiles.of_user("ada").await.unwrap().max_cpus.value, 3.0);
        let profiles = in_use(&directory, at_most(3.0, Audience::Group("staff".to_owned())));
        assert_eq!(profiles.of(&Requester::Everyone).await.unwrap().max_cpus.value, 0.0);
        assert_eq!(directory.asked.load(Ordering::SeqCst), 0);
    }
}
