//! Who is in which group, as the system has it.

use std::ffi::CString;
use std::fmt;
use std::io;

use nix::errno::Errno;
use nix::unistd::{Group, User, getgrouplist};

/// Where users and groups are looked up.
pub trait Directory: fmt::Debug + Send + Sync {
    /// Those of `groups` that a user is in, by the group's list or as the user's primary group. A user or a group that
    /// there is not is no error. May block on the network.
    ///
    /// # Errors
    /// The system can't tell.
    fn groups_of(&self, user: &str, groups: &[String]) -> io::Result<Vec<String>>;

    /// Whether there is such a group.
    ///
    /// # Errors
    /// The system can't tell.
    fn has_group(&self, name: &str) -> io::Result<bool>;
}

/// The system's own: files, LDAP or whatever its name services ask.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemDirectory;

impl Directory for SystemDirectory {
    fn groups_of(&self, user: &str, groups: &[String]) -> io::Result<Vec<String>> {
        // A name with a NUL is nobody's.
        let Ok(name) = CString::new(user) else { return Ok(Vec::new()) };
        let ids = match found(User::from_name(user))? {
            Some(account) => getgrouplist(&name, account.gid)?,
            // Users of a cluster need not exist on this machine, and may be listed in a group even so.
            None => Vec::new(),
        };
        let mut member_of = Vec::new();
        for group in groups {
            if let Some(entry) = found(Group::from_name(group))?
                && (ids.contains(&entry.gid) || entry.mem.iter().any(|member| member == user))
            {
                member_of.push(group.clone());
            }
        }
        Ok(member_of)
    }

    fn has_group(&self, name: &str) -> io::Result<bool> {
        Ok(found(Group::from_name(name))?.is_some())
    }
}

/// Some name services have an error for what is not there (getpwnam(3), "RETURN VALUE").
fn found<T>(result: nix::Result<Option<T>>) -> io::Result<Option<T>> {
    match result {
        Err(Errno::ENOENT | Errno::ESRCH | Errno::EBADF | Errno::EPERM) => Ok(None),
        result => Ok(result?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The user that runs the tests, with the name of its primary group, where both have names.
    fn myself() -> Option<(String, String)> {
        let user = User::from_uid(nix::unistd::geteuid()).ok()??;
        let group = Group::from_gid(user.gid).ok()??;
        Some((user.name, group.name))
    }

    #[test]
    fn the_primary_group_counts_although_it_lists_nobody() {
        let Some((user, group)) = myself() else { return };
        let asked = [group.clone(), "no-such-group".to_owned()];
        assert_eq!(SystemDirectory.groups_of(&user, &asked).unwrap(), std::slice::from_ref(&group));
        assert!(SystemDirectory.has_group(&group).unwrap());
    }

    #[test]
    fn who_is_not_there_is_in_no_group_and_no_error() {
        let Some((_, group)) = myself() else { return };
        for user in ["no-such-user", "", "a\0b"] {
            assert!(
                SystemDirectory.groups_of(user, std::slice::from_ref(&group)).unwrap().is_empty(),
                "{user:?}"
            );
        }
        assert!(!SystemDirectory.has_group("no-such-group").unwrap());
    }
}
